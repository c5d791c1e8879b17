"""The one time line of an incident: how it stood, who did what, what was decided and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction

from sanderling.core.playbook import ROLE_WORDS
from sanderling.core.words import figure, later, retold, say
from sanderling.incidents.actions import locked
from sanderling.incidents.models import Entry
from sanderling.people.queries import Colleague
from sanderling.store import announce
from sanderling.store.sql import fetch

LONGEST = 2_000
"""Characters of a decision or a note."""
PAGE = 30


class CannotWrite(Exception):
    """This cannot be written down so; says why."""


class Key(NamedTuple):
    """Where a line stands: the order of the time line, and where a page goes on."""

    at: datetime
    key: str


END = Key(datetime(9999, 1, 1, tzinfo=UTC), "")
"""Before which everything is."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened. `kind` is state, role, step, decision, note, alert, word (said in
    public) or round; `says` tells it in the language of who reads it, `words` are what a person
    wrote with it. `by` is None for the desk; `move` is the step in its life, where it is one."""

    at: datetime
    key: str
    kind: str
    says: str
    words: str = ""
    by: Colleague | None = None
    move: str = ""


ROLES = {
    "role taken": later("{role}: taken"),
    "role given": later("{role}: given to {name}"),
    "role given up": later("{role}: given up"),
    "role offered": later("{role}: offered to {name}"),
    "role accepted": later("{role}: taken over from {name}"),
    "role declined": later("{role}: not taken over from {name}"),
    "role kept": later("{role}: offer taken back"),
}
STEPS = {
    "playbook begun": later("Playbook begun: {text}"),
    "step taken": later("Taken: {text}"),
    "step given": later("Given to somebody: {text}"),
    "step done": later("Done: {text}"),
    "step open again": later("Open again: {text}"),
    "step left out": later("Left out: {text}"),
    "step late": later("Late: {text}"),
}
STATES = {
    "notice": later("Noticed"),
    "open": later("Opened"),
    "confirm": later("Confirmed"),
    "dismiss": later("Dismissed"),
    "merge": later("Merged"),
    "ease": later("Easing"),
    "flare up": later("Flared up"),
    "end": later("Over"),
    "rename": later("Renamed"),
    "cause": later("Cause"),
    "take in": later("Merged with another"),
    "put in": later("Put in"),
    "take out": later("Taken out"),
}
WRITTEN = {"decision": later("Decision"), "note": later("Note"), "alert": later("Alert")}


def lines(incident_id: int, *, before: Key = END, limit: int = PAGE) -> list[Line]:
    """What happened before then, newest first. What was said in public is `respond`'s to tell."""
    params = {"incident": incident_id, "at": before.at, "key": before.key, "limit": limit}
    found = fetch("incidents/timeline", params)
    return [_line(at, key, kind, note, _face(by)) for at, key, kind, note, *by in found]


def merged(*told: Iterable[Line], limit: int = PAGE) -> list[Line]:
    """Time lines, each newest first, as one."""
    return list(islice(merge(*told, key=lambda one: Key(one.at, one.key), reverse=True), limit))


@transaction.atomic
def write_down(*, incident_id: int, kind: str, text: str, by: int, now: datetime) -> None:
    """Keep a decision, or a note. Raises CannotWrite, NoSuchIncident."""
    incident = locked(incident_id)
    text = text.replace("\0", "").strip()
    if kind not in ("decision", "note"):
        raise CannotWrite(say("Write down a decision or a note."))
    if not text:
        raise CannotWrite(say("There is nothing here yet."))
    if len(text) > LONGEST:
        raise CannotWrite(
            say("This may have {most} characters; it has {n}.",
                most=figure(LONGEST), n=figure(len(text)))
        )  # fmt: skip
    Entry.objects.create(incident=incident, kind=kind, text=text, by_id=by, at=now)
    announce.announce([announce.incident(incident.pk)])


def _line(at: datetime, key: str, kind: str, note: str, by: Colleague | None) -> Line:
    if kind in WRITTEN:
        return Line(at, key, kind, say(WRITTEN[kind]), note if by else retold(note), by)
    head, _, words = note.partition("\n")
    if kind in ROLES:
        role, _, name = head.partition(": ")
        says = say(ROLES[kind], role=say(ROLE_WORDS.get(role, role)), name=name)
        return Line(at, key, "role", says, words, by)
    if kind in STEPS:
        return Line(at, key, "step", say(STEPS[kind], text=head), words, by)
    says = say(STATES.get(kind, kind.capitalize()))
    return Line(at, key, "state", says, retold(note), by, kind)


def _face(row: list[Any]) -> Colleague | None:
    return Colleague(*row) if row[0] is not None else None
