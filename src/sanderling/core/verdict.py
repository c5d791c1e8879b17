"""What triage found in a post, with its reasons in words."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec


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


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """Why: the rule's stable id, and a sentence for people with the words it rests on."""

    rule: str
    says: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What triage found. `needs_us` decides whether a case may open; `lang` may be a guess."""

    needs_us: bool
    kind: Kind
    tone: Tone
    urgency: Urgency
    lang: str
    reasons: tuple[Reason, ...]
