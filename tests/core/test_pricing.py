"""What acts cost, and how a budget slows reading."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core import budget
from sanderling.core.budget import FULL, Pace
from sanderling.core.pricing import Act, Charge, Prices, act_of

LIST = Prices(
    dated=date(2026, 8, 22),
    currency="USD",
    source="a list",
    of={Act.POST: 15_000, Act.POST_WITH_LINK: 200_000, Act.READ_OWN: 1_000},
)
STOPPED = 1e9
shares = st.floats(0, 1)
amounts = st.integers(0, 10**9)


def test_charges_add_up_by_the_list_and_what_it_does_not_name_is_free() -> None:
    charges = [Charge(act=Act.POST), Charge(act=Act.READ_OWN, count=12), Charge(act=Act.HIDE)]
    assert LIST.cost(charges) == 15_000 + 12_000


@pytest.mark.parametrize(
    ("text", "direct", "summoned", "act"),
    [
        ("Sorry about that", False, True, Act.SUMMONED_REPLY),
        ("Sorry about that", False, False, Act.POST),
        ("See https://northwind.example/status", False, True, Act.POST_WITH_LINK),
        ("See northwind.com", False, False, Act.POST_WITH_LINK),
        ("See https://northwind.example/status", True, False, Act.MESSAGE),
        ("It leaves at 5.30 o'clock. Ask us", False, False, Act.POST),
    ],
)
def test_a_link_makes_a_post_dear(text: str, direct: bool, summoned: bool, act: Act) -> None:
    assert act_of(text, direct=direct, summoned=summoned) is act


def waits(pace: Pace) -> tuple[float, float, float]:
    return (pace.columns or STOPPED, pace.signals or STOPPED, pace.mentions)


@given(spent=amounts, more=amounts, budget_=st.integers(1, 10**9), elapsed=shares)
def test_spending_more_never_reads_faster_and_columns_slow_down_first(
    spent: int, more: int, budget_: int, elapsed: float
) -> None:
    before = waits(budget.pace(spent=spent, budget=budget_, elapsed=elapsed))
    after = waits(budget.pace(spent=spent + more, budget=budget_, elapsed=elapsed))
    assert all(a >= b for a, b in zip(after, before, strict=True))
    assert after[0] >= after[1] >= after[2]
    assert after[2] < STOPPED, "mentions never stop"


@given(spent=amounts, elapsed=shares)
def test_without_a_budget_nothing_slows(spent: int, elapsed: float) -> None:
    assert budget.pace(spent=spent, budget=None, elapsed=elapsed) == FULL


def test_a_month_spent_evenly_is_read_at_full_pace_until_the_end_nears() -> None:
    assert budget.pace(spent=400, budget=1000, elapsed=0.4) == FULL
    assert budget.pace(spent=960, budget=1000, elapsed=0.96).columns is None
    assert budget.pace(spent=1000, budget=1000, elapsed=0.5).mentions > 1
    assert budget.pace(spent=0, budget=0, elapsed=0).columns is None


def test_a_forecast_goes_on_as_it_went_and_is_calm_on_the_first_morning() -> None:
    assert budget.forecast(spent=500, elapsed=0.5) == 1000
    assert budget.forecast(spent=10, elapsed=0.0) == 200
