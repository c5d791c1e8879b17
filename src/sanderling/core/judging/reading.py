"""What a post says, counted: one pass over its words, sign by sign."""

from __future__ import annotations

import msgspec

from sanderling.core.judging.language import language
from sanderling.core.judging.signs import SLIGHT, Group, Sign, Theme, lexicon
from sanderling.core.judging.words import folded, words

_NEAR = 16
"""A negation reaches the signs that begin so many characters after it: about two words on."""

_MOCKED_BY = 1.0
"""As much trouble after a compliment makes it a mockery."""

_QUOTES = '"“”„«»'
_BOOST = 1.5
_SHOUTED = 3
_PUNCHLINE = 2.0
"""What mocks has this weight if it makes a mockery of whatever was said before it."""


class Reading(msgspec.Struct):
    """What was found in a post, and how it is written.

    `weights` tell by group how much was found, `telling` which signs are worth quoting, with their
    weights; `themes` what can't wait. `words` leaves out names, links and emoji; `idle` of them
    only greet, thank or close. `capitals` are words in capitals that are no names or abbreviations;
    `shouts`: they are half of the post. `mocks`: what praises is meant as mockery.
    """

    lang: str
    words: int
    capitals: int
    shouts: bool
    bangs: int
    asks: bool
    links: bool
    weights: list[float]
    telling: dict[Group, list[tuple[float, str]]] = {}
    themes: dict[Theme, str] = {}
    idle: int = 0
    greets: bool = False
    mocks: bool = False


def read(text: str, told: str | None) -> Reading:
    """Read `text`, whose language the network says is `told`."""
    raw = words(text)
    line = folded(raw)
    lang = language(told, line)
    capitals, shouts = _capitals(raw, lang)
    reading = Reading(
        lang=lang,
        words=sum(word[0].isalnum() for word in raw) - line.count("://"),
        capitals=capitals,
        shouts=shouts,
        bangs=line.count("!"),
        asks="?" in line,
        links="://" in line,
        weights=[0.0] * len(Group),
    )
    _weigh(reading, line)
    return reading


def _capitals(raw: list[str], lang: str) -> tuple[int, bool]:
    """How many words are in capitals, and whether the whole post is: then all of them count."""
    loud = [word for word in raw if word.isupper() and len(word) > 2 and word[0] != "@"]
    if not loud:
        return 0, False
    if len(loud) >= _SHOUTED and 2 * len(loud) >= sum(len(word) > 2 for word in raw):
        return len(loud), True
    known = lexicon(lang).stressed
    return sum(folded([word]).strip() in known for word in loud), False


def _weigh(reading: Reading, line: str) -> None:
    """Add up the signs from left to right."""
    known, weights = lexicon(reading.lang), reading.weights
    negation, negated_until, boosted_at = "", -1, -1
    trouble_before: float | None = None
    for index, start, end in known.find(line):
        sign = known.signs[index]
        if Group.MOCKING in sign.weights:
            if trouble_before is None:
                trouble_before = weights[Group.TROUBLE]
            if sign.weights[Group.MOCKING] == _PUNCHLINE and weights[Group.PRAISE]:
                reading.mocks = True
        if sign.weights:
            negated_by = negation if start < negated_until else ""
            boost = _BOOST if start == boosted_at else 1.0
            _add(reading, sign, boost, negated_by, quoted=line[start - 2] in _QUOTES)
        if sign.theme is not None:
            reading.themes.setdefault(sign.theme, sign.term)
        if sign.negates:
            negation, negated_until = sign.term, end + _NEAR
        boosted_at = end if sign.boosts else -1
    if trouble_before is not None and weights[Group.TROUBLE] - trouble_before >= _MOCKED_BY:
        reading.mocks = True


def _add(reading: Reading, sign: Sign, boost: float, negated_by: str, *, quoted: bool) -> None:
    """Praise that is negated is trouble; so is praise in quotation marks, someone else's word."""
    for group, weight in sign.weights.items():
        term, telling = sign.term, group in sign.telling
        if group == Group.PRAISE and negated_by:
            group, term = Group.TROUBLE, f"{negated_by} … {term}"
        elif group == Group.PRAISE and quoted:
            group, weight = Group.TROUBLE, SLIGHT
        reading.weights[group] += weight * boost
        if telling:
            reading.telling.setdefault(group, []).append((weight * boost, term))
    if sign.idles:
        reading.idle += sign.length
        reading.greets = reading.greets or Group.SMALL in sign.weights
