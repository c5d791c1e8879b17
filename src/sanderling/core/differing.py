"""What was changed in a text, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

import regex

MOST_WORDS = 1_500
"""Where more than this changed, old and new are shown whole: nobody reads such a patchwork."""

_WORDS = regex.compile(r"\s+|[\p{L}\p{M}\p{N}_’']+|.", regex.DOTALL)


class Piece(NamedTuple):
    """Some of a text that stayed, was taken out or was put in."""

    kind: Literal["same", "out", "in"]
    text: str


def difference(was: str, now: str) -> tuple[Piece, ...]:
    """The way from `was` to `now`: what is same or out makes up `was`, what is same or in `now`."""
    old, new = _WORDS.findall(was), _WORDS.findall(now)
    start = _alike(old, new)
    stop = _alike(old[start:][::-1], new[start:][::-1])
    middle = _between(old[start : len(old) - stop], new[start : len(new) - stop])
    pieces = [
        Piece("same", "".join(old[:start])),
        *middle,
        Piece("same", "".join(old[len(old) - stop :])),
    ]
    return tuple(piece for piece in pieces if piece.text)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) + len(new) > MOST_WORDS:
        yield from (Piece("out", "".join(old)), Piece("in", "".join(new)))
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("out", "".join(old[a:b]))
            yield Piece("in", "".join(new[c:d]))
