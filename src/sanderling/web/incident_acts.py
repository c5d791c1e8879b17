"""What agents do with an incident: each view reads a form and calls one action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from sanderling.cases import belonging
from sanderling.core.words import later, many, say
from sanderling.incidents import actions
from sanderling.incidents.actions import WrongIncident
from sanderling.web import clock
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number

T = TypeVar("T")
SAID = {
    "confirm": later("Confirmed: everybody sees it now."),
    "dismiss": later("Dismissed. The desk stays quiet about this."),
    "ease": later("It eases."),
    "flare up": later("It is live again."),
    "end": later("All clear. The incident is over."),
}
"""What agents move, and what they hear then."""


@act
def open_(request: HttpRequest) -> HttpResponse:
    """Open an incident by hand."""
    made = _named(request, actions.open_incident)
    return done(request, f"/incidents/{made}/", incident=made, says=say("The room is open."))


@act
def move(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Confirm, dismiss, ease, flare up or end it."""
    asked = request.POST.get("move", "")
    if asked not in SAID:
        raise Unfit(say("Say what to do with the incident."), status=422)
    actions.move(incident_id=incident_id, move=asked, by=me(request).id, now=clock.now())
    return done(request, f"/incidents/{incident_id}/", says=say(SAID[asked]))


@act
def merge(request: HttpRequest, incident_id: int) -> HttpResponse:
    """It is the same as another one."""
    into = number(request.POST.get("into"))
    if into is None:
        raise Unfit(say("Say which incident it belongs to."), status=422)
    belonging.merge(incident_id=incident_id, into=into, by=me(request).id, now=clock.now())
    says = say("Merged: it is part of incident {n} now.", n=into)
    return done(request, f"/incidents/{into}/", says=says)


@act
def rename(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Give it another name."""
    _named(request, partial(actions.rename, incident_id=incident_id))
    return done(request, f"/incidents/{incident_id}/", says=say("Renamed."))


@act
def cause(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Say what broke."""
    said = request.POST.get("cause", "")
    actions.say_cause(incident_id=incident_id, cause=said, by=me(request).id, now=clock.now())
    return done(request, f"/incidents/{incident_id}/", says=say("The cause is kept."))


@act
def gather(request: HttpRequest, incident_id: int) -> HttpResponse:
    """All cases that look like part of it are."""
    n = belonging.gather(incident_id=incident_id, by=me(request).id, now=clock.now())
    says = many("{n} case is part of it now.", "{n} cases are part of it now.", n)
    return done(request, f"/incidents/{incident_id}/", says=says)


@act
def take_out(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Posts that do not belong to it after all."""
    posts = [n for n in map(number, request.POST.getlist("post")) if n]
    gone = actions.take_out(
        incident_id=incident_id, post_ids=posts, by=me(request).id, now=clock.now()
    )
    says = say("Taken out.") if gone else say("It was taken out already.")
    return done(request, f"/incidents/{incident_id}/", says=says)


def _named(request: HttpRequest, do: Callable[..., T]) -> T:
    """Do what needs a name; one that cannot be is not lost."""
    name = request.POST.get("name", "")
    try:
        return do(name=name, by=me(request).id, now=clock.now())
    except WrongIncident as error:
        raise Unfit(str(error), kept=name, status=422) from error
