"""Who writes about an incident, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sanderling.core import gist
from sanderling.incidents.figures import Share
from sanderling.store.sql import Row, fetch

PAGE = 50
MOST_CARRIERS = 5
MOST_SAMPLES = 6
LOOKED_AT = 400
"""So many of the newest posts are read for their words and for samples."""
_END = {"at": "infinity", "id": 2**62}


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote, as a page shows them; `followers` is 0 where the network does not tell."""

    id: int
    name: str
    handle: str
    network: str
    avatar: str
    followers: int


class Carrier(NamedTuple):
    """Somebody whose followers an incident reaches: `share` of all whom its authors reach, how many
    posts they wrote about it, and the newest of them."""

    who: Author
    posts: int
    post: int
    text: str
    deleted: bool
    share: float


@dataclass(frozen=True, slots=True)
class Voice:
    """A post of an incident. `how` it came in is detector, rule or agent; `copy`: it repeats
    another's words; no kind and tone where it is not judged."""

    post: int
    at: datetime
    how: str
    copy: bool
    text: str
    room: str
    url: str
    deleted: bool
    kind: str | None
    tone: int | None
    flags: tuple[str, ...]
    unsure: tuple[str, ...]
    who: Author


class Key(NamedTuple):
    """Where a list of voices goes on: the time and number of the last one shown."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Voices:
    """A page of an incident's posts, newest first; `after` is None at the end."""

    rows: list[Voice]
    after: Key | None


@dataclass(frozen=True, slots=True)
class Gist:
    """What an incident's newest posts say: samples that differ, words that others do not use, and
    places they name (a guess), each with the number of posts."""

    samples: list[Voice]
    words: list[Share]
    places: list[Share]


def members(incident_id: int, after: Key | None = None, limit: int = PAGE) -> Voices:
    """A page of an incident's posts, beginning after the key of the last page."""
    start = after._asdict() if after else _END
    rows = fetch("incidents/voices", {"incident": incident_id, **start, "limit": limit + 1})
    shown = [_voice(row) for row in rows[:limit]]
    last = shown[-1] if len(rows) > limit else None
    return Voices(shown, Key(last.at, last.post) if last else None)


def carriers(incident_id: int, limit: int = MOST_CARRIERS) -> list[Carrier]:
    """Whose followers an incident reaches, the most first."""
    rows = fetch("incidents/carriers", {"incident": incident_id, "limit": limit})
    return [Carrier(Author(*row[:6]), *row[6:]) for row in rows]


def gist_of(incident_id: int) -> Gist:
    """What people write, out of the newest LOOKED_AT posts of an incident."""
    found = [v for v in members(incident_id, limit=LOOKED_AT).rows if v.text and not v.deleted]
    own = [v for v in found if not v.copy and v.room == "public"]
    texts = [v.text for v in found]
    others = [text for (text,) in fetch("incidents/other_words", {"limit": LOOKED_AT})]
    return Gist(
        samples=[own[n] for n in gist.differing([v.text for v in own], MOST_SAMPLES)],
        words=_shares(gist.own_words(texts, others)),
        places=_shares(gist.places(texts)),
    )


def _shares(counted: Sequence[tuple[str, int]]) -> list[Share]:
    return [Share(*one) for one in counted]


def _voice(row: Row) -> Voice:
    *plain, flags, unsure = row[:12]
    return Voice(*(*plain, tuple(flags), tuple(unsure), Author(*row[12:])))
