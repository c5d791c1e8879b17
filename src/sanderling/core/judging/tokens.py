"""Posts as the pieces of words that an encoder reads."""

from __future__ import annotations

import html
import os
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray
from tokenizers import Tokenizer

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # who calls us decides about threads

LONGEST = 64
"""Pieces of a post that are read: all of nearly every post, the beginning of a letter."""

BATCH = 16
"""Posts in one batch: of nearly the same length, so that hardly any padding is computed."""

_CHARACTERS = 600
_LINK = regex.compile(r"(?:https?://|www\.)\S+")
_NAMES = regex.compile(r"@[\w.@-]+(?:\s+@[\w.@-]+)*")
_AGAIN = regex.compile(r"(\p{Extended_Pictographic})(?:\s*\1){2,}")
_JOINED = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_TAG = regex.compile(r"#(\w+)")
_SIGN = regex.compile(r"\p{Extended_Pictographic}")
_JOINERS = regex.compile(r"[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
_SAYS_NOTHING = frozenset({"face", "with", "of", "and", "symbol", "sign"})


def prepared(text: str, *, signs_as_words: bool) -> str:
    """A post for the tokenizer: links and runs of names as one word each, no skin tones, the same
    emoji twice at most, the words of a hashtag apart.

    `signs_as_words`: emoji are spelled out, for encoders that never saw one.
    """
    said = html.unescape(text[:_CHARACTERS])
    said = _NAMES.sub("@user", _LINK.sub("http", said))
    said = _AGAIN.sub(r"\1\1", _JOINERS.sub("", said))
    said = _TAG.sub(lambda found: f"# {_JOINED.sub(' ', found[1])}", said)
    return _SIGN.sub(lambda found: _spelled(found[0]), said) if signs_as_words else said


@cache
def _spelled(sign: str) -> str:
    name = unicodedata.name(sign, "").lower().split()
    return f" {' '.join(word for word in name if word not in _SAYS_NOTHING)} "


def batches(
    tokenizer: Tokenizer, texts: Sequence[str], *, padding: int
) -> Iterator[tuple[list[int], NDArray[np.int64]]]:
    """The posts in batches of similar length: which ones, and their pieces, padded."""
    pieces = [found.ids for found in tokenizer.encode_batch_fast(list(texts))]
    order = sorted(range(len(texts)), key=lambda post: len(pieces[post]))
    for start in range(0, len(order), BATCH):
        posts = order[start : start + BATCH]
        yield posts, padded([pieces[post] for post in posts], padding)


def padded(pieces: Sequence[Sequence[int]], padding: int) -> NDArray[np.int64]:
    """Rows of pieces, filled up to the longest."""
    found = np.full((len(pieces), max(map(len, pieces))), padding, np.int64)
    for row, ids in enumerate(pieces):
        found[row, : len(ids)] = ids
    return found
