"""How many wrote when, as a line is drawn and said; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from sanderling.core.words import figure, many, say
from sanderling.web.wording import clock_time

WIDE, HIGH, EDGE = 96, 28, 2
"""The box of a sparkline, and how far its line stays from the edge."""
MOST_POINTS = 80
STEPS = tuple(timedelta(minutes=n) for n in (1, 2, 3, 5, 10, 15, 30, 60, 120, 240, 480, 1440))
BEFORE = timedelta(minutes=30)
"""A figure begins at least so long before the first post, for what is usual to be seen."""


class Point(NamedTuple):
    """Posts in one step of time, and how many were to be expected in it, from `low` to `high`."""

    at: datetime
    posts: int
    low: int
    high: int


class Mark(NamedTuple):
    """A moment that stands as a line in the figure; `look` is noticed, told or known."""

    at: datetime
    says: str
    look: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Posts about one thing over time, oldest first."""

    step: timedelta
    points: list[Point]
    marks: list[Mark]

    @property
    def peak(self) -> Point | None:
        """The step with the most posts; the first of several."""
        return max(self.points, key=lambda point: point.posts, default=None)

    @property
    def drawn(self) -> list[tuple[int, int, int, int]]:
        """For the script: seconds since 1970, posts, and what was expected."""
        return [(int(p.at.timestamp()), *p[1:]) for p in self.points]

    @property
    def lines(self) -> list[tuple[int, str, str]]:
        """For the script: seconds since 1970, words, look."""
        return [(int(mark.at.timestamp()), mark.says, mark.look) for mark in self.marks]


def span(began: datetime, until: datetime) -> tuple[datetime, datetime, timedelta]:
    """From when to when a figure reaches, and its step: the finest with at most MOST_POINTS steps.
    Both ends are whole steps, so what is drawn does not change its place as time goes on."""
    since = began - max(BEFORE, (until - began) / 4)
    step = next((s for s in STEPS if (until - since) / s <= MOST_POINTS), STEPS[-1])
    first = _whole(since, step)
    return first, max(_whole(until, step), first + step), step


def spark(line: Sequence[int]) -> str:
    """The points of a line in its box, from its own nothing to its own most."""
    top = max(line, default=0) or 1
    across = WIDE / max(1, len(line) - 1)
    down = HIGH - 2 * EDGE
    return " ".join(
        f"{i * across:.1f},{HIGH - EDGE - down * n / top:.1f}" for i, n in enumerate(line)
    )


def line_in_words(line: Sequence[int]) -> str:
    """What a line of five-minute steps shows, for who does not see it."""
    return say("Posts in the last two hours: at most {most} in five minutes, {last} in the last.",
               most=figure(max(line, default=0)), last=figure(line[-1] if line else 0))  # fmt: skip


def rate(a_minute: float) -> str:
    """Posts a minute in at most two figures after the point: 38, 4.2, 0.3."""
    if a_minute >= 10:
        return figure(round(a_minute))
    return f"{a_minute:.1f}".removesuffix(".0")


def found(
    noticed: datetime, began: datetime, zone: tzinfo = UTC, now: datetime | None = None
) -> str:
    """When it was noticed, and how long after the first post."""
    at = clock_time(noticed, zone, now)
    minutes = round((noticed - began).total_seconds() / 60)
    if minutes < 1:
        return say("Noticed at {time}, with the first post.", time=at)
    return many(
        "Noticed at {time}, {n} minute after the first post.",
        "Noticed at {time}, {n} minutes after the first post.",
        minutes,
        time=at,
    )


def _whole(moment: datetime, step: timedelta) -> datetime:
    """The last whole step at or before a moment."""
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
