"""When one more of many answers may leave from an account, and when the last will have left.

Networks count what was written within an hour. Whatever stops, resumes or dies in between, no hour
sees more answers of rounds than their pace allows. The proof needs one thing of the caller: an
answer that was given a slot counts as under way until it is known when it left, or that it did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(hours=1)
"""What networks count within: more than this before a moment does not matter to it."""


class Pace(NamedTuple):
    """How fast rounds may write from an account: `per_hour` as people chose it. `limit` is what its
    network allows within an hour (None: it does not say); `keep_free` per cent of that are left to
    agents."""

    per_hour: int
    limit: int | None = None
    keep_free: int = 0

    @property
    def rate(self) -> int:
        """Answers of rounds within any hour, at most."""
        if self.limit is None:
            return max(self.per_hour, 0)
        return max(min(self.per_hour, self.limit * (100 - self.keep_free) // 100), 0)


class Left(NamedTuple):
    """What an account wrote lately: when each answer of `rounds` left, and each of `others`. What
    is under way may leave at any moment from now on. `slot` is the last that was given."""

    rounds: Sequence[datetime] = ()
    others: Sequence[datetime] = ()
    rounds_under_way: int = 0
    others_under_way: int = 0
    slot: datetime | None = None


def next_slot(pace: Pace, left: Left, now: datetime) -> datetime | None:
    """From when one more answer of a round may leave, evenly after the one before and not before
    `now`. None while nobody can say: what is under way must leave first, or none may at all."""
    if pace.rate < 1:
        return None
    even = now if left.slot is None else left.slot + WINDOW / pace.rate
    freed = [_freed(pace.rate, left.rounds, left.rounds_under_way)]
    if pace.limit is not None:
        under_way = left.rounds_under_way + left.others_under_way
        freed.append(_freed(pace.limit, [*left.rounds, *left.others], under_way))
    times = [now, even]
    for room in freed:
        if room is None:
            return None
        times += room
    return max(times)


def done_at(pace: Pace, waiting: int, begins: datetime) -> datetime | None:
    """When the last of `waiting` leaves if nothing comes between and the first leaves when it
    `begins`; None if that is never."""
    if not waiting:
        return begins
    if pace.rate < 1:
        return None
    return begins + (waiting - 1) * WINDOW / pace.rate


def _freed(most: int, times: Sequence[datetime], under_way: int) -> list[datetime] | None:
    """From when fewer than `most` fall into the hour before: no time where that is so already,
    None where it depends on what is under way."""
    room = most - under_way
    if room < 1:
        return None
    return [sorted(times)[-room] + WINDOW] if len(times) >= room else []
