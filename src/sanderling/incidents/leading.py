"""Who is who in an incident: lead, voice, scribe and technical contact.

A role is taken, given by who leads, given up, or handed over inside the running incident: offered
with a note, and theirs who offered it until the receiver accepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sanderling.core.playbook import ROLE_WORDS, ROLES
from sanderling.core.words import figure, say
from sanderling.incidents.actions import locked
from sanderling.incidents.models import Incident, Role, Step
from sanderling.people.queries import Colleague, colleague, name_of, presences
from sanderling.store import announce
from sanderling.store.moves import record
from sanderling.store.sql import fetch

LONGEST = 1_000
"""Characters of a note."""


class CannotLead(Exception):
    """The role cannot be taken, given or handed over so; says why."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role, and who has it since when; nobody where `who` is None. `offered` was asked to take it
    over, with `note`. `gone` where who has it is not at work any more."""

    role: str
    who: Colleague | None = None
    since: datetime | None = None
    offered: Colleague | None = None
    note: str = ""
    gone: bool = False

    @property
    def title(self) -> str:
        """The role in words."""
        return say(ROLE_WORDS[self.role])


def roles(incident_id: int, now: datetime) -> list[Held]:
    """Every role of an incident in its order, held or not."""
    rows = Role.objects.filter(incident_id=incident_id, until=None)
    held = {row.role: row for row in rows.select_related("agent", "offered_to")}
    there = presences(now)
    return [_held(held[role], there) if role in held else Held(role) for role in ROLES]


def history(incident_id: int) -> dict[str, list[str]]:
    """By role, the names of all who had it, in that order, each once."""
    found: dict[str, list[str]] = {}
    for role, name in fetch("incidents/led", {"incident": incident_id}):
        if name not in found.setdefault(role, []):
            found[role].append(name)
    return found


def leads(incident_id: int, agent_id: int) -> bool:
    """Whether this agent leads the incident, or leads at the desk."""
    who = colleague(agent_id)
    held = Role.objects.filter(incident_id=incident_id, role="lead", until=None, agent_id=agent_id)
    return bool(who and who.is_lead) or held.exists()


@transaction.atomic
def take(*, incident_id: int, role: str, by: int, now: datetime) -> None:
    """The role is mine: where nobody has it, who has it went home, or one leads.

    Raises CannotLead, NoSuchIncident.
    """
    incident, held = _locked(incident_id, role)
    if held and held.agent_id == by:
        return
    if held and _at_work(held.agent_id, now) and not leads(incident_id, by):
        raise CannotLead(
            say("{name} has this role and is at work. Ask them to hand it over.",
                name=name_of(held.agent_id))
        )  # fmt: skip
    _move(incident, held, role, by, now)
    _tell(incident, "role taken", role, by=by, now=now)


@transaction.atomic
def give(*, incident_id: int, role: str, to: int, by: int, now: datetime) -> None:
    """A lead gives a role to somebody. Raises CannotLead, NoSuchIncident."""
    incident, held = _locked(incident_id, role)
    if not leads(incident_id, by):
        raise CannotLead(
            say("Only who leads gives a role. You can offer yours, or take a free one.")
        )
    who = _colleague(to)
    if held and held.agent_id == to:
        return
    _move(incident, held, role, to, now)
    _tell(incident, "role given", f"{role}: {who.name}", by=by, now=now, also=to)


@transaction.atomic
def give_up(*, incident_id: int, role: str, by: int, now: datetime) -> None:
    """The role is nobody's. Raises CannotLead, NoSuchIncident."""
    incident, held = _locked(incident_id, role)
    _mine(held, by)
    _end(held, now)
    _tell(incident, "role given up", role, by=by, now=now)


@transaction.atomic
def offer(*, incident_id: int, role: str, to: int, note: str, by: int, now: datetime) -> None:
    """Ask somebody to take my role over; it is mine until they accept. An earlier offer ends.

    Raises CannotLead, NoSuchIncident.
    """
    incident, held = _locked(incident_id, role)
    held = _mine(held, by)
    who = _colleague(to)
    note = _words(note)
    if to == by:
        raise CannotLead(say("You have this role already."))
    held.offered_to_id, held.offered_at, held.note = to, now, note
    held.save(update_fields=["offered_to", "offered_at", "note"])
    _tell(incident, "role offered", f"{role}: {who.name}\n{note}", by=by, now=now, also=to)


