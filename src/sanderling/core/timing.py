"""Deadlines and pauses: arithmetic on a given `now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Due where no clock runs: after everything, so that queues can be walked by key."""


def pause(failures: int, *, first: float = 2.0, most: float = 300.0) -> timedelta:
    """How long to rest after the given number of failures in a row: doubling, bounded (seconds)."""
    return timedelta(seconds=min(most, first * 2 ** min(max(failures - 1, 0), 20)))
