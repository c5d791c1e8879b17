"""The public words that an incident owes: the first once it is confirmed, then each promised one.

A word is met by the next status that stands on any network. What was promised in public stays owed
when the incident ends, and by the one that it becomes part of; nobody waits for a word about what
was dismissed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sanderling.policy.queries import current
from sanderling.respond.models import Broadcast, Outgoing, Word
from sanderling.store import announce
from sanderling.store.sql import fetch

AHEAD = timedelta(minutes=5)
"""How long before a word is due those who speak are warned."""

MOST = 20


@dataclass(frozen=True, slots=True)
class Owed:
    """A word that was or is owed. `first`: nothing was said yet; else a status promised it. Met in
    time, `met_at` is not after `due_at`."""

    first: bool
    since: datetime
    due_at: datetime
    warned: bool
    met_at: datetime | None
    void: bool

    def late(self, now: datetime) -> bool:
        """Whether it came, or has not come, later than it was due."""
        return not self.void and (self.met_at or now) > self.due_at


@dataclass(frozen=True, slots=True)
class Due:
    """A word that an agent is told of: it is due soon, or `late`. `key` is the same whenever it is
    read again."""

    key: str
    incident: int
    name: str
    due_at: datetime
    first: bool
    late: bool


def owed(incident_id: int) -> Owed | None:
    """The word that an incident owes now."""
    return next((word for word in owings(incident_id) if not (word.met_at or word.void)), None)


def owings(incident_id: int) -> list[Owed]:
    """Every word that an incident owed, in their order, whether it came or not."""
    rows = Word.objects.filter(incident_id=incident_id).order_by("since", "pk")
    return [
        Owed(
            w.promised_id is None, w.since, w.due_at, w.warned_at is not None, w.met_at,
            w.void_at is not None,
        )
        for w in rows
    ]  # fmt: skip


def due(agent_id: int, *, about: Collection[str], since: datetime) -> list[Due]:
    """Words of which this agent was to be told since then, oldest first: of incidents that they
    lead or speak for, and, as a lead, of those that nobody does. None unless they want to hear
    of what is late."""
    if "late" not in about:
        return []
    rows = fetch("respond/words_due", {"agent": agent_id, "since": since, "limit": MOST})
    return [Due(*row) for row in rows]


def told(*, broadcast_id: int, at: datetime) -> None:
    """A post of a status stands since then: with the first of them its word is met, and the next
    one is owed. Call it in the transaction that keeps the post."""
    status = Broadcast.objects.select_for_update(no_key=True).get(pk=broadcast_id)
    _owe(at)
    stand = Outgoing.objects.filter(
        broadcast__incident=status.incident_id, broadcast_id__gte=status.pk, state="sent"
    )
    if stand.count() > 1:  # it stands elsewhere already, or something newer does
        return
    owes = Word.objects.filter(incident_id=status.incident_id, met_at=None, void_at=None)
    owes.exclude(promised_id__gte=status.pk).update(met_at=at)
    if status.next_at is not None:
        word = Word(
            incident_id=status.incident_id, promised=status, since=at, due_at=status.next_at
        )
        Word.objects.bulk_create([word], ignore_conflicts=True)


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Begin the clocks of first words, end those that nobody waits for, warn of what is due soon
    and say what is late, each once; gives how much of that there was."""
    moved = _owe(now)
    moved += _ids(fetch("respond/lead_words", {}))
    moved += _ids(fetch("respond/void_words", {"now": now}))
    told_of = _ids(fetch("respond/warn_words", {"now": now, "until": now + AHEAD}))
    if moved or told_of:
        topics = map(announce.incident, {*moved, *told_of})
        announce.announce([*topics, *([announce.ALERTS] if told_of else [])])
    return len(moved) + len(told_of)


def _owe(now: datetime) -> list[int]:
    within = current().document.incidents.first_word
    return _ids(fetch("respond/owe_words", {"within": within, "now": now}))


def _ids(rows: Sequence[tuple[int]]) -> list[int]:
    return [number for (number,) in rows]