@transaction.atomic
def accept(*, incident_id: int, role: str, by: int, now: datetime) -> None:
    """The role is mine from now on, with the open steps that its giver had taken in it.

    Raises CannotLead, NoSuchIncident.
    """
    incident, held = _locked(incident_id, role)
    if held and held.agent_id == by:
        return
    held = _offered(held, by)
    giver = held.agent_id
    _move(incident, held, role, by, now)
    Step.objects.filter(incident=incident, role=role, owner_id=giver, done_at=None).update(
        owner_id=by
    )
    _tell(incident, "role accepted", f"{role}: {name_of(giver)}", by=by, now=now, also=giver)


@transaction.atomic
def decline(*, incident_id: int, role: str, why: str, by: int, now: datetime) -> None:
    """No, and why: who offered it keeps it. Raises CannotLead, NoSuchIncident."""
    incident, held = _locked(incident_id, role)
    held = _offered(held, by)
    why = _words(why)
    _unoffer(held)
    note = f"{role}: {name_of(held.agent_id)}\n{why}"
    _tell(incident, "role declined", note, by=by, now=now, also=held.agent_id)


@transaction.atomic
def withdraw(*, incident_id: int, role: str, by: int, now: datetime) -> None:
    """Take an offer back. Raises CannotLead, NoSuchIncident."""
    incident, held = _locked(incident_id, role)
    held = _mine(held, by)
    if held.offered_to_id is None:
        raise CannotLead(say("Nothing is offered here any more."))
    asked = held.offered_to_id
    _unoffer(held)
    _tell(incident, "role kept", role, by=by, now=now, also=asked)


def _locked(incident_id: int, role: str) -> tuple[Incident, Role | None]:
    """The incident, locked, and who has the role. Raises CannotLead for what is no role."""
    incident = locked(incident_id)
    if role not in ROLES:
        raise CannotLead(say("There is no such role."))
    if incident.state in ("dismissed", "merged"):
        raise CannotLead(say("This incident is led no more."))
    return incident, Role.objects.filter(incident=incident, role=role, until=None).first()


def _mine(held: Role | None, by: int) -> Role:
    if held is None or held.agent_id != by:
        raise CannotLead(say("You do not have this role any more."))
    return held


def _offered(held: Role | None, by: int) -> Role:
    if held is None or held.offered_to_id != by:
        raise CannotLead(say("This role is not offered to you any more."))
    return held


def _colleague(agent_id: int) -> Colleague:
    who = colleague(agent_id)
    if who is None:
        raise CannotLead(say("That colleague is not at the desk any more."))
    return who


def _words(text: str) -> str:
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise CannotLead(say("Say in a few words what the other must know."))
    if len(text) > LONGEST:
        raise CannotLead(
            say("A note here may have {most} characters; this has {n}.",
                most=figure(LONGEST), n=figure(len(text)))
        )  # fmt: skip
    return text


def _move(incident: Incident, held: Role | None, role: str, to: int, now: datetime) -> None:
    """End who has it, and begin who gets it."""
    if held:
        _end(held, now)
    Role.objects.create(incident=incident, role=role, agent_id=to, since=now)


def _end(held: Role | None, now: datetime) -> None:
    if held:
        held.until = now
        held.save(update_fields=["until"])


def _unoffer(held: Role) -> None:
    held.offered_to_id, held.offered_at, held.note = None, None, ""
    held.save(update_fields=["offered_to", "offered_at", "note"])


def _at_work(agent_id: int, now: datetime) -> bool:
    return presences(now).get(agent_id) in ("here", "away")


def _held(row: Role, there: dict[int, str]) -> Held:
    return Held(
        role=row.role, who=_face(row.agent), since=row.since,
        offered=_face(row.offered_to) if row.offered_to else None, note=row.note,
        gone=there.get(row.agent_id, "off") in ("off", "silent"),
    )  # fmt: skip


def _face(agent: object) -> Colleague:
    return Colleague(agent.pk, agent.name, agent.initials, agent.avatar, agent.is_lead)  # type: ignore[attr-defined]  # an agent's row, whose model is not ours to import


def _tell(
    incident: Incident, move: str, note: str, *, by: int, now: datetime, also: int | None = None
) -> None:
    record(incident, move, by=by, now=now, note=note)
    agents = {by, also} - {None}
    topics = [announce.agent(one) for one in agents if one is not None]
    announce.announce([announce.incident(incident.pk), *topics])
