"""How high the sea is: what the posts of an incident amount to, by who writes and who may read it.

The force of a firestorm is the people who write in a minute times the people they reach in it. It
is authors that count and not posts, so that one person cannot make a storm alone; who only repeats
the words of others counts for less. The level follows the force with a slack, so that it does not
flutter, and three figures that a lead can check say why it stands where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from sanderling.core.verdict import Tone
from sanderling.core.words import figure, later, many, say

Level = Literal["calm", "choppy", "storm"]
Trend = Literal["rising", "holding", "easing"]

LEVELS: tuple[Level, ...] = ("calm", "choppy", "storm")
"""From the lowest to the highest."""

SEAS: dict[Level, str] = {
    "calm": later("calm"),
    "choppy": later("choppy"),
    "storm": later("storm"),
}
"""Their words inside a sentence."""

WINDOW = timedelta(minutes=5)
"""The posts of so long are measured."""
MOST = 5_000
"""Posts that are measured; where more were written, the newest, over the time that they took."""
LEAST_WINDOW = timedelta(seconds=10)

BEFORE = timedelta(minutes=10)
"""So long ago is what the sea is compared with."""
UNTOLD = 100
"""People that an author reaches whose network does not tell, and that a repost reaches."""
COPIED = 0.25
"""What an author counts who only repeats the words of others."""
VOICES: dict[Level, int] = {"calm": 0, "choppy": 5, "storm": 12}
"""So many independent voices a level takes, however far they reach."""
SLACK = 0.5
"""A level is left when less than this part is left of what it takes to reach it."""
RISES, EASES = 1.5, 0.67
"""The force against that of BEFORE, from which the sea rises or eases."""
MOST_CARRIERS = 5


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """A post of an incident, as the gauge is told of it.

    `reach`: followers of its author, None where nobody tells; `reposts`: of this post. `copies`: it
    repeats the words of another. `new`: the author never wrote to us before the incident;
    `customer`: they had a case before, or have a plan.
    """

    at: datetime
    author: int
    reach: int | None = None
    reposts: int = 0
    tone: int | None = None
    copies: bool = False
    new: bool = False
    customer: bool = False


class Steps(msgspec.Struct, frozen=True):
    """The forces from which the sea is choppy, and stormy: voices times people, a minute each."""

    choppy: float
    storm: float


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A point of the path that the meter draws: `rate` voices and `reach` people a minute."""

    at: datetime
    rate: float
    reach: float
    level: Level

    @property
    def force(self) -> float:
        """Voices a minute times people a minute."""
        return self.rate * self.reach


