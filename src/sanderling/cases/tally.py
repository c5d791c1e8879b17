"""The numbers on the badges: kept with every change, never counted for a page."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sanderling.cases.models import Case
from sanderling.store.sql import as_json, run

SLOTS = 16


class Standing(NamedTuple):
    """What a badge counts a case under. `owner` and `team` are 0 for none."""

    state: str
    owner: int
    team: int
    snoozed: bool


def standing(case: Case) -> Standing:
    """Where the case counts now."""
    return Standing(case.state, case.owner_id or 0, case.team_id or 0, case.snoozed)


def shift(before: Iterable[Standing], after: Iterable[Standing]) -> None:
    """Count cases out of where they stood and into where they stand, in this transaction."""
    change = Counter(after)
    change.subtract(before)
    rows = sorted((*place, n) for place, n in change.items() if n)
    if rows:
        keys = ("state", "owner", "team", "snoozed", "n")
        run(
            "cases/shift_tally",
            {
                "rows": as_json([dict(zip(keys, r, strict=True)) for r in rows]),
                "slot": os.getpid() % SLOTS,
            },
        )
