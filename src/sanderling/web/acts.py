"""What agents do with a case from its page: each view reads a form and calls one action."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from sanderling.cases import actions
from sanderling.cases.claiming import claim_next
from sanderling.core.words import retold, say
from sanderling.people.queries import colleagues
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number

LONGEST_NAP = 60 * 24 * 30
"""Minutes."""


@act
def take_next(request: HttpRequest) -> HttpResponse:
    """Claim the right next case of those that nobody has, and say why this one."""
    taken = claim_next(by=me(request).id, now=clock.now())
    if taken is None:
        raise Unfit(say("Nobody is waiting without someone who sees to it."))
    why = ", ".join(retold(part.says) for part in taken.why.parts[:3])
    says = say("Case {case} is yours: {why}.", case=taken.case_id, why=why)
    return done(request, f"/case/{taken.case_id}/?q=mine", case=taken.case_id, says=says)


@act
def assign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give the case to a colleague, take it, or put it back.

    `had` is the owner whom the page showed. Who takes what nobody had does not take it from a
    colleague who was faster.
    """
    to = number(request.POST.get("to"))
    names = {c.id: c.name for c in colleagues()}
    if to is not None and to not in names:
        raise Unfit(say("That colleague is not at the desk any more."))
    mine = to == me(request).id and request.POST.get("had") == ""
    if mine:
        actions.claim(case_id=case_id, by=me(request).id, now=clock.now())
    else:
        actions.assign(case_id=case_id, to=to, by=me(request).id, now=clock.now())
    says = (
        say("{name} has the case now.", name=names[to])
        if to
        else say("Anybody can take the case now.")
    )
    return done(request, f"/case/{case_id}/", says=says)


@act
def snooze(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put the case aside for some minutes; 0 wakes it."""
    minutes = number(request.POST.get("minutes"), LONGEST_NAP)
    if minutes is None:
        raise Unfit(say("Say for how long: up to thirty days."), status=422)
    now = clock.now()
    if minutes:
        actions.snooze(
            case_id=case_id, until=now + timedelta(minutes=minutes), by=me(request).id, now=now
        )
    else:
        actions.wake(case_id=case_id, by=me(request).id, now=now)
    return done(
        request, f"/case/{case_id}/", says=say("Put aside.") if minutes else say("Awake again.")
    )


@act
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take an ended case up again."""
    actions.reopen(case_id=case_id, by=me(request).id, now=clock.now())
    return done(request, f"/case/{case_id}/", says=say("Open again."))
