"""What pages read of listening: our accounts, and the columns with their pulse."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Sum

from sanderling.core.budget import FULL
from sanderling.core.pricing import Act
from sanderling.core.timing import NEVER
from sanderling.listen.models import Account, Column, Coverage, Spend
from sanderling.listen.spend import Spent, month_of, pace, spent
from sanderling.store.sql import fetch

STEP = timedelta(minutes=5)
STEPS = 24
MOST_COUNTED = 1000
LATELY = timedelta(hours=6)
"""How long ago a post may have come late to be worth a word."""
WEEK = timedelta(days=7)
"""A stream that has been silent for longer is no news any more."""
DEAREST = 3
READ_FOR = {
    Act.READ_MESSAGE: "messages", Act.READ_LIKE: "likes", Act.READ_OWN: "our own posts",
    Act.COUNT: "columns",
}  # fmt: skip
"""What reading is for, where neither a column nor a case says so; else it is for mentions."""


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
class Late:
    """Posts that came late although a stream or webhook should have told them; the last `at`."""

    posts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a month's money, in millionths, and what it went for."""

    what: str
    micros: int


@dataclass(frozen=True, slots=True)
class Split:
    """What a month's money went for, and the DEAREST columns by name; the largest first."""

    shares: tuple[Share, ...] = ()
    dearest: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """How one of our accounts does. Times are None for what did not happen yet.

    `posted_at` is when its newest post came in, `lag_s` how old that was then (seconds). `asked_at`
    is when its network last answered, `live_at` when a stream or webhook last gave a sign of life.
    `team` is the id of the team it belongs to, None where it is everybody's.
    `trouble` is why it is not heard, until `rest_until`; `warning` what else does not work.
    `slowed`: it reads less than it could, to keep to its budget. `late` is what came late LATELY;
    `unheard` how many posts came only by asking on the days since a stream or webhook fell silent.
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
    split: Split
    yesterday: Covered | None
    late: Late | None
    unheard: int

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
    days: dict[int, list[Coverage]] = defaultdict(list)
    for row in Coverage.objects.filter(day__gte=(now - WEEK).astimezone(UTC).date()):
        days[row.account_id].append(row)
    ours = list(Account.objects.order_by("id"))
    splits = _splits([a.pk for a in ours], now)
    found = [_health(a, days[a.pk], splits.get(a.pk, Split()), now) for a in ours]
    return sorted(found, key=lambda a: a.archived_at is not None)


def cases_cost(case_ids: Sequence[int]) -> dict[int, int]:
    """What acts for cases cost, in millionths of each account's currency."""
    found = Spend.objects.filter(case_id__in=case_ids).values_list("account_id")
    return dict(found.annotate(Sum("micros")))


def column_costs(now: datetime) -> dict[int, dict[int, int]]:
    """What columns cost this month, in millionths of each account's currency, by column."""
    found = Spend.objects.filter(column_id__isnull=False, day__gte=month_of(now))
    costs: dict[int, dict[int, int]] = defaultdict(dict)
    for column_id, account_id, micros in found.values_list("column_id", "account_id").annotate(
        Sum("micros")
    ):
        costs[column_id][account_id] = micros
    return costs


def _splits(account_ids: list[int], now: datetime) -> dict[int, Split]:
    went: dict[int, Counter[str]] = defaultdict(Counter)
    by_column: dict[int, Counter[str]] = defaultdict(Counter)
    facts = {"accounts": account_ids, "since": month_of(now)}
    for account_id, act, answer, name, micros in fetch("listen/month_split", facts):
        if name is not None:
            went[account_id]["columns"] += micros
            by_column[account_id][name] += micros
        else:
            went[account_id]["answers" if answer else READ_FOR.get(act, "mentions")] += micros
    return {
        account_id: Split(_largest(found), _largest(by_column[account_id])[:DEAREST])
        for account_id, found in went.items()
    }


def _largest(found: Counter[str]) -> tuple[Share, ...]:
    return tuple(Share(what, micros) for what, micros in found.most_common() if micros)


def _health(a: Account, days: list[Coverage], split: Split, now: datetime) -> Health:
    return Health(
        id=a.pk, network=a.network, handle=a.handle, name=a.name, avatar=a.avatar,
        team=a.team_id,
        connected_at=a.connected_at, archived_at=a.archived_at, posted_at=a.heard_at,
        lag_s=a.lag_s, asked_at=a.pulled_at, live_at=a.streamed_at, trouble=a.trouble,
        warning=a.warning, rest_until=a.rest_until, month=spent(a.pk, now=now),
        slowed=a.budget is not None and pace(a.pk, now=now) != FULL, split=split,
        yesterday=_covered(days, now.astimezone(UTC).date() - timedelta(days=1)),
        late=_late(days, now), unheard=_unheard(days, a.streamed_at, now),
    )  # fmt: skip


def _covered(days: Iterable[Coverage], day: date) -> Covered | None:
    row = next((row for row in days if row.day == day), None)
    if row is None:
        return None
    arrived = row.polled + row.streamed + row.pushed + row.repaired
    return Covered(arrived, row.repaired, row.listed, row.seen)


def _late(days: Iterable[Coverage], now: datetime) -> Late | None:
    found = [(row.missed_at, row.repaired) for row in days if row.missed_at]
    found = [(at, posts) for at, posts in found if at >= now - LATELY]
    return Late(sum(posts for _, posts in found), max(found)[0]) if found else None


def _unheard(days: Iterable[Coverage], live_at: datetime | None, now: datetime) -> int:
    """A webhook may be silent because nobody wrote: only whole days with posts prove anything."""
    if live_at is None or live_at < now - WEEK:
        return 0
    return sum(row.polled for row in days if row.day > live_at.astimezone(UTC).date())


def sign_in_lost() -> list[OurAccount]:
    """Our accounts that somebody must connect again."""
    found = Account.objects.filter(archived_at=None, rest_until__gte=NEVER).order_by("id")
    return [OurAccount(*r) for r in found.values_list("id", "network", "handle", "name", "avatar")]
