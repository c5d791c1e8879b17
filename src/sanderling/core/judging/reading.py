"""What a post says, counted: one pass over its words, sign by sign."""

from __future__ import annotations

import msgspec

from sanderling.core.judging.language import language
from sanderling.core.judging.signs import Group, Theme, lexicon
from sanderling.core.judging.words import folded, words

_NEAR = 16
"""A negation reaches the signs that begin so many characters after it: about two words on."""

_MOCKED_BY = 1.0
"""As much trouble after a compliment makes it a mockery."""

_BOOST = 1.5
_SHOUTED = 3


class Reading(msgspec.Struct):
    """What was found in a post, and how it is written.

    `weights` and `best` tell by group how much was found and its heaviest sign; `themes` what can't
    wait. `words` leaves out names, links and emoji; `idle` of them only greet, thank or close.
    `capitals` are words in capitals where there are so many that the post shouts, else 0. `mocks`:
    trouble follows a compliment.
    """

    lang: str
    words: int
    capitals: int
    bangs: int
    asks: bool
    links: bool
    weights: list[float]
    best: dict[Group, str] = {}
    themes: dict[Theme, str] = {}
    idle: int = 0
    greets: bool = False
    mocks: bool = False


def read(text: str, told: str | None) -> Reading:
    """Read `text`, whose language the network says is `told`."""
    raw = words(text)
    line = folded(raw)
    reading = Reading(
        lang=language(told, line),
        words=sum(word[0].isalnum() for word in raw) - line.count("://"),
        capitals=_capitals(raw),
        bangs=line.count("!"),
        asks="?" in line,
        links="://" in line,
        weights=[0.0] * len(Group),
    )
    _weigh(reading, line)
    return reading


def _capitals(raw: list[str]) -> int:
    loud = [word for word in raw if word.isupper() and len(word) > 2 and word[0] != "@"]
    if len(loud) < _SHOUTED:
        return 0
    return len(loud) if 2 * len(loud) >= sum(len(word) > 2 for word in raw) else 0


def _weigh(reading: Reading, line: str) -> None:
    """Add up the signs from left to right; a negation turns the praise after it into trouble."""
    known = lexicon(reading.lang)
    weights, heaviest = reading.weights, [0.0] * len(Group)
    negation, negated_until, boosted_at = "", -1, -1
    trouble_before: float | None = None
    for index, start, end in known.find(line):
        sign = known.signs[index]
        for group, weight in sign.weights.items():
            term = sign.term
            if group == Group.PRAISE and start < negated_until:
                group, term = Group.TROUBLE, f"{negation} … {term}"
            elif group == Group.MOCKING and trouble_before is None:
                trouble_before = weights[Group.TROUBLE]
            if start == boosted_at:
                weight *= _BOOST
            weights[group] += weight
            if weight > heaviest[group]:
                heaviest[group], reading.best[group] = weight, term
        if sign.idles:
            reading.idle += sign.length
            reading.greets = reading.greets or Group.SMALL in sign.weights
        if sign.theme is not None:
            reading.themes.setdefault(sign.theme, sign.term)
        if sign.negates:
            negation, negated_until = sign.term, end + _NEAR
        boosted_at = end if sign.boosts else -1
    reading.mocks = (
        trouble_before is not None and weights[Group.TROUBLE] - trouble_before >= _MOCKED_BY
    )
