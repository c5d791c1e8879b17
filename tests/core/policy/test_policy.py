"""What a policy promises, whose matter it says a post is, and who must look first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.writing import GOAL, OFFICE, at, policy
from sanderling.core.policy import Route, Saying, Situation, shipped
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Flag, Kind, Tone, Urgency

MORNING = at("2026-11-20T09:00")  # a Friday
HOUR = timedelta(hours=1)

situations = st.builds(
    Situation,
    kind=st.sampled_from(Kind),
    tone=st.sampled_from(Tone),
    urgency=st.sampled_from(Urgency),
    flags=st.lists(st.sampled_from(Flag), max_size=3).map(tuple),
    room=st.sampled_from(["public", "direct"]),
    followers=st.integers(0, 10**9),
)


def kinds(found):
    return {p.kind: (p.budget, p.rule) for p in found}


def test_the_policy_that_ships_keeps_an_ordinary_post_at_an_hour_and_four():
    found = {p.kind: p for p in shipped().promises(Situation(), MORNING)}
    assert found["acknowledge"].due_at == MORNING + HOUR
    assert found["answer"].due_at == MORNING + 4 * HOUR
    assert found["solve"].due_at == MORNING + timedelta(days=3)
    assert found["follow up"].due_at == MORNING + timedelta(days=1)
    assert shipped().version == 0
    assert shipped().route(Situation()) == Route("", (), "")


def test_a_furious_post_with_reach_goes_to_on_call_within_a_quarter_of_an_hour():
    loud = Situation(kind=Kind.COMPLAINT, tone=Tone.FURIOUS, followers=20_000)
    found = {p.kind: p for p in shipped().promises(loud, MORNING)}
    assert found["acknowledge"].due_at == MORNING + timedelta(minutes=15)
    assert shipped().route(loud).team == "On call"


@given(situations)
def test_the_policy_that_ships_promises_everybody_an_answer(situation):
    found = {p.kind: p for p in shipped().promises(situation, MORNING)}
    assert set(found) == {"acknowledge", "answer", "solve", "follow up"}
    assert MORNING < found["acknowledge"].due_at <= found["answer"].due_at < NEVER
    assert all(MORNING <= p.warn_at < p.due_at for p in found.values())


def test_each_promise_is_taken_from_the_first_goal_that_holds_and_names_it():
    said = policy(
        '[[goals]]\nname = "Angry"\nwhen = "tone >= angry"\nacknowledge = "10m"',
        '[[goals]]\nname = "Gold"\nwhen = \'plan == "gold"\'\nacknowledge = "5m"\nanswer = "1h"',
        GOAL,
        '[plans.gold]\nlabel = "Gold"',
    )
    found = said.promises(Situation(tone=Tone.FURIOUS, plan="gold"), MORNING)
    assert kinds(found) == {
        "acknowledge": (timedelta(minutes=10), "Angry"),
        "answer": (HOUR, "Gold"),
    }
    assert kinds(said.promises(Situation(), MORNING))["answer"] == (4 * HOUR, "Everything")


def test_a_goal_counts_within_its_hours_and_warns_while_people_work():
    said = policy(OFFICE, GOAL.replace('answer = "4h"', 'answer = "4h"\nhours = "office"'))
    friday = at("2026-11-20T14:00")  # 15:00 in Berlin: two hours until the weekend
    answer = said.promises(Situation(), friday)[1]
    assert (answer.hours, answer.due_at) == ("office", at("2026-11-23T10:00"))
    assert answer.warn_at == at("2026-11-23T09:00")
    assert said.warns("answer", answer.due_at, "office", answer.budget) == answer.warn_at
    assert said.worked("office", friday, answer.due_at) == 4 * HOUR


def test_without_hours_a_goal_counts_within_those_of_the_team_it_goes_to():
    said = policy(
        OFFICE,
        GOAL,
        '[teams.Billing]\nhours = "office"',
        '[[routes]]\nname = "Bills"\nwhen = \'"money" in flags\'\nteam = "Billing"',
    )
    saturday = at("2026-11-21T10:00")
    bill, other = Situation(flags=(Flag.MONEY,)), Situation()
    assert said.promises(bill, saturday)[0].due_at == at("2026-11-23T09:00")
    assert said.promises(other, saturday)[0].due_at == at("2026-11-21T11:00")


def test_the_first_route_that_holds_gives_team_and_skills():
    said = policy(
        GOAL,
        "[[routes]]\nname = 'Bills'\nwhen = 'topic == \"billing\"'\nteam = 'Billing'",
        'skills = ["tax"]',
        '[[routes]]\nname = "Rest"\nwhen = "true"\nteam = "Care"',
    )
    assert said.route(Situation(topic="billing")) == Route("Billing", ("tax",), "Bills")
    assert said.route(Situation(topic="roaming")) == Route("Care", (), "Rest")


def test_a_route_may_hold_only_within_hours_or_only_outside_of_them():
    said = policy(
        OFFICE,
        GOAL,
        '[[routes]]\nname = "Night"\nwhen = "tone >= angry"\noutside = "office"\nteam = "On call"',
        '[[routes]]\nname = "Day"\nwhen = "true"\nwithin = "office"\nteam = "Care"',
    )
    angry = {"tone": Tone.ANGRY}
    assert said.route(Situation(at=at("2026-11-20T02:00"), **angry)).team == "On call"
    assert said.route(Situation(at=at("2026-11-20T10:00"), **angry)).team == "Care"
    assert said.route(Situation(at=at("2026-11-20T02:00"))).team == ""
    assert said.route(Situation(**angry)).team == "Care"  # no time told: as by day


def test_holidays_and_dates_of_ones_own_are_kept():
    said = policy(
        OFFICE + 'holidays = "DE-BY"\nclosed = [2026-12-24]\n[hours.office.on]\n'
        '"2026-01-06" = ["10:00-12:00"]',
        GOAL,
    )
    assert not said.is_open("office", at("2026-04-06T10:00"))  # Easter Monday
    assert not said.is_open("office", at("2026-12-24T10:00"))
    assert said.is_open("office", at("2026-01-06T10:00"))  # Epiphany, but we open
    assert not said.is_open("office", at("2026-01-06T12:00"))
    assert said.is_open("office", at("2026-04-07T10:00"))


@pytest.mark.parametrize("year", [1970, 2026, 2099])
def test_holidays_are_known_for_any_year(year):
    said = policy(OFFICE + 'holidays = "US"', GOAL)
    christmas = at(f"{year}-12-25T12:00")
    assert not said.is_open("office", christmas)
    assert date(year, 12, 25).year == year


def test_hours_that_are_not_known_never_come():
    assert shipped().due("gone", MORNING, HOUR) == NEVER
    assert shipped().worked("gone", MORNING, MORNING + HOUR) == timedelta()
    assert shipped().due("", MORNING, HOUR) == shipped().due("always", MORNING, HOUR)


def test_an_approval_says_who_and_why_and_what_is_sent_when_nobody_looks():
    said = policy(
        GOAL,
        """
