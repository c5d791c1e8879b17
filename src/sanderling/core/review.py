"""What an incident came to, written out of its facts: sections of sentences, and those as Markdown.

Shares are left out below FEWEST people: of so few they say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

import regex

from sanderling.core.words import figure, later, many, retold, say

FEWEST = 50
"""People, below which no share is told."""

_SPECIAL = regex.compile(r"[\\`*_\[\]<>#|~&]|^[-+=]|^[0-9]++\K[.)]")


class Word(NamedTuple):
    """A public status: when, its label and text, and when it promised the next."""

    at: datetime
    label: str
    text: str
    by: str
    next_at: datetime | None = None


class Event(NamedTuple):
    """A line of the time line; `words` are what a person wrote with it."""

    at: datetime
    by: str
    says: str
    words: str = ""


class Told(NamedTuple):
    """How far a round came: people in it, told, waiting; `missed` counts the others by why."""

    all: int = 0
    told: int = 0
    waiting: int = 0
    missed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that a review is written from. `first_word` is the time that the policy gives the first
    public word, counted from `confirmed_at`. `levels` are the steps that the gauge reached, with
    when. `cost` is an amount in words, "" for nothing. `left_out` are steps with their reasons."""

    number: int
    name: str
    drill: bool
    over: bool
    cause: str
    began_at: datetime
    noticed_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    posts: int
    authors: int
    levels: tuple[tuple[str, datetime], ...]
    first_word: timedelta
    words: tuple[Word, ...]
    acknowledged: Told
    closed: Told
    cases: int
    cases_open: int
    playbook: str
    done: int
    undone: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    led: tuple[tuple[str, str], ...]
    cost: str
    timeline: tuple[Event, ...]
    now: datetime


class Section(NamedTuple):
    """A heading, and what stands below it."""

    title: str
    lines: tuple[str, ...]


class Review(NamedTuple):
    """A review as its reader finds it."""

    title: str
    lead: str
    sections: tuple[Section, ...]


LEVELS = {"choppy": later("It was choppy from {at}."), "storm": later("It was a storm from {at}.")}


def review(facts: Facts, zone: tzinfo = UTC) -> Review:
    """The review, in the language that is spoken, with times of that zone."""
    sections = (
        Section(say("What happened"), tuple(_happened(facts, zone))),
        Section(say("How fast we were"), tuple(_fast(facts, zone))),
        Section(say("Everyone, one by one"), tuple(_everyone(facts))),
        Section(say("What was said in public"), tuple(_said(facts, zone))),
        Section(say("Who led, and what was done"), tuple(_done(facts))),
        Section(say("What it cost"), (facts.cost or say("Nothing that a network charges for."),)),
        Section(say("Open ends"), tuple(_open(facts, zone)) or (say("None."),)),
        Section(say("Time line"), tuple(_events(facts, zone))),
    )
    title = say("Review of incident {number}: {name}", number=facts.number, name=facts.name)
    return Review(title, _lead(facts, zone), sections)


def markdown(written: Review) -> str:
    """The review as Markdown; what people wrote stands in it as plain words."""
    lines = [f"# {_plain(written.title)}", "", _plain(written.lead)]
    for title, told in written.sections:
        lines += ["", f"## {_plain(title)}", "", *(f"- {_plain(line)}" for line in told)]
    return "\n".join(lines) + "\n"


def broken(facts: Facts) -> list[Word]:
    """Public words that promised a next one by a time and had none by then."""
    ends = facts.ended_at or facts.now
    after = [*(word.at for word in facts.words[1:]), ends]
    return [
        word
        for word, next_at in zip(facts.words, after, strict=False)
        if word.next_at and word.next_at < next_at
    ]


# ── the sections ──────────────────────────────────────────────────────────────────────────────────


def _lead(facts: Facts, zone: tzinfo) -> str:
    ends = _at(facts.ended_at, zone) if facts.ended_at else say("now, for it is not over")
    begins = _at(facts.began_at, zone)
    if facts.drill:
        return say("A drill, from {begins} to {ends}.", begins=begins, ends=ends)
    return say("From {begins} to {ends}.", begins=begins, ends=ends)


def _happened(facts: Facts, zone: tzinfo) -> Iterator[str]:
    posts = many("{n} post", "{n} posts", facts.posts)
    people = many("{n} person", "{n} people", facts.authors)
    yield say("{posts} by {people}.", posts=posts, people=people)
    if facts.cause:
        yield say("Cause: {cause}", cause=facts.cause)
    for level, at in facts.levels:
        if level in LEVELS:
            yield say(LEVELS[level], at=_at(at, zone))


