"""The next case: the one that matters most of those an agent may take, given to one agent only.

due first, bounded | ranked by core.priority | the best that nobody is taking is locked and owned
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from sanderling.cases.actions import locked, own
from sanderling.cases.models import ACTIVE, Case
from sanderling.core.priority import Facts, Priority, points, priority
from sanderling.core.timing import NEVER
from sanderling.core.words import speaking
from sanderling.store.sql import Row, fetch

MOST_DUE = 200
"""Cases that are looked at for one claim, due first: every deadline comes there in time."""
MOST_UNDUE = 50
"""Cases without a deadline that are looked at, oldest first: else none of them ever came."""
TRIES = 3


Ranked = list[tuple[int, Facts]]
"""Cases with what ranks them, the best first."""


class Claimed(NamedTuple):
    """A case that was just taken, and why this one."""

    case_id: int
    why: Priority


def claim_next(*, by: int, now: datetime) -> Claimed | None:
    """Make the right next case mine; None where none is left that this agent may take.

    Agents who ask at the same moment get different cases, and none of them waits for another while
    there is a case that nobody touches.
    """
    for _ in range(TRIES):  # all that were seen may be taken by the time they are locked
        ranked = _ranked(by, now)
        if not ranked:
            return None
        if found := _take_best(ranked, by, now) or _wait_for_one(ranked, by, now):
            return found
    return None


def priority_of(case_id: int, now: datetime) -> Priority | None:
    """What speaks for taking this case now; None where it does not wait for us."""
    for row in fetch("cases/facts_of_case", {"case": case_id}):
        return priority(_facts(row), now)
    return None


def _ranked(agent: int, now: datetime) -> Ranked:
    """Cases, the best first; of equals the one that is due first."""
    found = [(row[0], _facts(row)) for row in _candidates(agent)]
    return sorted(found, key=lambda one: -points(one[1], now))


def _candidates(agent: int) -> Iterator[Row]:
    spans = (("-infinity", NEVER, MOST_DUE), (NEVER, "infinity", MOST_UNDUE))
    for start, stop, most in spans:
        facts = {"agent": agent, "start": start, "stop": stop, "most": most}
        yield from fetch("cases/claimable", facts)


def _facts(row: Row) -> Facts:
    _, due_at, due_from, last_at, tone, urgency, flags, reach = row
    return Facts(due_at, due_from, due_from or last_at, tone, urgency, flags, reach)


def _wait_for_one(ranked: Ranked, by: int, now: datetime) -> Claimed | None:
    """Every case is being changed by somebody, who need not be taking it: the worker may place a
    post. Each is waited for in a transaction of its own, so that nobody waits in a circle."""
    for case_id, facts in ranked:
        with transaction.atomic():
            case = locked(case_id)
            if case.owner_id is None and case.state in ACTIVE and not case.snoozed:
                return _take(case, facts, by, now)
    return None


@transaction.atomic
def _take_best(ranked: Ranked, by: int, now: datetime) -> Claimed | None:
    facts = dict(ranked)
    for (case_id,) in fetch("cases/lock_first_free", {"ids": list(facts)}):
        return _take(locked(case_id), facts[case_id], by, now)
    return None


def _take(case: Case, facts: Facts, by: int, now: datetime) -> Claimed:
    with speaking(None):  # history is kept in English
        note = str(priority(facts, now))
    own(case, owner=by, by=by, now=now, note=note)
    return Claimed(case.pk, priority(facts, now))
