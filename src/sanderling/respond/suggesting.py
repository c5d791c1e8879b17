"""Answers that helped others: those of the most similar solved cases, without whom they were for.

What was said in private is never suggested for a public reply.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sanderling.cases.queries import NoSuchCase
from sanderling.core.impersonal import Whom, impersonal
from sanderling.core.judging.likeness import likeness
from sanderling.core.judging.weights import fast
from sanderling.core.network import Room
from sanderling.core.privacy import Pattern
from sanderling.core.words import say
from sanderling.listen.queries import accounts
from sanderling.policy.queries import current
from sanderling.respond.minding import house
from sanderling.store.sql import fetch

LEAST = 0.1
"""Less alike than this is seldom the same matter; at most one right find in six lies below."""

LOOKED_AT = 40
"""So many of the nearest are read; many of them say the same."""

ROOMS = {Room.PUBLIC: [Room.PUBLIC], Room.DIRECT: [Room.PUBLIC, Room.DIRECT]}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer to something similar. `text` has {name} and other variables where the old customer
    stood. `case`, `by` and `at` are where it comes from; `times`: so many cases were answered so.
    `alike` is from 0 to 1."""

    text: str
    case: int
    by: str
    at: datetime
    room: Room
    outcome: str
    alike: float
    times: int = 1


def suggestions(case_id: int, room: Room, *, limit: int = 3) -> list[Suggestion]:
    """Answers for a case in a room, the most similar first; none where nothing is similar, or where
    they are off (`ability`). Raises NoSuchCase."""
    case_id, text, lang = asked(case_id)
    vector = likeness(text, fast().model.idf)
    if not vector or ability():
        return []
    found = fetch(
        "respond/alike",
        {
            "likeness": vector.sparsevec(),
            "rooms": [str(r) for r in ROOMS[room]],
            "case": case_id,
            "lang": lang,
            "least": LEAST,
            "looked_at": LOOKED_AT,
        },
    )
    ours = tuple(account.handle for account in accounts())
    patterns = house(current().document).patterns
    return _different([_suggestion(ours, patterns, *row) for row in found])[:limit]


class Asked(NamedTuple):
    """What a customer asks: their newest post that needs us, and its language ("" if not known)."""

    case: int
    text: str
    lang: str


def asked(case_id: int) -> Asked:
    """What a customer asks in a case, or the one it was merged into; raises NoSuchCase."""
    found = fetch("respond/asked", {"case": case_id})
    if not found:
        raise NoSuchCase(say("There is no case {number} that somebody wrote in.", number=case_id))
    return Asked(*found[0])


def ability() -> str:
    """Why nothing can be suggested on this database; empty where all is well."""
    ((ready, available),) = fetch("respond/has_likeness", {})
    if ready:
        return ""
    if available is None:
        return say("The database lacks pgvector, which finds similar cases.")
    return say(
        "The database has pgvector {available}, but Sanderling was not allowed to use it.",
        available=available,
    )


def _suggestion(ours: tuple[str, ...], patterns: tuple[Pattern, ...], *row: Any) -> Suggestion:
    alike, case, room, at, text, outcome, by, name, handle, wrote = row
    whom = Whom(name=name, handle=handle, wrote=wrote or "", ours=ours, patterns=patterns)
    return Suggestion(impersonal(text, whom), case, by, at, Room(room), outcome, alike)


def _different(found: list[Suggestion]) -> list[Suggestion]:
    """Each wording once, as its most similar case has it, and how often it was said."""
    kept: dict[str, Suggestion] = {}
    for one in found:
        wording = " ".join(one.text.casefold().split())
        if not wording:
            continue
        known = kept.get(wording)
        kept[wording] = replace(known, times=known.times + 1) if known else one
    return list(kept.values())
