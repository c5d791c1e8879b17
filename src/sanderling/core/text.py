"""How long a text is, as each network counts it, and where it may be cut.

weighted     X: letters from Latin to Georgian count 1, other scripts and emoji 2, a link 23
graphemes    Bluesky: what a reader sees as one character counts 1
characters   Mastodon: as graphemes, but a link counts 23, and @name@server only as @name
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import regex

Counts = Literal["weighted", "graphemes", "characters"]

LINK = 23
"""What a link counts where the network shortens it, however long it is."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count 1 on X; all others count 2."""

# The top-level domains of the root zone (iana.org, September 2026), in their own scripts, and six
# of former or reserved countries. X links only what ends in one that it knows.
_DOMAINS = Path(__file__).with_name("domains.txt").read_text(encoding="utf-8").split()

# What X takes for a link, after twitter-text's published rules: after https:// a host in any
# script, elsewhere one of Latin letters. Path and query end in a character that belongs to them:
# not in the full stop after the link.
_PLAIN = (
    r"0-9A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B"
    r"\u0263\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_LETTER = rf"{_PLAIN}\u0400-\u04FF"
_MARKERS = r"\uFEFF\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
_ANY = rf"[^\s\p{{Z}}\p{{Cc}}{_MARKERS}!'#%&()*+,\\./:;<=>?@\[\]^{{|}}~$_-]"
_ANY_HOST = rf"(?:{_ANY}(?:(?:{_ANY}|[_-])*{_ANY})?\.)*{_ANY}(?:(?:{_ANY}|-)*{_ANY})?\."
_PLAIN_LABEL = rf"(?:[{_PLAIN}](?:[{_PLAIN}-]*[{_PLAIN}])?\.)"
_TOP = r"(?:\L<domains>|xn--[0-9a-z-]+)(?![0-9A-Za-z@+-])"
_PORT = r"(?::[0-9]+)?"
_IN_PATH = rf"[{_LETTER}!*';:=+,.$/%#\[\]_~@|&\u2013-]"
_PATH = rf"/(?:(?:{_IN_PATH}|\({_IN_PATH}+\))*(?<=[{_LETTER}=_#/+)-]))?"
_QUERY = r"(?:\?[0-9A-Za-z!?*'@();:&=+$/%#\[\]_.,~|-]*[0-9A-Za-z_&=#/-])?"
_SHORT = rf"https?://t\.co/[0-9a-z]+(?![0-9a-z]){_QUERY}"
_FULL = rf"https?://{_ANY_HOST}{_TOP}{_PORT}(?:{_PATH})?{_QUERY}"
_URL = rf"(?<![0-9A-Za-z@＠$#＃])(?:{_SHORT}|{_FULL})"
_FAR = rf"[^\x00-\x7F\s{_PLAIN}]"
_FREE = rf"(?:(?<![{_PLAIN}@＠$#＃_./\uFEFF-])|(?<={_FAR}\.)|(?<={_FAR})-)"
_HOST = rf"(?:{_FREE}{_PLAIN_LABEL}+|(?<=[^\W_]_){_PLAIN_LABEL}{{2,}})"
_BARE = rf"{_HOST}{_TOP}(?:{_PORT}{_PATH}{_QUERY})?"

_TONE = r"(?:\uFE0F|\p{EMod}|[\U000E0020-\U000E007F])*"
_PICTOGRAM = rf"\p{{Extended_Pictographic}}(?!\uFE0E){_TONE}"
_EMOJI = rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|{_PICTOGRAM}(?:\u200D{_PICTOGRAM})*"

_NAME = r"(?<![\p{L}\p{N}_=/])(?P<name>@[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)"
_SERVER = r"@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?"

_GRAPHEME = regex.compile(r"\X")
# Networks know conjuncts as Unicode 16 does (https://www.unicode.org/reports/tr29/#GB9c): in six
# scripts, a virama between two consonants. \X joins more: any virama, and in every script.
_TAIL = r"[\p{InCB=Extend}\p{InCB=Linker}]"
_SIX = r"[\p{Deva}\p{Beng}\p{Gujr}\p{Mlym}\p{Orya}\p{Telu}]"
_CONSONANT, _VIRAMA = (rf"[\p{{InCB={kind}}}&&{_SIX}]" for kind in ("Consonant", "Linker"))
_JOINED = regex.compile(
    rf"(?<!{_TAIL})(?=\p{{InCB=Extend}}*\p{{InCB=Linker}}){_TAIL}++(?=\p{{InCB=Consonant}})"
)
_CONJUNCT = regex.compile(
    rf"(?<={_CONSONANT})(?=[{_TAIL}--{_VIRAMA}]*+{_VIRAMA}){_TAIL}++(?={_CONSONANT})", regex.V1
)


def length(text: str, counts: Counts) -> int:
    """How long `text` is in the units of `counts`; 0 for no text."""
    if counts == "weighted":  # X composes letters and their marks before it looks for links
        text = unicodedata.normalize("NFC", text)
    return sum(units for _, units in _measured(text, counts))


def has_link(text: str) -> bool:
    """Whether a network would make a link of something in `text`; in doubt, yes."""
    whole = "http://" in text.lower() or "https://" in text.lower()
    return whole or any(match["link"] for match in _pieces("weighted").finditer(text))


def links(text: str) -> list[tuple[int, int]]:
    """Where a network might make a link of something: from, to. In doubt, a link."""
    return [match.span() for match in _linked().finditer(text)]


def cut(text: str, most: int, counts: Counts) -> str:
    """The longest beginning of `text` that counts at most `most`, of whole characters and links."""
    if length(text, counts) <= most:
        return text
    end, left = 0, most
    for piece_end, units in _measured(text, counts):
        left -= units
        if left < 0:
            break
        end = piece_end
    whole = {match.end() for match in _GRAPHEME.finditer(text)} | {0}
    # What follows a piece can change what it counts, so the beginning is measured once more.
    while end not in whole or length(text[:end], counts) > most:
        end -= 1
    return text[:end]


@cache
def _linked() -> regex.Pattern[str]:
    """Whatever a network might make a link of."""
    return _knowing_domains(rf"https?://\S+|{_URL}|{_BARE}")


@cache
def _pieces(counts: Counts) -> regex.Pattern[str]:
    """What is counted at once; compiled when first asked for, since it takes long."""
    if counts == "weighted":
        return _knowing_domains(rf"(?P<link>{_URL}|{_BARE})|(?P<emoji>{_EMOJI})|\X")
    if counts == "characters":
        return _knowing_domains(rf"(?P<link>{_URL})|{_NAME}{_SERVER}|\X")
    return _GRAPHEME


def _knowing_domains(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE, domains=_DOMAINS)


def _measured(text: str, counts: Counts) -> Iterator[tuple[int, int]]:
    """Where each piece of `text` ends, and what it counts."""
    for match in _pieces(counts).finditer(text):
        yield match.end(), _units(match, counts)


def _units(match: regex.Match[str], counts: Counts) -> int:
    if counts == "graphemes":
        return _graphemes(match[0])
    kind = match.groupdict()
    if kind["link"]:
        return LINK
    if counts == "characters":
        return len(kind["name"] or "x")
    return 2 if kind["emoji"] else _weight(match[0])


def _graphemes(joined: str) -> int:
    """What stands in one match of \\X."""
    if len(joined) == 1:
        return 1
    return 1 + len(_JOINED.findall(joined)) - len(_CONJUNCT.findall(joined))


def _weight(grapheme: str) -> int:
    composed = unicodedata.normalize("NFC", grapheme).replace("\r\n", "\n")
    return sum(1 if any(a <= ord(c) <= b for a, b in _LIGHT) else 2 for c in composed)
