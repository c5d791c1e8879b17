"""The Desk: queues, a list, a case with both its rooms. Pages, and the parts that scripts fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from sanderling.cases import queries as cases
from sanderling.cases.queries import CasePage, CaseRow, Earlier, Queue, Timeline
from sanderling.core.lives import CASE
from sanderling.core.verdict import Flag
from sanderling.listen.queries import cases_cost
from sanderling.people.queries import colleagues
from sanderling.respond import queries as respond
from sanderling.web import clock, wording
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import number
from sanderling.web.composing import writing
from sanderling.web.costs import cost
from sanderling.web.findings import judged
from sanderling.web.story import Story, tell
from sanderling.wiring import limits_for

PAGE = 50
MOST_ROWS = 200

QUEUES = (
    ("mine", "Mine", "user"),
    ("unassigned", "Unassigned", "circle-dashed"),
    ("team", "Team", "users"),
    ("waiting", "Waiting on customer", "hourglass"),
    ("snoozed", "Snoozed", "alarm-clock"),
    ("resolved", "Resolved", "check-check"),
)
TITLES = {name: title for name, title, _ in QUEUES}
ORDERS = {"waiting": "Longest first", "snoozed": "First to wake", "resolved": "Newest first"}
HEADINGS = {
    "waiting": "Waiting on the customer",
    "snoozed": "Put aside",
    "resolved": "Resolved in the last three days",
}
NAPS = ((30, "In 30 minutes"), (120, "In 2 hours"), (480, "In 8 hours"), (1440, "In a day"))


class Nothing(NamedTuple):
    """What an empty queue says: what is so, why, and whether there is one to take."""

    what: str
    why: str
    next: bool = False


EMPTY = {
    "team": Nothing("All met", "Nobody is waiting for an answer."),
    "unassigned": Nothing("All taken", "Every case that waits has someone who sees to it."),
    "waiting": Nothing("Nobody owes us a word", "Answered cases wait here for the customer."),
    "snoozed": Nothing("Nothing is asleep", "Cases that you put aside sleep here until they wake."),
    "resolved": Nothing("Nothing resolved lately", "Resolved cases stay here for three days."),
}


@require_GET
@by_agent
def desk(request: HttpRequest) -> HttpResponse:
    """The list of a queue, and no case open yet."""
    return _page(request, clock.now(), None)


@require_GET
@by_agent
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case beside its queue; on a phone, alone."""
    found = _case(request, case_id)
    return found if isinstance(found, HttpResponse) else _page(request, clock.now(), found)


@require_GET
@by_agent
def rows(request: HttpRequest) -> HttpResponse:
    """The list again, as long as it is shown."""
    now = clock.now()
    return show(request, "parts/rows.html", now, **_list(request, now, me(request).id, None))


@require_GET
@by_agent
def row(request: HttpRequest, case_id: int) -> HttpResponse:
    """One row again, wherever its case stands by now."""
    try:
        found = cases.row(case_id)
    except cases.NoSuchCase as error:
        raise Http404(str(error)) from error
    return show(
        request, "parts/one_row.html", row=found, queue_name=_queue(request), open_case=case_id
    )


