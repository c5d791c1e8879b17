"""What a post says, so short that tens of thousands can be compared: its rarest words, its letters.

Names, links, hashtags, numbers, emoji, punctuation and capitals are left out: copies change them
first. Fancy letters become plain ones, and what cannot be seen (zero-width spaces) goes. Everything
runs over a whole batch in numpy. Where a script has no spaces, each two characters are a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

AT_ONCE = 1_024
"""At most so many posts are sketched at once."""

READ = 600
"""Only so many characters of a post are compared."""

WORDS = 16
"""Only so many words of a post are kept, the rarest."""

BITS = 2_048
"""The width of the picture of a post's letters. It must be much wider than a post is long."""

_RUN = 4
"""So many letters and spaces in a row are one bit of that picture."""

_APART = "\n"
_LEFT_OUT = re.compile(r"https?(?:://\S*|\b)|www\.\S+|[@#]\S+|&\w+;")
_SPACE, _LETTER, _BY_ITSELF, _UNSEEN, _END = range(5)
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF),
             (0x3400, 0x9FFF))  # fmt: skip
_INSIDE_WORDS = "'’`´\ufe0f"

_BASE = np.uint64(0xD6E8FEB86659FD93)
_INVERSE = np.uint64(pow(0xD6E8FEB86659FD93, -1, 1 << 64))

# A word in the order of a post's words: 10 bits the post, 10 how common it is, 32 its hash.
_COMMON_AT, _POST_AT = np.uint64(32), np.uint64(42)
_STEPS, _FINE = 1_023, 80.0


class Words(NamedTuple):
    """Words of a batch in order of posts: of which post, their hash, how long they are."""

    post: Ints
    hash: Hashes
    length: Ints


class Sketches(NamedTuple):
    """The posts of a batch. 0 in `words` is no word; `rarity` is that of the word (`Rarity.of`).

    `words`, `rarity`: (posts, WORDS), rarest first. `letters`: (posts, BITS / 64), a bit for every
    run of letters.
    """

    words: NDArray[np.uint32]
    rarity: Floats
    letters: Hashes


def sketches(texts: Sequence[str], rarity: Callable[[Words], Floats]) -> tuple[Sketches, Words]:
    """At most AT_ONCE texts as sketches, and all their words."""
    codes, kind, post = _letters(texts)
    hashed = _hasher(codes)
    words = _words(kind, post, hashed)
    rarest, how_rare = _rarest(words, rarity(words), len(texts))
    return Sketches(rarest, how_rare, _picture(post, hashed, len(texts))), words


def _letters(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Ints]:
    """Letters with single spaces between words: their code points, kinds and posts."""
    joined = _APART.join([_folded(text) for text in texts]) + _APART
    codes = np.frombuffer(_LEFT_OUT.sub(" ", joined).encode("utf-32-le", "replace"), np.uint32)
    kind = _kinds()[np.minimum(codes, 0xFFFF)]
    seen = kind != _UNSEEN
    codes, kind = codes[seen], kind[seen]
    ends = kind == _END
    letter = (kind == _LETTER) | (kind == _BY_ITSELF)
    kept = letter.copy()
    kept[1:] |= letter[:-1]
    post = (np.cumsum(ends) - ends)[kept]
    return np.where(letter, codes, 0)[kept], np.where(letter, kind, _SPACE)[kept], post


