"""What we said we would do: kept in mind until it is done, or dropped with a reason.

A promise is a fact between us and a customer: it outlives the end of its case.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from sanderling.cases.actions import locked
from sanderling.cases.models import Case, Promise
from sanderling.cases.resting import wake_up
from sanderling.core.promising.times import LATEST
from sanderling.core.words import later, say
from sanderling.store import announce
from sanderling.store.moves import record
from sanderling.store.sql import fetch

LONGEST = 500


class Settled(Exception):
    """There is no such promise, or it is kept or dropped already; the sentence says which."""


@transaction.atomic
def keep(*, case_id: int, text: str, due: datetime, by: int, now: datetime) -> int:
    """Keep a promise in mind, in the words in which it was given; gives its number.

    Raises ValueError, in words, for one without words or with a time that makes no sense.
    """
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    if not text:
        raise ValueError(say("Say what was promised."))
    if not now < due <= now + LATEST:
        raise ValueError(say("A promise is due later than now, and within a year or so."))
    due = due.astimezone(UTC)
    case = locked(case_id)
    made = Promise.objects.create(case=case, by_id=by, text=text, due_at=due, at=now)
    note = later("{text} (by {due} UTC)").format(text=text, due=f"{due.day} {due:%b %H:%M}")
    record(case, "promise", by=by, now=now, note=note)
    announce.announce([announce.case(case.pk), announce.agent(by)])
    return made.pk


@transaction.atomic
def kept(*, promise_id: int, by: int, now: datetime) -> int:
    """We did what we said; gives the number of the case. Raises Settled."""
    case, made = _open(promise_id)
    made.kept_at = now
    made.save(update_fields=["kept_at"])
    record(case, "promise kept", by=by, now=now, note=made.text)
    _tell(case, made)
    return case.pk


@transaction.atomic
def drop(*, promise_id: int, why: str, by: int, now: datetime) -> int:
    """We shall not do it, or it needs no doing; gives the number of the case.

    Raises Settled, and ValueError without a reason.
    """
    why = " ".join(why.replace("\0", "").split())[:LONGEST]
    if not why:
        raise ValueError(say("Say why: somebody was promised this."))
    case, made = _open(promise_id)
    made.dropped_at, made.dropped_why = now, why
    made.save(update_fields=["dropped_at", "dropped_why"])
    record(case, "promise dropped", by=by, now=now, note=f"{made.text} ({why})")
    _tell(case, made)
    return case.pk


def warn_due(*, ahead: timedelta, now: datetime) -> int:
    """Tell of promises that are due within `ahead` or late, each once; gives how many.

    A case that rests wakes for it.
    """
    warned = 0
    while found := fetch("cases/next_promise", {"until": now + ahead}):
        _warn(found[0][0], now)
        warned += 1
    return warned


@transaction.atomic
def _warn(promise_id: int, now: datetime) -> None:
    try:
        case, made = _open(promise_id)
    except Settled:  # a moment ago
        return
    if made.warned_at is not None:
        return
    made.warned_at = now
    made.save(update_fields=["warned_at"])
    record(case, "promise due", by=None, now=now, note=made.text)
    wake_up(case, by=None, now=now, why=later("a promise is due"))
    _tell(case, made)


def _tell(case: Case, made: Promise) -> None:
    agents = {made.by_id, case.owner_id or made.by_id}
    announce.announce([announce.case(case.pk), *map(announce.agent, agents)])


def _open(promise_id: int) -> tuple[Case, Promise]:
    """A promise that stands, and its case, both locked: the case first, as ever."""
    case_id = Promise.objects.filter(pk=promise_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Settled(say("There is no promise {number}.", number=promise_id))
    case = locked(case_id)
    made = Promise.objects.select_for_update().get(pk=promise_id)
    if made.kept_at is not None:
        raise Settled(say("This promise was kept already."))
    if made.dropped_at is not None:
        raise Settled(say("This promise was dropped already."))
    return case, made
