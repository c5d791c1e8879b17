"""Search: cases, posts and people that hold what was typed; and what may be typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from sanderling.cases import searching
from sanderling.cases.queries import badges
from sanderling.cases.searching import Found
from sanderling.core.searching import FILTERS
from sanderling.core.words import later, say
from sanderling.people.queries import colleagues, teams
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import number
from sanderling.web.desk import QUEUES
from sanderling.web.looking import Looked, look, with_text

FEW = 8
"""Rows of each kind while all kinds are shown."""
KINDS = {"cases": later("Cases"), "posts": later("Posts"), "people": later("People")}


@dataclass(frozen=True)
class Shelf:
    """What was found of one kind; `more` is where the rest is."""

    name: str
    title: str
    rows: list[Any]
    more: str


@require_GET
@by_agent
def page(request: HttpRequest) -> HttpResponse:
    """What the text finds: some of each kind, or one kind a page after the other."""
    now = clock.now()
    looked = look(request, request.GET.get("q", ""), now)
    only = request.GET.get("in", "")
    kinds = [only] if only in KINDS else list(KINDS)
    shelves = [_shelf(request, looked, kind, alone=only in KINDS) for kind in kinds]
    return show(
        request, "search.html", now, page="search", brand=brand(), looked=looked,
        sort=only if only in KINDS else "", shelves=[s for s in shelves if s.rows], kinds=KINDS,
        queue_list=QUEUES, queue_name="", badges=badges(me(request).id, now), filters=FILTERS,
        mine=teams(),
    )  # fmt: skip


@require_GET
@by_agent
def words(request: HttpRequest) -> HttpResponse:
    """What may be typed: every filter with what it is about and its values."""
    named = searching.values()
    named["owner"] = ("me", "none", *(a.name for a in colleagues()))
    named["team"] = ("none", *named.get("team", ()))
    told = [
        {
            "name": name,
            "about": say(f.about),
            "values": list(dict.fromkeys((*f.values, *named.get(name, ()), *f.examples))),
        }
        for name, f in FILTERS.items()
    ]
    return JsonResponse({"filters": told})


def _shelf(request: HttpRequest, looked: Looked, kind: str, *, alone: bool) -> Shelf:
    before = number(request.GET.get("before")) if alone else None
    found = _find(looked, kind, before, searching.PAGE if alone else FEW)
    rest = {"in": kind, "before": str(found.after or "") if alone else ""}
    more = with_text("/search/", q=looked.text, **rest) if found.after else ""
    return Shelf(kind, say(KINDS[kind]), found.rows, more)


def _find(looked: Looked, kind: str, before: int | None, limit: int) -> Found[Any]:
    if not looked.search.parts:
        return Found([])
    if kind == "cases":
        return searching.find_cases(looked.search, looked.asker, before, limit)
    if kind == "posts":
        return searching.find_posts(looked.search, looked.asker, before, limit)
    return searching.find_people(looked.search, before, limit)
