"""Putting a case aside without anybody waiting unseen.

A case that rests is out of the queues until `wake_at`. It wakes earlier when the customer writes
(cases/telling.py), and never later than the moment at which a running clock must be looked at: to
warn, or to say that it is broken. Whom it waits on is said only while it rests. The caller holds
the case (`cases.actions`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Min

from sanderling.cases import tally
from sanderling.cases.models import Case, Clock
from sanderling.core.words import say
from sanderling.store import announce
from sanderling.store.moves import Overtaken, record

WaitsOn = Literal["", "colleague", "third party"]
AT_WORK = ("new", "open", "waiting")


def put_aside(  # noqa: PLR0913  what is done, until when, for whom, and by whom
    case: Case,
    move: str,
    *,
    until: datetime,
    waits_on: WaitsOn = "",
    by: int,
    now: datetime,
    note: str = "",
) -> None:
    """Let a case rest until `until`, or until a clock runs short. Raises Overtaken if it ended."""
    if case.state not in AT_WORK:
        raise Overtaken(say("Only a case that is still being worked on can be put aside."))
    before = tally.standing(case)
    case.snoozed, case.waits_on = True, waits_on
    case.wake_at = no_later_than_clocks(case, until)
    case.save(update_fields=["snoozed", "waits_on", "wake_at"])
    record(case, move, by=by, now=now, note=note)
    _tell(case, before)


def wake_up(case: Case, *, by: int | None, now: datetime, why: str = "") -> None:
    """Back into the queues, and to its owner; one that is awake stays so."""
    if not case.snoozed:
        return
    before = tally.standing(case)
    case.snoozed, case.waits_on, case.wake_at = False, "", None
    case.save(update_fields=["snoozed", "waits_on", "wake_at"])
    record(case, "wake", by=by, now=now, note=why)
    _tell(case, before)


def no_later_than_clocks(case: Case, until: datetime) -> datetime:
    """`until`, or the earliest look at a running clock. What is broken already has been told."""
    running = Clock.objects.filter(case_id=case.pk, met_at=None, void_at=None)
    soonest = running.aggregate(at=Min("next_at"))["at"]
    return min(until, soonest) if soonest else until


def _tell(case: Case, before: tally.Standing) -> None:
    tally.shift([before], [tally.standing(case)])
    owner = [announce.agent(case.owner_id)] if case.owner_id else []
    announce.announce([announce.case(case.pk), announce.QUEUES, *owner])
