"""One canonical form for a post's text and a column's terms, so that matching is comparing.

What folds away: letter case; accents (`café` = `cafe`, `Müller` = `muller`, Hebrew and Arabic
points); ligatures and widths (`ﬁ` = `fi`, `ＡＢＣ` = `abc`); `ß` = `ss`, `İ` = `ı` = `i`,
`ø` = `o`; invisible characters. What stays: the marks that make another letter (Cyrillic `й`, `ї`,
`ў`, the voicing of kana, the vowel signs of Indic and Thai scripts).

A *token* is a run of letters, digits, `_` and kept marks. Everything else parts tokens and counts
as one space, however much of it there is: the phrase `"coca cola"` is found in `Coca-Cola` and in
`coca, cola`. Three kinds of characters are tokens by themselves: emoji and other symbols outside
ASCII; letters of scripts written without spaces (Han, kana, Thai, Lao, Khmer, Burmese); and Hangul,
where particles grow onto words. There a word is found wherever its characters stand in sequence.
A *tag* is a `#` that follows no token, and the letters, digits, `_` and kept marks right behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

_SEAM = "\x1f"  # parts the tokens of a word written without spaces; texts have lost theirs by then
_ASCII = bytes(range(0x80))
_PLAIN = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) in "_#" else ord(" ")
    for code in _ASCII
) + bytes(range(0x80, 0x100))
_SPACED = bytes.maketrans(b"#\x1f", b"  ")
_FOREIGN = re.compile(rb"[\x80-\xff]+")
_TAG = re.compile(rb"#(?<![0-9a-z_\x1f\x80-\xff]#)([0-9a-z_\x1f\x80-\xff]+)")

_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Letters that no decomposition reaches, and letters that decomposition must not reach.
_SPELLED = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
_SPELLED |= {letter: letter for letter in "йїў"}
# Compatibility folding would glue these onto the name before them: Northwind™ -> northwindtm.
_TRADE_MARKS = re.compile("[\u2120\u2122]")
_SELECTORS = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Page(NamedTuple):
    """Many folded texts in one, so that one search goes over them all.

    `words` has what `fold` gives for each (but one space for no token), with a newline at `ends`
    behind it; `tags` are theirs.
    """

    words: bytes
    ends: list[int]
    tags: list[Sequence[bytes]]

    def words_of(self, place: int) -> bytes:
        """The tokens of the text at `place`, as `fold` gives them."""
        return self.words[self.ends[place - 1] + 1 if place else 0 : self.ends[place]]


def fold(text: str) -> tuple[bytes, Sequence[bytes]]:
    """The tokens of `text` as UTF-8, with one space before, between and after them; and its tags.

    No token at all gives two spaces.
    """
    plain = _plain(text)
    return b" " + b" ".join(plain.translate(_SPACED).split()) + b" ", _tags(plain)


def fold_page(texts: Iterable[str]) -> Page:
    """Fold each of `texts`: several times faster than one by one."""
    plain = list(map(_plain, texts))
    joined = b"\n " + b" \n ".join(plain).translate(_SPACED) + b" \n"
    data = np.frombuffer(joined, np.uint8)
    solid = data != ord(" ")
    words = data[1:][solid[1:] | solid[:-1]]  # without the blanks that follow a blank
    ends = np.flatnonzero(words == ord("\n")).tolist()
    return Page(words.tobytes(), ends, list(map(_tags, plain)))


def words(term: str) -> bytes:
    """The tokens of a term. It stands in a text exactly if `words(term) in words(text)`."""
    return fold(term)[0]


def name(text: str) -> str:
    """The form in which handles, languages and networks are compared."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _plain(text: str) -> bytes:
    """`text` in lower case without accents, blanks for all that parts tokens, seams, and `#`."""
    plain = text.encode("utf-8", "replace").translate(_PLAIN)
    return plain if plain.isascii() else _fold_foreign(plain)


def _tags(plain: bytes) -> Sequence[bytes]:
    if b"#" not in plain:
        return ()
    return [tag.replace(b"\x1f", b"") for tag in _TAG.findall(plain)]


def _fold_foreign(plain: bytes) -> bytes:
    foreign = plain.translate(None, _ASCII)
    if foreign in plain:  # a single run, as in most posts with emoji: much faster than a search
        return plain.replace(foreign, _fold_run(foreign))
    return _FOREIGN.sub(lambda run: _fold_run(run[0]), plain)


@lru_cache(1 << 14)
def _fold_run(run: bytes) -> bytes:
    """Fold a run of characters outside ASCII."""
    text = unicodedata.normalize("NFKC", _TRADE_MARKS.sub(" ", run.decode()))
    return text.translate(_FOLDED).encode()


class _Folded(dict[int, str]):
    """For str.translate: what each character folds to, found when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = char if char.isascii() else _letters(char)
        self[code] = "".join(map(_place, folded))
        return self[code]


_FOLDED = _Folded()


def _letters(char: str) -> str:
    """The letters behind one character, without case and accents."""
    folded = char.casefold()
    if folded in _SPELLED:
        return _SPELLED[folded]
    parts = unicodedata.normalize("NFKD", folded)
    return unicodedata.normalize("NFC", "".join(part for part in parts if not _is_accent(part)))


def _is_accent(char: str) -> bool:
    """Whether `char` only decorates: it encloses, selects a glyph, or is a point or an accent."""
    if unicodedata.category(char) == "Me" or _SELECTORS.match(char):
        return True
    place = unicodedata.combining(char)
    return place == 1 or 10 <= place <= 36 or place >= 200


def _place(char: str) -> str:
    """`char` as a part of a word, as a token of its own, as a gap, or as nothing."""
    kind = unicodedata.category(char)
    if char.isascii():
        return chr(_PLAIN[ord(char)])
    if kind[0] in "LNM":
        return f"{_SEAM}{char}{_SEAM}" if _WITHOUT_SPACES.match(char) else char
    if kind[0] == "S" or kind in ("Cn", "Co"):  # an emoji newer than this Python is Cn
        return f" {char} "
    return "" if kind == "Cf" else " "
