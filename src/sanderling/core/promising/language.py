"""How a language promises and how it says when; what is the same in all of them stands here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import regex

_NOTHING = regex.compile(r"(?!)")
_APART = 12
"""Characters that may stand between a day and its hour."""


class Said(NamedTuple):
    """A piece of a time as it stands in a text: `kind` says which piece, `of` what it says.

    A span of time ("span"), an hour of the day ("hour"), a part of it ("part"), or a day
    ("weekday", "date", and those of `times`).
    """

    start: int
    stop: int
    kind: str
    of: Mapping[str, str]

    @property
    def place(self) -> str:
        """What it fixes: a time said twice is two times."""
        return {"span": "span", "hour": "hour", "part": "part"}.get(self.kind, "day")


@dataclass(frozen=True)
class Language:
    """The words of a language; patterns are tried on small letters.

    `frames` begin a promise; `breaks` say that a time behind it is not meant by it (a past, a
    condition, a not), and `undone` says the same behind the time. `not_after` are words before a
    time that make it no deadline: since Friday.

    `patterns` are (kind, pattern) with named groups: n, n2 and unit of a span; wd and weeks; day,
    mon and year; h, m, pm, and guess for an hour of which nobody says whether it is before noon;
    part. `names` gives what stands in the groups n, unit, wd, mon and part its meaning: the first
    pattern that fits.
    """

    name: str
    frames: regex.Pattern[str]
    breaks: regex.Pattern[str]
    not_after: regex.Pattern[str]
    patterns: Sequence[tuple[str, str]]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    undone: regex.Pattern[str] = _NOTHING

    def times(self, sentence: str) -> list[list[Said]]:
        """The times that a sentence says, in its order, each in one piece or more."""
        joined: list[list[Said]] = []
        for piece in self._pieces(sentence):
            if joined and _belongs(joined[-1], piece, sentence):
                joined[-1].append(piece)
            else:
                joined.append([piece])
        return [t for t in joined if not self.not_after.search(sentence[: t[0].start])]

    def _pieces(self, sentence: str) -> list[Said]:
        """All pieces; where two overlap, the one that begins first, and of those the longest."""
        found = sorted(
            (
                Said(m.start(), m.end(), kind, self._named(m.groupdict()))
                for kind, pattern in self._compiled
                for m in pattern.finditer(sentence)
            ),
            key=lambda p: (p.start, -p.stop),
        )
        pieces: list[Said] = []
        for piece in found:
            if not pieces or piece.start >= pieces[-1].stop:
                pieces.append(piece)
        return pieces

    @cached_property
    def _compiled(self) -> list[tuple[str, regex.Pattern[str]]]:
        return [(kind, regex.compile(text)) for kind, text in (*self.patterns, *_EVERYWHERE)]

    def _named(self, groups: Mapping[str, str | None]) -> dict[str, str]:
        return {name: self._meaning(name, text) for name, text in groups.items() if text}

    def _meaning(self, name: str, text: str) -> str:
        for meaning, pattern in self.names.get(name, {}).items():
            if regex.fullmatch(pattern, text):
                return meaning
        return text


def _belongs(said: list[Said], piece: Said, sentence: str) -> bool:
    """A day, a part of it and an hour beside each other are one time."""
    gap = sentence[said[-1].stop : piece.start]
    return (
        len(gap) <= _APART
        and not regex.search(r"[.;!?]\s|\d", gap)
        and piece.place not in {p.place for p in said}
        and "span" not in {piece.place, *(p.place for p in said)}
    )


_EVERYWHERE = (
    ("date", r"(?<![\d./-])(?P<year>20\d\d)-(?P<mon>\d{2})-(?P<day>\d{2})(?![\d-])"),
    ("date", r"(?<![\d./-])(?P<day>\d{1,2})\.(?P<mon>\d{1,2})\.(?P<year>20\d\d|\d\d(?!\d))?"
             r"(?!\.?\d)"),
    ("date", r"(?<![\d./-])(?!24/7)(?P<day>\d{1,2})/(?P<mon>\d{1,2})(?:/(?P<year>20\d\d|\d\d"
             r"(?!\d)))?"
             r"(?![\d/])"),
    ("hour", r"(?<![\d:.,])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?![\d:])"
             r"(?:\s*(?P<pm>am|pm|a\.m\.?|p\.m\.?)\b)?"),
)  # fmt: skip
"""Dates in figures, the day first, and hours: the same in every language here."""


def either(*words: str) -> str:
    """A pattern for one of these."""
    return f"(?:{'|'.join(words)})"


def names_of(*patterns: str) -> dict[str, str]:
    """What the first, second, ... of a kind is called: its number, from 1."""
    return {str(n): pattern for n, pattern in enumerate(patterns, 1)}