@require_GET
@by_agent
def pane(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case and its customer, to stand beside the list that is there."""
    return _part(request, case_id, "parts/case.html")


@require_GET
@by_agent
def head(request: HttpRequest, case_id: int) -> HttpResponse:
    """How a case stands."""
    return _part(request, case_id, "parts/head.html")


@require_GET
@by_agent
def timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """The story of a case."""
    return _part(request, case_id, "parts/timeline.html")


@require_GET
@by_agent
def why(request: HttpRequest, case_id: int) -> HttpResponse:
    """Why a case is here: the verdict on the post it is about."""
    return _part(request, case_id, "parts/why.html")


@require_GET
@by_agent
def badges(request: HttpRequest) -> HttpResponse:
    """The numbers on the queues."""
    now = clock.now()
    return show(
        request, "parts/queues.html", now, page=request.GET.get("page", "desk"),
        queue_name=_queue(request), queue_list=QUEUES, badges=cases.badges(me(request).id, now),
    )  # fmt: skip


def _page(request: HttpRequest, now: datetime, found: CasePage | None) -> HttpResponse:
    agent = me(request)
    default = "mine" if found and found.owner and found.owner.id == agent.id else "team"
    facts = _list(request, now, agent.id, found.id if found else None, default)
    if found:
        facts |= _about(request, found, now)
    return show(
        request, "desk.html", now, page="desk", brand=brand(), case=found, queue_list=QUEUES,
        badges=cases.badges(agent.id, now), order=ORDERS.get(facts["queue_name"], "Due first"),
        **facts,
    )  # fmt: skip


def _part(request: HttpRequest, case_id: int, template: str) -> HttpResponse:
    now = clock.now()
    found = _case(request, case_id)
    if isinstance(found, HttpResponse):
        return found
    queue = _queue(request)
    facts = {"case": found, "queue_name": queue, "queue_title": TITLES[queue]}
    return show(request, template, now, **facts, **_about(request, found, now, template))


def _case(request: HttpRequest, case_id: int) -> CasePage | HttpResponse:
    """The case, or a redirect to the one that it became part of; raises Http404."""
    try:
        return cases.case_for(me(request).id, case_id)
    except cases.NoSuchCase as error:
        raise Http404(str(error)) from error
    except cases.Merged as merged:
        rest = request.path.removeprefix(f"/case/{case_id}/")
        return HttpResponsePermanentRedirect(f"/case/{merged.into}/{rest}")


def _queue(request: HttpRequest, default: str = "team") -> str:
    name = request.GET.get("q", default)
    return name if name in TITLES else "team"


def _list(
    request: HttpRequest, now: datetime, agent_id: int, open_case: int | None, default: str = "team"
) -> dict[str, Any]:
    name = _queue(request, default)
    after = request.GET.get("after", "")
    size = min(MOST_ROWS, max(PAGE, number(request.GET.get("n")) or PAGE))
    found = cases.queue(name, agent_id, cases.key_from(after), size)
    return {
        "queue_name": name,
        "queue_title": TITLES[name],
        "queue": found,
        "after": after if cases.key_from(after) else "",
        "groups": _groups(name, found, now),
        "more": cases.key_text(found.after) if found.after else "",
        "nothing": EMPTY.get(name) or _mine_is_empty(agent_id),
        "open_case": open_case or number(request.GET.get("open")),
    }


def _groups(name: str, found: Queue, now: datetime) -> list[tuple[str, list[CaseRow]]]:
    def heading(row: CaseRow) -> str:
        return HEADINGS.get(name) or wording.group(row.standing, now)

    return [(title, list(rows)) for title, rows in groupby(found.rows, heading)]


def _mine_is_empty(agent_id: int) -> Nothing:
    """An agent without work is told where there is some."""
    first = cases.queue("unassigned", agent_id, limit=1).rows
    if not first:
        return Nothing("All met", "Nothing of yours is waiting, and nothing is unassigned.")
    return Nothing("All met", "Nothing of yours is waiting. There is more in Unassigned.", True)


def _about(
    request: HttpRequest, case: CasePage, now: datetime, template: str = ""
) -> dict[str, Any]:
    """What stands around a case; a part of the page is told no more than it needs."""
    who = case.customer.who
    facts: dict[str, Any] = {
        "first": wording.first_name(who.name, who.handle),
        "may": CASE.may(case.standing.state),
    }
    if template == "parts/head.html":
        return facts
    if template == "parts/why.html":
        return {"judged": judged(case.about_post)}
    agents = colleagues()
    told = cases.timeline(case.id)
    ways = respond.answerability(case.id, agent_id=me(request).id, limits_for=limits_for)
    facts |= {"story": _story(case, told, agents), "seen": told.newest_theirs, "ways": ways}
    facts["care"] = any(Flag.SELFHARM in post.marks.flags for post in told.posts)
    if template == "parts/timeline.html":
        return facts
    earlier = cases.earlier_cases(case.customer.id, case.id)
    return facts | {
        "writing": writing(case, told, me(request), ways),
        "judged": judged(case.about_post),
        "owes_public": case.kind == "complaint" and told.settled_in_private,
        "colleagues": agents,
        "naps": NAPS,
        "earlier": earlier,
        "mood": _mood(case, earlier),
        "cost": cost(cases_cost(told.cases)),
    }


def _story(case: CasePage, told: Timeline, agents: Sequence[Any]) -> Story:
    return tell(
        case, told, respond.outgoing_of(case.id), respond.senders_of(case.id),
        {a.id: a for a in agents},
    )  # fmt: skip


class Point(NamedTuple):
    """A case on the mood line: where it is drawn, and its tone."""

    x: float
    y: float
    tone: int


class Mood(NamedTuple):
    """A customer's tone over their cases, oldest first."""

    points: list[Point]
    since: datetime
    says: str


def _mood(case: CasePage, earlier: Sequence[Earlier]) -> Mood | None:
    """The mood line, from two cases on."""
    tones = [(e.at, e.tone) for e in reversed(earlier)] + [(case.opened_at, case.tone)]
    tones.sort()
    if len(tones) < 2:
        return None
    step = 248 / (len(tones) - 1)
    points = [
        Point(round(4 + i * step, 1), 8 + 10 * tone, tone) for i, (_, tone) in enumerate(tones)
    ]
    says = "From oldest to newest: " + ", ".join(wording.TONES[tone].lower() for _, tone in tones)
    return Mood(points, tones[0][0], says)


def home(request: HttpRequest) -> HttpResponse:
    """The front door leads to the Desk."""
    return redirect("/desk/")
