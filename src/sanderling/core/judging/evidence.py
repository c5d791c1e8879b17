"""What counted in a linear model, and how much: reasons that are read off, never made up.

The logit of what was found, less the mean of all others, is a sum over n-grams and hints; the parts
of that sum are the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.hints import NAMES
from sanderling.core.judging.linear import Linear
from sanderling.core.judging.ngrams import Grams
from sanderling.core.judging.reading import Reading
from sanderling.core.judging.signs import QUOTED, Group
from sanderling.core.text import cut
from sanderling.core.verdict import Kind, Reason
from sanderling.core.words import later

Floats = NDArray[np.float32]

_LEAST = 0.12
"""Log-odds below which a part is not worth telling."""

_WORDS, _HINTS = 3, 2
_SEEN = 6
"""Hints that are looked at: some count much and tell nothing, such as the length of a post."""
_SHORTEST = 3
_APOSTROPHES = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")

_SOUNDS = {
    Kind.COMPLAINT: later("Sounds like a complaint: {words}"),
    Kind.QUESTION: later("Sounds like a question: {words}"),
    Kind.REQUEST: later("Sounds like a request: {words}"),
    Kind.PRAISE: later("Sounds like praise: {words}"),
    Kind.SPAM: later("Sounds like advertising: {words}"),
    Kind.OTHER: later("Sounds like chat: {words}"),
}
_GROUPS = {
    "trouble": later("Says: {words}"),
    "anger": later("Angry words: {words}"),
    "praise": later("Praises: {words}"),
    "mocking": later("Sounds mocking: {words}"),
    "thanks": later("Thanks: {words}"),
    "question": later("Asks: {words}"),
    "request": later("Wants something: {words}"),
    "spam": later("Advertises: {words}"),
    "insisting": later("Not for the first time: {words}"),
}
_MARKS = {
    "capitals": later("Words in capitals"),
    "shouts": later("Shouting: most of it is in capitals"),
    "bangs": later("Exclamation marks"),
    "asks": later("A question mark"),
    "links": later("Carries a link"),
    "mocks": later("Praise that mocks"),
}


class Parts:
    """What each word and hint of a batch adds to one task's findings.

    An n-gram of characters speaks for the words it runs through, a letter's share each.
    """

    def __init__(
        self, model: Linear, task: str, posts: Grams, hints: Floats, found: Sequence[int]
    ) -> None:
        classes = np.asarray(found)
        against = model.against(task)
        shares = against.table[posts.column, classes[posts.row]]
        shares /= model.idf.lengths(posts)[posts.row] * (posts.stop - posts.start)
        length = len(posts.codes) + 1
        slope = np.bincount(posts.start, shares, length) - np.bincount(posts.stop, shares, length)
        sums = np.concatenate(([0.0], np.cumsum(np.cumsum(slope))))
        self.start, self.stop = posts.start[posts.words], posts.stop[posts.words]
        self.words = sums[self.stop] - sums[self.start]
        self.ends = np.searchsorted(posts.row[posts.words], np.arange(len(classes) + 1)).tolist()
        self.hints = hints * against.hinted[:, classes].T
        self.posts = posts

    def best_words(self, post: int) -> list[tuple[str, float]]:
        """The words that counted most, each once."""
        first, last = self.ends[post], self.ends[post + 1]
        parts = self.words[first:last]
        found: dict[str, float] = {}
        for number in np.argsort(-parts)[: 2 * _WORDS].tolist():
            if parts[number] < _LEAST or len(found) == _WORDS:
                break
            word = self._whole(first + number)
            if len(word) >= _SHORTEST:
                word = word if len(word) <= QUOTED else cut(word, QUOTED, "graphemes")
                found.setdefault(word, float(parts[number]))
        return list(found.items())

    def _whole(self, number: int) -> str:
        """The word, with what an apostrophe parts from it: “didn't” rather than “didn”."""
        stop = number + 1
        while stop + 1 < len(self.stop) and self._parts_a_word(stop):
            stop += 2
        return self.posts.text(self.start[number], self.stop[stop - 1])

    def _parts_a_word(self, number: int) -> bool:
        """Whether this is an apostrophe between two words, without a space."""
        text, start, stop = self.posts.text, self.start, self.stop
        return (
            stop[number - 1] == start[number]
            and text(start[number], stop[number]) in _APOSTROPHES
            and stop[number] == start[number + 1]
            and text(start[number + 1], stop[number + 1]).isalpha()
        )


def evidence(
    model: Linear, posts: Grams, hints: Floats, readings: Sequence[Reading], kinds: Sequence[int]
) -> list[tuple[Reason, ...]]:
    """For each post what counted most for its kind, heaviest first."""
    parts = Parts(model, "kind", posts, hints, kinds)
    order = np.argsort(-parts.hints, axis=1)[:, :_SEEN]
    most = np.take_along_axis(parts.hints, order, axis=1)
    found = []
    for post, (reading, kind) in enumerate(zip(readings, kinds, strict=True)):
        reasons = [
            reason
            for number, weight in zip(order[post].tolist(), most[post].tolist(), strict=True)
            if weight >= _LEAST and (reason := _hinted(NAMES[number], reading, weight))
        ][:_HINTS]
        words = parts.best_words(post)
        if words:
            quoted = ", ".join(f"“{word}”" for word, _ in words)
            weight = round(sum(weight for _, weight in words), 2)
            reasons.append(Reason("words", _SOUNDS[tuple(Kind)[kind]].format(words=quoted), weight))
        found.append(tuple(sorted(reasons, key=lambda reason: -reason.weight)))
    return found


def _hinted(name: str, reading: Reading, weight: float) -> Reason | None:
    weight = round(weight, 2)
    if name in _MARKS:
        return Reason(name, _MARKS[name], weight)
    if name in _GROUPS:
        signs = sorted(set(reading.telling.get(Group[name.upper()], ())), reverse=True)[:2]
        if signs:
            quoted = ", ".join(f"“{term}”" for _, term in signs)
            return Reason(name, _GROUPS[name].format(words=quoted), weight)
    return None
