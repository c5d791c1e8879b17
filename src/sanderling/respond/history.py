"""The audit of a case: who did what with it, when and from where. Read only; nothing of it can be
changed (tests/house/test_history.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanderling.cases.attention import Page
from sanderling.cases.queries import Key
from sanderling.store.sql import fetch

PAGE = 100
_END = {"at": "infinity", "id": 2**62}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a case's history. `source` is case, outgoing, correction, clock or fact, and `what`
    its move, aspect, kind or fact; `was` and `became` are states or values, `of` the number of the
    outgoing post or of the case it happened in. `by` is empty where the desk did it by itself.
    """

    at: datetime
    key: int
    source: str
    what: str
    was: str
    became: str
    note: str
    by: str
    of: int


def history(cases: list[int], after: Key | None = None, limit: int = PAGE) -> Page[Entry]:
    """A page of all that happened in these cases (one, and those merged into it), newest first."""
    start = after._asdict() if after else _END
    rows = fetch("respond/history", {**start, "cases": cases, "limit": limit + 1})
    shown = [Entry(*r) for r in rows[:limit]]
    return Page(shown, Key(shown[-1].at, shown[-1].key) if len(rows) > limit else None)
