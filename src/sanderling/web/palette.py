"""What the palette finds on the desk: cases by number or customer, and our accounts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases.calling import called
from sanderling.cases.queries import CaseRow, rows_of
from sanderling.listen.queries import OurAccount, accounts
from sanderling.web.agents import by_agent, show
from sanderling.web.answers import number

LONGEST = 100
MOST = 8


@dataclass(frozen=True)
class Asked:
    """What was typed, and whether it asks for one kind of thing alone: "@" people, "#" cases."""

    text: str
    only: str


@require_GET
@by_agent
def found(request: HttpRequest) -> HttpResponse:
    """The options for what was typed, as a part; the last leads to the search."""
    asked = _asked(request.GET.get("q", ""))
    return show(
        request, "parts/palette_found.html", cases=_cases(asked), accounts=_accounts(asked),
        text=asked.text, search=_search(asked.text),
    )  # fmt: skip


def _asked(typed: str) -> Asked:
    text = typed.replace("\0", "").strip()[:LONGEST]
    if text[:1] in ("@", "#"):
        return Asked(text[1:].strip(), text[0])
    return Asked(text, "")


def _cases(asked: Asked) -> list[CaseRow]:
    numbered = number(asked.text) if asked.only != "@" else None
    named = called(asked.text, limit=MOST) if asked.text and asked.only != "#" else []
    ids = [*([numbered] if numbered else []), *named]
    return rows_of(list(dict.fromkeys(ids)))[:MOST]


def _accounts(asked: Asked) -> list[OurAccount]:
    wanted = asked.text.casefold()
    if not wanted or asked.only:
        return []
    return [a for a in accounts() if wanted in f"{a.name} @{a.handle}".casefold()][:MOST]


def _search(text: str) -> str:
    return f"/search/?{urlencode({'q': text})}" if text else ""
