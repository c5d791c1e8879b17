"""The posts of the last hours, as rows of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.terms import CELLS, TERMS, cell

Ints = NDArray[np.int64]
Rows = NDArray[Any]

COMPLAINTS, ANYTHING = 0, 1
"""The two sorts of posts that are counted: those judged complaints, and all."""

ROOM = 1 << 15
"""So many posts are compared at most; in a storm those are the last minutes."""

ROW = np.dtype(
    [
        ("post", np.int64),
        ("at", np.float64),
        ("author", np.uint32),
        ("brand", np.int32),
        ("complains", np.bool_),
        ("voice", np.bool_),
        ("held", np.bool_),
        ("terms", np.uint16, TERMS),
    ]
)
"""`brand`: its number. `voice`: neither a repost nor a copy. `held`: in a suspicion."""


class Recent:
    """A ring of rows; each keeps its number for as long as it is remembered.

    `posts`: how many there are of each brand, of either sort.
    """

    def __init__(self, brands: int, rows: Rows | None = None) -> None:
        self._rows = np.zeros(ROOM, ROW)
        self._free = np.full(ROOM, -1, np.int32)  # the brand of a voice that is in no suspicion
        self._counts = np.zeros((2, CELLS), np.int32)
        self.posts = np.zeros((brands, 2), np.int64)
        self.first = self.end = 0
        if rows is not None:
            self.add(rows)

    def add(self, rows: Rows) -> Ints:
        """Remember rows, of which there must be room for; their numbers."""
        numbers = np.arange(self.end, self.end + len(rows))
        self._rows[numbers % ROOM] = rows
        self._free[numbers % ROOM] = np.where(rows["voice"] & ~rows["held"], rows["brand"], -1)
        self.end += len(rows)
        self._count(rows, 1)
        return numbers

    def leave(self, before: float, coming: int) -> Rows:
        """Forget and return the oldest rows: those from `before`, and as many as must make room
        for `coming` ones. A late post leaves with those among which it came."""
        numbers = np.arange(self.first, self.end)
        late = self._rows["at"][numbers % ROOM] >= before
        kept = int(late.argmax()) if late.any() else len(numbers)
        leaving = max(kept, len(numbers) + coming - ROOM)
        self.first += leaving
        left = self._rows[numbers[:leaving] % ROOM]
        self._free[numbers[:leaving] % ROOM] = -1
        self._count(left, -1)
        return left

    def seen(self, brand: Rows, terms: Rows) -> NDArray[np.int32]:
        """How many recent posts of either sort, the first axis, have each of these terms."""
        return self._counts[:, cell(brand, terms)]

    def of(self, brand: int, sort: int, most: int) -> Ints:
        """The numbers of a brand's last `most` voices of a sort that are in no suspicion."""
        rows = np.flatnonzero(self._free == brand)
        numbers = np.sort(self.first + (rows - self.first) % ROOM)
        if sort == COMPLAINTS:
            numbers = numbers[self._rows["complains"][numbers % ROOM]]
        return numbers[-most:]

    def rows(self, numbers: Ints) -> Rows:
        """A copy of these rows."""
        return self._rows[numbers % ROOM]

    def all(self) -> Rows:
        """A copy of every row, the oldest first."""
        return self.rows(np.arange(self.first, self.end))

    def hold(self, numbers: Ints) -> None:
        """Note that these posts are in a suspicion."""
        self._rows["held"][numbers % ROOM] = True
        self._free[numbers % ROOM] = -1

    def _count(self, rows: Rows, by: int) -> None:
        for sort in (COMPLAINTS, ANYTHING):
            some = rows[of_sort(rows, sort)]
            brand, terms = some["brand"], some["terms"]
            # A number of the same type as the counts: any other is fifty times slower.
            np.add.at(self._counts[sort], cell(brand[:, None], terms)[terms > 0], np.int32(by))
            np.add.at(self.posts[:, sort], brand, by)


def of_sort(rows: Rows, sort: int) -> NDArray[np.bool_]:
    """Which rows are voices of this sort."""
    voices: NDArray[np.bool_] = rows["voice"]
    return voices if sort == ANYTHING else voices & rows["complains"]
