"""Clocks follow the story: which are promised, which run, which were met, and which pause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.clocks import Given, clocks, due, facts, watch
from sanderling.core.placing import Entry, Need, story
from sanderling.core.policy import Promise
from sanderling.core.timing import ALWAYS, NEVER

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUDGETS = {"acknowledge": HOUR, "answer": 4 * HOUR, "solve": 48 * HOUR}


LATE = NOON + 1000 * HOUR


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


@dataclass(frozen=True)
class Steady:
    """A policy that is open day and night, promises always the same, and warns after three quarters
    of the time."""

    version: int = 7

    def promised(self, since: datetime, budgets=BUDGETS) -> tuple[Promise, ...]:
        return tuple(
            Promise(kind, budget, "always", since + budget, since + budget * 3 / 4, "plain")
            for kind, budget in budgets.items()
        )

    def due(self, hours: str, since: datetime, budget: timedelta) -> datetime:
        return ALWAYS.after(since, budget)

    def worked(self, hours: str, start: datetime, stop: datetime) -> timedelta:
        return ALWAYS.between(start, stop)

    def warns(self, kind: str, due_at: datetime, hours: str, budget: timedelta) -> datetime:
        return due_at - budget / 4


def theirs(post: int, hours: float, **more) -> Entry:
    return Entry(post, at(hours), "requester", Need.ANSWER, False, False, (post,), True, **more)


def ours(post: int, hours: float, ends: bool = True) -> Entry:
    return Entry(post, at(hours), "us", Need.NONE, ends, False, (post,), False)


def tell(entries, stand=(), promised=None, ended=False, now=LATE, budgets=BUDGETS):
    """The clocks after these entries; what no clock stands for yet is promised."""
    told = story(entries)
    known = {c.key: c for c in stand}
    steady = Steady()
    if promised is None:
        turns = {turn for turn, _ in known}
        promised = {
            t.opened_by: Given(7, steady.promised(t.since, budgets))
            for t in told.turns
            if t.opened_by not in turns
        }
    found = clocks(told, known, promised, policy_of=lambda _: steady, ended=ended, now=now)
    return {c.key: c for c in found}


def test_a_turn_has_the_clocks_that_the_policy_promises_and_no_others():
    found = tell([theirs(1, 0)], budgets={"answer": HOUR})
    assert list(found) == [(1, "answer")]
    assert found[1, "answer"].due_at == at(1)
    assert (found[1, "answer"].policy, found[1, "answer"].rule) == (7, "plain")


def test_an_acknowledgement_meets_its_own_clock_and_an_answer_both():
    found = tell([theirs(1, 0), ours(2, 0.5, ends=False)])
    assert found[1, "acknowledge"].met_at == at(0.5)
    assert found[1, "answer"].runs
    found = tell([theirs(1, 0), ours(2, 0.5)])
    assert found[1, "acknowledge"].met_at == found[1, "answer"].met_at == at(0.5)


def test_what_is_due_first_makes_the_case_due_and_what_pauses_is_due_never():
    found = tell([theirs(1, 0), ours(2, 0.5, ends=False)])
    assert due(found.values()) == (at(4), "answer")
    found = tell([theirs(1, 0), ours(2, 0.5)])
    assert due(found.values()) == (NEVER, "")
    assert found[1, "solve"].runs
    assert found[1, "solve"].due_at == NEVER


def test_solving_takes_only_the_time_in_which_we_are_to_move():
    first = tell([theirs(1, 0), ours(2, 10)])
    again = tell([theirs(1, 0), ours(2, 10), theirs(3, 100)], first.values())
    assert again[1, "solve"].due_at == at(100 + 48 - 10)
    assert (3, "solve") not in again
    assert [f.fact for f in facts(first, again.values())] == ["resumed"]


def test_who_has_used_up_the_time_to_solve_is_late_as_soon_as_the_customer_writes():
    first = tell([theirs(1, 0), ours(2, 60)])
    again = tell([theirs(1, 0), ours(2, 60), theirs(3, 100)], first.values())
    assert again[1, "solve"].due_at <= at(100)


def test_reopening_begins_a_new_clock_and_leaves_the_old_one_alone():
    old = tell([theirs(1, 0), ours(2, 10)])
    solved = {**old, (1, "solve"): old[1, "solve"]._replace(met_at=at(20), due_at=at(48))}
    again = tell([theirs(1, 0), ours(2, 10), theirs(3, 100)], solved.values())
    assert again[1, "solve"] == solved[1, "solve"]
    assert again[3, "solve"].due_at == at(148)


def test_a_resolved_matter_has_nothing_to_solve():
    found = tell([theirs(1, 0), ours(2, 1)], ended=True)
    assert (1, "solve") not in found


def test_what_is_said_anew_while_the_customer_waits_is_promised_anew_and_ended_clocks_stay():
    old = tell([theirs(1, 0), ours(2, 0.5, ends=False)])
    sooner = {1: Given(7, Steady().promised(at(0), {"acknowledge": HOUR / 4, "answer": HOUR}))}
    again = tell([theirs(1, 0), ours(2, 0.5, ends=False)], old.values(), sooner)
    assert again[1, "answer"].due_at == at(1)
    assert again[1, "acknowledge"] == old[1, "acknowledge"]
    said = {(f.clock.kind, f.fact) for f in facts(old, again.values())}
    assert ("answer", "promised anew") in said


def test_a_turn_that_is_none_any_more_has_no_clocks():
    old = tell([theirs(1, 0), theirs(2, 1)])
    again = tell([theirs(1, 0)._replace(gone=True), theirs(2, 1)], old.values(), now=at(2))
    assert {key for key, c in again.items() if c.void_at == at(2)} == {
        (1, "acknowledge"), (1, "answer"), (1, "solve")
    }  # fmt: skip
    assert again[2, "answer"].runs


def test_what_an_agent_settled_is_void_and_not_met():
    old = tell([theirs(1, 0)])
    again = tell([theirs(1, 0, settled=True)], old.values(), now=at(3))
    assert again[1, "answer"].void_at == at(3)
    assert again[1, "answer"].met_at is None


def test_a_clock_is_looked_at_to_warn_then_when_it_breaks_and_then_no_more():
    clock = tell([theirs(1, 0)])[1, "answer"]
    assert clock.next_at == watch(clock, Steady()) == at(3)
    warned = clock._replace(warned_at=at(3))
    assert watch(warned, Steady()) == at(4)
    assert watch(warned._replace(broken_at=at(4)), Steady()) is None
    assert watch(clock._replace(met_at=at(1)), Steady()) is None


def test_a_public_follow_up_is_none_of_the_storys_business():
    owed = tell([theirs(1, 0)])[1, "answer"]._replace(kind="follow up")
    assert tell([theirs(1, 0), ours(2, 1)], [owed])[1, "follow up"].runs


@st.composite
def courses(draw) -> list[Entry]:
    """A matter as it goes: customer and desk write in turn, at growing times."""
    hours = 0.0
    entries = []
    for post in range(1, draw(st.integers(2, 10))):
        hours += draw(st.floats(0.01, 30))
        spoken = draw(st.sampled_from(["theirs", "theirs", "ours", "word"]))
        made = theirs(post, hours) if spoken == "theirs" else ours(post, hours, spoken == "ours")
        entries.append(made)
    return entries


@given(courses())
def test_told_post_by_post_a_clock_that_has_ended_never_changes_again(entries):
    stand: dict = {}
    for n in range(1, len(entries) + 1):
        if story(entries[:n]) is None:
            continue
        found = tell(entries[:n], stand.values())
        for key, clock in stand.items():
            assert clock.runs or found[key] == clock
        stand = found


@given(courses())
def test_told_at_once_or_post_by_post_the_clocks_are_the_same(entries):
    if story(entries) is None:
        return
    stand: dict = {}
    for n in range(1, len(entries) + 1):
        if story(entries[:n]) is not None:
            stand = tell(entries[:n], stand.values())
    assert stand == tell(entries)


@given(courses())
def test_a_clock_runs_exactly_while_its_turn_waits(entries):
    told = story(entries)
    if told is None:
        return
    found = tell(entries)
    for turn in told.turns:
        assert found[turn.opened_by, "answer"].runs == turn.waits
        assert found[turn.opened_by, "answer"].met_at == turn.answered_at


@pytest.mark.parametrize("kind", ["acknowledge", "answer"])
def test_what_the_policy_promises_no_longer_ends_when_it_is_promised_anew(kind):
    old = tell([theirs(1, 0)])
    less = {k: b for k, b in BUDGETS.items() if k != kind}
    promised = {1: Given(7, Steady().promised(at(0), less))}
    again = tell([theirs(1, 0)], old.values(), promised, now=at(1))
    assert again[1, kind].void_at == at(1)


def test_what_is_promised_anew_to_the_first_turn_counts_for_solving_it_too():
    entries = [theirs(1, 0), ours(2, 10), theirs(3, 100)]
    old = tell(entries)
    sooner = {1: Given(7, Steady().promised(at(0), {**BUDGETS, "solve": 24 * HOUR}))}
    again = tell(entries, old.values(), sooner)
    assert again[1, "solve"].due_at == at(100 + 24 - 10)
    assert "promised anew" in [f.fact for f in facts(old, again.values())]


def test_a_turn_that_went_away_and_came_back_is_to_be_solved_again():
    both, later = [theirs(1, 0), theirs(2, 1)], [theirs(2, 1)]
    first = tell(later)
    away = tell(both, first.values())
    assert not away[2, "solve"].runs
    back = tell(later, away.values())
    assert back[2, "solve"].runs
    assert back[2, "solve"].due_at == first[2, "solve"].due_at
    assert not back[1, "solve"].runs
