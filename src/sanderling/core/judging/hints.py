"""What was read in a post as numbers beside its n-grams: signs of the lexicon, marks, capitals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.reading import Reading
from sanderling.core.judging.signs import Group

NAMES = (
    *(group.name.lower() for group in Group),
    "capitals", "shouts", "bangs", "asks", "links", "mocks", "length", "idle", "short", "urgent",
)  # fmt: skip
"""What each number is, in order."""

_MOST_WEIGHT, _MOST_MARKS, _SHORT = 6.0, 5, 5


def hints(readings: Sequence[Reading]) -> NDArray[np.float32]:
    """A row of numbers of about 0 to 1 for each post, (posts, len(NAMES))."""
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
    found = np.array(rows, np.float32).reshape(len(rows), len(NAMES))
    groups = len(Group)
    found[:, :groups] = np.clip(found[:, :groups], -_MOST_WEIGHT, _MOST_WEIGHT) / 3
    for at in (groups, groups + 2):
        found[:, at] = np.minimum(found[:, at], _MOST_MARKS) / 3
    length = NAMES.index("length")
    found[:, length] = np.log1p(found[:, length]) / 3
    return found * 0.5
