"""What many short texts have in common, and which of them differ most. Pure, bounded, repeatable.

Each text stands for one voice: what it says twice counts once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

LONGEST = 600
"""Characters of a text that are looked at."""
LEAST = 2
"""Voices that must share a word before it counts."""

_LEFT_OUT = re.compile(r"https?://\S+|[@#]\S+|&\w+;")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=[^\W\d_])){2,40}")
_NAME = r"[^\W\d_a-zß-ÿ](?:[^\W_]|['’-])+"
_AT = "[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Aa]round|[Bb]ei|[Aa]us|[Ee]n|[Dd]esde|[Àà]|[Dd]epuis"
_THE = "the|der|dem|die|den|el|la|los|las|le|les"
_PLACE = re.compile(rf"\b(?:{_AT})\s+(?:(?:{_THE})\s+)?({_NAME}(?:[ -]{_NAME}){{0,2}})")


def own_words(texts: Sequence[str], others: Sequence[str], most: int = 12) -> list[tuple[str, int]]:
    """Words that these texts use and `others` do not, or much less, and in how many they stand;
    what tells most first.

    Ordered by n * ln(share here / share elsewhere), each share with one voice added.
    """
    here, elsewhere = _counted(texts), _counted(others)

    def weight(word: str) -> float:
        usual = (elsewhere[word] + 1) / (len(others) + 2)
        return here[word] * log((here[word] + 1) / (len(texts) + 2) / usual)

    found = [word for word, n in here.items() if n >= LEAST and weight(word) > 0]
    found.sort(key=lambda word: (-weight(word), word))
    return [(word, here[word]) for word in found[:most]]


def places(texts: Iterable[str], most: int = 8) -> list[tuple[str, int]]:
    """Names after a word of place (in, near, bei, desde ...), and in how many texts they stand, the
    most first. Only in scripts with capital letters, and a guess."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(_PLACE.findall(_LEFT_OUT.sub(" ", text[:LONGEST]))))
    named = [(name, n) for name, n in found.items() if n >= LEAST]
    return sorted(named, key=lambda place: (-place[1], place[0]))[:most]


def differing(texts: Sequence[str], most: int) -> list[int]:
    """Places of at most so many texts that have least in common: the first, then each time the one
    that is least like those that were chosen. Texts that say the same as one of them are left out.
    """
    sketches = [_runs(text) for text in texts]
    alike = [0.0] * len(texts)
    chosen: list[int] = []
    while len(chosen) < most:
        left = [n for n, sketch in enumerate(sketches) if n not in chosen and sketch]
        following = min(left, key=lambda n: (alike[n], n), default=None)
        if following is None or alike[following] > _SAME:
            break
        chosen.append(following)
        for n in left:
            alike[n] = max(alike[n], _likeness(sketches[n], sketches[following]))
    return chosen


_SAME = 0.6
"""Texts that share so much of their runs of letters say the same."""


def _counted(texts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(_WORD.findall(_plain(text))))
    return found


def _plain(text: str) -> str:
    return " ".join(_LEFT_OUT.sub(" ", text[:LONGEST]).lower().split())


def _runs(text: str) -> frozenset[str]:
    plain = _plain(text)
    return frozenset(plain[n : n + 4] for n in range(max(len(plain) - 3, 1 if plain else 0)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
