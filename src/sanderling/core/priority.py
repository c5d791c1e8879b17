"""Which case is the right next one: points that anybody can add up again.

A promise that is nearly or already broken counts most, then what must not wait, tone and reach.
Waiting counts a little, but without end: nobody is overtaken for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import log10
from typing import NamedTuple

from sanderling.core.timing import NEVER
from sanderling.core.verdict import TONES as TONE_WORDS
from sanderling.core.verdict import Flag, Tone, Urgency
from sanderling.core.words import later, many, say

SHARE = 40
"""Points for a promise whose time is used up but for a moment."""
LATE = 60
"""Points for a promise that is just broken; with time they come to LATE + LATER."""
LATER = 40
WAIT = timedelta(minutes=10)
"""Each brings a point, for ever."""
DIGIT = 5
"""Points for each figure of the number of followers."""
TONES: Mapping[int, int] = {Tone.UNEASY: 4, Tone.ANNOYED: 8, Tone.ANGRY: 15, Tone.FURIOUS: 25}
URGENCIES: Mapping[int, int] = {Urgency.NORMAL: 2, Urgency.HIGH: 15, Urgency.CRITICAL: 40}
FLAGS: Mapping[str, int] = {
    Flag.SELFHARM: 60, Flag.SAFETY: 50, Flag.THREAT: 40, Flag.STRANDED: 30, Flag.VULNERABLE: 25,
    Flag.SCAM: 20, Flag.LEGAL: 15, Flag.PRESS: 15, Flag.MONEY: 10, Flag.LEAVING: 10,
}  # fmt: skip
"""Points of the weightiest flag; others beside it add nothing."""
_SPEAKS: Mapping[str, str] = {
    Flag.SELFHARM: later("speaks of self-harm"),
    Flag.SAFETY: later("speaks of safety"),
    Flag.THREAT: later("speaks of threat"),
    Flag.STRANDED: later("speaks of a stranded customer"),
    Flag.VULNERABLE: later("speaks of a vulnerable customer"),
    Flag.SCAM: later("speaks of scam"),
    Flag.LEGAL: later("speaks of legal"),
    Flag.PRESS: later("speaks of press"),
    Flag.MONEY: later("speaks of money"),
    Flag.LEAVING: later("speaks of leaving"),
}
_URGENT: Mapping[int, str] = {
    Urgency.LOW: later("low urgency"),
    Urgency.NORMAL: later("normal urgency"),
    Urgency.HIGH: later("high urgency"),
    Urgency.CRITICAL: later("critical urgency"),
}


class Facts(NamedTuple):
    """What is known of a case that waits for us. `due_at` is NEVER where no promise runs, else
    `due_from` is when it began. `since` is when the customer began to wait. `tone`, `urgency` and
    `flags` are values of `core.verdict`."""

    due_at: datetime
    due_from: datetime | None
    since: datetime
    tone: int
    urgency: int
    flags: Sequence[str]
    followers: int


class Part(NamedTuple):
    """One summand, and what it stands for in words."""

    name: str
    points: int
    says: str


class Priority(NamedTuple):
    """`points` are the sum of `parts`, the weightiest first, without those that count nothing."""

    points: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        sums = ", ".join(f"{part.says} {part.points}" for part in self.parts)
        if not sums:
            return say("0 points")
        return many("{n} point: {sums}", "{n} points: {sums}", self.points, sums=sums)


def points(facts: Facts, now: datetime) -> int:
    """What `priority` comes to, without the words."""
    return sum(_weighed(facts, now))


def priority(facts: Facts, now: datetime) -> Priority:
    """What speaks for taking this case next."""
    weighed = _weighed(facts, now)
    says = zip(_NAMES, weighed, _words(facts, now), strict=True)
    parts = sorted((Part(*part) for part in says if part[1]), key=lambda part: -part.points)
    return Priority(sum(weighed), tuple(parts))


_NAMES = ("promise", "flag", "urgency", "tone", "reach", "wait")


def _weighed(facts: Facts, now: datetime) -> tuple[int, ...]:
    """The points of each of _NAMES."""
    return (
        _promise(facts, now),
        max((FLAGS.get(flag, 0) for flag in facts.flags), default=0),
        URGENCIES.get(facts.urgency, 0),
        TONES.get(facts.tone, 0),
        round(DIGIT * log10(1 + max(facts.followers, 0))),
        max((now - facts.since) // WAIT, 0),
    )


def _promise(facts: Facts, now: datetime) -> int:
    if facts.due_at >= NEVER:
        return 0
    left = facts.due_at - now
    budget = max(facts.due_at - (facts.due_from or facts.since), timedelta(minutes=1))
    if left <= timedelta():
        late = -left / budget
        return LATE + round(LATER * late / (1 + late))
    return round(SHARE * max(1 - left / budget, 0.0))


def _words(facts: Facts, now: datetime) -> tuple[str, ...]:
    """What each of _NAMES stands for."""
    left = facts.due_at - now
    flag = max(facts.flags, key=lambda f: FLAGS.get(f, 0), default="")
    return (
        say("late by {span}", span=_span(-left))
        if left <= timedelta()
        else say("{span} left", span=_span(left)),
        say(_SPEAKS.get(flag, "")),
        say(_URGENT[facts.urgency]),
        say(TONE_WORDS[Tone(facts.tone)]),
        many("{n} follower", "{n} followers", facts.followers),
        say("waits {span}", span=_span(now - facts.since)),
    )


def _span(span: timedelta) -> str:
    """12 min, 3 h, 2 days."""
    minutes = span // timedelta(minutes=1)
    if minutes < 60:
        return say("{n} min", n=minutes)
    if minutes < 48 * 60:
        return say("{n} h", n=minutes // 60)
    return many("{n} day", "{n} days", minutes // (24 * 60))
