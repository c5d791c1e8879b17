"""A post as terms: numbers that stand for its words, links and topics.

A word is known by its first letters, so that "delivery", "delivered" and "deliver" are one term in
whatever language; names of people are left out. Which word a number stood for last is remembered
for the names of suspicions, nothing else is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.told import Said

TERMS = 28
"""Only so many different terms of a post count: those of nearly every post."""

PLACES = 1 << 16
"""How many terms there are; 0 is none."""

CELL_BITS = 19
CELLS = 1 << CELL_BITS
"""How many counts there are for the terms of all brands."""

READ = 400
"""Only so many characters of a post are read."""

_LETTERS = 6
_OUT = re.compile(r"https?://\S+|www\.\S+|@[\w.@-]+|&\w+;")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]{{2,40}}")


def terms(said: Said, words: dict[int, str]) -> list[int]:
    """The different terms of a post in order, at most TERMS; notes in `words` what they are."""
    marks = [clean(mark) for mark in (*(f"#{topic}" for topic in said.topics), *said.links)]
    for mark in marks:
        words[place(mark)] = mark
    found = [place(mark) for mark in marks] + of_text(said.text, words)
    return list(dict.fromkeys(found))[:TERMS]


def of_text(text: str, words: dict[int, str]) -> list[int]:
    """As `terms`, where there are words alone."""
    found = {place(word[:_LETTERS]): word for word in _WORD.findall(plain(text))}
    words.update(found)
    return list(found)[:TERMS]


def clean(mark: str) -> str:
    """The beginning of a link or topic, as it can be written down."""
    return mark[:READ].encode("utf-8", "replace").decode()


def cell(brand: Any, terms: Any) -> NDArray[np.int64]:
    """Where the counts of these terms at a brand, or at one brand each, are kept."""
    both = np.asarray(terms, np.uint64) + np.uint64(PLACES) * np.asarray(brand, np.uint64)
    return (both * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - CELL_BITS)).astype(np.int64)


def plain(text: str) -> str:
    """The beginning of a text without case, links and names; half-width letters as usual ones."""
    text = text[:READ]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:READ].replace("’", "'")
    return _OUT.sub(" ", text.lower().replace("'", ""))


@lru_cache(maxsize=PLACES)
def place(word: str) -> int:
    """The number of a term: a hash, from 1 on."""
    return crc32(word.encode("utf-8", "replace")) % (PLACES - 1) + 1
