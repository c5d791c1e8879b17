"""A suspicion: what its posts have in common, who belongs to it, and what it is called."""

from __future__ import annotations

from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.burst import Burst, Profile, Terms, fit

_PARTS = 40
"""So many terms of a profile are kept, the most telling ones."""

_SAYS, _SHORT = 5, 3


class Suspicion(msgspec.Struct):
    """One that stands, or was dismissed. `weights`: of `terms`, the most telling first; a post
    belongs that fits by `least`. `score`: grows with its `posts`. `last`: when the last one joined,
    or when it was dismissed."""

    key: str
    brand: int
    terms: list[int]
    weights: list[float]
    least: float
    score: float
    posts: int
    last: float
    dismissed: bool = False

    def fit(self, posts: Terms) -> NDArray[np.float64]:
        """How well posts fit: from 1 on they belong."""
        terms, weights = np.array(self.terms, np.uint16), np.array(self.weights)
        return fit(posts, terms, weights) / self.least

    def join(self, posts: int, at: float) -> None:
        """So many more posts belong."""
        self.score *= 1 + posts / self.posts
        self.posts += posts
        self.last = at

    def likeness(self, profile: Profile) -> float:
        """How much of what the lighter of both is known by, they share: 0 to 1."""
        mine = dict(zip(self.terms, self.weights, strict=True))
        theirs = dict(zip(profile.terms.tolist(), profile.weights.tolist(), strict=True))
        shared = sum(min(mine[term], theirs[term]) for term in mine.keys() & theirs.keys())
        return float(shared / max(min(sum(mine.values()), sum(theirs.values())), 1e-9))

    def take(self, other: Suspicion) -> None:
        """Whatever belonged to the other belongs here: both profiles in one."""
        known = dict(zip(other.terms, other.weights, strict=True))
        known |= dict(zip(self.terms, self.weights, strict=True))
        self.terms, self.weights = list(known)[: 2 * _PARTS], list(known.values())[: 2 * _PARTS]
        self.least = min(self.least, other.least)
        self.join(other.posts, max(self.last, other.last))


def suspicion(named: str, brand: int, found: Burst, at: float) -> Suspicion:
    """A new one, of what was found; its key is a hash of what names it."""
    profile = found.profile
    return Suspicion(
        key=blake2b(named.encode(), digest_size=8).hexdigest(),
        brand=brand,
        terms=profile.terms[:_PARTS].tolist(),
        weights=profile.weights[:_PARTS].tolist(),
        least=profile.least,
        score=found.score,
        posts=int(found.members.sum()),
        last=at,
    )


def worded(terms: list[int], words: dict[int, str]) -> tuple[str, ...]:
    """The words of the most telling terms, those of two letters only where there are no others."""
    found = [words[term] for term in terms if term in words]
    short = [word for word in found if len(word) < _SHORT and word.isascii()]
    return tuple(word for word in found if word not in short or found == short)[:_SAYS]
