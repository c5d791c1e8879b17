"""What agents do with a case from its page: each view reads a form and calls one action."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from sanderling.cases import actions
from sanderling.cases.queries import queue
from sanderling.people.queries import colleagues
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number

LONGEST_NAP = 60 * 24 * 30
"""Minutes."""


@act
def take_next(request: HttpRequest) -> HttpResponse:
    """Claim the case that is due next and that nobody has."""
    for row in queue("unassigned", me(request).id, limit=5).rows:
        try:
            actions.claim(case_id=row.id, by=me(request).id, now=clock.now())
        except actions.AlreadyTaken:
            continue
        says = f"Case {row.id} is yours."
        return done(request, f"/case/{row.id}/?q=mine", case=row.id, says=says)
    raise Unfit("Nobody is waiting without someone who sees to it.")


@act
def assign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give the case to a colleague, take it, or put it back."""
    to = number(request.POST.get("to"))
    names = {c.id: c.name for c in colleagues()}
    if to is not None and to not in names:
        raise Unfit("That colleague is not at the desk any more.")
    actions.assign(case_id=case_id, to=to, by=me(request).id, now=clock.now())
    says = f"{names[to]} has the case now." if to else "Anybody can take the case now."
    return done(request, f"/case/{case_id}/", says=says)


@act
def snooze(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put the case aside for some minutes; 0 wakes it."""
    minutes = number(request.POST.get("minutes"), LONGEST_NAP)
    if minutes is None:
        raise Unfit("Say for how long: up to thirty days.", status=422)
    now = clock.now()
    if minutes:
        actions.snooze(
            case_id=case_id, until=now + timedelta(minutes=minutes), by=me(request).id, now=now
        )
    else:
        actions.wake(case_id=case_id, now=now)
    return done(request, f"/case/{case_id}/", says="Put aside." if minutes else "Awake again.")


@act
def resolve(request: HttpRequest, case_id: int) -> HttpResponse:
    """The matter is settled, or (how=dismiss) never needed an answer."""
    note = " ".join(request.POST.get("note", "").split())[:500]
    end = actions.dismiss if request.POST.get("how") == "dismiss" else actions.resolve
    end(case_id=case_id, by=me(request).id, now=clock.now(), note=note)
    return done(request, f"/case/{case_id}/", says="Resolved.", left=True)


@act
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take an ended case up again."""
    actions.reopen(case_id=case_id, by=me(request).id, now=clock.now())
    return done(request, f"/case/{case_id}/", says="Open again.")
