"""What an agent did: every move of theirs, newest first. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanderling.store.sql import fetch

PAGE = 100
_END = 2**62


@dataclass(frozen=True, slots=True)
class Doing:
    """An act of an agent. `kind` is what they did it to; `case` and `customer` are empty where that
    was no case and no answer in one, `incident` where it was no public status."""

    id: int
    at: datetime
    kind: str
    move: str
    was: str
    became: str
    note: str
    case: int | None
    customer: str
    incident: int | None


@dataclass(frozen=True, slots=True)
class Doings:
    """A page of acts; `after` is the number below which the next one goes on, None at the end."""

    rows: list[Doing]
    after: int | None


def done_by(agent_id: int, before: int | None = None, limit: int = PAGE) -> Doings:
    """A page of what an agent did."""
    rows = fetch(
        "respond/done_by", {"agent": agent_id, "before": before or _END, "limit": limit + 1}
    )
    shown = [Doing(*row) for row in rows[:limit]]
    return Doings(shown, shown[-1].id if len(rows) > limit else None)
