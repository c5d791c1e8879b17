"""Promises in what we are about to say: "we come back to you by Friday".

A sentence promises something when one of us, or something of ours, will do it, and a time is said
for it. What came on Friday, what the customer must do by Friday, when a shop opens, a question and
a condition promise nothing. This is a hint for the agent, who confirms it: a promise that is missed
here costs nothing but the reminder.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

import regex

from sanderling.core.promising.english import ENGLISH
from sanderling.core.promising.french import FRENCH
from sanderling.core.promising.german import GERMAN
from sanderling.core.promising.language import Language, Said
from sanderling.core.promising.spanish import SPANISH
from sanderling.core.promising.times import due_at

LANGUAGES = (ENGLISH, GERMAN, SPANISH, FRENCH)
MOST = 5
"""Promises that are told of one text: more would be asked by nobody."""
LONGEST = 10_000
"""Characters of a text that are read."""

_SENTENCE = regex.compile(
    r".+?(?:(?:(?<!\b\d{1,2}|\b\p{L}|[ap]\.m)\.|[!?…])[.!?…]*(?=\s|$)|\n|$)", regex.S
)
_CLAUSE = regex.compile(r"[,;:()–—]|\s-\s")
_FEW_WORDS = regex.compile(r"\W*(?:[\p{L}'’]+\W+){0,2}")
_HARDLY_ANYTHING = regex.compile(r"\W*(?:[\p{L}'’]+\W+){0,4}")
_FAR = 160


class Found(NamedTuple):
    """A sentence that promises something, by its place in the text, and when that is due (UTC)."""

    start: int
    stop: int
    due: datetime
    lang: str


def find(text: str, *, now: datetime, zone: tzinfo) -> list[Found]:
    """What `text`, said at `now` by somebody who lives in `zone`, promises; at most MOST.

    A day means the end of its working hours, 18:00; so does a week that of its Friday. All that is
    found is due after `now`.
    """
    found = []
    for start, stop in _sentences(text[:LONGEST]):
        promised = _promised(text[start:stop], now, zone)
        if promised:
            found.append(Found(start, stop, *promised))
    return found[:MOST]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences are that say something, without the blanks around them."""
    for match in _SENTENCE.finditer(text):
        said = match[0]
        start = match.start() + len(said) - len(said.lstrip())
        stop = match.start() + len(said.rstrip())
        if start < stop and not said.rstrip().endswith("?"):
            yield start, stop


def _promised(sentence: str, now: datetime, zone: tzinfo) -> tuple[datetime, str] | None:
    """When the sentence promises something for, and in which language; the earliest counts."""
    lower = sentence.lower()
    if len(lower) != len(sentence):
        lower = sentence
    due = (
        (at, language.name)
        for language in LANGUAGES
        for said in _times_promised(lower, language)
        if (at := due_at(said, now, zone)) is not None
    )
    return min(due, default=None)


def _times_promised(sentence: str, language: Language) -> Iterator[list[Said]]:
    """The times that stand to a promise as they must: right behind it, or leading up to it."""
    times = language.times(sentence)
    if not times:
        return
    for frame in language.frames.finditer(sentence):
        behind = next((t for t in times if t[0].start >= frame.end()), None)
        if behind and _leads_to(sentence, frame.start(), behind, language):
            yield behind
        before = next((t for t in reversed(times) if t[-1].stop <= frame.start()), None)
        if before and _introduces(sentence, before, frame.start(), language):
            yield before


def _leads_to(sentence: str, frame: int, said: list[Said], language: Language) -> bool:
    """Nothing between a promise and a time, or behind both, says that it is none."""
    between = sentence[frame : said[0].start]
    stop = said[-1].stop
    rest = _CLAUSE.search(sentence, stop)
    return (
        len(between) <= _FAR
        and not language.breaks.search(between)
        and not language.undone.search(sentence, stop, rest.start() if rest else len(sentence))
    )


def _introduces(sentence: str, said: list[Said], frame: int, language: Language) -> bool:
    """`By Friday our team will ...`: the time opens the clause and the promise follows at once."""
    opening = max((m.end() for m in _CLAUSE.finditer(sentence, 0, said[0].start)), default=0)
    between = sentence[said[-1].stop : frame]
    return bool(
        _FEW_WORDS.fullmatch(sentence, opening, said[0].start)
        and _HARDLY_ANYTHING.fullmatch(between)
        and not language.breaks.search(between)
        and not language.breaks.search(sentence, opening, said[0].start)
    )
