"""What reading costs: everything that X counts, once a UTC day (its soft promise)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sanderling.core.pricing import Act, Charge

MOST = 200_000
"""Things remembered of a day; beyond that they count again, for the dearer guess is the safer."""


class Bill:
    """What was read today already."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._day: date | None = None
        self._seen: set[str] = set()

    def charge(self, act: Act, ids: Iterable[str], column: int | None = None) -> tuple[Charge, ...]:
        """The charge for reading these, for a column or for us; none for those of today."""
        today = self._clock().date()
        if today != self._day or len(self._seen) > MOST:
            self._day, self._seen = today, set()
        new = set(ids) - self._seen
        self._seen |= new
        return (Charge(act=act, count=len(new), column=column),) if new else ()
