"""Whether the brand as a whole is written to much more than usual: the slower second alarm.

It sees a firestorm that no incident was noticed in, because everybody uses words of their own. A
cumulative sum (Page, 1954) of how far the volume lies above that of the same hour of earlier days,
in standard deviations that the history itself shows, so that a lively brand is not always on fire.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt

import msgspec
import numpy as np

BUCKET = timedelta(minutes=10)
LEARNT = timedelta(days=14)
"""Without so much history it says nothing."""
REMEMBERED = timedelta(days=35)
SLACK = 1.0
"""Standard deviations above the usual that are let pass."""
ALARM = 8.0
"""Standard deviations, added up beyond SLACK, that are a swell. With normal noise that comes once
in exp(2 * SLACK * (ALARM + 1.166)) / 2 buckets (Siegmund, 1985), hence practically never; what
people write is not normal, and what that does is tried by simulation in the tests."""
MOST_A_BUCKET = 4.0
"""One bucket adds no more, so that a single burst of copies makes no swell."""
OUTLIER = 5.0
"""Deviations count no more than this for what is usual: an old swell must not excuse a new one."""
LEAST = 1.0
"""Authors in a bucket that are taken for usual where there were fewer."""


class Tide(msgspec.Struct, frozen=True, array_like=True):
    """How many authors wrote to the brand in the BUCKET that began at `at`."""

    at: datetime
    authors: int


class Swell(msgspec.Struct, frozen=True):
    """The brand is written to more than usual since `since`: `authors` in all buckets since then,
    where `usual` would be usual."""

    since: datetime
    authors: int
    usual: float


def swell(history: Sequence[Tide], now: datetime) -> Swell | None:
    """Whether there is one at `now`, by the buckets that are over; None also while the history is
    shorter than LEARNT. Buckets that are missing count as empty ones.

    The last day is measured by the days before it, so that a swell is never its own measure.
    """
    end = _floor(now)
    times = {tide.at: tide.authors for tide in history if end - REMEMBERED <= tide.at < end}
    if not times or end - min(times) < LEARNT:
        return None
    first = _floor(min(times))
    counts = np.array([times.get(first + n * BUCKET, 0) for n in range((end - first) // BUCKET)])
    day = timedelta(days=1) // BUCKET
    usual, deviation = _learnt(counts[:-day], day, offset=len(counts) - day)
    return _summed(counts[-day:], usual, deviation, end - day * BUCKET)


def _learnt(counts: np.ndarray, day: int, *, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """What is usual in each bucket of a day that begins `offset` buckets after the first: the mean
    of the same hour of the days before, and its standard deviation."""
    around = np.convolve(counts, np.ones(7) / 7, mode="same")
    shift = (np.arange(day) + offset) % day
    slots = np.arange(len(counts)) % day
    usual = np.maximum(LEAST, np.bincount(slots, around, day) / np.bincount(slots, minlength=day))
    residual = np.clip((counts - usual[slots]) / np.sqrt(usual[slots]), -OUTLIER, OUTLIER)
    spread = max(1.0, sqrt(float(np.mean(residual**2))))
    return usual[shift], spread * np.sqrt(usual[shift])


def _summed(
    counts: np.ndarray, usual: np.ndarray, deviation: np.ndarray, begins: datetime
) -> Swell | None:
    total, since = 0.0, 0
    for n, above in enumerate((counts - usual) / deviation):
        if total == 0:
            since = n
        total = max(0.0, total + min(float(above), MOST_A_BUCKET) - SLACK)
    if total < ALARM:
        return None
    return Swell(
        begins + since * BUCKET, int(counts[since:].sum()), round(float(usual[since:].sum()), 1)
    )


def _floor(at: datetime) -> datetime:
    """The beginning of its bucket."""
    return at - timedelta(seconds=at.timestamp() % BUCKET.total_seconds())
