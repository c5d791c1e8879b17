"""The panel of the room that says who is who and what is to be done: roles, steps, hand-over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanderling.core.words import later, say
from sanderling.incidents import leading, playbooks, steps
from sanderling.incidents.leading import Held
from sanderling.incidents.playbooks import Kept
from sanderling.incidents.queries import Standing
from sanderling.incidents.steps import ToDo
from sanderling.people.queries import colleagues, presences
from sanderling.respond.timeline import next_word
from sanderling.web import clock
from sanderling.web.agents import by_agent, me, show
from sanderling.web.answers import Unfit, act, done, number
from sanderling.web.handing import Receiver, present
from sanderling.web.incident_timeline import standing_or_404


@dataclass(frozen=True, slots=True)
class Playing:
    """What the panel shows. `offered` are roles that the agent who looks is asked to take over;
    what they need to know then are `open` steps and when the `next_word` is promised."""

    book: Kept | None
    roles: list[Held]
    steps: list[ToDo]
    next: ToDo | None
    to_begin: list[Kept]
    people: list[Receiver]
    leads: bool
    next_word: datetime | None

    @property
    def done(self) -> int:
        """How many steps are settled."""
        return sum(one.done_at is not None for one in self.steps)

    @property
    def open(self) -> list[ToDo]:
        """Steps that are not settled."""
        return [one for one in self.steps if one.done_at is None]

    def offered(self, agent_id: int) -> list[Held]:
        """Roles that this agent is asked to take over."""
        return [held for held in self.roles if held.offered and held.offered.id == agent_id]


def panel(request: HttpRequest, incident: Standing, now: datetime) -> dict[str, Any]:
    """What the template of the panel needs."""
    found = steps.steps(incident.id)
    book = playbooks.of(incident.id)
    known = {book.name} if book else set()
    return {
        "playing": Playing(
            book=book,
            roles=leading.roles(incident.id, now),
            steps=found,
            next=steps.next_of(found),
            to_begin=[k for k in playbooks.playbooks() if not k.archived and k.name not in known],
            people=_people(now),
            leads=leading.leads(incident.id, me(request).id),
            next_word=next_word(incident.id),
        )
    }


@require_GET
@by_agent
def part(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The panel alone."""
    it, now = standing_or_404(incident_id), clock.now()
    return show(request, "parts/incident_playbook.html", now, it=it, **panel(request, it, now))


@act
def begin(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Begin a playbook by hand."""
    name = request.POST.get("name", "")
    came = steps.begin(incident_id=incident_id, name=name, by=me(request).id, now=clock.now())
    return _done(request, incident_id, say("Begun: {n} steps.", n=came))


@act
def step(request: HttpRequest, incident_id: int, step_id: int) -> HttpResponse:
    """Do something with a step: tick, untick, take, give, skip."""
    asked = request.POST.get("act", "")
    who: dict[str, Any] = {"step_id": step_id, "by": me(request).id, "now": clock.now()}
    match asked:
        case "tick" | "untick" | "take":
            _SIMPLE[asked](**who)
        case "give":
            steps.give(to=_whom(request), **who)
        case "skip":
            steps.skip(why=request.POST.get("why", ""), **who)
        case _:
            raise Unfit(say("The desk does not know that act."), status=422)
    return _done(request, incident_id, say(SAID[asked]))


@act
def role(request: HttpRequest, incident_id: int, role: str) -> HttpResponse:
    """Do something with a role: take, give, give up, offer, accept, decline, withdraw."""
    asked, note = request.POST.get("act", ""), request.POST.get("note", "")
    who: dict[str, Any] = {
        "incident_id": incident_id,
        "role": role,
        "by": me(request).id,
        "now": clock.now(),
    }
    match asked:
        case "take" | "give up" | "accept" | "withdraw":
            _ROLES[asked](**who)
        case "give":
            leading.give(to=_whom(request), **who)
        case "offer":
            leading.offer(to=_whom(request), note=note, **who)
        case "decline":
            leading.decline(why=note, **who)
        case _:
            raise Unfit(say("The desk does not know that act."), status=422)
    return _done(request, incident_id, say(SAID[asked]))


_Does = Callable[..., None]
_SIMPLE: dict[str, _Does] = {"tick": steps.tick, "untick": steps.untick, "take": steps.take}
_ROLES: dict[str, _Does] = {
    "take": leading.take,
    "give up": leading.give_up,
    "accept": leading.accept,
    "withdraw": leading.withdraw,
}
SAID = {
    "tick": later("Done."),
    "untick": later("Open again."),
    "take": later("It is yours."),
    "give": later("Given."),
    "skip": later("Left out."),
    "give up": later("Given up: nobody has it now."),
    "offer": later("Offered. It is yours until it is accepted."),
    "accept": later("It is yours now."),
    "decline": later("Declined. It stays where it was."),
    "withdraw": later("Taken back. You keep it."),
}


def _whom(request: HttpRequest) -> int:
    whom = number(request.POST.get("to"))
    if whom is None:
        raise Unfit(say("Choose a colleague."), kept=request.POST.get("note", ""), status=422)
    return whom


def _people(now: datetime) -> list[Receiver]:
    """Everybody, who is at work first."""
    there = presences(now)
    found = sorted(colleagues(), key=lambda c: (there.get(c.id) != "here", c.name))
    return [Receiver(str(c.id), present(c.name, there.get(c.id))) for c in found]


def _done(request: HttpRequest, incident_id: int, says: str) -> HttpResponse:
    return done(request, f"/incidents/{incident_id}/#incident-playbook", says=says)
