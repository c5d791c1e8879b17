"""No hour sees more answers of rounds than their pace allows, whatever comes between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.pacing import WINDOW, Left, Pace, done_at, next_slot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def most_in_an_hour(times: list[datetime]) -> int:
    """The most that fall into any hour: the fullest one ends with one of them."""
    return max((sum(end - WINDOW < t <= end for t in times) for end in times), default=0)


PACES = st.builds(
    Pace,
    per_hour=st.integers(1, 12),
    limit=st.none() | st.integers(1, 15),
    keep_free=st.sampled_from([0, 40, 50, 90, 100]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 90)),
        st.tuples(st.just("let go"), st.just(0)),
        st.tuples(st.just("leave"), st.integers(0, 20)),
        st.tuples(st.just("take back"), st.integers(0, 20)),
        st.tuples(st.just("agent"), st.integers(0, 3)),
        st.tuples(st.just("forget"), st.just(0)),
    ),
    max_size=120,
)


class Account:
    """An account from which a round writes: slots are given, and answers leave when they like."""

    def __init__(self, pace: Pace) -> None:
        self.pace, self.now = pace, NOON
        self.under_way: list[datetime] = []
        self.rounds: list[datetime] = []
        self.others: list[datetime] = []
        self.slot: datetime | None = None

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def let_go(self, _: int) -> None:
        left = Left(self.rounds, self.others, len(self.under_way), 0, self.slot)
        slot = next_slot(self.pace, left, self.now)
        if slot is not None and slot <= self.now + timedelta(seconds=20):
            self.under_way.append(slot)
            self.slot = slot

    def leave(self, which: int) -> None:
        """One that is under way leaves: not before its slot, but however late."""
        if self.under_way:
            slot = self.under_way.pop(which % len(self.under_way))
            self.now = max(self.now, slot)
            self.rounds.append(self.now)

    def take_back(self, which: int) -> None:
        if self.under_way:
            self.under_way.pop(which % len(self.under_way))

    def agent(self, count: int) -> None:
        self.others += [self.now] * count

    def forget(self, _: int) -> None:
        """A worker that starts anew: it knows the rows, and not the slot of what was taken back."""
        self.slot = max(self.under_way, default=None)


@given(PACES, STEPS)
def test_no_hour_sees_more_than_the_pace_allows(pace, steps):
    account = Account(pace)
    for name, value in steps:
        getattr(account, name.replace(" ", "_"))(value)
    for which in range(len(account.under_way)):
        account.leave(which)
    assert most_in_an_hour(account.rounds) <= pace.rate
    assert pace.rate <= pace.per_hour
    kept = 0 if pace.limit is None else pace.limit - pace.rate
    if pace.limit is not None and most_in_an_hour(account.others) <= kept:
        assert most_in_an_hour(account.rounds + account.others) <= pace.limit


@given(PACES, st.lists(st.integers(0, 59), max_size=30))
def test_where_agents_used_up_the_limit_the_round_waits(pace, minutes):
    others = [at(-m) for m in minutes]
    slot = next_slot(pace, Left(others=others), NOON)
    if slot is not None and pace.limit is not None:
        assert sum(slot - WINDOW < t for t in others) < pace.limit


def test_answers_leave_evenly_and_nothing_is_made_up_for_after_a_pause():
    pace = Pace(per_hour=60)
    assert next_slot(pace, Left(slot=NOON), NOON) == at(1)
    assert next_slot(pace, Left(slot=NOON), at(30)) == at(30)


def test_of_what_the_network_allows_a_part_is_kept_free():
    assert Pace(600, 1666, 40).rate == 600
    assert Pace(2000, 1666, 40).rate == 999
    assert Pace(600, None, 40).rate == 600
    assert Pace(600, 100, 100).rate == 0


def test_nobody_can_say_while_what_is_under_way_fills_the_hour():
    assert next_slot(Pace(2), Left(rounds_under_way=2), NOON) is None
    assert next_slot(Pace(2), Left([at(-10)], rounds_under_way=1), NOON) == at(50)
    assert next_slot(Pace(5, 3, 0), Left(others_under_way=3), NOON) is None
    assert next_slot(Pace(0), Left(), NOON) is None


@pytest.mark.parametrize(
    ("waiting", "done"), [(0, at(0)), (1, at(0)), (61, at(60)), (812, at(811))]
)
def test_the_forecast_says_when_the_last_one_leaves(waiting, done):
    assert done_at(Pace(60), waiting, NOON) == done


def test_what_may_never_leave_has_no_end():
    assert done_at(Pace(60, 10, 100), 5, NOON) is None
