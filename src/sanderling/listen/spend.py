"""What our accounts cost: every billable act is metered, and reading keeps to the budget.

Amounts are millionths of the currency of the network's price list. A row is a day (UTC), an
account, an act, and the column or case it was done for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sanderling.core import budget
from sanderling.core.budget import Pace
from sanderling.core.pricing import Charge, Prices
from sanderling.listen.models import Account
from sanderling.store.sql import as_json, fetch, run


@dataclass(frozen=True, slots=True)
class Spent:
    """An account's month so far: what was spent, what it will come to, and what it may come to."""

    micros: int
    forecast: int
    budget: int | None


def record(
    *,
    account_id: int,
    charges: Sequence[Charge],
    prices: Prices | None,
    now: datetime,
    case_id: int | None = None,
) -> None:
    """Write charges down; those that add up to nothing new cost no call."""
    if not charges or prices is None:
        return
    rows: dict[tuple[str, int | None], list[int]] = {}
    for charge in charges:
        row = rows.setdefault((charge.act, charge.column), [0, 0])
        row[0] += charge.count
        row[1] += prices.cost([charge])
    told = [
        {"act": act, "column_id": column, "count": count, "micros": micros}
        for (act, column), (count, micros) in rows.items()
        if count
    ]
    if told:
        place = {"account": account_id, "day": now.astimezone(UTC).date(), "case": case_id}
        run("listen/put_spend", {**place, "rows": as_json(told)})


def spent(account_id: int, *, now: datetime) -> Spent:
    """What the account has cost this month (UTC), and where that leads."""
    limit = Account.objects.values_list("budget", flat=True).get(pk=account_id)
    facts = {"account": account_id, "since": month_of(now)}
    ((micros,),) = fetch("listen/spent_since", facts)
    return Spent(micros, budget.forecast(spent=micros, elapsed=_elapsed(now)), limit)


def month_of(now: datetime) -> date:
    """The first day of the month (UTC)."""
    return now.astimezone(UTC).date().replace(day=1)


def pace(account_id: int, *, now: datetime) -> Pace:
    """How fast the account may read, so that its month stays in its budget."""
    month = spent(account_id, now=now)
    return budget.pace(spent=month.micros, budget=month.budget, elapsed=_elapsed(now))


def _elapsed(now: datetime) -> float:
    """The part of the month that is gone, 0 to 1."""
    now = now.astimezone(UTC)
    days = monthrange(now.year, now.month)[1]
    return (now.day - 1 + (now.hour + now.minute / 60) / 24) / days
