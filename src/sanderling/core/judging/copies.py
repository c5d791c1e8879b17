"""Near-copies: who says the same as somebody before, in other words.

A post is looked up by pairs of its rarest words: two posts that are reworded copies still share two
of them, strangers hardly ever do. What is found so is then compared in full: by words, the rare
ones counting most, and by runs of letters, which see the order and the small words.

    alike = share of words in common + share of letters + 1/4 ln(1 + words in common)

The last term says that the fewer words two posts have in common, the more alike they must be: two
customers in the same trouble use the same few words, but not the same many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.sketches import (
    AT_ONCE,
    BITS,
    WORDS,
    Floats,
    Ints,
    Rarity,
    Sketches,
    mixed,
    runs,
    sketches,
)

ALIKE = 1.53
"""From here on two posts are near-copies."""

LEAST_WORDS = 4
"""Posts with fewer different words in common are no copies, however alike."""

BY_CHANCE = 12.0
"""Nor are posts whose words in common one post in e^12 (160,000) would have by chance, which is
what "thank you so much" comes to."""

_KEYED = 8
_FIRST, _SECOND = np.triu_indices(_KEYED, k=1)
_PLACES = 1 << 21
_BY_COUNT = 0.25


class Copies:
    """The last posts, and which of them are near-copies of which.

    Remembers the last `remember` posts, and of them compares those at most `within` apart in time:
    40 MB for the 50,000 that are usual. What comes out depends on the order of the posts, never on
    how they were split into batches. A copy keeps its group alive: whoever says the same next is
    led to the group's first post, however long ago that was.
    """

    def __init__(self, remember: int = 50_000, within: timedelta = timedelta(hours=72)) -> None:
        self._remember, self._within = remember, within.total_seconds()
        # A whole batch is written before it is compared, and must not overwrite what it may match.
        self._room = room = remember + AT_ONCE
        self._count = 0
        self._rarity = Rarity()
        self._words = np.zeros((room, WORDS), np.uint32)
        self._rare = np.zeros((room, WORDS), np.float32)
        self._letters = np.zeros((room, BITS // 64), np.uint64)
        self._runs = np.zeros(room, np.float32)
        self._at = np.zeros(room)
        self._id = np.zeros(room, np.int64)
        self._first = np.zeros(room, np.int64)
        self._last_with = np.full(_PLACES, -1, np.int64)

    def join(
        self, posts: Sequence[int], texts: Sequence[str], at: Sequence[datetime]
    ) -> list[int | None]:
        """For each post the id of the first post that it is a near-copy of, None if it is new.

        Posts are taken in this order and remembered. `posts`: their ids; one that comes again is no
        copy of itself, but still one of another. `at`: when each was written, with a time zone.
        """
        found: list[int | None] = []
        while len(found) < len(texts):
            begin = len(found)
            # What words weigh changes only at every AT_ONCE-th post, wherever batches end.
            end = begin + AT_ONCE - self._count % AT_ONCE
            ids = np.array(posts[begin:end], np.int64)
            written = np.array([when.timestamp() for when in at[begin:end]])
            first = self._join(ids, texts[begin:end], written)
            found += [
                None if of == post else of
                for of, post in zip(first.tolist(), ids.tolist(), strict=True)
            ]
        return found

    def _join(self, ids: Ints, texts: Sequence[str], at: NDArray[np.float64]) -> Ints:
        """The first post of the group that each is in: itself, if it is new."""
        said, words = sketches(texts, self._rarity.of)
        number = self._count + np.arange(len(ids))
        self._write(number, said, ids, at)
        before = self._most_alike(*self._candidates(said.words, number), len(ids))
        first = self._lead_back(number, before)
        self._rarity.read(words, before < 0)
        self._count += len(ids)
        if self._count % AT_ONCE == 0:
            self._rarity.learn()
        return first

    def _write(self, number: Ints, said: Sketches, ids: Ints, at: NDArray[np.float64]) -> None:
        place = number % self._room
        self._words[place] = said.words
        self._rare[place] = said.rarity
        self._letters[place] = said.letters
        self._runs[place] = runs(said.letters)
        self._at[place] = at
        self._id[place] = ids

    def _candidates(self, words: NDArray[np.uint32], number: Ints) -> tuple[Ints, Ints]:
        """Pairs of numbers: a post, and the last one before it with the same two rare words."""
        one, other = words[:, _FIRST], words[:, _SECOND]
        row, column = np.nonzero((one != 0) & (other != 0))
        both = mixed(one[row, column].astype(np.uint64) + other[row, column])
        key = (both & np.uint64(_PLACES - 1)).astype(np.int64)
        post = number[row]
        order = np.argsort(key, kind="stable")
        earlier = self._last_with[key]
        again = np.flatnonzero(key[order[1:]] == key[order[:-1]])
        earlier[order[1:][again]] = post[order[again]]
        # Of several posts with one key the last assignment stays, which is the latest post.
        self._last_with[key] = post
        within = (earlier >= 0) & (earlier < post) & (post - earlier <= self._remember)
        row, age = row[within], (post - earlier)[within]
        row, age = np.divmod(np.unique(row * (self._remember + 1) + age), self._remember + 1)
        return number[row], number[row] - age

    def _most_alike(self, post: Ints, earlier: Ints, count: int) -> Ints:
        """For each of the last `count` posts the number of the one it is a copy of, or -1."""
        here, there = post % self._room, earlier % self._room
        alike = self._alike(here, there)
        near = np.abs(self._at[here] - self._at[there]) <= self._within
        kept = np.flatnonzero((alike >= ALIKE) & near)
        kept = kept[np.lexsort((-earlier[kept], alike[kept]))]
        best = np.full(count, -1, np.int64)
        best[post[kept] - self._count] = earlier[kept]  # the last one stays: the most alike
        return best

    def _alike(self, here: Ints, there: Ints) -> Floats:
        words = self._words[here]
        same = words[:, :, None] == self._words[there][:, None, :]
        same &= (words != 0)[:, :, None]
        mine, theirs = same.any(axis=2), same.any(axis=1)
        rare = self._rare[here]
        by_chance = (rare * mine).sum(axis=1)
        apart = (rare * ~mine).sum(axis=1) + (self._rare[there] * ~theirs).sum(axis=1)
        count = mine.sum(axis=1)
        union = runs(self._letters[here] | self._letters[there])
        common = np.maximum(self._runs[here] + self._runs[there] - union, 0)
        alike: Floats = (
            by_chance / np.maximum(by_chance + apart, 1e-6)
            + common / np.maximum(union, 1)
            + _BY_COUNT * np.log1p(count)
        )
        return np.where((count >= LEAST_WORDS) & (by_chance >= BY_CHANCE), alike, 0)

    def _lead_back(self, number: Ints, before: Ints) -> Ints:
        """The id of the first post of each group, through copies of copies in the same batch."""
        lead = np.where(before >= 0, before, number)
        for _ in range(AT_ONCE.bit_length()):  # twice as far each time
            inside = lead >= self._count
            lead[inside] = lead[lead[inside] - self._count]
        place = lead % self._room
        first: Ints = np.where(lead < self._count, self._first[place], self._id[place])
        self._first[number % self._room] = first
        return first
