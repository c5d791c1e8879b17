"""The Desk: queues, a list, a case with both its rooms. Pages, and the parts that scripts fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from sanderling.cases import presence
from sanderling.cases import queries as cases
from sanderling.cases.claiming import priority_of
from sanderling.cases.handing import offer_of, offered_to
from sanderling.cases.noting import seen
from sanderling.cases.queries import CasePage, CaseRow, Earlier, Queue, Timeline
from sanderling.core.lives import CASE
from sanderling.core.verdict import Flag
from sanderling.core.words import later, say
from sanderling.listen.persons import known
from sanderling.listen.queries import accounts, cases_cost
from sanderling.people.queries import colleagues
from sanderling.respond import queries as respond
from sanderling.web import clock, wording
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import number
from sanderling.web.approved import approved_in
from sanderling.web.composing import writing
from sanderling.web.costs import cost
from sanderling.web.findings import judged
from sanderling.web.handing import choices
from sanderling.web.hanging import hanging
from sanderling.web.looking import look
from sanderling.web.picturing import strips
from sanderling.web.rooms import between, endings
from sanderling.web.story import Story, tell
from sanderling.wiring import NETWORKS, limits_for

PAGE = 50
MOST_ROWS = 200

QUEUES = (
    ("mine", later("Mine"), "user"),
    ("unassigned", later("Unassigned"), "circle-dashed"),
    ("team", later("Team"), "users"),
    ("waiting", later("Waiting on customer"), "hourglass"),
    ("snoozed", later("Snoozed"), "alarm-clock"),
    ("resolved", later("Resolved"), "check-check"),
    ("incidents", later("Incidents"), "siren"),
)
TITLES = {name: title for name, title, _ in QUEUES}
SORTS = {
    "due": (later("Due first"), ""),
    "longest": (later("Longest waiting"), later("Longest waiting first")),
    "newest": (later("Newest first"), later("Newest first")),
    "reach": (later("Most reach"), later("Most followers first")),
}
"""How a queue that waits for us can be sorted: in the menu, and over the rows where no deadline
parts them."""
A_YEAR = 365 * 24 * 3600
ORDERS = {
    "waiting": later("Longest first"),
    "snoozed": later("First to wake"),
    "resolved": later("Newest first"),
    "incidents": later("Due first"),
}
HEADINGS = {
    "waiting": later("Waiting on the customer"),
    "snoozed": later("Put aside"),
    "resolved": later("Resolved in the last three days"),
}
NAPS = (
    (30, later("In 30 minutes")),
    (120, later("In 2 hours")),
    (480, later("In 8 hours")),
    (1440, later("In a day")),
)


class Nothing(NamedTuple):
    """What an empty queue says: what is so, why, whether there is one to take, or where to go."""

    what: str
    why: str
    next: bool = False
    to: str = ""
    word: str = ""


DEAF = Nothing(
    later("Nobody can write to us yet"),
    later("No account of ours is connected. What customers write to it becomes a case here."),
    to="/networks/",
    word=later("Connect an account"),
)
EMPTY = {
    "team": Nothing(later("All met"), later("Nobody is waiting for an answer.")),
    "unassigned": Nothing(
        later("All taken"), later("Every case that waits has someone who sees to it.")
    ),
    "waiting": Nothing(
        later("Nobody owes us a word"), later("Answered cases wait here for the customer.")
    ),
    "snoozed": Nothing(
        later("Nothing is asleep"), later("Cases that you put aside sleep here until they wake.")
    ),
    "resolved": Nothing(
        later("Nothing resolved lately"), later("Resolved cases stay here for three days.")
    ),
    "incidents": Nothing(later("Calm sea"), later("No case is part of an incident that goes on.")),
}
GO = {
    "team": ("/lists/", later("See what is easily forgotten")),
    "incidents": ("/incidents/", later("See the incidents")),
}
TO_TEAM = ("/desk/?q=team", later("See who waits"))
"""Where an empty queue leads on to."""


@require_GET
@by_agent
def desk(request: HttpRequest) -> HttpResponse:
    """The list of a queue, and no case open yet."""
    return _page(request, clock.now(), None)


@require_GET
@by_agent
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case beside its queue; on a phone, alone."""
    found = case_or_else(request, case_id)
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
def ending(request: HttpRequest, case_id: int) -> HttpResponse:
    """What is asked when a case is resolved."""
    return _part(request, case_id, "parts/resolve.html")


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
def matters(request: HttpRequest, case_id: int) -> HttpResponse:
    """What hangs on a case: questions, promises, links."""
    return _part(request, case_id, "parts/matters.html")


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
    response = show(
        request, "desk.html", now, page="desk", brand=brand(), case=found, queue_list=QUEUES,
        badges=cases.badges(agent.id, now), orders=ORDERS, sorts=SORTS, **facts,
    )  # fmt: skip
    if request.GET.get("sort") in SORTS:
        response.set_cookie(f"sort_{agent.id}", facts["sort"], max_age=A_YEAR, samesite="Lax")
    return response


def _part(request: HttpRequest, case_id: int, template: str) -> HttpResponse:
    now = clock.now()
    found = case_or_else(request, case_id)
    if isinstance(found, HttpResponse):
        return found
    queue = _queue(request)
    facts = {"case": found, "queue_name": queue, "queue_title": say(TITLES[queue])}
    return show(request, template, now, **facts, **_about(request, found, now, template))


def case_or_else(request: HttpRequest, case_id: int) -> CasePage | HttpResponse:
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