def _folded(text: str) -> str:
    """The beginning of a text without case; bounded again, for folding may make it longer."""
    text = text[:READ].replace(_APART, " ")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.casefold()[:READ]


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point of the first plane is; emoji and rare scripts lie beyond it."""
    kinds = np.full(0x10000, _SPACE, np.uint8)
    for code in range(len(kinds)):
        category = unicodedata.category(chr(code))
        if category[0] in "LM":
            kinds[code] = _LETTER
        elif category == "Cf":
            kinds[code] = _UNSEEN
    for first, last in _UNSPACED:
        within = kinds[first : last + 1]
        within[within == _LETTER] = _BY_ITSELF
    kinds[[ord(mark) for mark in _INSIDE_WORDS]] = _UNSEEN
    kinds[ord(_APART)] = _END
    kinds[0xFFFF] = _SPACE
    return kinds


def _hasher(codes: NDArray[np.uint32]) -> Callable[[Ints, Ints], Hashes]:
    """The hash of any stretch of letters, from where to where: a rolling one, so all at once."""
    up, down = _powers(_BASE, len(codes)), _powers(_INVERSE, len(codes))
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(mixed(codes.astype(np.uint64) + _BASE) * up, out=sums[1:])
    return lambda start, stop: mixed((sums[stop] - sums[start]) * down[start])


def _powers(base: np.uint64, count: int) -> Hashes:
    powers = np.full(count, base)
    powers[:1] = 1
    return np.cumprod(powers)


def mixed(hashes: Hashes) -> Hashes:
    """Spread over all bits (the finaliser of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def _words(kind: NDArray[np.uint8], post: Ints, hashed: Callable[[Ints, Ints], Hashes]) -> Words:
    spaced, alone = kind == _LETTER, kind == _BY_ITSELF
    begins = alone | spaced
    begins[1:] &= alone[1:] | ~spaced[:-1]
    starts = np.flatnonzero(begins)
    outside = np.flatnonzero(~spaced)
    stops = outside[np.searchsorted(outside, starts)]
    # A character by itself is a word with the next one, if that is of its sort.
    pair = np.append(alone[1:], False)[starts]
    stops = np.where(alone[starts], starts + 1 + pair, stops)
    length = np.where(alone[starts], 3 * (stops - starts), stops - starts)
    return Words(post[starts], hashed(starts, stops), length)


def _rarest(words: Words, rarity: Floats, posts: int) -> tuple[NDArray[np.uint32], Floats]:
    """Each post's rarest words, each once: one sort of single numbers that say it all."""
    common = np.clip(_STEPS - rarity * _FINE, 0, _STEPS).astype(np.uint64)
    ranked = (words.post.astype(np.uint64) << _POST_AT) | (common << _COMMON_AT)
    ranked |= words.hash >> np.uint64(32)
    ranked = np.unique(ranked)
    post = (ranked >> _POST_AT).astype(np.int64)
    nth = np.arange(len(post)) - np.searchsorted(post, np.arange(posts))[post]
    ranked, post, nth = ranked[nth < WORDS], post[nth < WORDS], nth[nth < WORDS]
    rarest, how_rare = np.zeros((posts, WORDS), np.uint32), np.zeros((posts, WORDS), np.float32)
    rarest[post, nth] = ranked.astype(np.uint32)  # the lower half, which is the hash
    step = (ranked >> _COMMON_AT).astype(np.int64) & _STEPS
    how_rare[post, nth] = (_STEPS - step) / _FINE
    return rarest, how_rare


def _picture(post: Ints, hashed: Callable[[Ints, Ints], Hashes], posts: int) -> Hashes:
    starts = np.arange(max(len(post) - _RUN + 1, 0))
    starts = starts[post[starts] == post[starts + _RUN - 1]]
    bits = np.zeros((posts, BITS), np.bool_)
    bits[post[starts], (hashed(starts, starts + _RUN) >> np.uint64(40)) % np.uint64(BITS)] = True
    picture: Hashes = np.packbits(bits, axis=1).view(np.uint64)
    return picture


def runs(letters: Hashes) -> Floats:
    """About how many different runs of letters are in each picture, collisions allowed for."""
    taken = np.bitwise_count(letters).sum(axis=1, dtype=np.int64)
    different: Floats = -BITS * np.log1p(-np.minimum(taken, BITS - 1).astype(np.float32) / BITS)
    return different


class Rarity:
    """How rare words are in the stream: minus the logarithm of the share of posts that have them.

    Learns from new posts and slowly forgets. Before much has been read, long words count as rare.
    """

    _WORDS = 1 << 17
    _FORGETS_AFTER = 50_000
    _GUESS_WEIGHS = 200
    _GUESS = np.array([1, 0.25, 0.2, 0.12, 0.05, 0.02, 0.01, 0.006, 0.004], np.float32)
    """The share of posts that have a certain word, by its length up to eight letters."""

    def __init__(self) -> None:
        self._posts, self._new_posts = 0.0, 0
        self._seen = np.zeros(self._WORDS, np.float32)
        self._new = np.zeros(self._WORDS, np.float32)

    def of(self, words: Words) -> Floats:
        """The rarity of each word, from 0 (in every post) to about 11."""
        guess = self._GUESS[np.minimum(words.length, len(self._GUESS) - 1)] * self._GUESS_WEIGHS
        seen = self._seen[self._place(words.hash)] + guess
        share = seen / np.float32(self._posts + self._GUESS_WEIGHS)
        rarity: Floats = np.maximum(-np.log(share), np.float32(0))
        return rarity

    def read(self, words: Words, new: NDArray[np.bool_]) -> None:
        """Note the words of those posts that are `new`; they count from the next `learn` on."""
        np.add.at(self._new, self._place(words.hash[new[words.post]]), 1)
        self._new_posts += int(new.sum())

    def learn(self) -> None:
        """Let what was read count."""
        kept = 1 - min(self._new_posts / self._FORGETS_AFTER, 1)
        self._seen = self._seen * np.float32(kept) + self._new
        self._posts = self._posts * kept + self._new_posts
        self._new[:] = 0
        self._new_posts = 0

    def _place(self, hashes: Hashes) -> Ints:
        return (hashes & np.uint64(self._WORDS - 1)).astype(np.int64)
