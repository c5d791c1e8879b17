"""Promises of the policy on real cases: kept by version, warned of, broken, and said once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import agent
from river import connected, hear, minutes, says, we_say
from sanderling.cases import actions
from sanderling.cases.models import Case, Clock, ClockFact
from sanderling.cases.watching import watch_clocks
from sanderling.core.timing import NEVER
from sanderling.people.models import Team
from sanderling.policy.models import Version

pytestmark = pytest.mark.django_db

QUICK = """
name = "Quick"

[[goals]]
name = "angry people first"
when = "tone >= annoyed"
acknowledge = "5m"

[[goals]]
name = "everybody"
when = "true"
acknowledge = "30m"
answer = "2h"

[[routes]]
name = "broken things"
when = 'kind == "complaint"'
team = "Technicians"
skills = ["network"]
"""
FURIOUS = "@NorthwindCare no signal since monday, this is a disgrace!!! I am FURIOUS"
MILD = "@NorthwindCare when will the shop open?"


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def quick() -> int:
    """A policy of the company's own, and the team that it names."""
    Team.objects.create(name="Technicians")
    return Version.objects.create(text=QUICK, at=minutes(0)).pk


def clocks() -> dict[tuple[str, str], Clock]:
    return {(c.turn.remote_id, c.kind): c for c in Clock.objects.all()}


def said() -> list[tuple[str, str]]:
    return list(ClockFact.objects.order_by("id").values_list("kind", "fact"))


def test_each_promise_is_that_of_the_first_goal_that_names_it(account, quick):
    hear(account, says("1", FURIOUS))
    found = clocks()
    assert {k: (c.due_at, c.rule, c.policy) for (_, k), c in found.items()} == {
        "acknowledge": (minutes(5), "angry people first", quick),
        "answer": (minutes(120), "everybody", quick),
    }


def test_a_case_goes_to_the_team_of_the_rule_and_keeps_which_rule_it_was(account, quick):
    hear(account, says("1", FURIOUS), says("2", MILD, who="omar"))
    routed = {c.requester.handle: c for c in Case.objects.all()}
    lena, omar = routed["lena"], routed["omar"]
    assert (lena.team.name, lena.route, lena.policy, lena.skills) == (
        "Technicians", "broken things", quick, ["network"]
    )  # fmt: skip
    assert (omar.team, omar.route) == (None, "")


def test_a_worse_post_in_the_same_turn_tightens_the_promise(account, quick):
    hear(account, says("1", MILD))
    assert clocks()["1", "acknowledge"].due_at == minutes(30)
    hear(account, says("2", FURIOUS, at=10))
    clock = clocks()["1", "acknowledge"]
    assert (clock.due_at, clock.rule) == (minutes(15), "angry people first")
    assert ("acknowledge", "promised anew") in said()


def test_a_new_policy_changes_no_promise_that_was_made(account, quick):
    hear(account, says("1", MILD))
    slow = QUICK.replace('"30m"', '"100m"').replace('"5m"', '"50m"')
    later = Version.objects.create(text=slow, at=minutes(5)).pk
    hear(account, says("2", FURIOUS, at=10), we_say("3", at=12, reply_to="1"))
    assert clocks()["1", "acknowledge"].policy == quick
    assert clocks()["1", "acknowledge"].due_at == minutes(15)
    hear(account, says("4", MILD, at=20, reply_to="3"))
    assert clocks()["4", "acknowledge"].policy == later
    assert clocks()["4", "acknowledge"].due_at == minutes(20 + 100)


def test_what_is_about_to_break_is_warned_of_once_and_what_broke_is_a_fact_once(account, quick):
    hear(account, says("1", MILD))
    assert watch_clocks(now=minutes(1)) == 0
    warn_at = clocks()["1", "acknowledge"].next_at
    assert minutes(1) < warn_at < minutes(30)
    for _ in range(2):
        watch_clocks(now=warn_at)
    assert said() == [("acknowledge", "warned")]
    for _ in range(3):
        watch_clocks(now=minutes(31))
    assert said() == [("acknowledge", "warned"), ("acknowledge", "broken")]
    assert clocks()["1", "acknowledge"].broken_at == minutes(31)
    assert clocks()["1", "acknowledge"].next_at is None


def test_a_clock_that_was_met_is_not_looked_at(account, quick):
    hear(account, says("1", MILD), we_say("2", at=3, reply_to="1"))
    assert watch_clocks(now=minutes(500)) == 0
    assert not ClockFact.objects.filter(fact__in=["warned", "broken"]).exists()


def test_what_comes_while_a_warning_stands_does_not_take_it_back(account, quick):
    hear(account, says("1", MILD))
    watch_clocks(now=minutes(29))
    hear(account, says("2", MILD, at=29))
    assert clocks()["1", "acknowledge"].warned_at == minutes(29)
    watch_clocks(now=minutes(29))
    assert said() == [("acknowledge", "warned")]


def test_nobody_waits_unseen_a_case_put_aside_comes_back_before_its_promise_breaks(account, quick):
    hear(account, says("1", MILD))
    case = Case.objects.get()
    actions.snooze(case_id=case.pk, until=minutes(10_000), by=agent("Ada").pk, now=minutes(1))
    watch_clocks(now=minutes(29))
    case.refresh_from_db()
    assert not case.snoozed


def test_what_is_late_already_when_it_is_heard_is_broken_without_a_warning(account, quick):
    hear(account, says("1", MILD))
    watch_clocks(now=minutes(300))
    assert set(said()) == {("acknowledge", "broken"), ("answer", "broken")}


def test_resolving_meets_what_was_to_be_solved_and_voids_the_rest(account):
    hear(account, says("1", FURIOUS))
    case, ada = Case.objects.get(), agent("Ada").pk
    actions.claim(case_id=case.pk, by=ada, now=minutes(1))
    actions.resolve(case_id=case.pk, outcome="solved", by=ada, now=minutes(9))
    found = {k: (c.met_at, c.void_at) for (_, k), c in clocks().items()}
    assert found == {
        "acknowledge": (None, minutes(9)),
        "answer": (None, minutes(9)),
        "solve": (minutes(9), None),
    }
    assert ("solve", "met") in said()
    assert not Clock.objects.exclude(next_at=None).exists()


@pytest.mark.parametrize(
    ("outcome", "met"), [("solved", True), ("told we cannot", True), ("no answer", False)]
)
def test_only_an_honest_end_meets_what_was_to_be_solved(account, outcome, met):
    hear(account, says("1", FURIOUS))
    ada = agent("Ada").pk
    actions.resolve(case_id=Case.objects.get().pk, outcome=outcome, by=ada, now=minutes(9))
    solve = clocks()["1", "solve"]
    assert (solve.met_at is not None, solve.void_at is not None) == (met, not met)


def test_solving_rests_while_the_customer_is_to_answer(account):
    hear(account, says("1", FURIOUS), we_say("2", at=60, reply_to="1"))
    assert clocks()["1", "solve"].due_at == NEVER
    hear(account, says("3", at=600, reply_to="2"))
    three_days = timedelta(days=3)
    assert clocks()["1", "solve"].due_at == minutes(600) + three_days - timedelta(minutes=60)
    assert [fact for kind, fact in said() if kind == "solve"] == ["resumed"]
