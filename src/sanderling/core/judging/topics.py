"""What a post is about: the nearest branch of the company's own tree of topics.

A topic is known by its name, its words and the names above it from the first day on, and better by
every example. Both live in one space, n-grams weighted by how few topics have them:

    likeness(post, topic) = cosine(post, the topic's words) + what examples taught beyond that

What examples teach is a ridge regression on what the words leave unexplained, so that a topic with
few examples stays close to its words. The solution needs no steps and no seed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from sanderling.core.judging.ngrams import COLUMNS, Grams, ngrams

Floats = NDArray[np.float32]

SURE = 0.5
"""A post is said to be about a topic from this probability on."""

MOST_EXAMPLES = 2_000
"""So many examples are learnt from in all, of each topic equally many, the last ones."""

# Set by likelihood on the training part of banking77, with English posts on anything else as what
# is about no topic; they hardly depend on how many examples there are. Only the last one is lower
# than fits there (0.16): posts are longer than those questions, which makes them less like a topic.
_SHARPNESS = 21.0
_ANY_SHARPNESS, _ANY_FROM = 34.0, 0.13

_PENALTY = 1.0
_LEAST = 0.1
"""What an n-gram counts that all topics have."""

_WORD = re.compile(r"[^\s_,;/|]+")


class Topic(msgspec.Struct, frozen=True):
    """A branch of the tree. `words`: what else customers call it. `examples`: posts about it."""

    id: int
    name: str
    parent: int | None = None
    words: str = ""
    examples: tuple[str, ...] = ()


class Topics:
    """The tree, learnt once; a change of the tree or an example makes a new one.

    Costs a second of CPU with 2,000 examples, and 20 MB at most for 50 topics. Raises ValueError if
    a topic is above itself; one whose parent is not given stands at the top.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._ids = [topic.id for topic in topics]
        lines = _lines(topics)
        place = {topic.id: at for at, topic in enumerate(topics)}
        self._within = np.zeros((len(topics), len(topics)), np.float32)
        for at, line in enumerate(lines):
            self._within[at, [place[above.id] for above in line]] = 1
        self._depth = self._within.sum(axis=1)
        if topics:
            self._learn(_of_words(lines), *_of_examples(topics))

    def find(self, texts: Sequence[str], sure: float = SURE) -> list[tuple[int | None, float]]:
        """Of each text the topic's id and how likely it is; None, and how likely the best is, if
        that is less than `sure`. What is likely of several branches together, but of none alone,
        is about the topic above them. Below 0.5 several may be sure enough: the deepest is told.
        """
        return self.find_in(ngrams(texts), sure) if self._ids else [(None, 0.0)] * len(texts)

    def find_in(self, posts: Grams, sure: float = SURE) -> list[tuple[int | None, float]]:
        """As `find`, for posts whose n-grams are known already."""
        if not self._ids:
            return [(None, 0.0)] * posts.table.shape[0]
        odds = self._odds(posts.table)
        likely = odds >= sure
        # Of all that are sure enough the deepest, and of those the likeliest.
        best = np.where(likely, self._depth + odds, odds).argmax(axis=1)
        every = np.arange(len(best))
        return [
            (self._ids[at] if found else None, float(chance))
            for at, found, chance in zip(
                best.tolist(), likely[every, best].tolist(), odds[every, best].tolist(), strict=True
            )
        ]

    def _odds(self, posts: scipy.sparse.csr_matrix) -> Floats:
        """How likely each post is about each topic or one below it, shape (posts, topics)."""
        likeness = self._likeness(posts)
        about_any = scipy.special.expit(_ANY_SHARPNESS * (likeness.max(axis=1) - _ANY_FROM))
        which = scipy.special.softmax(_SHARPNESS * likeness, axis=1)
        odds: Floats = np.minimum(about_any[:, None] * which @ self._within, 1).astype(np.float32)
        return odds

    def _likeness(self, posts: scipy.sparse.csr_matrix) -> Floats:
        """What a post says that no topic does makes it less like all of them."""
        known = scipy.sparse.csr_matrix(
            (posts.data, self._place[posts.indices], posts.indptr),
            shape=(posts.shape[0], len(self._weights)),
        )
        sums: Floats = known @ self._weights
        length: Floats = np.sqrt(np.maximum(sums[:, -1:], np.float32(1e-9)))
        return sums[:, :-1] / length

    def _learn(
        self,
        words: scipy.sparse.csr_matrix,
        examples: scipy.sparse.csr_matrix,
        of: NDArray[np.int64],
    ) -> None:
        """Sets `_weights`: a row for each n-gram that is known and one for all others, a column
        for each topic and one for the squared length of posts; and `_place`, of columns in it."""
        count = len(self._ids)
        known = np.unique(np.concatenate([words.indices, examples.indices]))
        rarity = _rarity(words[:, known], examples[:, known], of)
        words, examples = (_unit(table[:, known], rarity) for table in (words, examples))
        wanted = np.eye(count, dtype=np.float32)[of] - (examples @ words.T).toarray()
        alike = (examples @ examples.T).toarray() + _PENALTY * np.eye(len(of), dtype=np.float32)
        taught = examples.T @ np.linalg.solve(alike, wanted)
        self._weights = np.zeros((len(known) + 1, count + 1), np.float32)
        self._weights[:-1, :-1] = rarity[:, None] * (words.T.toarray() + taught)
        self._weights[:-1, -1] = rarity**2
        self._weights[-1, -1] = _rare(count, 1) ** 2
        self._place = np.full(COLUMNS, len(known), np.int32)
        self._place[known] = np.arange(len(known))


