"""One answer to several customers: write it once, look at each, then let them go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sanderling.cases.queries import badges
from sanderling.core.network import Room
from sanderling.core.wording import VARIABLES
from sanderling.core.words import later
from sanderling.respond.addressing import Addressed, addressed
from sanderling.respond.many import MOST, Answer, Outcome, problems, propose_many
from sanderling.respond.offering import kept
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import number
from sanderling.web.desk import QUEUES
from sanderling.wiring import limits_for

THEN = {
    "wait": later("Wait for them"),
    "keep open": later("Keep the cases open"),
    "resolve": later("Resolve the cases"),
}
BEGIN = "[Hello|Hi|Good day] {name}, "


@require_http_methods(["GET", "POST"])
@by_agent
def many(request: HttpRequest) -> HttpResponse:
    """The words, and who gets them; `step` look shows each text, send lets them leave."""
    given = request.POST if request.method == "POST" else request.GET
    cases = _cases(given.getlist("case"))
    text = given.get("text", _begin(number(given.get("template"))))
    answer = Answer(text, _room(given.get("room", "")), _then(given.get("then", "")))
    token = _token(given.get("token", ""))
    against = problems(cases, text) if request.method == "POST" else []
    step = "" if against else request.POST.get("step", "")
    outcomes = _tell(request, cases, answer, token, step == "send") if step else []
    return _page(
        request, 422 if against else 200, people=addressed(cases[:MOST]), outcomes=outcomes,
        answer=answer, token=token, against=against, sent=step == "send",
        ready=[o for o in outcomes if o.state != "objection"],
    )  # fmt: skip


def _tell(
    request: HttpRequest, cases: Sequence[int], answer: Answer, token: UUID, send: bool
) -> list[Outcome]:
    return propose_many(
        case_ids=cases, answer=answer, token=token, seen=_seen(request, cases), by=me(request).id,
        now=clock.now(), limits_for=limits_for, dry=not send,
    )  # fmt: skip


def _seen(request: HttpRequest, cases: Sequence[int]) -> dict[int, int]:
    """The newest post of each case that the page showed."""
    seen = {case: number(request.POST.get(f"seen_{case}")) for case in cases}
    return {case: newest for case, newest in seen.items() if newest is not None}


def _begin(template: int | None) -> str:
    return next((t.text for t in kept() if t.id == template), BEGIN) if template else BEGIN


def _cases(texts: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(n for text in texts[: 10 * MOST] if (n := number(text)) is not None))


def _room(name: str) -> Room:
    return Room.DIRECT if name == "direct" else Room.PUBLIC


def _then(word: str) -> Any:
    return word if word in THEN else "wait"


def _token(text: str) -> UUID:
    try:
        return UUID(text[:64])
    except ValueError:
        return uuid4()


def _page(request: HttpRequest, status: int, **facts: Any) -> HttpResponse:
    now = clock.now()
    people: list[Addressed] = facts["people"]
    response = show(
        request, "many.html", now, page="many", brand=brand(), queue_name="", queue_list=QUEUES,
        badges=badges(me(request).id, now), variables=VARIABLES, then=THEN, most=MOST,
        templates=[t for t in kept() if t.room in ("", facts["answer"].room)][:12],
        address="&".join(f"case={one.case_id}" for one in people), **facts,
    )  # fmt: skip
    response.status_code = status
    return response
