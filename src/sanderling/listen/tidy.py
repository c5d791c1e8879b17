"""Throwing away what has served its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sanderling.store.sql import run

KEEP_RAW = timedelta(days=14)


def tidy(*, now: datetime) -> int:
    """Drop raw pages older than `KEEP_RAW`, a batch at a time; gives how many went."""
    return run("listen/drop_raw_pages", {"before": now - KEEP_RAW})
