"""What pages read of listening: our accounts, and the columns with their pulse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sanderling.listen.models import Account, Column
from sanderling.store.sql import fetch

STEP = timedelta(minutes=5)
STEPS = 24
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class DeckColumn:
    """A saved query as a column of the deck."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Volume:
    """How many posts a column caught in each STEP of the last STEPS, oldest first.

    At most MOST_COUNTED posts are looked at, so on a very busy column the oldest steps are empty.
    """

    steps: tuple[int, ...]

    @property
    def per_minute(self) -> float:
        """Posts a minute over the two newest steps."""
        return sum(self.steps[-2:]) / (2 * STEP / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class OurAccount:
    """One of our accounts on a network."""

    id: int
    network: str
    handle: str
    name: str
    avatar: str


def columns() -> list[DeckColumn]:
    """The deck's columns in their order."""
    found = Column.objects.order_by("position", "id").values_list("id", "name", "query")
    return [DeckColumn(*r) for r in found]


def column(column_id: int) -> DeckColumn | None:
    """One column, or None if it is gone."""
    found = Column.objects.filter(pk=column_id).values_list("id", "name", "query").first()
    return DeckColumn(*found) if found else None


def volumes(now: datetime) -> dict[int, Volume]:
    """The pulse of every column, by its id; columns that were quiet are missing."""
    counted = fetch(
        "listen/column_volumes",
        {
            "now": now,
            "since": now - STEP * STEPS,
            "step": STEP.total_seconds(),
            "most": MOST_COUNTED,
        },
    )
    steps: dict[int, list[int]] = {}
    for column_id, ago, n in counted:
        if ago < STEPS:
            steps.setdefault(column_id, [0] * STEPS)[STEPS - 1 - ago] += n
    return {column_id: Volume(tuple(found)) for column_id, found in steps.items()}


def accounts() -> list[OurAccount]:
    """Our accounts that are still connected, oldest first."""
    found = Account.objects.filter(archived_at=None).order_by("id")
    return [OurAccount(*r) for r in found.values_list("id", "network", "handle", "name", "avatar")]