[[approvals]]
name = "Refunds"
when = 'room == "public" && words.contains("refund") && length > 10'
reason = "Money is promised in public."
by = "Billing"
expires = "90m"
holding = { en = "We come back to you.", de = "Wir melden uns." }
""",
    )
    saying = {"room": "public", "words": "you get a refund", "length": 16}
    found = said.approval(Saying(**saying, lang="de"))
    assert found is not None
    assert found[:3] == ("Refunds", "Money is promised in public.", "Billing")
    assert (found.expires, found.holding) == (timedelta(minutes=90), "Wir melden uns.")
    assert said.approval(Saying(**saying, lang="fr")).holding == "We come back to you."
    assert said.approval(Saying(**{**saying, "room": "direct"})) is None


def test_a_condition_that_cannot_be_answered_does_not_hold_and_hurts_no_other():
    said = policy(
        '[[goals]]\nname = "Odd"\nwhen = "1000 / followers > 3"\nacknowledge = "5m"', GOAL
    )
    assert kinds(said.promises(Situation(followers=0), MORNING))["acknowledge"][1] == "Everything"
    assert kinds(said.promises(Situation(followers=9), MORNING))["acknowledge"][1] == "Odd"
    assert kinds(said.promises(Situation(followers=10**30), MORNING))["answer"][1] == "Everything"


@given(situations, st.text(), st.integers())
def test_no_situation_and_no_text_can_make_a_policy_fail(situation, text, number):
    odd = Situation(topic=text, plan=text, lang=text, account=text, followers=number)
    assert shipped().promises(situation, MORNING)
    assert shipped().promises(odd, MORNING)
    shipped().approval(Saying(words=text, team=text, length=number))
