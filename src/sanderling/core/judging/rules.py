"""What plain rules make of a reading: a first opinion that the trained model weighs with the rest.

Rules know what few words mean ("no signal, day three"); the model knows when not to believe them.
"""

from __future__ import annotations

from sanderling.core.judging.reading import Reading
from sanderling.core.judging.signs import THEMES, Group
from sanderling.core.verdict import Kind, Tone

_SPAM, _TROUBLE, _QUESTION, _REQUEST, _PRAISE, _GLAD = 3.0, 0.8, 0.8, 1.0, 1.0, 0.5
_ASKED = 0.2
"""So much clearer must trouble be in a post that asks, to be a complaint and no question."""

_STRESS, _MOST_STRESSED = 0.4, 2
"""What a word in capitals adds to trouble and heat, and how many of them count."""

_MOST_INSISTED = 0.9
"""Trouble and asking again alone make nobody more than annoyed."""

_MANY_BANGS = 3
_SHOUTING, _BANGING, _THREAT = 1.4, 1.2, 0.5
_THREATS = {THEMES[name] for name in ("legal", "formal", "press", "leaving")}
_TONES = ((0.4, Tone.CALM), (0.9, Tone.UNEASY), (2.0, Tone.ANNOYED), (4.0, Tone.ANGRY))
"""Below which heat a post sounds so; FURIOUS from the last one on."""

_ASKING = (Kind.COMPLAINT, Kind.QUESTION, Kind.REQUEST)


def opinion(reading: Reading) -> tuple[Kind, Tone]:
    """The kind and the tone of a post, as if it were written to us."""
    kind = _kind(reading)
    return kind, _tone(reading, kind)


def _kind(reading: Reading) -> Kind:
    weights, trouble = reading.weights, _trouble(reading)
    if weights[Group.SPAM] and weights[Group.SPAM] + reading.links >= max(_SPAM, trouble):
        return Kind.SPAM
    asked = _ASKED if reading.asks and weights[Group.QUESTION] >= 1 else 0.0
    if trouble >= _TROUBLE + asked:
        return Kind.COMPLAINT
    if weights[Group.QUESTION] + reading.asks >= _QUESTION:
        return Kind.QUESTION
    if weights[Group.REQUEST] >= _REQUEST:
        return Kind.REQUEST
    if weights[Group.PRAISE] >= _PRAISE or weights[Group.THANKS]:
        return Kind.PRAISE
    return next((theme.kind for theme in reading.themes), Kind.OTHER)


def _trouble(reading: Reading) -> float:
    """How much went wrong; praise speaks against it, unless it mocks."""
    weights = reading.weights
    found = weights[Group.TROUBLE] + weights[Group.ANGER] + weights[Group.INSISTING]
    return found + _stress(reading) + weights[Group.PRAISE] * (1 if reading.mocks else -1)


def _stress(reading: Reading) -> float:
    return _STRESS * min(reading.capitals, _MOST_STRESSED)


def _tone(reading: Reading, kind: Kind) -> Tone:
    """A complaint never sounds glad, nor a question for its polite thanks alone."""
    weights, complains = reading.weights, kind is Kind.COMPLAINT
    heat = weights[Group.ANGER] + min(weights[Group.TROUBLE] / 3, 1.0)
    glad = weights[Group.PRAISE] + (0.0 if kind in _ASKING else weights[Group.THANKS] / 2)
    if reading.mocks:
        heat += weights[Group.PRAISE] / 2
    elif not complains and glad >= _GLAD and glad > weights[Group.ANGER] + weights[Group.TROUBLE]:
        return Tone.GLAD
    if complains:
        heat += min(weights[Group.INSISTING] / 2, _MOST_INSISTED) + _stress(reading)
        heat += _THREAT * (not _THREATS.isdisjoint(reading.themes))
    heat *= _SHOUTING if reading.shouts else 1.0
    heat *= _BANGING if reading.bangs >= _MANY_BANGS else 1.0
    sounds = next((tone for most, tone in _TONES if heat < most), Tone.FURIOUS)
    if not complains:
        return sounds
    return max(sounds, Tone.ANNOYED if reading.mocks else Tone.UNEASY)
