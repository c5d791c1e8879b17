"""What pages read of listening: our accounts, and the columns with their pulse."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, Sum

from sanderling.core.budget import FULL
from sanderling.core.pricing import Act
from sanderling.core.timing import NEVER
from sanderling.listen.models import Account, Column, Coverage, Ignored, Muted, Post, Spend
from sanderling.listen.spend import Spent, month_of, pace, spent
from sanderling.store.sql import Row, fetch

HOURS = 24
LATELY_COUNTED = timedelta(minutes=10)
BEFORE_COUNTED = timedelta(hours=2)
MOST_COUNTED = 2000
MOST_LEFT_OUT = 20
LATELY = timedelta(hours=6)
"""How long ago a post may have come late to be worth a word."""
WEEK = timedelta(days=7)
"""A stream that has been silent for longer is no news any more."""
DEAREST = 3
LONGEST_SAID = 80
_COLUMN = ("id", "deck_id", "name", "query", "width")
_OUR_ACCOUNT = ("id", "network", "handle", "name", "avatar")
READ_FOR = {
    Act.READ_MESSAGE: "messages", Act.READ_LIKE: "likes", Act.READ_OWN: "our own posts",
    Act.COUNT: "columns",
}  # fmt: skip
"""What reading is for, where neither a column nor a case says so; else it is for mentions."""


@dataclass(frozen=True, slots=True)
class DeckColumn:
    """A saved query as a column of a deck."""

    id: int
    deck: int
    name: str
    query: str
    width: str


@dataclass(frozen=True, slots=True)
class Volume:
    """How many posts a column caught in each of the last HOURS, oldest first.

    `lately` and `before` count those of the last LATELY_COUNTED and of the BEFORE_COUNTED that
    ended then; `before_min` is how many minutes of that were looked at. At most MOST_COUNTED posts
    are: `full` says that there may be more, in the oldest hours.
    """

    hours: tuple[int, ...] = (0,) * HOURS
    lately: int = 0
    before: int = 0
    before_min: float = (BEFORE_COUNTED - LATELY_COUNTED) / timedelta(minutes=1)
    full: bool = False

    @property
    def per_minute(self) -> float:
        """Posts a minute lately."""
        return self.lately / (LATELY_COUNTED / timedelta(minutes=1))

    @property
    def usual(self) -> float:
        """Posts a minute before that."""
        return self.before / self.before_min if self.before_min > 0 else 0.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a column does not show: `kind` is author, thread or post, `id` the number of
    the mute, or of the post. `everywhere`: in all columns of the deck."""

    id: int
    kind: str
    name: str
    everywhere: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands on its network, and what our account there is called."""

    account: int
    ours: str
    remote_id: str
    room: str
    gone: bool


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


def columns(deck: int | None = None) -> list[DeckColumn]:
    """The columns of a deck in their order; of all decks where none is named."""
    found = Column.objects.order_by("deck_id", "position", "id")
    return [
        DeckColumn(*r) for r in (found.filter(deck=deck) if deck else found).values_list(*_COLUMN)
    ]


def column(column_id: int) -> DeckColumn | None:
    """One column, or None if it is gone."""
    found = Column.objects.filter(pk=column_id).values_list(*_COLUMN).first()
    return DeckColumn(*found) if found else None


def volumes(column_ids: Sequence[int], now: datetime) -> dict[int, Volume]:
    """How much columns catch, by id; those that caught nothing in HOURS are missing."""
    params = {
        "columns": list(column_ids), "now": now, "since": now - timedelta(hours=HOURS),
        "lately": now - LATELY_COUNTED, "before": now - BEFORE_COUNTED, "most": MOST_COUNTED,
    }  # fmt: skip
    rows: dict[int, list[Row]] = defaultdict(list)
    for column_id, *row in fetch("listen/column_volumes", params):
        rows[column_id].append(tuple(row))
    return {column_id: _volume(found, now) for column_id, found in rows.items()}


def _volume(rows: Sequence[Row], now: datetime) -> Volume:
    """From rows of (hours ago, shown, shown lately, shown before, looked at, oldest)."""
    hours = [0] * HOURS
    for ago, n, *_ in rows:
        hours[HOURS - 1 - min(ago, HOURS - 1)] += n
    full = sum(looked for *_, looked, _ in rows) >= MOST_COUNTED
    span = now - min(oldest for *_, oldest in rows) if full else BEFORE_COUNTED
    return Volume(
        tuple(hours),
        lately=sum(r[2] for r in rows),
        before=sum(r[3] for r in rows),
        before_min=(min(span, BEFORE_COUNTED) - LATELY_COUNTED) / timedelta(minutes=1),
        full=full,
    )


def left_out(column: DeckColumn) -> list[LeftOut]:
    """What a column does not show, the newest first; at most MOST_LEFT_OUT mutes and posts."""
    mutes = Muted.objects.filter(deck=column.deck).filter(Q(column=None) | Q(column=column.id))
    posts = Ignored.objects.filter(column=column.id)
    found = [
        LeftOut(pk, "thread" if thread else "author", name, where is None, by or "", at)
        for pk, thread, name, where, by, at in mutes.order_by("-at")[:MOST_LEFT_OUT].values_list(
            "pk", "thread", "name", "column_id", "by__name", "at"
        )
    ]
    found += [
        LeftOut(post, "post", text[:LONGEST_SAID], False, by or "", at)
        for post, text, by, at in posts.order_by("-at")[:MOST_LEFT_OUT].values_list(
            "post_id", "post__text", "by__name", "at"
        )
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def place_of(post_id: int) -> Place | None:
    """Where a post stands on its network; None if there is none of this number."""
    found = Post.objects.filter(pk=post_id).values_list(
        "account_id", "account__handle", "remote_id", "room", "deleted_at"
    )
    row = found.first()
    return Place(*row[:4], row[4] is not None) if row else None


def accounts() -> list[OurAccount]:
    """Our accounts that are still connected, oldest first."""
    found = Account.objects.filter(archived_at=None).order_by("id")
    return [OurAccount(*r) for r in found.values_list("id", "network", "handle", "name", "avatar")]


def accounts_of_teams(network: str) -> dict[int, OurAccount]:
    """By team: the account in which it answers on a network, its oldest."""
    found = Account.objects.filter(archived_at=None, network=network, team__isnull=False)
    rows = found.order_by("-id").values_list("team_id", *_OUR_ACCOUNT)
    return {team: OurAccount(*account) for team, *account in rows if team is not None}


def accounts_of_all_teams() -> dict[int, list[OurAccount]]:
    """By team: the accounts in which it answers, oldest first."""
    teams: dict[int, list[OurAccount]] = defaultdict(list)
    found = Account.objects.filter(archived_at=None, team__isnull=False).order_by("id")
    for team, *account in found.values_list("team_id", *_OUR_ACCOUNT):
        if team is not None:
            teams[team].append(OurAccount(*account))
    return dict(teams)


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
