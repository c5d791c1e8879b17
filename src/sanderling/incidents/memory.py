"""What the detector remembers: in this process, and kept so that another can go on.

One process at a time tells it of posts. What it is told is kept now and then; a process that takes
over, or whose transaction was rolled back, begins with what was kept, and tells it again what came
since. Telling a thing twice changes nothing (`actions.put_in`, `actions.suspect`).
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from sanderling.core.noticing import Detector
from sanderling.incidents.models import Memory
from sanderling.store.sql import fetch

log = logging.getLogger(__name__)
WARM = 20_000
"""So many posts that stand here already are told to a new detector."""
SAVE = timedelta(minutes=1)
TAKE_OVER = timedelta(seconds=10)
"""So long a process is silent before another one goes on in its place."""
MOST_MISSING = 5_000
LONG_MISSING = 20_000
"""A number so far below the mark is missing for ever."""

_ROW = 1


@dataclass
class Ear:
    """A detector and how far it has heard: up to the post `mark`, but for those `missing`."""

    detector: Detector
    mark: int
    missing: list[int]
    kept: tuple[int, datetime]
    """The mark up to which it was kept, and when."""

    def heard(self, seen: Collection[int], settled: Collection[int]) -> None:
        """It was told of posts: `seen` stood there, of which `settled` need not be seen again."""
        mark = max(self.mark, *seen, 0)
        since = max(self.mark, mark - LONG_MISSING)
        unsettled = set(self.missing) | set(range(since + 1, mark + 1))
        unsettled.difference_update(settled)
        self.missing = sorted(n for n in unsettled if n > mark - LONG_MISSING)[-MOST_MISSING:]
        self.mark = mark


class _Here:
    """The ear of this process, while nobody holds it."""

    def __init__(self) -> None:
        self.name = uuid4().hex
        self.ear: Ear | None = None

    def take(self) -> Ear | None:
        ear, self.ear = self.ear, None
        return ear


_here = _Here()


def take(*, now: datetime) -> Ear | None:
    """The ear, held until the transaction ends; None while another process has it.

    Give it back with `keep`. Where the transaction is rolled back it is forgotten, for then it
    heard what never came to stand.
    """
    row = Memory.objects.select_for_update(skip_locked=True).filter(pk=_ROW).first()
    if row is None:
        row = _begun(now)
    if row is None:
        return None
    ear = _here.take()
    if row.by == _here.name and ear is not None:
        return ear
    if row.by not in ("", _here.name) and now - row.at < TAKE_OVER:
        return None
    return Ear(_detector(bytes(row.kept)), row.mark, list(row.missing), (row.mark, row.at))


def keep(ear: Ear, *, now: datetime, at_once: bool) -> None:
    """The ear goes on in this process when the transaction is through, and what it remembers is
    kept, `at_once` or now and then."""
    change: dict[str, object] = {"by": _here.name, "at": now}
    mark, last = ear.kept
    if at_once or (ear.mark > mark and now - last >= SAVE):
        change |= {"kept": ear.detector.kept(), "mark": ear.mark, "missing": ear.missing}
        ear.kept = (ear.mark, now)
    Memory.objects.filter(pk=_ROW).update(**change)

    def put_back() -> None:
        _here.ear = ear

    transaction.on_commit(put_back)


def _begun(now: datetime) -> Memory | None:
    """The row of a desk that never noticed anything; None if another process has just made it."""
    ((mark,),) = fetch("incidents/first_to_hear", {"back": WARM})
    row = Memory(pk=_ROW, kept=Detector().kept(), mark=mark, at=now)
    Memory.objects.bulk_create([row], ignore_conflicts=True)
    return Memory.objects.select_for_update(skip_locked=True).filter(pk=_ROW).first()


def _detector(kept: bytes) -> Detector:
    """The detector as it was kept; a new one where an older version of the desk kept it."""
    try:
        return Detector.from_kept(kept)
    except ValueError:
        log.warning("incidents.memory.unreadable: the detector begins anew")
        return Detector()
