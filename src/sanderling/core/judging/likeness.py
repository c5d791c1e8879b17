"""What a post talks about, as a vector: two posts about one matter point the same way.

The n-grams that tell most, each as heavy as it is rare in the posts the fast judge learnt from. On
real posts this finds the same matter more often than BM25, than vectors of a fixed small width and
than what the encoders make of a post: those were taught tone and kind, not topic. Few n-grams are
kept, and no words: nothing can be read back from a vector.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.linear import Idf
from sanderling.core.judging.ngrams import COLUMNS, ngrams

DIMENSIONS = COLUMNS
TERMS = 256
"""So many n-grams of a post are kept; all of them find hardly more (docs/decisions.md)."""


class Likeness(NamedTuple):
    """A vector of length 1, or none: its places from 0 on, in order, and what stands there."""

    places: NDArray[np.int64]
    weights: NDArray[np.float32]

    def __bool__(self) -> bool:
        return len(self.places) > 0

    def to(self, other: Likeness) -> float:
        """How alike the two are: from 0, nothing in common, to 1."""
        _, mine, theirs = np.intersect1d(self.places, other.places, return_indices=True)
        return float(self.weights[mine] @ other.weights[theirs])

    def sparsevec(self) -> str:
        """As pgvector reads a `sparsevec`, whose places count from 1."""
        said = zip(self.places.tolist(), self.weights.tolist(), strict=True)
        return f"{{{','.join(f'{p + 1}:{w:.5g}' for p, w in said)}}}/{DIMENSIONS}"


def likeness(text: str, idf: Idf) -> Likeness:
    """The vector of one post; none where it says nothing that tells."""
    places, times = np.unique(ngrams([text]).column, return_counts=True)
    weights = (1 + np.log(times)) * idf.weights[places]
    heaviest = np.sort(np.argsort(-weights, kind="stable")[:TERMS])
    heaviest = heaviest[weights[heaviest] > 0]
    kept = weights[heaviest]
    length = np.sqrt(kept @ kept) or 1
    return Likeness(places[heaviest].astype(np.int64), (kept / length).astype(np.float32))
