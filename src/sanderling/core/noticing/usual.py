"""What is usual at each brand: how often each term, and a sample of whole posts.

Counts are hashed, and fade by half in `half_life_days`. The sample holds posts of about as long:
each new one takes the place of one drawn by lot, so that it never grows, and what is remembered of
a day fades with its age (Aggarwal, On Biased Reservoir Sampling in the Presence of Stream
Evolution, 2006). The same hour of earlier weeks has counts of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.recent import ANYTHING, COMPLAINTS, Rows
from sanderling.core.noticing.terms import CELLS, PLACES, TERMS, cell
from sanderling.core.noticing.told import Settings

Floats = NDArray[np.float32]

_WEEKLY = 1 << 15
_HOURS = 168
_DAY_S, _HOUR_S = 86_400, 3_600
_HOURS_READ = 3
_ELSEWHERE = 60
"""What other brands' posts count beside a brand's own: as if so many of its own."""

_KEPT = (
    "counts", "everywhere", "total", "posts", "since", "taken", "sample", "complains", "weekly",
)  # fmt: skip

_GUESSED = 200
"""Before much has been read, a term is thought to be in one of so many posts, half the time."""


class Usual:
    """The usual of every brand, by its number."""

    def __init__(self, settings: Settings) -> None:
        brands = settings.brands
        self._settings = settings
        self.now = 0.0
        self.counts = np.zeros((2, CELLS), np.float32)
        self.everywhere = np.zeros((2, PLACES), np.float32)
        self.total = np.zeros(2)
        self.posts = np.zeros((brands, 2))
        self.since = np.zeros(brands)
        self.taken = np.zeros(brands, np.int64)
        self.sample = np.zeros((brands, settings.sample, TERMS), np.uint16)
        self.complains = np.zeros((brands, settings.sample), bool)
        self.weekly = np.zeros((_HOURS, _WEEKLY), np.uint32)

    def learn(self, rows: Rows, now: float) -> None:
        """Let posts count as usual that are no longer recent, and let what is old fade.

        Posts of suspicions are no part of the usual, but this hour of next week may expect them.
        """
        self._fade(now)
        voices = rows[rows["voice"]]
        self._count_weekly(voices)
        rest = voices[~voices["held"]]
        self._count(rest)
        self._remember(rest)

    def share(self, sort: Any, brand: Any, terms: Any, besides: Any = ()) -> Any:
        """How large a share of a brand's posts of a sort has each term; never 0. `besides`: posts
        that count as usual though they are not counted yet."""
        elsewhere = (self.everywhere[sort, terms] + 0.5) / (self.total[sort] + _GUESSED)
        own = self.counts[sort, cell(brand, terms)]
        of = self.posts[brand, sort] + _ELSEWHERE
        if len(besides):
            own = own + (besides[:, :, None] == terms).any(axis=1).sum(axis=0)
            of = of + len(besides)
        shares = (own + _ELSEWHERE * elsewhere) / of
        return np.minimum(shares, 0.95)

    def posts_of(self, sort: int, brand: int) -> NDArray[np.uint16]:
        """The sample of a brand's posts, as rows of terms."""
        taken = min(int(self.taken[brand]), self._settings.sample)
        sample = self.sample[brand, :taken]
        return sample[self.complains[brand, :taken]] if sort == COMPLAINTS else sample

    def at_this_hour(self, brand: int, terms: Any, now: float) -> NDArray[np.int64]:
        """How many posts with each term this hour and the two before it had in earlier weeks: a
        mean that counts the last week most, and half of it where there was only one."""
        hours = [(_hour(now) - back) % _HOURS for back in range(_HOURS_READ)]
        seen: NDArray[np.int64] = self.weekly[hours][:, cell(brand, terms) % _WEEKLY].sum(axis=0)
        return seen

    def kept(self) -> dict[str, bytes]:
        """All of it, by name."""
        return {name: getattr(self, name).tobytes() for name in _KEPT} | {
            "now": np.float64(self.now).tobytes()
        }

    def restore(self, kept: dict[str, bytes]) -> None:
        """What was kept, in place of what is here. Raises ValueError if it is of another size."""
        for name in _KEPT:
            array = getattr(self, name)
            array[...] = np.frombuffer(kept[name], array.dtype).reshape(array.shape)
        self.now = float(np.frombuffer(kept["now"])[0])

    def _fade(self, now: float) -> None:
        days = int(now // _DAY_S) - int(self.now // _DAY_S) if self.now else 0
        if days > 0:
            left = 0.5 ** (days / self._settings.half_life_days)
            for counts in (self.counts, self.everywhere, self.total, self.posts):
                counts *= counts.dtype.type(left)
        hours = int(now // _HOUR_S) - int(self.now // _HOUR_S) if self.now else 0
        for hour in range(min(hours, _HOURS)):
            self.weekly[_hour(now - hour * _HOUR_S)] //= 2
        self.now = max(now, self.now)

    def _count(self, rows: Rows) -> None:
        for sort, some in ((ANYTHING, rows), (COMPLAINTS, rows[rows["complains"]])):
            terms = some["terms"]
            there = terms > 0
            one = np.float32(1)  # of the same type as the counts, or it is fifty times slower
            np.add.at(self.counts[sort], cell(some["brand"][:, None], terms)[there], one)
            np.add.at(self.everywhere[sort], terms[there], one)
            np.add.at(self.posts[:, sort], some["brand"], 1)
            self.total[sort] += len(some)

    def _count_weekly(self, rows: Rows) -> None:
        hours = (rows["at"] // _HOUR_S).astype(np.int64) % _HOURS
        cells = cell(rows["brand"][:, None], rows["terms"]) % _WEEKLY + _WEEKLY * hours[:, None]
        np.add.at(self.weekly.reshape(-1), cells[rows["terms"] > 0], np.uint32(1))

    def _remember(self, rows: Rows) -> None:
        """Into the sample: always while it has room, later so seldom that it lasts."""
        size, brands = self._settings.sample, rows["brand"]
        place = (_lots(rows["post"], 1) * size).astype(np.int64)
        kept = _lots(rows["post"], 2) * self.posts[brands, ANYTHING] < size
        for at in np.flatnonzero(self.taken[brands] < size):
            brand = brands[at]
            if self.taken[brand] < size:
                place[at], kept[at] = self.taken[brand], True
                self.since[brand] = self.since[brand] or rows["at"][at]
                self.taken[brand] += 1
        self.sample[brands[kept], place[kept]] = rows["terms"][kept]
        self.complains[brands[kept], place[kept]] = rows["complains"][kept]


def _lots(posts: NDArray[np.int64], draw: int) -> NDArray[np.float64]:
    """For each post a number from 0 to below 1 that looks like chance and is always the same."""
    mixed = posts.astype(np.uint64) * np.uint64(2) + np.uint64(draw)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(11)).astype(np.float64) / (1 << 53)


def _hour(at: float) -> int:
    """The hour of the week."""
    return int(at // _HOUR_S) % _HOURS
