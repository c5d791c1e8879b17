"""Posts as numbers: hashed n-grams of words and characters, a whole batch at once.

    texts -> one array of code points -> rolling hashes -> columns of a sparse matrix

Every step runs over the whole batch in numpy, and no step knows an alphabet, so that Arabic and
Hindi cost and count as English does. A post's row never depends on its neighbours in the batch.
Hashing instead of a dictionary keeps the words of customers out of the weights
(Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import regex
import scipy
from numpy.typing import NDArray

BITS = 18
COLUMNS = 1 << BITS
"""How many columns the n-grams are hashed into."""

LONGEST = 1_000
"""Characters of a post that are read; the networks' own limits are lower, but for mail."""

CHARACTERS = (2, 3, 4, 5)
"""Lengths of the n-grams of characters, which run across words; of words there are 1 and 2."""

Array = NDArray[np.uint64]

_END = "\0"
_LINK = regex.compile(r"(?:https?://|www\.)[^\s\0]+|\bhttp\b")
_NAME = regex.compile(r"@[\w.@-]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_SALT = np.uint64(0xD1342543DE82EF95)
_SHIFT = np.uint64(64 - BITS)
_OTHER, _WORD, _SPACE = 0, 1, 2
_FIRST = 1
_EVERYTHING = "".join(map(chr, range(_FIRST, 0xD800)))
"""The scripts in use stand before the surrogates; whatever comes after is a sign by itself."""
_IN_WORDS = regex.compile(r"[\w\p{M}]+")
_SPACES = regex.compile(r"\s+")
_DIGITS = np.array([chr(code).isdigit() for code in range(0x3000)])


@cache
def _classes() -> NDArray[np.uint8]:
    """Of each code point: whether it belongs into a word, parts words, or is a word by itself."""
    found = np.full(0x110000, _OTHER, np.uint8)
    for pattern, kind in ((_IN_WORDS, _WORD), (_SPACES, _SPACE)):
        for run in pattern.finditer(_EVERYTHING):
            found[_FIRST + run.start() : _FIRST + run.end()] = kind
    found[:_FIRST] = _SPACE
    return found


def plain(texts: Sequence[str]) -> str:
    """The posts as one text, each ended by a NUL: lower case, links and names as one mark each."""
    bounded = [text[:LONGEST].replace(_END, " ") for text in texts]
    joined = (_END.join(bounded) + _END).lower()
    return _NAME.sub("@", _LINK.sub("://", joined))


class Grams(NamedTuple):
    """A batch of posts and every n-gram in it.

    `table`: a row for each post with a 1 for every n-gram, repeated where it recurs; float32,
    (posts, COLUMNS). `row`, `column`, `start`, `stop`: of each n-gram its post, its column, and
    where it stands in `codes`; those of `words` are the single words, in order.
    """

    table: scipy.sparse.csr_matrix
    codes: NDArray[np.uint32]
    row: NDArray[np.int64]
    column: NDArray[np.int32]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    words: slice

    def text(self, start: int, stop: int) -> str:
        """What stands there, in lower case and with its digits made 0."""
        return self.codes[start:stop].tobytes().decode("utf-32-le", "replace")


def ngrams(texts: Sequence[str]) -> Grams:
    """What the posts hold. Words are runs of letters and digits, or single signs."""
    codes = _codes(plain(texts))
    rows = np.cumsum(codes == 0) - (codes == 0)
    first, last = _words(codes)
    words = _hashed(codes, first, last)
    pairs = rows[first[1:]] == rows[first[:-1]]
    both = words[:-1][pairs] * _SALT + words[1:][pairs]
    parts = [
        *_of_characters(codes, rows),
        _Part(_mixed(words, 11), first, last),
        _Part(_mixed(both, 12), first[:-1][pairs], last[1:][pairs]),
    ]
    hashes, start, stop = (np.concatenate(part) for part in zip(*parts, strict=True))
    row, column = rows[start], (hashes >> _SHIFT).astype(np.int32)
    order = np.argsort(row, kind="stable")
    indptr = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(texts)), out=indptr[1:])
    ones = np.ones(len(column), np.float32)
    table = scipy.sparse.csr_matrix((ones, column[order], indptr), shape=(len(texts), COLUMNS))
    end = len(column) - len(both)
    return Grams(table, codes, row, column, start, stop, slice(end - len(words), end))


class _Part(NamedTuple):
    """The n-grams of one length."""

    hashes: Array
    start: NDArray[np.int64]
    stop: NDArray[np.int64]


def _codes(text: str) -> NDArray[np.uint32]:
    """The code points; digits are all one, and nothing stands more than twice in a row."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).copy()
    small = codes < len(_DIGITS)
    codes[small & _DIGITS[np.where(small, codes, 0)]] = ord("0")
    again = np.zeros(len(codes), bool)
    again[2:] = (codes[2:] == codes[1:-1]) & (codes[2:] == codes[:-2]) & (codes[2:] != 0)
    return codes[~again]


def _of_characters(codes: NDArray[np.uint32], rows: NDArray[np.int64]) -> list[_Part]:
    wide, found = codes.astype(np.uint64) + np.uint64(1), []
    rolling = wide.copy()
    for length in range(2, CHARACTERS[-1] + 1):
        if length > len(codes):
            break
        rolling = rolling[:-1] * _MULTIPLIER + wide[length - 1 :]
        within = (rows[length - 1 :] == rows[: 1 - length]) & (codes[length - 1 :] != 0)
        if length in CHARACTERS:
            start = np.flatnonzero(within)
            found.append(_Part(_mixed(rolling[start], length), start, start + length))
    return found


def _words(codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each word begins and ends."""
    kind = _classes()[codes]
    word, sign = kind == _WORD, kind == _OTHER
    first = sign | (word & ~np.concatenate(([False], word[:-1])))
    last = sign | (word & ~np.concatenate((word[1:], [False])))
    return np.flatnonzero(first), np.flatnonzero(last) + 1


def _hashed(codes: NDArray[np.uint32], start: NDArray[np.int64], stop: NDArray[np.int64]) -> Array:
    """A hash of each word, whatever its length: a difference of sums of powers."""
    powers = _powers(len(codes) + 1, _MULTIPLIER)
    sums = np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers[:-1])
    sums = np.concatenate((np.zeros(1, np.uint64), sums))
    found: Array = (sums[stop] - sums[start]) * _powers(len(codes) + 1, _INVERSE)[start]
    return found


def _powers(length: int, base: np.uint64) -> Array:
    factors = np.concatenate((np.ones(1, np.uint64), np.full(length - 1, base, np.uint64)))
    return np.cumprod(factors, dtype=np.uint64)


def _mixed(hashes: Array, salt: int) -> Array:
    """Spread over all bits (the finaliser of splitmix64), apart from n-grams of other lengths."""
    hashes = hashes + np.uint64(salt * int(_SALT) % (1 << 64))
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    return hashes
