"""Who is named in a note: @Mira Solberg, @Mira or @MS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

import regex


class Named(NamedTuple):
    """A colleague, and what they can be called."""

    id: int
    name: str
    initials: str


class Mention(NamedTuple):
    """A place in a text, from the @ to the end of the name, and whom it names.

    `who` are several where colleagues share their full name: better told twice than not at all.
    """

    start: int
    stop: int
    who: tuple[int, ...]


def mentions(text: str, colleagues: Iterable[Named]) -> list[Mention]:
    """Where `text` names colleagues, in the order of the text.

    A colleague is called by their full name, and by their first name or initials where nobody else
    is called so; capitals do not matter, and the longest name that fits counts. What goes on like a
    word, an address or a handle of a network (@mira.example) names nobody here.
    """
    if "@" not in text:
        return []
    known = _known(tuple(colleagues))
    if known is None:
        return []
    pattern, who = known
    return [
        Mention(m.start(), m.end(), who[key])
        for m in pattern.finditer(text)
        if (key := _key(m[1])) in who  # the pattern takes every kind of i for the same
    ]


@lru_cache(maxsize=64)
def _known(
    colleagues: Sequence[Named],
) -> tuple[regex.Pattern[str], dict[str, tuple[int, ...]]] | None:
    """A pattern of all that somebody is called, the longest first, and who that is."""
    full = _called((_key(c.name), c.id) for c in colleagues)
    short = _called(
        (_key(word), c.id) for c in colleagues for word in {*c.name.split()[:1], c.initials}
    )
    alone = {key: ids for key, ids in short.items() if len(ids) == 1}
    who = {key: ids for key, ids in {**alone, **full}.items() if key}
    if not who:
        return None
    written = {form for key in who for form in (key, normalize("NFD", key))}
    each = "|".join(_written(form) for form in sorted(written, key=len, reverse=True))
    return regex.compile(rf"(?<![\w@.])@({each})(?!\w|[.\-@]\w)", regex.I | regex.F), who


def _called(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for key, number in pairs:
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), number)))
    return found


def _written(name: str) -> str:
    """A name as a pattern: between its words stands any one blank."""
    return r"\s".join(regex.escape(word, special_only=True) for word in name.split(" "))


def _key(name: str) -> str:
    """A name as it is compared: one form for what looks the same."""
    return normalize("NFC", " ".join(name.split()).casefold())
