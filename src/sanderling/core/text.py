"""How long a text is, as each network counts it, and where it may be cut.

weighted     X: letters from Latin to Georgian count 1, other scripts and emoji 2, a link 23
graphemes    Bluesky: what a reader sees as one character counts 1
characters   Mastodon: as graphemes, but a link counts 23, and @name@server only as @name
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal

import regex

Counts = Literal["weighted", "graphemes", "characters"]

LINK = 23
"""What a link counts where the network shortens it, however long it is."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count 1 on X; all others count 2."""

# X also links a bare host ("example.com") if it ends in a country or a common generic domain.
_GENERIC = """
com net org info biz edu gov int mil mobi name app dev shop store online site blog cloud live news
page support link help email digital social agency network tech world today xyz
"""
_COUNTRIES = """
ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo
bq br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm
do dz ec ee eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs
gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp
kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms
mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps
pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz
tc td tf tg th tj tk tl tm tn to tp tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu
wf ws ye yt za zm zw
"""

# Path and query end in a character that belongs to them: not in the full stop after the link.
_LETTER = r"0-9A-Za-z\p{Latin}\p{Cyrillic}"
_LABEL = r"[\p{Latin}\p{N}](?:[\p{Latin}\p{N}_-]*[\p{Latin}\p{N}])?\."
_PORT = r"(?![0-9A-Za-z@+-])(?::[0-9]+)?"
_IN_PATH = rf"[{_LETTER}!*';:=+,.$/%#\[\]_~@|&-]"
_PATH = rf"(?:/(?:(?:{_IN_PATH}|\({_IN_PATH}+\))*(?<=[{_LETTER}=_#/+)-]))?)?"
_QUERY = r"(?:\?[0-9A-Za-z!?*'();:&=+$/%#\[\]_.,~|@-]*[0-9A-Za-z_&=#/-])?"
_REST = _PORT + _PATH + _QUERY
_URL = rf"(?<![{_LETTER}@＠$#＃])https?://(?:{_LABEL})+[a-z]{{2,}}{_REST}"
_BARE = rf"(?<![0-9A-Za-z\p{{Latin}}@＠$#＃_./-])(?:{_LABEL})+(?:\L<domains>){_REST}"

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
_PIECE = {
    "weighted": regex.compile(
        rf"(?P<link>{_URL}|{_BARE})|(?P<emoji>{_EMOJI})|\X",
        regex.IGNORECASE,
        domains=(_GENERIC + _COUNTRIES).split(),
    ),
    "graphemes": _GRAPHEME,
    "characters": regex.compile(rf"(?P<link>{_URL})|{_NAME}{_SERVER}|\X", regex.IGNORECASE),
}


def length(text: str, counts: Counts) -> int:
    """How long `text` is in the units of `counts`; 0 for no text."""
    return sum(units for _, units in _measured(text, counts))


def has_link(text: str) -> bool:
    """Whether a network would make a link of something in `text`; in doubt, yes, as X does."""
    return any(match["link"] for match in _PIECE["weighted"].finditer(text))


def cut(text: str, most: int, counts: Counts) -> str:
    """The longest beginning of `text` that counts at most `most`, of whole characters and links."""
    end, left = 0, most
    for piece_end, units in _measured(text, counts):
        left -= units
        if left < 0:
            break
        end = piece_end
    else:
        return text
    whole = {match.end() for match in _GRAPHEME.finditer(text)} | {0}
    # What follows a piece can change what it counts, so the beginning is measured once more.
    while end not in whole or length(text[:end], counts) > most:
        end -= 1
    return text[:end]


def _measured(text: str, counts: Counts) -> Iterator[tuple[int, int]]:
    """Where each piece of `text` ends, and what it counts."""
    for match in _PIECE[counts].finditer(text):
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
    composed = unicodedata.normalize("NFC", grapheme)
    return sum(1 if any(a <= ord(c) <= b for a, b in _LIGHT) else 2 for c in composed)
