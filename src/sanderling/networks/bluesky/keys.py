"""Record keys that follow from ours, so that a post pushed twice is one post. Pure.

A record key of a post is a TID: 53 bits of microseconds and 10 bits of a clock, in 13 letters that
sort as the numbers do (https://atproto.com/specs/tid). Ours keep the second in which the draft was
written, so that posts lie in their order; the rest of the bits come from the key.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
_CLOCK_BITS = 10


def record_key(key: str, at: datetime | None = None) -> str:
    """The record key of what is pushed under `key`, written `at`; the same whenever it is asked."""
    drawn = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:12])
    below, drawn = drawn % (1_000_000 << _CLOCK_BITS), drawn >> 40
    second = max(int(at.timestamp()), 0) if at else drawn % 2**30
    return _tid((second * 1_000_000 << _CLOCK_BITS) + below)


def written_at(rkey: str) -> datetime | None:
    """The time that a TID names; None where `rkey` is none. Whoever made it may have lied."""
    if len(rkey) != LENGTH or not set(rkey) <= set(LETTERS) or rkey[0] > "j":
        return None
    number = 0
    for letter in rkey:
        number = number * 32 + LETTERS.index(letter)
    try:
        return datetime.fromtimestamp((number >> _CLOCK_BITS) / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _tid(number: int) -> str:
    letters = ""
    for _ in range(LENGTH):
        number, last = divmod(number, 32)
        letters = LETTERS[last] + letters
    return letters
