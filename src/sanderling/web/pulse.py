"""The volume of a column, drawn and said."""

from __future__ import annotations

from dataclasses import dataclass

from sanderling.core.words import figure, many, say
from sanderling.listen.queries import HOURS, MOST_COUNTED, Volume

HOT = 10.0
"""Posts a minute from which a column counts as hot..."""
HOTTER = 3.0
"""...if that is so many times what it was in the two hours before."""
LEAST_BAR = 4
"""How high the bar of an empty hour is, per cent of the highest."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`bars`: the hours, per cent of the highest, oldest first; `says` is that in a sentence."""

    bars: tuple[int, ...]
    rate: str
    usual: str
    says: str
    hot: bool


def pulse(volume: Volume | None) -> Pulse:
    """The volume of a column over the last day; None is a column that caught nothing."""
    v = volume or Volume()
    high = max(v.hours) or 1
    return Pulse(
        bars=tuple(max(LEAST_BAR, round(100 * n / high)) for n in v.hours),
        rate=_rate(v),
        usual=_compared(v.per_minute, v.usual),
        says=_said(v),
        hot=v.per_minute >= HOT and v.per_minute >= HOTTER * v.usual,
    )


def _said(v: Volume) -> str:
    last = figure(v.hours[-1])
    if v.full:
        return say(
            "Posts by the hour, of the newest {most}: {last} in the last hour",
            most=figure(MOST_COUNTED), last=last,
        )  # fmt: skip
    total, most = sum(v.hours), max(v.hours)
    if not total:
        return say("No posts in {hours} hours", hours=HOURS)
    ago = HOURS - 1 - max(i for i, n in enumerate(v.hours) if n == most)
    return many(
        "{n} post in {hours} hours, {last} in the last one; most were {most}, {when}",
        "{n} posts in {hours} hours, {last} in the last one; most were {most}, {when}",
        total, hours=HOURS, last=last, most=figure(most), when=_ago(ago),
    )  # fmt: skip


def _ago(hours: int) -> str:
    return many("{n} hour ago", "{n} hours ago", hours) if hours else say("in the last hour")


def _rate(v: Volume) -> str:
    if v.per_minute >= 1:
        return say("{n} / min", n=figure(round(v.per_minute)))
    return say("{n} / hour", n=figure(v.hours[-1]))


def _compared(rate: float, usual: float) -> str:
    if not rate:
        return say("quiet now")
    if not usual:
        return say("new in two hours")
    times = rate / usual
    if times < 2:
        return say("as before")
    if times >= 100:
        return say("over 99 times before")
    return say("{n} times before", n=figure(round(times)))
