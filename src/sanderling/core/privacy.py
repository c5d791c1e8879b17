"""What in a text belongs to one person alone: cards, bank accounts, addresses, numbers.

Found by form and check digit, not by meaning, so that a date, a price or a link is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from sanderling.core.text import links
from sanderling.core.words import later


class Pattern(NamedTuple):
    """A number of the company's own: `name` as people call it, a regular expression, and what to
    say about it (may be empty)."""

    name: str
    pattern: str
    says: str = ""


class Private(NamedTuple):
    """Something private: a `rule`, `what` it looks like, and where it stands in the text."""

    rule: str
    what: str
    start: int
    stop: int
    says: str = ""


def personal(
    text: str, patterns: Sequence[Pattern] = (), known: Iterable[str] = ()
) -> list[Private]:
    """Everything in `text` that must not be public, in its order, nothing twice.

    `known` is what everybody may read: the company's own addresses and hotlines.
    """
    plain = _hidden(text, [*links(text), *_spans(_MENTION, text), *_places(text, known)])
    found: list[Private] = []
    for look in (_emails, _ibans, _cards, lambda left: _of_company(left, patterns), _numbers):
        new = list(look(plain))
        found += new
        plain = _hidden(plain, [(one.start, one.stop) for one in new])
    return sorted(found, key=lambda one: one.start)


_EMAIL = regex.compile(
    r"(?<![\p{L}\p{N}@._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}"
)
_MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_])[@#][\p{L}\p{N}_][\p{L}\p{N}_.-]*(?:@[\p{L}\p{N}.-]+)?"
)
_IBAN = regex.compile(r"\b(?P<country>[A-Z]{2})\d\d(?:[ -]?[A-Z0-9]){11,30}", regex.IGNORECASE)

# How long an IBAN is, by country (SWIFT's registry, release 99).
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip

_BETWEEN = r"[\s\p{Pd}\p{Cf}./()_·•*]"
_RARE = r"[,:;|'’+#~]"
_RUN = regex.compile(rf"\d(?:(?:{_BETWEEN}{{0,3}}|{_RARE})\d){{7,}}")
_GROUP = regex.compile(r"\d+")
_SHAPES = ((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 5))
"""How cards are written where their digits stand between signs that other lists use too."""

_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_ALONE, _ENDS = r"(?<![\d.,/-])(?<!\d[.,/-])", r"(?![.,/-]?\d)"
_ORDINARY = regex.compile(
    rf"{_ALONE}(?:"
    rf"{_YEAR}[-./]{_MONTH}[-./]{_DAY}(?:T\d\d)?|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|{_DAY}[-./]{_MONTH}[-./](?:{_YEAR}|\d\d)|{_MONTH}[-./]{_DAY}[-./](?:{_YEAR}|\d\d)"
    rf"|{_YEAR} ?[-–—/] ?(?:{_YEAR}|\d\d)"
    r"|(?:[01]?\d|2[0-4])[.:h][0-5]\d(?:[.:][0-5]\d)?"
    r"|[1-9]\d{0,2}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?"
    r"|(?<!\d )(?:[1-9]\d{0,2}(?:[ ]\d{3})*[ ]000|[1-9]\d{0,3}0{5,})(?! \d)"
    r"|\d+[.,]\d+(?=\s?%)"
    rf"){_ENDS}"
)
"""Dates, spans of years, times of day, and numbers with their thousands apart."""

_VERSION = regex.compile(
    rf"{_ALONE}[1-9]\d{{0,2}}\.\d{{1,2}}\.\d{{1,6}}(?:\.\d{{1,5}})?{_ENDS}|\b0x[0-9a-f]+\b",
    regex.IGNORECASE,
)
"""Versions of programs, and numbers of errors."""

_LONG = regex.compile(r"\+?\d(?:[\s./()-]{0,2}\d){7,}")
_LONG_ENOUGH = 8


def _emails(text: str) -> Iterator[Private]:
    for match in _EMAIL.finditer(text):
        yield Private("e-mail", later("an e-mail address"), *match.span())


def _ibans(text: str) -> Iterator[Private]:
    end = 0
    for match in _IBAN.finditer(text, overlapped=True):
        stop = _iban_end(match)
        if stop and match.start() >= end:
            end = stop
            yield Private(
                "bank account", later("a bank account number (IBAN)"), match.start(), stop
            )


def _iban_end(match: regex.Match[str]) -> int:
    """Where an IBAN of the country's length ends whose check digits are right; else 0."""
    places = [match.start() + i for i, c in enumerate(match[0]) if c.isalnum()]
    size = _LENGTHS.get(match["country"].upper(), 0)
    if not size or len(places) < size:
        return 0
    run = "".join(match.string[place] for place in places[:size]).upper()
    if not run.isascii() or sum(c.isdecimal() for c in run) * 2 < size:
        return 0
    checked = int("".join(str(int(c, 36)) for c in run[4:] + run[:4])) % 97 == 1
    return places[size - 1] + 1 if checked else 0