def _lines(topics: Sequence[Topic]) -> list[list[Topic]]:
    """Each topic with those above it."""
    by_id = {topic.id: topic for topic in topics}
    lines = []
    for topic in topics:
        line, above = [topic], topic.parent
        while above in by_id:
            if by_id[above] in line:
                raise ValueError(
                    f"The topic {topic.name!r} is above itself: give one of its parents another."
                )
            line.append(by_id[above])
            above = by_id[above].parent
        lines.append(line)
    return lines


def _of_words(lines: Sequence[Sequence[Topic]]) -> scipy.sparse.csr_matrix:
    """The n-grams within the words of each topic and of the names above it, each word once."""
    words = [
        (at, word)
        for at, (topic, *above) in enumerate(lines)
        for word in dict.fromkeys(
            _WORD.findall(" ".join([topic.name, topic.words, *(up.name for up in above)]).lower())
        )
    ]
    return _summed([at for at, _ in words], [f" {word} " for _, word in words], len(lines))


def _of_examples(topics: Sequence[Topic]) -> tuple[scipy.sparse.csr_matrix, NDArray[np.int64]]:
    """The n-grams of the examples that are learnt from, and the place of the topic of each."""
    each = MOST_EXAMPLES // max(sum(bool(topic.examples) for topic in topics), 1)
    texts = [(at, text) for at, topic in enumerate(topics) for text in topic.examples[-each:]]
    table = _summed(range(len(texts)), [text for _, text in texts], len(texts))
    return table, np.array([at for at, _ in texts], np.int64)


def _summed(rows: Sequence[int], texts: Sequence[str], count: int) -> scipy.sparse.csr_matrix:
    """The n-grams of the texts, those of one row added up."""
    return scipy.sparse.csr_matrix(_gathered(np.array(rows), count) @ ngrams(texts).table)


def _gathered(rows: NDArray[np.int64], count: int) -> scipy.sparse.csr_matrix:
    """What adds up a table's rows into `count` new ones, each into that of `rows`."""
    ones, columns = np.ones(len(rows), np.float32), np.arange(len(rows))
    return scipy.sparse.csr_matrix((ones, (rows, columns)), shape=(count, len(rows)))


def _rarity(
    words: scipy.sparse.csr_matrix, examples: scipy.sparse.csr_matrix, of: NDArray[np.int64]
) -> Floats:
    """How much each n-gram counts: the more, the fewer topics have it."""
    topics = words.shape[0]
    having = ((words + _gathered(of, topics) @ examples) > 0).sum(axis=0)
    rarity: Floats = _rare(topics, np.asarray(having).ravel()).astype(np.float32)
    return rarity


def _rare(topics: int, having: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log((topics + 1) / (np.asarray(having) + 0.5)) + _LEAST


def _unit(table: scipy.sparse.csr_matrix, rarity: Floats) -> scipy.sparse.csr_matrix:
    """The n-grams by what they count, in rows of length 1."""
    length = np.sqrt(np.maximum(table @ rarity**2, 1e-9)).astype(np.float32)
    return scipy.sparse.csr_matrix(
        scipy.sparse.diags_array(1 / length) @ table @ scipy.sparse.diags_array(rarity)
    )
