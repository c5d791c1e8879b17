"""What a conversation says beyond its single posts: how the tone went, and who waits how long.

    posts, in order -> what was said in one breath -> steps, swing, waiting -> urgency, reasons

A pure function of the set of posts, like a matter's story in core/placing.py: order of arrival and
repetition change nothing, and time is counted between posts, never up to now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Literal, NamedTuple

from sanderling.core.verdict import TONES, Reason, Tone, Urgency
from sanderling.core.words import later, many, speaking

MOST_SAID = 64
"""How many posts of a conversation are looked at: the newest."""
MOST_STEPS = 32
"""How many steps of an arc are kept: the newest."""

HOUR = timedelta(hours=1)
OFTEN = 3
"""So many times in an hour without an answer is pressing."""
ONE_BREATH = timedelta(minutes=1)
"""Posts within this time of the first are one: a text is often cut, a greeting often sent alone."""
LONG = timedelta(hours=4)
"""Who writes again after so long without an answer is pressing."""
RISE = 0.1
"""So much more heat, and a worse word for it, is worse; two words worse always are."""


class Said(NamedTuple):
    """A post of the customer or of ours. `name`: a hash of its id, the same wherever it is heard.

    `heat` and `tone` as in a verdict, of no account in ours. `needs` an answer of ours.
    """

    name: int
    at: datetime
    role: Literal["requester", "us"]
    heat: float = 0.0
    tone: Tone = Tone.CALM
    needs: bool = False


class Swing(StrEnum):
    """The last great change of a customer's tone."""

    NONE = ""
    ANGRIER = "calm to angry"
    WORSE = "worse after our answer"
    CALMER = "upset to calm"
    GLAD = "upset to glad"


class Waiting(NamedTuple):
    """What a customer wrote since our last word and wants answered.

    `earlier` posts than the newest, the first of them `since` before it. `times`: how often they
    wrote in their busiest hour, which took `within`. Posts in one breath are one.
    """

    earlier: int = 0
    since: timedelta = timedelta()
    times: int = 0
    within: timedelta = timedelta()


class Arc(NamedTuple):
    """What a conversation comes to.

    `steps`: the customer's tones, oldest first, None where we spoke; at most MOST_STEPS. `swung_at`
    is when it swung. `urgency` is the least that the conversation makes of its case's. `reasons`
    for it, the strongest first, are findings like those of a verdict.
    """

    steps: tuple[Tone | None, ...] = ()
    swing: Swing = Swing.NONE
    swung_at: datetime | None = None
    waiting: Waiting = Waiting()
    urgency: Urgency = Urgency.LOW
    reasons: tuple[Reason, ...] = ()


def arc(said: Iterable[Said]) -> Arc:
    """What some posts of one matter come to, in whatever order they are given. Never raises."""
    ordered = _breaths(sorted(set(said), key=_order)[-MOST_SAID:])
    change = _last_change(ordered)
    waiting = _waiting(ordered)
    pressing = [*_of_change(change), *_of_waiting(waiting)]
    return Arc(
        steps=_steps(ordered)[-MOST_STEPS:],
        swing=change.swing,
        swung_at=change.at,
        waiting=waiting,
        urgency=max((urgency for urgency, _ in pressing), default=Urgency.LOW),
        reasons=tuple(reason for _, reason in pressing),
    )


def _order(s: Said) -> tuple[object, ...]:
    """By time; at the same instant the customer speaks before we do (core.placing.Entry.order)."""
    return s.at, s.role == "us", *s


def _breaths(ordered: Sequence[Said]) -> list[Said]:
    """What a customer wrote in one breath as one post, as upset as its most upset part."""
    found: list[Said] = []
    for s in ordered:
        last = found[-1] if found else None
        if last is None or "us" in (s.role, last.role) or s.at - last.at >= ONE_BREATH:
            found.append(s)
        else:
            found[-1] = last._replace(
                heat=max(last.heat, s.heat),
                tone=max(last.tone, s.tone),
                needs=last.needs or s.needs,
            )
    return found


def _steps(ordered: Sequence[Said]) -> tuple[Tone | None, ...]:
    """However much we say at a time is one step."""
    steps: list[Tone | None] = []
    for ours, run in groupby(ordered, lambda s: s.role == "us"):
        steps += [None] if ours else [s.tone for s in run]
    return tuple(steps)