def _fast(facts: Facts, zone: tzinfo) -> Iterator[str]:
    yield say("It began {began} and was noticed {noticed}, after {time}.",
              began=_at(facts.began_at, zone), noticed=_at(facts.noticed_at, zone),
              time=_long(facts.noticed_at - facts.began_at))  # fmt: skip
    if facts.confirmed_at:
        yield say("It was confirmed {time} later.",
                  time=_long(facts.confirmed_at - facts.noticed_at))  # fmt: skip
    if not facts.words:
        yield say("No public word was said.")
        return
    took = facts.words[0].at - (facts.confirmed_at or facts.noticed_at)
    meant = _long(facts.first_word)
    if took <= facts.first_word:
        yield say("The first public word came after {time}, within the {meant} that the policy"
                  " gives.", time=_long(took), meant=meant)  # fmt: skip
    else:
        yield say("The first public word came after {time}; the policy gives {meant}.",
                  time=_long(took), meant=meant)  # fmt: skip
    if late := broken(facts):
        yield many(
            "{n} promised word did not come in time.",
            "{n} promised words did not come in time.",
            len(late),
        )


def _everyone(facts: Facts) -> Iterator[str]:
    yield from _round(facts.acknowledged, later("{told} of {all} people were acknowledged{share}."),
                      later("Nobody was acknowledged by a round."))  # fmt: skip
    yield from _round(facts.closed, later("{told} of {all} people got a closing answer{share}."),
                      later("Nobody got a closing answer by a round."))  # fmt: skip
    if facts.cases:
        cases = many("{n} case was part of it", "{n} cases were part of it", facts.cases)
        yield say("{cases}; {open} of them are open.", cases=cases, open=figure(facts.cases_open))


def _round(told: Told, says: str, nobody: str) -> Iterator[str]:
    if not told.all:
        yield say(nobody)
        return
    share = say(" ({n}%)", n=round(100 * told.told / told.all)) if told.all >= FEWEST else ""
    yield say(says, told=figure(told.told), all=figure(told.all), share=share)


def _said(facts: Facts, zone: tzinfo) -> Iterator[str]:
    if not facts.words:
        yield say("Nothing.")
    for word in facts.words:
        yield say("{at}, {label} ({by}): {text}", at=_at(word.at, zone), label=retold(word.label),
                  by=word.by, text=_lined(word.text))  # fmt: skip


def _done(facts: Facts) -> Iterator[str]:
    for role, names in facts.led:
        yield say("{role}: {names}", role=say(role), names=names)
    if not facts.led:
        yield say("Nobody took a role.")
    if not facts.playbook:
        yield say("No playbook was begun.")
        return
    all_ = facts.done + len(facts.undone) + len(facts.left_out)
    yield say("Playbook “{title}”: {done} of {all} steps done.", title=facts.playbook,
              done=facts.done, all=all_)  # fmt: skip
    for text, why in facts.left_out:
        yield say("Left out: {text} ({why})", text=text, why=why)


def _open(facts: Facts, zone: tzinfo) -> Iterator[str]:
    if not facts.over:
        yield say("The incident is not over.")
    if not facts.cause:
        yield say("The cause was not written down.")
    for word in broken(facts):
        if word.next_at:
            yield say("Promised for {at} and not kept: the next public word.",
                      at=_at(word.next_at, zone))  # fmt: skip
    yield from _unreached(facts)
    for text in facts.undone:
        yield say("Not done: {text}", text=text)


def _unreached(facts: Facts) -> Iterator[str]:
    if facts.cases_open:
        yield many("{n} case is open.", "{n} cases are open.", facts.cases_open)
    for told, waits in (
        (facts.acknowledged, later("{n} people wait for their acknowledgement.")),
        (facts.closed, later("{n} people wait for their closing answer.")),
    ):
        if told.waiting:
            yield say(waits, n=figure(told.waiting))
    for why, n in (*facts.acknowledged.missed, *facts.closed.missed):
        yield say("{n} not reached: {why}", n=figure(n), why=retold(why))
    unclosed = facts.acknowledged.told - facts.closed.told - facts.closed.waiting
    if unclosed > 0:
        yield say("{n} people were acknowledged and got no closing answer.", n=figure(unclosed))


def _events(facts: Facts, zone: tzinfo) -> Iterator[str]:
    for event in facts.timeline:
        says = f"{event.says}: {_lined(event.words)}" if event.words else event.says
        yield say("{at}, {by}: {says}", at=_at(event.at, zone),
                  by=event.by or say("The desk"), says=says)  # fmt: skip


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def _at(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _long(time: timedelta) -> str:
    minutes = max(0, round(time.total_seconds() / 60))
    if minutes < 120:
        return many("{n} minute", "{n} minutes", minutes)
    return say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def _lined(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", _lined(text))
