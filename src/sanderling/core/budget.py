"""How fast we may read when reading costs money: the least valuable reads slow down first.

Answering is never slowed by a budget, nor are direct messages: people wait there.
"""

from __future__ import annotations

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How many times longer than usual to wait between reads; None stops them.

    `columns`: posts that do not name us, found for a column. `signals`: likes, reposts and checks
    for deletions. `mentions`: posts that speak to us.
    """

    columns: float | None = 1
    signals: float | None = 1
    mentions: float = 1


FULL = Pace()


def pace(*, spent: int, budget: int | None, elapsed: float) -> Pace:
    """The pace that keeps `spent` (millionths, this month) under `budget` (None: no limit).

    `elapsed` is the part of the month that is gone, 0 to 1. What is spent ahead of time slows
    columns first, then signals; only when all is spent do mentions slow down, and they never stop.
    """
    if budget is None:
        return FULL
    used = spent / budget if budget > 0 else 1.0
    if used >= 1:
        return Pace(columns=None, signals=None, mentions=8)
    if used >= 0.95:
        return Pace(columns=None, signals=8, mentions=2)
    ahead = used - elapsed
    if used >= 0.8 or ahead > 0.25:
        return Pace(columns=8, signals=4)
    if used >= 0.5 and ahead > 0.1:
        return Pace(columns=3, signals=2)
    return FULL


def forecast(*, spent: int, elapsed: float) -> int:
    """What the month comes to if it goes on like this, in millionths; `elapsed` is 0 to 1.

    In the first hours a month has no rate yet: at least a twentieth of it counts as gone.
    """
    return round(spent / max(elapsed, 0.05))
