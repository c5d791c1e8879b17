"""The hand-over board: what a shift leaves behind, and who takes it on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.cases import shifts
from sanderling.cases.queries import badges
from sanderling.cases.shifts import CannotGive
from sanderling.core.words import later, say
from sanderling.people.queries import colleagues, presences, teams
from sanderling.respond.queries import approvals_waiting
from sanderling.web import clock
from sanderling.web.agents import brand, by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.desk import QUEUES

KINDS = (
    ("late", later("Late"), "timer"),
    ("due soon", later("Due within the hour"), "clock"),
    ("promised", later("Promised"), "calendar-clock"),
    ("asked", later("Asked and not answered"), "circle-question-mark"),
    ("offered", later("Offered and not accepted"), "users-round"),
)


@require_GET
@by_agent
def board(request: HttpRequest) -> HttpResponse:
    """The board as it stands now, the form to give it, and the shifts given last."""
    now, named = clock.now(), teams()
    team = number(request.GET.get("team"))
    team = team if team in named else None
    there = presences(now)
    people = [c for c in colleagues() if c.id != me(request).id]
    return show(
        request, "handover.html", now, page="handover", brand=brand(), queue_name="",
        queue_list=QUEUES, badges=badges(me(request).id, now), kinds=KINDS, team=team,
        teams=named, presences=there, history=shifts.history(),
        people=sorted(people, key=lambda c: (there.get(c.id) != "here", c.name)),
        board=shifts.board(team=team, approvals=approvals_waiting(), now=now),
    )  # fmt: skip


@act
def give(request: HttpRequest) -> HttpResponse:
    """Give the shift to a colleague."""
    now, to = clock.now(), number(request.POST.get("to"))
    team = number(request.POST.get("team"))
    note = request.POST.get("note", "")
    if to is None:
        raise Unfit(say("Choose who takes over."), kept=note, status=422)
    left = shifts.board(team=team, approvals=approvals_waiting(), now=now)
    try:
        shifts.give(left=left, team=team, to=to, note=note, by=me(request).id, now=now)
    except CannotGive as error:
        raise Unfit(str(error), kept=note, status=422) from error
    return done(request, "/handover/", says=say("Given. It is yours until it is accepted."))


@act
def decide(request: HttpRequest, shift_id: int) -> HttpResponse:
    """Accept a shift, or take one back."""
    decisions = {"accept": shifts.accept, "take back": shifts.take_back}
    chosen = decisions.get(request.POST.get("act", ""))
    if chosen is None:
        raise Unfit(say("The desk does not know that decision."), status=422)
    try:
        chosen(shift_id=shift_id, by=me(request).id, now=clock.now())
    except CannotGive as error:
        raise Unfit(str(error), status=422) from error
    return done(request, "/handover/", says=say("Accepted. The shift is yours."))
