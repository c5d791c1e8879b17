"""The slower alarm: silent on ordinary weeks with their rhythm, loud when a brand is on fire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.cusum import BUCKET, Tide, swell

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1) // BUCKET


def weeks(seed: int, days: int, *, daily: float = 5_000, lively: float = 3.0) -> list[Tide]:
    """Ordinary days: a rhythm, quieter weekends, and more noise than Poisson's (`lively`)."""
    chance = np.random.default_rng(seed)
    n = np.arange(days * DAY)
    hour = (n % DAY) / DAY * 24
    mean = daily / DAY * (1 + 0.8 * np.sin((hour - 9) / 24 * 2 * np.pi))
    mean *= np.where((n // DAY) % 7 >= 5, 0.7, 1)
    counts = chance.negative_binomial(mean / (lively - 1), 1 / lively)
    return [Tide(START + i * BUCKET, int(count)) for i, count in enumerate(counts)]


def alarms(history: list[Tide], last_days: int) -> list[datetime]:
    ends = [v.at + BUCKET for v in history[-last_days * DAY :]]
    return [at for at in ends if swell(history, at)]


@pytest.mark.parametrize("seed", range(3))
def test_three_ordinary_weeks_raise_no_alarm(seed):
    assert alarms(weeks(seed, 36), 21) == []


def test_a_rise_of_two_hours_is_seen_within_half_an_hour_and_is_over_some_time():
    history = weeks(7, 20)
    begin = len(history) - 6 * 6
    for n in range(begin, begin + 12):
        history[n] = Tide(history[n].at, 3 * history[n].authors + 30)
    at = history[begin].at
    assert swell(history, at) is None
    seen = swell(history, at + 3 * BUCKET)
    assert seen is not None
    assert abs(seen.since - at) <= 2 * BUCKET
    assert seen.authors > 2 * seen.usual


def test_without_two_weeks_it_is_silent():
    history = weeks(1, 13)
    history += [Tide(history[-1].at + (n + 1) * BUCKET, 9_000) for n in range(6)]
    assert swell(history, history[-1].at + BUCKET) is None
    assert swell([], START) is None


def test_one_burst_of_copies_is_no_swell():
    history = weeks(5, 20)
    history[-1] = Tide(history[-1].at, 100_000)
    assert swell(history, history[-1].at + BUCKET) is None


@given(
    st.lists(st.tuples(st.integers(0, 30 * DAY), st.integers(0, 10**6)), max_size=40),
    st.integers(0, 40 * DAY),
)
def test_whatever_the_history_it_answers(told, now):
    history = [Tide(START + n * BUCKET, authors) for n, authors in told]
    found = swell(history, START + now * BUCKET)
    assert found is None or found.since < START + now * BUCKET
