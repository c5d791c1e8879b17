"""Numbers of the company, found by patterns that leads write: bounded, whatever they write."""

from __future__ import annotations

from functools import lru_cache

import regex

from sanderling.core.words import say

LONGEST = 120
"""Characters of one pattern."""

PATIENCE = 0.05
"""Seconds that one pattern may take over one text."""

_HARD = tuple(part * 1_000 + "!" for part in ("1", "a", "A1", "0 ", "1-", " "))


def check(pattern: str) -> str:
    """What is wrong with a pattern, in words; "" if nothing."""
    if not pattern.strip():
        return say("A pattern is missing.")
    if len(pattern) > LONGEST:
        return say("A pattern is at most {most} characters long.", most=LONGEST)
    try:
        made = _made(pattern)
        if made.search(""):
            return say("This pattern is found in every text: it holds for nothing at all too.")
        for text in _HARD:
            made.search(text, timeout=PATIENCE)
    except regex.error as error:
        return say("This is no regular expression: {trouble}.", trouble=str(error)[:200])
    except (TimeoutError, RecursionError, MemoryError, OverflowError):
        return say("This pattern takes too long. Make it say exactly what the number looks like.")
    return ""


def find(pattern: str, text: str) -> list[tuple[int, int]]:
    """Where the pattern stands in a text: from, until. Where that cannot be told in time, the whole
    text, so that a person looks."""
    try:
        return [found.span() for found in _made(pattern).finditer(text, timeout=PATIENCE)]
    except TimeoutError:
        return [(0, len(text))]


@lru_cache(maxsize=256)
def _made(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.V0)