def _cards(text: str) -> Iterator[Private]:
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        end = -1
        for first, group in enumerate(groups):
            stop = _card_end(text, groups[first:]) if group.start() >= end else 0
            if stop:
                end = stop
                yield Private("card", later("a card number"), group.start(), stop)


def _card_end(text: str, groups: list[regex.Match[str]]) -> int:
    """Where a card ends that begins with the first of these groups of digits; 0 if none does."""
    digits: list[int] = []
    for n, group in enumerate(groups, 1):
        digits += [int(c) for c in group[0]]
        if len(digits) > 19:
            return 0
        if len(digits) >= 13 and _luhn(digits) and _like_a_card(text, groups[:n]):
            return group.end()
    return 0


def _luhn(digits: Sequence[int]) -> bool:
    """The check digit that every payment card carries."""
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _like_a_card(text: str, groups: list[regex.Match[str]]) -> bool:
    """Not a row of dates, nor a list of other numbers."""
    if all(regex.fullmatch(_YEAR, group[0]) for group in groups):
        return False
    start, stop = groups[0].start(), groups[-1].end()
    said = text[start:stop]
    if regex.search(_RARE, said) and tuple(len(g[0]) for g in groups) not in _SHAPES:
        return False
    rest = _hidden(said, _spans(_ORDINARY, said))
    return rest == said or sum(c.isdecimal() for c in rest) >= _LONG_ENOUGH


def _of_company(text: str, patterns: Sequence[Pattern]) -> Iterator[Private]:
    for name, pattern, says in patterns:
        made = _compiled(pattern)
        for match in made.finditer(text) if made else ():
            if match[0]:
                yield Private(f"number: {name}", name, *match.span(), says)


@lru_cache(256)
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    """A pattern of the policy, which checked it when it was saved."""
    try:
        return regex.compile(pattern, regex.IGNORECASE)
    except regex.error:
        return None


def _numbers(text: str) -> Iterator[Private]:
    plain = _hidden(text, _spans(_ORDINARY, text) + _spans(_VERSION, text))
    for match in _LONG.finditer(plain):
        if _is_long(match[0]):
            yield Private("number", later("a phone, account or order number"), *match.span())


def _is_long(said: str) -> bool:
    """Whether it is one number, and not several that happen to stand together."""
    groups = _GROUP.findall(said)
    if len(groups) > 1 and all(len(g) < 3 for g in groups):
        return said[0] in "+0"
    while len(groups) > 1 and regex.fullmatch(_YEAR, groups[0]):
        groups = groups[1:]
    while len(groups) > 1 and regex.fullmatch(_YEAR, groups[-1]):
        groups = groups[:-1]
    return sum(len(g) for g in groups) >= _LONG_ENOUGH


def _spans(pattern: regex.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where any of `words` stands, whatever the case of its letters."""
    return [
        match.span()
        for word in words
        if word
        for match in regex.finditer(regex.escape(word), text, regex.IGNORECASE)
    ]


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with other signs where `spans` stand, so that all places stay what they are."""
    for start, stop in spans:
        text = text[:start] + "\x1a" * (stop - start) + text[stop:]
    return text