def _sort(request: HttpRequest, agent_id: int) -> str:
    """How the agent wants the list, or wanted it last in this browser."""
    for wanted in (request.GET.get("sort"), request.COOKIES.get(f"sort_{agent_id}")):
        if wanted in SORTS:
            return wanted
    return "due"


def _list(
    request: HttpRequest, now: datetime, agent_id: int, open_case: int | None, default: str = "team"
) -> dict[str, Any]:
    name = _queue(request, default)
    after = request.GET.get("after", "")
    size = min(MOST_ROWS, max(PAGE, number(request.GET.get("n")) or PAGE))
    sort = _sort(request, agent_id) if name in cases.SORTED_QUEUES else "due"
    start = cases.sorted_key_from(after, sort)
    looked = look(request, request.GET.get("f", ""), now)
    found = Queue([], None)
    if not looked.problem:
        found = cases.queue(name, agent_id, start, size, sort, looked.narrow)
    return {
        "queue_name": name,
        "queue_title": say(TITLES[name]),
        "queue": found,
        "sort": sort,
        "looked": looked,
        "here": f"{name}&{urlencode({'f': looked.text})}" if looked.text else name,
        "after": after if start else "",
        "groups": _groups(name, sort, found, now),
        "more": cases.key_text(found.after) if found.after else "",
        "nothing": _nothing(name, agent_id, found),
        "offers": offered_to(agent_id),
        "open_case": open_case or number(request.GET.get("open")),
    }


def _groups(name: str, sort: str, found: Queue, now: datetime) -> list[tuple[str, list[CaseRow]]]:
    def heading(row: CaseRow) -> str:
        return say(HEADINGS.get(name) or SORTS[sort][1]) or wording.group(row.standing, now)

    return [(title, list(rows)) for title, rows in groupby(found.rows, heading)]


def _nothing(name: str, agent_id: int, found: Queue) -> Nothing:
    if not found.rows and not accounts():
        return DEAF
    if name not in EMPTY:
        return _mine_is_empty(agent_id)
    to, word = GO.get(name, TO_TEAM)
    return EMPTY[name]._replace(to=to, word=word)


def _mine_is_empty(agent_id: int) -> Nothing:
    """An agent without work is told where there is some."""
    first = cases.queue("unassigned", agent_id, limit=1).rows
    if not first:
        why = later("Nothing of yours is waiting, and nothing is unassigned.")
        return Nothing(later("All met"), why)
    why = later("Nothing of yours is waiting. There is more in Unassigned.")
    return Nothing(later("All met"), why, True)


def _about(
    request: HttpRequest, case: CasePage, now: datetime, template: str = ""
) -> dict[str, Any]:
    """What stands around a case; a part of the page is told no more than it needs."""
    who = case.customer.who
    if template == "parts/why.html":
        return {
            "judged": judged(case.about_post),
            "promised": cases.promises(case.id),
            "priority": priority_of(case.id, now),
        }
    facts: dict[str, Any] = {
        "first": wording.first_name(who.name, who.handle),
        "may": CASE.may(case.standing.state),
    }
    if template == "parts/matters.html":
        return facts | hanging(case)
    offer = offer_of(case.id)
    facts |= {
        "present": presence.others(case.id, agent_id=me(request).id, now=now),
        "offer": offer,
        "mine_to_accept": [o.id for o in offered_to(me(request).id)] if offer else [],
    }
    crossing = between(case.id, limits_for(case.account_id), now)
    facts["between"] = crossing
    if template == "parts/head.html":
        return facts
    agents = colleagues()
    told = cases.timeline(case.id)
    to = number(request.GET.get("to"))
    ways = respond.answerability(
        case.id, agent_id=me(request).id, limits_for=limits_for, reply_to_post=to
    )
    facts["reply_to"] = to if to and ways.public.target_post == to else None
    facts |= {"story": _story(case, told, agents), "seen": told.newest, "ways": ways}
    facts["care"] = any(Flag.SELFHARM in post.marks.flags for post in told.posts)
    if template == "parts/timeline.html":
        return facts
    seen(case_ids=told.cases, by=me(request).id, now=now)
    person = known(case.customer.id, now)
    others = [i.id for i in person.identities] if person else []
    earlier = cases.earlier_cases(case.customer.id, case.id, others)
    facts |= hanging(case)
    return facts | {
        "strips": strips(case.id, case.account_id, me(request).id),
        "writing": writing(case, told, me(request), ways, invitation=crossing.invitation),
        "endings": endings(crossing),
        "person": person,
        "networks": sorted(NETWORKS),
        "judged": judged(case.about_post),
        "promised": cases.promises(case.id),
        "priority": priority_of(case.id, now),
        "receivers": choices(case, me(request).id),
        "colleagues": agents,
        "naps": NAPS,
        "earlier": earlier,
        "mood": _mood(case, earlier),
        "cost": cost(cases_cost(told.cases)),
    }


def _story(case: CasePage, told: Timeline, agents: Sequence[Any]) -> Story:
    return tell(
        case, told, respond.outgoing_of(case.id), respond.senders_of(case.id),
        {a.id: a for a in agents}, approved_in(case.id, told.cases),
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
    said = ", ".join(wording.tone_in_words(tone) for _, tone in tones)
    return Mood(points, tones[0][0], say("From oldest to newest: {tones}", tones=said))


def home(request: HttpRequest) -> HttpResponse:
    """The front door leads to the Desk."""
    return redirect("/desk/")
