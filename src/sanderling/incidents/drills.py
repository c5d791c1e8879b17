"""Drills: which one runs, what earlier ones were worth, and their beginning and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from sanderling.core.lives import INCIDENT
from sanderling.core.words import later, say
from sanderling.incidents.models import Drill, Incident
from sanderling.incidents.queries import STANDS
from sanderling.store import announce
from sanderling.store.moves import advance, remember

MOST_SHOWN = 20


class NoSuchDrill(Exception):
    """There is no drill of this number, or none runs."""


class AlreadyRuns(Exception):
    """One drill runs at a time; the sentence names the one that does."""


@dataclass(frozen=True, slots=True)
class Played:
    """A drill: what it plays, from when until when, and what came of it.

    `score` are the facts of `core.drilling`; None while it runs, and where it was broken off.
    """

    id: int
    scenario: str
    title: str
    seed: int
    begun_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    score: Mapping[str, Any] | None


def running() -> Played | None:
    """The drill that runs now."""
    row = Drill.objects.filter(ended_at=None).first()
    return _played(row) if row else None


def drill(drill_id: int) -> Played:
    """One drill; raises NoSuchDrill."""
    row = Drill.objects.filter(pk=drill_id).first()
    if row is None:
        raise NoSuchDrill(say("There is no drill {number}.", number=drill_id))
    return _played(row)


def past() -> list[Played]:
    """The drills that ended last, newest first."""
    rows = Drill.objects.exclude(ended_at=None).order_by("-begun_at", "-pk")[:MOST_SHOWN]
    return [_played(row) for row in rows]


@transaction.atomic
def begin(
    *, scenario: str, title: str, seed: int, lasts: timedelta, by: int | None, now: datetime
) -> int:
    """Begin a drill; every page says so from now on. Raises AlreadyRuns."""
    try:
        with transaction.atomic():
            row = Drill.objects.create(
                scenario=scenario, title=title, seed=seed, by_id=by, begun_at=now,
                ends_at=now + lasts,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyRuns(say("A drill runs already. End it before you begin another.")) from error
    remember("drill", row.pk, "begin", by=by, now=now, note=title)
    announce.announce([announce.INCIDENTS])
    return row.pk


@transaction.atomic
def end(*, drill_id: int, score: Mapping[str, Any] | None, by: int | None, now: datetime) -> bool:
    """End a drill, and its incidents with it; False where somebody ended it before.

    Without a `score` it was broken off.
    """
    ended = Drill.objects.filter(pk=drill_id, ended_at=None).update(ended_at=now, score=score)
    if not ended:
        return False
    remember("drill", drill_id, "end", by=by, now=now)
    told = [announce.INCIDENTS]
    for row in Incident.objects.select_for_update().filter(drill=drill_id, state__in=STANDS):
        move = "dismiss" if row.state == "suspected" else "end"
        note = later("The drill ended.")
        advance(row, INCIDENT, move, by=by, now=now, note=note, ended_at=now, wake_at=None)
        told.append(announce.incident(row.pk))
    announce.announce(told)
    return True


def _played(row: Drill) -> Played:
    return Played(
        id=row.pk, scenario=row.scenario, title=row.title, seed=row.seed, begun_at=row.begun_at,
        ends_at=row.ends_at, ended_at=row.ended_at, score=row.score,
    )  # fmt: skip
