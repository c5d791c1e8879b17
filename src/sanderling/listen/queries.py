"""What pages read of listening: our accounts, and the columns with their pulse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sanderling.core.budget import FULL
from sanderling.core.timing import NEVER
from sanderling.listen.models import Account, Column, Coverage
from sanderling.listen.spend import Spent, pace, spent
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


@dataclass(frozen=True, slots=True)
class Covered:
    """How a day's posts came to an account: `arrived` all in all, `repaired` of them late.

    `listed` is how many the network showed when all was read again (0: not done yet), `seen` how
    many of those stand here.
    """

    arrived: int
    repaired: int
    listed: int
    seen: int


@dataclass(frozen=True, slots=True)
class Health:
    """How one of our accounts does. Times are None for what did not happen yet.

    `posted_at` is when its newest post came in, `lag_s` how old that was then (seconds). `asked_at`
    is when its network last answered, `live_at` when a stream or webhook last gave a sign of life.
    `team` is the id of the team it belongs to, None where it is everybody's.
    `trouble` is why it is not heard, until `rest_until`; `warning` what else does not work.
    `slowed`: it reads less than it could, to keep to its budget.
    """

    id: int
    network: str
    handle: str
    name: str
    avatar: str
    team: int | None
    connected_at: datetime | None
    archived_at: datetime | None
    posted_at: datetime | None
    lag_s: float | None
    asked_at: datetime | None
    live_at: datetime | None
    trouble: str
    warning: str
    rest_until: datetime | None
    month: Spent
    slowed: bool
    yesterday: Covered | None

    @property
    def lost(self) -> bool:
        """Whether its permission is gone, so that somebody must connect it again."""
        return self.archived_at is None and self.rest_until is not None and self.rest_until >= NEVER


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


def health(now: datetime) -> list[Health]:
    """How every account of ours does, the connected ones first, each oldest first."""
    yesterday = {
        row.account_id: Covered(
            arrived=row.polled + row.streamed + row.pushed + row.repaired,
            repaired=row.repaired,
            listed=row.listed,
            seen=row.seen,
        )
        for row in Coverage.objects.filter(day=now.astimezone(UTC).date() - timedelta(days=1))
    }
    found = [_health(a, yesterday.get(a.pk), now) for a in Account.objects.order_by("id")]
    return sorted(found, key=lambda a: a.archived_at is not None)


def _health(a: Account, yesterday: Covered | None, now: datetime) -> Health:
    return Health(
        id=a.pk, network=a.network, handle=a.handle, name=a.name, avatar=a.avatar,
        team=a.team_id,
        connected_at=a.connected_at, archived_at=a.archived_at, posted_at=a.heard_at,
        lag_s=a.lag_s, asked_at=a.pulled_at, live_at=a.streamed_at, trouble=a.trouble,
        warning=a.warning, rest_until=a.rest_until, month=spent(a.pk, now=now),
        slowed=a.budget is not None and pace(a.pk, now=now) != FULL, yesterday=yesterday,
    )  # fmt: skip


def sign_in_lost() -> list[OurAccount]:
    """Our accounts that somebody must connect again."""
    found = Account.objects.filter(archived_at=None, rest_until__gte=NEVER).order_by("id")
    return [OurAccount(*r) for r in found.values_list("id", "network", "handle", "name", "avatar")]
