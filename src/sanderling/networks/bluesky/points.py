"""How much an account may write: the network counts points, by the hour and by the day. Pure.

Source: docs.bsky.app/docs/advanced-guides/rate-limits (create 3, update 2, delete 1; 5,000 an hour,
35,000 a day).
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from sanderling.core.network import Throttled
from sanderling.core.words import later

CREATE, DELETE = 3, 1
WINDOWS = ((timedelta(hours=1), 5_000), (timedelta(days=1), 35_000))


class Points:
    """The points spent lately by this process; whoever would spend too many is told to wait."""

    def __init__(self) -> None:
        self._spent: deque[tuple[datetime, int]] = deque()

    def spend(self, points: int, now: datetime) -> None:
        """Count `points` as spent now; raises Throttled, and counts nothing, if it is too much."""
        while self._spent and self._spent[0][0] <= now - WINDOWS[-1][0]:
            self._spent.popleft()
        for window, most in WINDOWS:
            if until := self._full_until(window, most - points, now):
                raise Throttled(
                    until,
                    later("Bluesky allows {most} points of writing in {window}.").format(
                        most=f"{most:,}", window=window
                    ),
                )
        self._spent.append((now, points))

    def _full_until(self, window: timedelta, most: int, now: datetime) -> datetime | None:
        """When no more than `most` points lie within `window`; None if that is so already."""
        inside = [(at, points) for at, points in self._spent if at > now - window]
        total = sum(points for _, points in inside)
        until = None
        for at, points in inside:
            if total <= most:
                break
            until, total = at + window, total - points
        return until
