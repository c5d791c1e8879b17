"""What was read in a post as numbers beside its n-grams: signs of the lexicon, marks, capitals, and
what plain rules make of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.reading import Reading
from sanderling.core.judging.rules import opinion
from sanderling.core.judging.signs import Group
from sanderling.core.verdict import Kind, Tone

MARKS = (
    *(group.name.lower() for group in Group),
    "capitals", "shouts", "bangs", "asks", "links", "mocks", "length", "idle", "short", "urgent",
)  # fmt: skip
OPINIONS = (*(kind.value for kind in Kind), *(tone.name.lower() for tone in Tone))
NAMES = (
    *MARKS,
    *(f"rules, to us: {opinion}" for opinion in OPINIONS),
    *(f"rules, heard: {opinion}" for opinion in OPINIONS),
    "to us",
)
"""What each number is, in order. The same words mean more where they are written to us."""

_MOST_WEIGHT, _MOST_MARKS, _SHORT = 6.0, 5, 5
_KINDS = list(Kind)


def hints(readings: Sequence[Reading], to_us: Sequence[bool]) -> NDArray[np.float32]:
    """A row of numbers of about 0 to 1 for each post, (posts, len(NAMES)). `to_us`: whether it is
    written to a company, or only speaks near it."""
    rows = [
        (
            *reading.weights,
            reading.capitals,
            reading.shouts,
            reading.bangs,
            reading.asks,
            reading.links,
            reading.mocks,
            reading.words,
            reading.idle / max(1, reading.words),
            reading.words < _SHORT,
            bool(reading.themes),
        )
        for reading in readings
    ]
    found = np.zeros((len(rows), len(NAMES)), np.float32)
    found[:, : len(MARKS)] = np.array(rows, np.float32).reshape(len(rows), len(MARKS))
    groups = len(Group)
    found[:, :groups] = np.clip(found[:, :groups], -_MOST_WEIGHT, _MOST_WEIGHT) / 3
    for at in (groups, groups + 2):
        found[:, at] = np.minimum(found[:, at], _MOST_MARKS) / 3
    length = MARKS.index("length")
    found[:, length] = np.log1p(np.maximum(found[:, length], 0)) / 3
    found[:, : len(MARKS)] *= 0.5
    for row, (reading, addressed) in enumerate(zip(readings, to_us, strict=True)):
        kind, tone = opinion(reading)
        first = len(MARKS) + (0 if addressed else len(OPINIONS))
        found[row, first + _KINDS.index(kind)] = 1.0
        found[row, first + len(_KINDS) + tone] = 1.0
    found[:, -1] = to_us
    return found
