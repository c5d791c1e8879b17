"""Every billable act is metered, and the pace of reading keeps to the budget."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from river import NOON, connected, minutes
from sanderling.core.budget import FULL
from sanderling.core.pricing import Act, Charge, Prices
from sanderling.listen import spend
from sanderling.listen.models import Account, Spend

pytestmark = pytest.mark.django_db
PRICES = Prices(
    dated=date(2026, 8, 22),
    currency="USD",
    source="a list",
    of={Act.READ_POST: 5_000, Act.MESSAGE: 15_000},
)


def read(account: int, count: int, *, now: datetime = NOON, **more) -> None:
    charges = [Charge(act=Act.READ_POST, count=count, **more)]
    spend.record(account_id=account, charges=charges, prices=PRICES, now=now)


def rows() -> list[tuple[object, ...]]:
    order = ("day", "act", "column_id", "case_id")
    return list(Spend.objects.order_by(*order).values_list(*order, "count", "micros"))


def test_charges_of_a_kind_add_up_to_one_row_a_day():
    account = connected()
    read(account, 3)
    read(account, 4, now=minutes(60))
    read(account, 1, now=minutes(24 * 60))
    today, tomorrow = NOON.date(), minutes(24 * 60).date()
    assert rows() == [
        (today, "read a post", None, None, 7, 35_000),
        (tomorrow, "read a post", None, None, 1, 5_000),
    ]


def test_the_column_and_the_case_are_on_the_bill():
    account = connected()
    read(account, 2, column=8)
    read(account, 1)
    spend.record(
        account_id=account, charges=[Charge(act=Act.MESSAGE)], prices=PRICES, now=NOON, case_id=5
    )
    assert [(act, column, case, micros) for _, act, column, case, _, micros in rows()] == [
        ("message", None, 5, 15_000),
        ("read a post", 8, None, 10_000),
        ("read a post", None, None, 5_000),
    ]


def test_where_nothing_costs_anything_nothing_is_written():
    account = connected()
    spend.record(account_id=account, charges=[Charge(act=Act.POST)], prices=None, now=NOON)
    spend.record(account_id=account, charges=[], prices=PRICES, now=NOON)
    assert rows() == []


def test_a_month_counts_from_its_first_day_in_utc_and_for_this_account_alone():
    account = connected()
    read(account, 100, now=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    read(account, 2, now=datetime(2026, 3, 1, 0, 0, tzinfo=UTC))
    assert spend.spent(account, now=NOON).micros == 10_000


def test_the_budget_slows_the_account():
    account = connected()
    Account.objects.filter(pk=account).update(budget=100_000)
    assert spend.pace(account, now=NOON) == FULL
    read(account, 19)
    assert spend.pace(account, now=NOON).columns is None
    assert spend.pace(account, now=datetime(2026, 4, 1, tzinfo=UTC)) == FULL