class _Change(NamedTuple):
    """A swing, when it was, and between which tones."""

    swing: Swing = Swing.NONE
    at: datetime | None = None
    was: Tone = Tone.CALM
    now: Tone = Tone.CALM


def _last_change(ordered: Sequence[Said]) -> _Change:
    """The last swing. Tones are compared with the best and the worst since the one before."""
    last, low, high = _Change(), Tone.FURIOUS, Tone.GLAD
    before: Said | None = None
    answered: Said | None = None
    for s in ordered:
        if s.role == "us":
            answered = before
            continue
        change = _change(s, answered, low, high)
        if change and not (change.swing is last.swing is Swing.CALMER):
            last, low = change, s.tone
            high = high if change.swing is Swing.CALMER else s.tone  # they may yet be glad
        low, high = min(low, s.tone), max(high, s.tone)
        before, answered = s, None
    return last


def _change(s: Said, answered: Said | None, low: Tone, high: Tone) -> _Change | None:
    """What a post changes, where `answered` is the one that we have just answered."""
    if answered and _worse(answered, s):
        return _Change(Swing.WORSE, s.at, answered.tone, s.tone)
    if s.tone >= Tone.ANGRY and low <= Tone.UNEASY:
        return _Change(Swing.ANGRIER, s.at, low, s.tone)
    if s.tone <= Tone.CALM and high >= Tone.ANNOYED:
        swing = Swing.GLAD if s.tone is Tone.GLAD else Swing.CALMER
        return _Change(swing, s.at, high, s.tone)
    return None


def _worse(before: Said, after: Said) -> bool:
    words = after.tone - before.tone
    return after.tone >= Tone.ANNOYED and (
        words >= 2 or (words == 1 and after.heat - before.heat >= RISE)
    )


def _waiting(ordered: Sequence[Said]) -> Waiting:
    run: list[Said] = []
    for s in ordered:
        run = [] if s.role == "us" else [*run, s]
    if not run or run[-1].tone is Tone.GLAD:  # who is glad by now does not press
        return Waiting()
    wanting = [s.at for s in run if s.needs]
    if not wanting:
        return Waiting()
    times, within = _busiest_hour(wanting)
    return Waiting(len(wanting) - 1, wanting[-1] - wanting[0], times, within)


def _busiest_hour(at: Sequence[datetime]) -> tuple[int, timedelta]:
    """The most of some moments, in order, that lie within an hour, and how close they lie."""
    most, within, first = 0, timedelta(), 0
    for last, t in enumerate(at):
        while t - at[first] > HOUR:
            first += 1
        if last - first + 1 > most:
            most, within = last - first + 1, t - at[first]
    return most, within


Pressing = tuple[Urgency, Reason]
"""A reason, and the urgency that it asks for at least."""


def _of_change(change: _Change) -> Iterator[Pressing]:
    was, now = TONES[change.was], TONES[change.now]
    turned = later("Turned from {was} to {now}").format(was=was, now=now)
    if change.swing is Swing.WORSE:
        says = later("Angrier after our answer: from {was} to {now}").format(was=was, now=now)
        yield Urgency.HIGH, Reason("worse", says)
    elif change.swing is Swing.ANGRIER:
        yield Urgency.HIGH, Reason("angrier", turned)
    elif change.swing is Swing.GLAD:
        yield Urgency.LOW, Reason("glad", turned)


def _of_waiting(waiting: Waiting) -> Iterator[Pressing]:
    if waiting.times >= OFTEN:
        says = later("Wrote {n} times in {span}, unanswered").format(
            n=waiting.times, span=_long(waiting.within)
        )
        yield Urgency.HIGH, Reason("again", says)
    if waiting.earlier and waiting.since >= HOUR:
        urgency = Urgency.HIGH if waiting.since >= LONG else Urgency.NORMAL
        says = later("Wrote again after {span} unanswered").format(span=_long(waiting.since))
        yield urgency, Reason("unanswered", says)


def _long(span: timedelta) -> str:
    """A length of time: 1 minute, 25 minutes, 3 hours, 2 days; never more than it was. English,
    since reasons are kept."""
    minutes = max(1, int(span / timedelta(minutes=1)))
    with speaking(None):
        if minutes >= 48 * 60:
            return many("{n} day", "{n} days", minutes // 1440)
        if minutes >= 120:
            return many("{n} hour", "{n} hours", minutes // 60)
        return many("{n} minute", "{n} minutes", minutes)
