"""The steps of a playbook in an incident: begun by hand or by the level, taken, done, left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from sanderling.core.playbook import ROLE_WORDS, begun_by
from sanderling.core.words import say
from sanderling.incidents.actions import locked
from sanderling.incidents.leading import leads
from sanderling.incidents.models import Incident, Step
from sanderling.incidents.playbooks import Kept, NoSuchPlaybook, adopted, playbooks
from sanderling.incidents.queries import STANDS
from sanderling.people.queries import Colleague, colleague
from sanderling.store import announce
from sanderling.store.moves import record
from sanderling.store.sql import Row, fetch

LONGEST = 500
"""Characters of a reason."""


class CannotStep(Exception):
    """The step cannot be done so, or is not there any more; says why."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """A step in an incident. `who` took it, or has the role that owes it. Settled with `done_at`:
    done, or `skipped` for a reason. A step that comes again was done `times`."""

    id: int
    text: str
    role: str
    taken: bool
    due_at: datetime | None
    done_at: datetime | None
    skipped: str
    comes_again: bool
    times: int
    who: Colleague | None
    done_by: str

    @property
    def role_title(self) -> str:
        """The role in words; "" where it is for anybody."""
        return say(ROLE_WORDS[self.role]) if self.role else ""

    def late(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.done_at is None and self.due_at is not None and self.due_at <= now


def steps(incident_id: int) -> list[ToDo]:
    """The steps of an incident, in the order of the playbook."""
    rows = fetch("incidents/steps", {"incident": incident_id})
    return [_todo(row[:9], row[9:14], row[14]) for row in rows]


def next_of(found: list[ToDo]) -> ToDo | None:
    """What is to be done next: the open step that is due first."""
    due = [one for one in found if one.done_at is None and one.due_at]
    undone = [one for one in found if one.done_at is None]
    return min(due, key=lambda one: str(one.due_at)) if due else next(iter(undone), None)


@transaction.atomic
def begin(*, incident_id: int, name: str, by: int | None, now: datetime) -> int:
    """Begin a playbook in an incident; gives how many steps came. A further one adds those of its
    steps that are not there yet. Raises CannotStep, NoSuchPlaybook, NoSuchIncident.
    """
    incident = locked(incident_id)
    if incident.state not in STANDS:
        raise CannotStep(say("Only an incident that is not over needs a playbook."))
    kept = adopted(name, now=now)
    if kept.archived:
        raise NoSuchPlaybook(say("This playbook was put away."))
    return _begin(incident, kept, by=by, now=now)


@transaction.atomic
def begin_for_level(*, incident_id: int, level: str, now: datetime) -> int:
    """Begin the playbook that this level of the gauge starts, where none was begun; gives how many
    steps came, 0 for none. Doing it twice changes nothing. Raises NoSuchIncident."""
    incident = locked(incident_id)
    if incident.state not in STANDS or incident.playbook_id is not None:
        return 0
    able = {kept.name: kept.book for kept in playbooks() if not kept.archived}
    known = " ".join([incident.name, *incident.terms])
    book = begun_by(level, filter(None, able.values()), known)
    return _begin(incident, adopted(book.name, now=now), by=None, now=now) if book else 0


@transaction.atomic
def take(*, step_id: int, by: int, now: datetime) -> None:
    """This step is mine. Raises CannotStep."""
    incident, step = _open(step_id)
    _own(incident, step, by, by=by, now=now)
    _tell(incident, "step taken", step.text, by=by, now=now)


@transaction.atomic
def give(*, step_id: int, to: int, by: int, now: datetime) -> None:
    """Whose step it is: who leads, and who has it, may say so. Raises CannotStep."""
    incident, step = _open(step_id)
    if step.owner_id not in (None, by) and not leads(incident.pk, by):
        raise CannotStep(say("Only who has this step, or leads, gives it to somebody else."))
    who = colleague(to)
    if who is None:
        raise CannotStep(say("That colleague is not at the desk any more."))
    _own(incident, step, to, by=by, now=now)
    _tell(incident, "step given", f"{step.text}\n{who.name}", by=by, now=now, also=to)


@transaction.atomic
def tick(*, step_id: int, by: int, now: datetime) -> None:
    """It is done; one that comes again is due anew. Ticking twice is the same as once.

    Raises CannotStep.
    """
    incident, step = _locked(step_id)
    if step.done_at is not None:
        return
    step.times += 1
    if step.every and incident.state in STANDS:
        step.due_at, step.warned_at = now + step.every, None
    else:
        step.done_at, step.done_by_id = now, by
    step.save(update_fields=["times", "due_at", "warned_at", "done_at", "done_by"])
    _tell(incident, "step done", step.text, by=by, now=now)


@transaction.atomic
def untick(*, step_id: int, by: int, now: datetime) -> None:
    """It is not done after all, or shall be done though it was left out. Raises CannotStep."""
    incident, step = _locked(step_id)
    if step.done_at is None:
        return
    step.times -= not step.skipped
    step.done_at, step.done_by_id, step.skipped = None, None, ""
    step.save(update_fields=["times", "done_at", "done_by", "skipped"])
    _tell(incident, "step open again", step.text, by=by, now=now)


@transaction.atomic
def skip(*, step_id: int, why: str, by: int, now: datetime) -> None:
    """It is left out, and why. Raises CannotStep."""
    incident, step = _open(step_id)
    why = " ".join(why.replace("\0", "").split())[:LONGEST]
    if not why:
        raise CannotStep(say("Say why it is left out: the review will ask."))
    step.done_at, step.done_by_id, step.skipped = now, by, why
    step.save(update_fields=["done_at", "done_by", "skipped"])
    _tell(incident, "step left out", f"{step.text}\n{why}", by=by, now=now)


def warn_late(*, now: datetime) -> int:
    """Tell once of each step that is late; gives of how many."""
    warned = 0
    while found := fetch("incidents/next_late", {"now": now}):
        _warn(found[0][0], now)
        warned += 1
    return warned


@transaction.atomic
def _warn(step_id: int, now: datetime) -> None:
    incident, step = _locked(step_id)
    if step.done_at is not None or step.warned_at is not None:  # a moment ago
        return
    step.warned_at = now
    step.save(update_fields=["warned_at"])
    owes = [row[0] for row in fetch("incidents/owes", {"step": step_id})]
    record(incident, "step late", by=None, now=now, note=step.text)
    topics = [announce.incident(incident.pk), announce.ALERTS, *map(announce.agent, owes)]
    announce.announce(topics)


def _begin(incident: Incident, kept: Kept, *, by: int | None, now: datetime) -> int:
    book = kept.book
    if book is None:
        raise CannotStep(say("This release cannot read that playbook any more. Write it anew."))
    there = Step.objects.filter(incident=incident)
    known = set(there.values_list("text", flat=True))
    place = (there.aggregate(last=Max("place"))["last"] or 0) + 1
    new = [step for step in book.steps if step.text not in known]
    Step.objects.bulk_create(
        Step(
            incident=incident, place=place + n, text=step.text, role=step.role or "",
            due_at=now + step.within if step.within else None, every=step.every,
        )
        for n, step in enumerate(new)
    )  # fmt: skip
    Incident.objects.filter(pk=incident.pk).update(playbook_id=kept.id)
    _tell(incident, "playbook begun", kept.title, by=by, now=now)
    return len(new)


def _todo(row: Row, who: Row, done_by: str | None) -> ToDo:
    return ToDo(*(*row, Colleague(*who) if who[0] else None, done_by or ""))


def _locked(step_id: int) -> tuple[Incident, Step]:
    """A step and its incident, both locked: the incident first, as ever."""
    found = Step.objects.filter(pk=step_id).values_list("incident_id", flat=True).first()
    if found is None:
        raise CannotStep(say("There is no such step."))
    incident = locked(found)
    return incident, Step.objects.select_for_update().get(pk=step_id)


def _open(step_id: int) -> tuple[Incident, Step]:
    incident, step = _locked(step_id)
    if step.done_at is not None:
        raise CannotStep(say("This step is settled already."))
    return incident, step


def _own(incident: Incident, step: Step, owner: int, *, by: int, now: datetime) -> None:
    step.owner_id = owner
    step.save(update_fields=["owner"])


def _tell(
    incident: Incident, move: str, note: str, *, by: int | None, now: datetime,
    also: int | None = None,
) -> None:  # fmt: skip
    record(incident, move, by=by, now=now, note=note)
    topics = [announce.incident(incident.pk)]
    if also is not None:
        topics.append(announce.agent(also))
    announce.announce(topics)
