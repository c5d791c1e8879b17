"""The detector of incidents: posts in, suspicions out, in one pass.

Posts are taken in short stretches of time. A post that belongs to a suspicion joins it. Of the
others, those with terms that are suddenly frequent at their brand are looked at closely: is there
a burst of posts that say one thing (`burst.py`), and is chance a poor explanation? Posts in a
suspicion never count as usual, so that a burst cannot absorb itself.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.burst import Burst, Now, Terms, deviance, find
from sanderling.core.noticing.recent import (
    ANYTHING,
    COMPLAINTS,
    ROW,
    Ints,
    Recent,
    Rows,
)
from sanderling.core.noticing.suspicion import Suspicion, suspicion, worded
from sanderling.core.noticing.terms import TERMS, clean, of_text, terms
from sanderling.core.noticing.told import Joined, Noticed, Said, Settings
from sanderling.core.noticing.usual import Usual
from sanderling.core.words import later

VERSION = 1
"""Of what is kept."""

_STRETCH_S = 300
_AT_ONCE = 1_024

_COMPARED = 1_024
"""So many posts of a brand are compared at most, the last ones."""

_WORTH_A_LOOK = 6.0
"""From this surprise on a post is looked at closely."""

_LOOKS, _LOOKS_IN_ALL = 2, 8
"""So many posts of a brand, and of all, are looked at closely at once, the most sudden ones."""

_SUDDEN = 3
"""Fewer posts with a term are never sudden."""

_NONE = [0] * TERMS
_LEADING, _NAMING = 2, 3
_AS_MANY = 0.5
"""An hour of the week that is used to such a share of the posts of a burst expects it."""

_MAYBE = 0.5
_SAME = 0.35
"""A burst is more of a suspicion that stands if they share so much of what they are known by."""

_MOST_ALIKE = 0.5
"""A burst of which such a share fits what was dismissed is the same again."""

_NEW_S, _NEW_POSTS = 7 * 86_400, 300
"""A brand of which less is known has no history yet."""

_HARDLY_KNOWN, _LATELY_S = 100, 600
"""Where fewer earlier posts of a brand are known, what it wrote lately is held against the hours
before: a desk that has just begun knows nothing else."""

_WHY = later(
    "{authors} independent people wrote about “{name}” within {minutes} min;"
    " {expected} were to be expected."
)
_WHY_NEW = later(
    "{authors} independent people wrote about “{name}” within {minutes} min;"
    " no history yet, so what is usual is a guess."
)


class Kept(msgspec.Struct):
    """What a detector knows, as it is kept."""

    version: int
    settings: Settings
    now: float
    brands: dict[str, int]
    words: dict[int, str]
    suspicions: list[Suspicion]
    recent: bytes
    usual: dict[str, bytes]


class _Batch(NamedTuple):
    """A stretch of posts. `numbers`: of their rows among the recent ones."""

    rows: Rows
    numbers: Ints
    now: float


class Detector:
    """What is usual, what is recent, and the suspicions that stand."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._usual = Usual(self.settings)
        self._recent = Recent(self.settings.brands)
        self._brands: dict[str, int] = {}
        self._words: dict[int, str] = {}
        self._suspicions: list[Suspicion] = []
        self._now = 0.0

    def hear(self, posts: Sequence[Said]) -> list[Noticed | Joined]:
        """What these posts make the detector suspect, and which of them belong where.

        They may come late or out of order: what is now is the latest time that was ever told.
        """
        told: list[Noticed | Joined] = []
        for some in _stretches(sorted(posts, key=lambda said: said.at)):
            told += self._hear(some)
        return told

    def belongs(self, text: str, brand: str) -> list[tuple[str, float]]:
        """The standing suspicions that a text seems to belong to, the best first, and how well it
        fits each: 1 is how well a post must fit to join by itself; less than half is left out."""
        numbers = np.zeros((1, TERMS), np.uint16)
        found = of_text(text, self._words)
        numbers[0, : len(found)] = found
        fits = [
            (one.key, float(one.fit(numbers)[0]))
            for one in self._standing()
            if one.brand == self._brands.get(clean(brand))
        ]
        return sorted((fit for fit in fits if fit[1] >= _MAYBE), key=lambda fit: -fit[1])

    def forget(self, key: str) -> None:
        """A suspicion was dismissed: nothing joins it, and the same stays quiet for a while unless
        it is much stronger. A key that stands no more is left alone."""
        for one in self._standing():
            if one.key == key:
                one.dismissed, one.last = True, self._now

    def resume(self, key: str) -> None:
        """What was dismissed stands after all: posts join it again. A key that is forgotten by now
        is left alone."""
        for one in self._suspicions:
            if one.key == key:
                one.dismissed, one.last = False, self._now

    def merge(self, key: str, into: str) -> None:
        """Both are one: what would have joined `key` joins `into`. Keys that do not both stand are
        left alone."""
        by_key = {one.key: one for one in self._standing()}
        if key != into and key in by_key and into in by_key:
            by_key[into].take(by_key[key])
            self._suspicions.remove(by_key[key])

    def kept(self) -> bytes:
        """All that is known, to go on from: the same for the same history."""
        state = Kept(
            version=VERSION,
            settings=self.settings,
            now=self._now,
            brands=self._brands,
            words=self._words,
            suspicions=self._suspicions,
            recent=self._recent.all().tobytes(),
            usual=self._usual.kept(),
        )
        return zlib.compress(msgspec.msgpack.encode(state), level=1)

    @classmethod
    def from_kept(cls, kept: bytes, settings: Settings | None = None) -> Detector:
        """The detector as it was. Raises ValueError where another version kept it, or other
        settings that decide how much is remembered."""
        try:
            state = msgspec.msgpack.decode(zlib.decompress(kept), type=Kept)
        except (zlib.error, msgspec.MsgspecError) as error:
            raise ValueError(f"What the detector knew cannot be read: {error}.") from error
        found = cls(settings or state.settings)
        if state.version != VERSION or found.settings.sizes != state.settings.sizes:
            raise ValueError(
                "What the detector knew was kept by another version or other settings."
            )
        found._now, found._brands, found._words = state.now, state.brands, state.words
        found._suspicions = state.suspicions
        found._recent = Recent(found.settings.brands, np.frombuffer(state.recent, ROW))
        found._usual.restore(state.usual)
        return found

    def _standing(self) -> list[Suspicion]:
        return [one for one in self._suspicions if not one.dismissed]

    def _hear(self, posts: list[Said]) -> list[Noticed | Joined]:
        batch = self._take(posts)
        joined = [*self._join(batch)]
        return [*joined, *self._look(batch)]

    def _take(self, posts: list[Said]) -> _Batch:
        """Posts become recent, and what is no longer recent becomes usual."""
        self._now = max(self._now, posts[-1].at.timestamp())
        left = self._recent.leave(self._now - self.settings.window_s, len(posts))
        self._usual.learn(left, self._now)
        rows = self._rows(posts)
        return _Batch(rows, self._recent.add(rows), self._now)

    def _rows(self, posts: list[Said]) -> Rows:
        rows = np.zeros(len(posts), ROW)
        found = [terms(said, self._words) for said in posts]
        rows["terms"] = [numbers + _NONE[len(numbers) :] for numbers in found]
        rows["post"] = [said.post for said in posts]
        rows["at"] = [said.at.timestamp() for said in posts]
        rows["author"] = [zlib.crc32(said.author.encode("utf-8", "replace")) for said in posts]
        rows["brand"] = [self._brand(said.brand) for said in posts]
        rows["complains"] = [said.complains for said in posts]
        rows["voice"] = [said.copy_of is None and not said.repost for said in posts]
        return rows

    def _brand(self, name: str) -> int:
        """A brand's number. Those for whom there is no room share the last one's history."""
        return self._brands.setdefault(
            clean(name), min(len(self._brands), self.settings.brands - 1)
        )

    def _join(self, batch: _Batch) -> Iterator[Joined]:
        """Posts that belong to a suspicion that stands."""
        self._suspicions = [one for one in self._suspicions if self._lasts(one)]
        for one in self._standing():
            free = np.flatnonzero((batch.rows["brand"] == one.brand) & ~batch.rows["held"])
            fits = free[one.fit(batch.rows["terms"][free]) >= 1]
            if len(fits):
                one.join(len(fits), self._now)
                batch.rows["held"][fits] = True
                self._recent.hold(batch.numbers[fits])
                yield Joined(one.key, tuple(batch.rows["post"][fits].tolist()))

    def _lasts(self, one: Suspicion) -> bool:
        rests = self.settings.dismissed_s if one.dismissed else self.settings.rests_s
        return self._now - one.last < rests

    def _look(self, batch: _Batch) -> Iterator[Noticed | Joined]:
        """A closer look at the most sudden posts of each brand that are in no suspicion yet."""
        surprise, looks = self._surprise(batch), Counter[int]()
        sudden = np.flatnonzero(surprise >= _WORTH_A_LOOK)
        for at in sudden[np.argsort(-surprise[sudden], kind="stable")]:
            brand = int(batch.rows["brand"][at])
            if looks[brand] < _LOOKS and looks.total() < _LOOKS_IN_ALL:
                looks[brand] += 1
                yield from self._suspected(self._recent.rows(batch.numbers[at]))

    def _suspected(self, row: Any) -> Iterator[Noticed | Joined]:
        """What a post is a part of: a burst of complaints, or else of posts of any sort."""
        if row["held"]:
            return
        for sort in (COMPLAINTS, ANYTHING) if row["complains"] else (ANYTHING,):
            found = self._burst(row, sort)
            if found:
                yield found
                return

    def _surprise(self, batch: _Batch) -> NDArray[np.float64]:
        """How surprising the three most suddenly frequent terms of each post are, in nats."""
        free = np.flatnonzero(batch.rows["voice"] & ~batch.rows["held"])
        rows = batch.rows[free]
        numbers, brand = rows["terms"], rows["brand"]
        seen = self._recent.seen(brand[:, None], numbers)
        sort, post, place = np.nonzero((seen >= _SUDDEN) & (numbers > 0))
        often = seen[sort, post, place].astype(float)
        of = np.maximum(self._recent.posts[brand[post], sort], often)
        share = self._usual.share(sort, brand[post], numbers[post, place])
        surprise = np.zeros(seen.shape)
        surprise[sort, post, place] = deviance(often, of, share)
        most = np.partition(surprise, TERMS - 3, axis=2)[:, :, -3:].sum(axis=2)
        most[COMPLAINTS, ~rows["complains"]] = 0
        found = np.zeros(len(batch.rows))
        found[free] = most.max(axis=0)
        return found

    def _burst(self, row: Any, sort: int) -> Noticed | Joined | None:
        """What is suspected, if there is a burst around this post."""
        brand = int(row["brand"])
        numbers = self._recent.of(brand, sort, _COMPARED)
        rows = self._recent.rows(numbers)
        _, first = np.unique(rows["author"], return_index=True)
        voices = np.sort(first)
        before = self._usual.posts_of(sort, brand)
        known = len(before) >= _HARDLY_KNOWN
        late = rows["at"][voices] >= (0 if known else self._now - _LATELY_S)
        if not known:
            before = np.concatenate((before, rows["terms"][voices[~late]]))
        voices = voices[late]
        now = Now(
            rows["terms"][voices],
            before,
            lambda some: self._usual.share(sort, brand, some, () if known else before),
        )
        found = find(row["terms"][row["terms"] > 0], now, self.settings.authors)
        if found is None or self._is_weekly(found, now.posts, brand):
            return None
        if found.score < self._wanted(found, now.posts, sort, brand):
            return None
        return self._suspect(found, brand, numbers[voices[found.members]])

    def _is_weekly(self, found: Burst, posts: Terms, brand: int) -> bool:
        """Whether this hour of earlier weeks had about as many posts with the leading terms."""
        leading = found.profile.terms[:_LEADING]
        seen = (posts[found.members][:, :, None] == leading).any(axis=1).sum(axis=0)
        weekly = self._usual.at_this_hour(brand, leading, self._now)
        return bool((weekly >= _AS_MANY * seen).all())

    def _wanted(self, found: Burst, posts: Terms, sort: int, brand: int) -> float:
        """The score that a burst needs to be told: more at a new brand, and where the same was
        dismissed."""
        wanted = self.settings.complaints if sort == COMPLAINTS else self.settings.anything
        wanted += self.settings.new_brand * self._is_new(brand)
        for one in self._suspicions:
            if one.dismissed and one.brand == brand:
                alike = float((one.fit(posts[found.members]) >= 1).mean())
                if alike >= _MOST_ALIKE:
                    wanted = max(wanted, one.score * self.settings.stronger)
        return wanted

    def _is_new(self, brand: int) -> bool:
        since, posts = self._usual.since[brand], self._usual.posts[brand, ANYTHING]
        return bool(not since or self._now - since < _NEW_S or posts < _NEW_POSTS)

    def _suspect(self, found: Burst, brand: int, numbers: Ints) -> Noticed | Joined:
        """A new suspicion; or more of one that stands, if both are known by the same terms."""
        self._recent.hold(numbers)
        rows = self._recent.rows(numbers)
        rows = rows[np.argsort(rows["at"], kind="stable")]
        posts = tuple(rows["post"].tolist())
        new = suspicion(f"{brand} {posts[0]} {self._now}", brand, found, self._now)
        for one in self._standing():
            if one.brand == brand and one.likeness(found.profile) >= _SAME:
                one.take(new)
                return Joined(one.key, posts)
        self._suspicions.append(new)
        words = worded(new.terms, self._words)
        minutes = max((self._now - float(rows["at"][0])) / 60, 1.0)
        expected = found.expected * len(found.members)
        return Noticed(
            key=new.key,
            brand=list(self._brands)[brand],
            at=datetime.fromtimestamp(self._now, UTC),
            name=" ".join(words[:_NAMING]),
            terms=words,
            first_post=posts[0],
            posts=posts,
            authors=len(rows),
            rate=len(rows) / minutes,
            expected=expected / (self.settings.window_s / 60),
            score=found.score,
            why=(_WHY_NEW if self._is_new(brand) else _WHY).format(
                authors=len(rows),
                name=" ".join(words[:_NAMING]),
                minutes=round(minutes),
                expected=round(expected, 1),
            ),
        )


def _stretches(posts: list[Said]) -> Iterator[list[Said]]:
    """Posts of at most so many minutes, and at most so many."""
    stretch = [said.at.timestamp() // _STRETCH_S for said in posts]
    start = 0
    for end in range(1, len(posts) + 1):
        if end == len(posts) or end - start == _AT_ONCE or stretch[end] != stretch[start]:
            yield posts[start:end]
            start = end
