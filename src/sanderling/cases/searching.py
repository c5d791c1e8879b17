"""Searching cases, posts and people. Each list is walked by key, newest first; rows are frozen.

Posts are found by their words some seconds after they came (`listen/words.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Generic, NamedTuple, TypeVar

from sanderling.cases.narrowing import Narrowing, asked, holding, narrowing
from sanderling.cases.queries import CaseRow, Someone, rows_of
from sanderling.core.searching import Search
from sanderling.store.sql import Row, fetch

PAGE = 20
SHORTEST = 2
"""A name is looked for from so many letters on."""
T = TypeVar("T")
_END = 2**62
_ON, _OFF, _LESS = "\x02", "\x03", "\x04"
"""What ts_headline puts around a hit, and what stands for <; the texts it reads have lost theirs
(sql/hits.sql)."""

_INSIDE = "and k.case_id in (select id from cases_case where true {conditions})"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page of what was found; `after` is the number below which the next one goes on."""

    rows: list[T]
    after: int | None = None


class Piece(NamedTuple):
    """A piece of a text, and whether it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that holds the words; `case` is the one it stands in, and `state` that one's."""

    id: int
    at: datetime
    room: str
    direction: str
    text: tuple[Piece, ...]
    author: Someone
    case: int | None
    state: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody on a network, with the number of their newest case."""

    id: int
    who: Someone
    followers: int | None
    case: int | None


class Asker(NamedTuple):
    """Who searches: what `me` means, and when and where their day is."""

    agent: int
    now: datetime
    zone: tzinfo

    def narrow(self, search: Search) -> Narrowing:
        """The search as conditions on cases."""
        return holding(self.conditions(search), search)

    def conditions(self, search: Search) -> Narrowing:
        """The same without the words that must be there."""
        return narrowing(search, agent_id=self.agent, now=self.now, zone=self.zone)


def values() -> dict[str, tuple[str, ...]]:
    """What there is by now for the filters that take names: owners in all ways they may be called,
    teams, networks, topics and plans."""
    found: dict[str, list[str]] = defaultdict(list)
    for field, value in fetch("cases/search_values", {}):
        found[field].append(value)
    called = (*found["owner"], *found.pop("initials", ()), *found.pop("first", ()))
    return {**{k: tuple(v) for k, v in found.items()}, "owner": called}


def find_cases(
    search: Search, asker: Asker, before: int | None = None, limit: int = PAGE
) -> Found[CaseRow]:
    """Cases that the search finds, the last opened first."""
    narrow = asker.narrow(search)
    params = {**narrow.params, "before": before or _END, "limit": limit + 1}
    keys = [row[0] for row in fetch("cases/search_cases", params, narrow.sql)]
    shown = keys[:limit]
    return Found(rows_of(shown), shown[-1] if len(keys) > limit else None)


def find_posts(
    search: Search, asker: Asker, before: int | None = None, limit: int = PAGE
) -> Found[Hit]:
    """Posts that hold the words of the search, the last heard first; where it has filters, only
    those in cases that meet them. None without words."""
    if not any(not words.denied for words in search.words):
        return Found([])
    in_words = Search(search.words)
    narrow = asker.conditions(Search(search.conditions))
    held = asked(narrow, in_words, deny=True)
    inside = _INSIDE.replace("{conditions}", narrow.sql)
    params = {**narrow.params, "before": before or _END, "limit": limit + 1}
    conditions = f"and w.words @@ ({held}) {inside if search.conditions else ''}"
    keys = [row[0] for row in fetch("cases/search_posts", params, conditions)]
    shown = keys[:limit]
    return Found(_hits(shown, in_words), shown[-1] if len(keys) > limit else None)


def find_people(search: Search, before: int | None = None, limit: int = PAGE) -> Found[Face]:
    """People whose handle or name begins with the words of the search."""
    begin = " ".join(w.text for w in search.words if not w.denied).removeprefix("@").lower()
    begin = begin or next((c.value.lower() for c in search.conditions if c.field == "from"), "")
    if len(begin) < SHORTEST:
        return Found([])
    rows = fetch(
        "cases/search_people",
        {"from": begin, "until": begin + chr(0x10FFFF), "before": before or _END,
         "limit": limit + 1},
    )  # fmt: skip
    shown = [Face(r[0], Someone(*r[1:5]), *r[5:7]) for r in rows[:limit]]
    return Found(shown, shown[-1].id if len(rows) > limit else None)


def pieces(marked: str) -> tuple[Piece, ...]:
    """A text with marks around what was found, in pieces; marks that do not match are left out."""
    return tuple(_pieces(marked.replace(_LESS, "<")))


def _pieces(marked: str) -> Iterator[Piece]:
    for n, part in enumerate(marked.split(_ON)):
        hit, off, rest = part.partition(_OFF)
        if hit:
            yield Piece(hit, bool(n and off))
        if rest.replace(_OFF, ""):
            yield Piece(rest.replace(_OFF, ""), False)


def _hits(ids: list[int], words: Search) -> list[Hit]:
    if not ids:
        return []
    marks = Narrowing()
    query = asked(marks, words)
    rows = {r[0]: _hit(r) for r in fetch("cases/hits", {**marks.params, "ids": ids}, query)}
    return [rows[i] for i in ids if i in rows]


def _hit(r: Row) -> Hit:
    return Hit(
        id=r[0], at=r[1], room=r[2], direction=r[3], text=pieces(r[4]), author=Someone(*r[5:9]),
        case=r[9], state=r[10], flags=tuple(r[11]),
    )  # fmt: skip