class Carrier(msgspec.Struct, frozen=True):
    """An author who carries a great part of the reach, `share` of it from 0 to 1."""

    author: int
    reach: int
    share: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the gauge shows at a time.

    `minutes` were measured, with `posts` by `authors`, `copied` of whom only repeat; `velocity` is
    posts, `rate` voices and `reach` people a minute. Shares are from 0 to 1: `new` voices,
    `outside` voices that never were customers, `furious` posts. `tone` is their mean as in
    `core.verdict`, None where nothing was judged. `usual`: how many times what is usual the posts a
    minute are; `before`: how many times what it was ten minutes ago the force is; None where there
    is nothing to compare with. `trend` holds since `since`.
    """

    at: datetime
    minutes: float
    posts: int
    authors: int
    copied: int
    velocity: float
    rate: float
    reach: float
    new: float
    outside: float
    furious: float
    tone: float | None
    usual: float | None
    before: float | None
    level: Level
    trend: Trend
    since: datetime
    carriers: tuple[Carrier, ...]

    @property
    def force(self) -> float:
        """Voices a minute times people a minute."""
        return self.rate * self.reach

    @property
    def mark(self) -> Mark:
        """Its point on the path."""
        return Mark(self.at, self.rate, self.reach, self.level)


class Author(msgspec.Struct):
    """What one author wrote within the window, taken together."""

    reach: int = 0
    reposts: int = 0
    copies: bool = True
    new: bool = True
    customer: bool = False

    def hear(self, post: Heard) -> None:
        """Take in one more post: an audience counts once, each repost by itself."""
        self.reach = max(self.reach, UNTOLD if post.reach is None else post.reach)
        self.reposts += max(0, post.reposts)
        self.copies &= post.copies
        self.new &= post.new
        self.customer |= post.customer

    @property
    def reaches(self) -> int:
        """People who may read it."""
        return max(0, self.reach) + UNTOLD * self.reposts


def measure(
    posts: Iterable[Heard],
    *,
    now: datetime,
    steps: Steps,
    usual: float | None = None,
    last: Reading | None = None,
    path: Sequence[Mark] = (),
) -> Reading:
    """The gauge at `now`, whatever the order of `posts`; those outside the window do not count.

    `usual` are posts a minute on an ordinary day, `last` is what the gauge showed before, `path`
    where it stood, oldest first.
    """
    heard, minutes = _within(posts, now)
    authors: dict[int, Author] = {}
    for post in heard:
        authors.setdefault(post.author, Author()).hear(post)
    copied = sum(author.copies for author in authors.values())
    voices = len(authors) - copied + COPIED * copied
    reach = sum(author.reaches for author in authors.values())
    rate, people = voices / minutes, reach / minutes
    was = _point(path, now - BEFORE)
    trend, since = _trend(rate * people, was, now=now, last=last, path=path)
    tones = [post.tone for post in heard if post.tone is not None]
    return Reading(
        at=now, minutes=minutes, posts=len(heard), authors=len(authors), copied=copied,
        velocity=len(heard) / minutes, rate=rate, reach=people,
        new=_share(sum(a.new for a in authors.values()), len(authors)),
        outside=_share(sum(not a.customer for a in authors.values()), len(authors)),
        furious=_share(sum(t >= Tone.FURIOUS for t in tones), len(tones)),
        tone=sum(tones) / len(tones) if tones else None,
        usual=len(heard) / minutes / usual if usual else None,
        before=rate * people / was.force if was and was.force else None,
        level=level(rate * people, voices, steps=steps, was=last.level if last else "calm"),
        trend=trend, since=since,
        carriers=_carriers(authors, reach),
    )  # fmt: skip


def level(force: float, voices: float, *, steps: Steps, was: Level) -> Level:
    """The level of so much force by so many voices, where it stood at `was` before."""
    takes: dict[Level, float] = {"storm": steps.storm, "choppy": steps.choppy}
    for name, least in takes.items():
        slack = SLACK if LEVELS.index(was) >= LEVELS.index(name) else 1
        if force >= least * slack and voices >= VOICES[name] * slack:
            return name
    return "calm"


def reasons(reading: Reading, steps: Steps) -> list[str]:
    """Why it stands where it stands, in three to five sentences of who reads it."""
    if not reading.posts:
        return [say("Nobody wrote about it in the last minutes.")]
    told = (
        _written(reading),
        _compared(reading),
        _strangers(reading) if not _repeats(reading) else _repeated(reading),
        _carried(reading),
        _ahead(reading, steps),
    )
    return [sentence for sentence in told if sentence]


def _within(posts: Iterable[Heard], now: datetime) -> tuple[list[Heard], float]:
    """The newest posts of the window, and how many minutes they stand for."""
    start = now - WINDOW
    heard = [post for post in posts if start < post.at <= now]
    if len(heard) > MOST:
        heard = sorted(heard, key=lambda post: post.at)[-MOST:]
        start = min(heard[0].at, now - LEAST_WINDOW)
    return heard, (now - start) / timedelta(minutes=1)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _carriers(authors: dict[int, Author], reach: int) -> tuple[Carrier, ...]:
    most = sorted(authors.items(), key=lambda one: (-one[1].reaches, one[0]))[:MOST_CARRIERS]
    return tuple(
        Carrier(author, said.reaches, said.reaches / reach) for author, said in most if said.reaches
    )


def _point(path: Sequence[Mark], at: datetime) -> Mark | None:
    """Where the gauge stood at a time: the last point until then."""
    return next((mark for mark in reversed(path) if mark.at <= at), None)


def _trend(
    force: float, was: Mark | None, *, now: datetime, last: Reading | None, path: Sequence[Mark]
) -> tuple[Trend, datetime]:
    """Where it goes, and since when: a new trend begins at the turning point before it."""
    before = was.force if was else 0.0
    trend: Trend = "holding"
    if force > before * RISES:
        trend = "rising"
    elif force < before * EASES:
        trend = "easing"
    if last and last.trend == trend:
        return trend, last.since
    lately = [mark for mark in path if now - BEFORE <= mark.at <= now]
    if trend == "holding" or not lately:
        return trend, now
    turn = max if trend == "easing" else min
    return trend, turn(lately, key=lambda mark: mark.force).at


def _written(reading: Reading) -> str:
    seconds = round(reading.minutes * 60)
    lately = (
        many("{n} minute", "{n} minutes", round(reading.minutes))
        if seconds >= 60
        else many("{n} second", "{n} seconds", seconds)
    )
    return many(
        "{n} person wrote about it in the last {lately}, {posts} times in all; about {reach}"
        " people a minute may read that.",
        "{n} people wrote about it in the last {lately}, {posts} times in all; about {reach}"
        " people a minute may read that.",
        reading.authors, lately=lately, posts=figure(reading.posts),
        reach=figure(round(reading.reach)),
    )  # fmt: skip


def _compared(reading: Reading) -> str:
    usual = reading.usual or 0
    if reading.before is None:
        return _above_usual(usual)
    if reading.before >= RISES:
        return say(
            "It is {times} times as strong as ten minutes ago.", times=_times(reading.before)
        )
    if reading.before < EASES:
        return say(
            "It has {share} per cent of the strength of ten minutes ago.",
            share=_per_cent(reading.before),
        )
    return _above_usual(usual) or say("It is about as strong as ten minutes ago.")


def _above_usual(usual: float) -> str:
    if usual < RISES:
        return ""
    return say(
        "That is {times} times as much as is written to us on an ordinary day, about anything.",
        times=_times(usual),
    )


def _repeats(reading: Reading) -> bool:
    return 5 * reading.copied >= reading.authors


def _repeated(reading: Reading) -> str:
    return many(
        "{n} of them only repeats the words of others, and counts a quarter.",
        "{n} of them only repeat the words of others, and count a quarter each.",
        reading.copied,
    )


def _strangers(reading: Reading) -> str:
    return say(
        "{new} per cent never wrote to us before, {outside} per cent never were customers.",
        new=_per_cent(reading.new), outside=_per_cent(reading.outside),
    )  # fmt: skip


def _carried(reading: Reading) -> str:
    if reading.authors <= MOST_CARRIERS or not reading.carriers:
        return ""
    return many(
        "{n} author carries {share} per cent of the reach.",
        "{n} authors carry {share} per cent of the reach.",
        len(reading.carriers), share=_per_cent(sum(one.share for one in reading.carriers)),
    )  # fmt: skip


def _ahead(reading: Reading, steps: Steps) -> str:
    """What the next level would take."""
    if reading.level == "storm":
        return say(
            "The storm is over below {share} per cent of this.",
            share=_per_cent(min(1.0, steps.storm * SLACK / reading.force)) if reading.force else 0,
        )
    few, ahead, takes = (
        (
            later("Too few people write for a choppy sea, however far they reach."),
            later("That is {share} per cent of what makes a choppy sea."),
            steps.choppy,
        )
        if reading.level == "calm"
        else (
            later("Too few people write for a storm, however far they reach."),
            later("That is {share} per cent of what makes a storm."),
            steps.storm,
        )
    )
    if reading.force >= takes:
        return say(few)
    return say(ahead, share=_per_cent(reading.force / takes))


def _per_cent(share: float) -> str:
    return figure(round(100 * share))


def _times(times: float) -> str:
    return figure(round(times))
