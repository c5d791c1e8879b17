"""What triage found in a post, with its reasons in words."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec

from sanderling.core.words import later


class Kind(StrEnum):
    """What the post is about to the desk."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    REQUEST = "request"
    PRAISE = "praise"
    OTHER = "other"
    SPAM = "spam"


class Tone(IntEnum):
    """How upset the author sounds: the sea from glad to furious."""

    GLAD = 0
    CALM = 1
    UNEASY = 2
    ANNOYED = 3
    ANGRY = 4
    FURIOUS = 5


class Urgency(IntEnum):
    """How soon it must be seen, before any clock."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    CRITICAL = 3


KINDS = {
    Kind.COMPLAINT: later("complaint"),
    Kind.QUESTION: later("question"),
    Kind.REQUEST: later("request"),
    Kind.PRAISE: later("praise"),
    Kind.OTHER: later("something else"),
    Kind.SPAM: later("spam"),
}
TONES = {
    Tone.GLAD: later("glad"),
    Tone.CALM: later("calm"),
    Tone.UNEASY: later("uneasy"),
    Tone.ANNOYED: later("annoyed"),
    Tone.ANGRY: later("angry"),
    Tone.FURIOUS: later("furious"),
}
URGENCIES = {
    Urgency.LOW: later("low"),
    Urgency.NORMAL: later("normal"),
    Urgency.HIGH: later("high"),
    Urgency.CRITICAL: later("critical"),
}
"""The words of kinds, tones and urgencies inside a sentence."""


class Flag(StrEnum):
    """What a post speaks of that must not wait, or that must be handled with care."""

    SAFETY = "safety"
    MONEY = "money"
    STRANDED = "stranded"
    LEGAL = "legal"
    PRESS = "press"
    LEAVING = "leaving"
    VULNERABLE = "vulnerable"
    ABUSE = "abuse"
    SELFHARM = "selfharm"
    THREAT = "threat"
    SCAM = "scam"


class Aspect(StrEnum):
    """One finding of a verdict: what can be doubted, and corrected."""

    NEEDS_US = "needs_us"
    KIND = "kind"
    TONE = "tone"
    URGENCY = "urgency"
    LANG = "lang"
    TOPIC = "topic"


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """Why: the rule's stable id, a sentence for people with the words it rests on, and how much it
    counted (log-odds toward what was found; 0 where it was no matter of degree)."""

    rule: str
    says: str
    weight: float = 0.0


class Odds(msgspec.Struct, frozen=True, array_like=True):
    """How likely each finding is right, calibrated, from 0 to 1."""

    needs_us: float = 1.0
    kind: float = 1.0
    tone: float = 1.0
    lang: float = 1.0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What triage found. `needs_us` decides whether a case may open; `lang` may be a guess.

    `heat`: how upset the author sounds, 0 (glad) to 1 (furious), finer than the six words of
    `tone`. `unsure`: what a person should decide, because its odds are too low.
    """

    needs_us: bool
    kind: Kind
    tone: Tone
    urgency: Urgency
    lang: str
    reasons: tuple[Reason, ...]
    heat: float = 0.0
    flags: tuple[Flag, ...] = ()
    odds: Odds = Odds()
    unsure: tuple[Aspect, ...] = ()
