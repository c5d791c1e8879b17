"""Work lists of what would else be forgotten: walked by key like the queues, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sanderling.cases.queries import CaseRow, Key, rows_of
from sanderling.policy import queries as policies
from sanderling.store.sql import fetch

LISTS = ("invited", "owed", "silent")
SILENT = timedelta(hours=24)
"""How long a customer may wait before silence has a list."""
MOST_COUNTED = 1_000
_FIRST = {"at": "-infinity", "id": 0}


class Item(NamedTuple):
    """A case in a list, and since when it stands there."""

    case: CaseRow
    since: datetime


@dataclass(frozen=True, slots=True)
class WorkList:
    """One page of a list; `after` is the key of the next page, None at the end."""

    items: list[Item]
    after: Key | None


def worklist(name: str, *, now: datetime, after: Key | None = None, limit: int = 50) -> WorkList:
    """A page of one of LISTS, beginning after the key of the last page.

    invited: asked to write in private, and never came. owed: settled in private, and the public was
    not told. silent: the customer's turn waits for more than SILENT, whatever else happened.
    """
    keys = _keys(name, now, after, limit + 1)
    shown = keys[:limit]
    last = shown[-1] if len(keys) > limit else None
    cases = {row.id: row for row in rows_of([key.id for key in shown])}
    items = [Item(cases[key.id], key.at) for key in shown if key.id in cases]
    return WorkList(items, last)


def counts(now: datetime) -> dict[str, int]:
    """How many cases stand in each list; no further than MOST_COUNTED."""
    return {name: len(_keys(name, now, None, MOST_COUNTED)) for name in LISTS}


def _age(name: str) -> timedelta:
    """How long a case must have been so, to stand in the list."""
    if name == "invited":
        return policies.current().document.rooms.never_came
    return SILENT if name == "silent" else timedelta()


def _keys(name: str, now: datetime, after: Key | None, limit: int) -> list[Key]:
    start = after._asdict() if after else _FIRST
    found = fetch(f"cases/list_{name}", {**start, "before": now - _age(name), "limit": limit})
    return [Key(at, case_id) for case_id, at in found]
