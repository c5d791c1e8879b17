"""The right next case: visible arithmetic, more for who has it worse, nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.priority import DIGIT, FLAGS, LATE, LATER, Facts, priority
from sanderling.core.priority import points as summed
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Flag, Tone, Urgency

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
spans = st.timedeltas(timedelta(0), timedelta(days=60))


@st.composite
def facts(draw) -> Facts:
    since = NOW - draw(spans)
    budget = draw(st.timedeltas(timedelta(minutes=1), timedelta(days=9)))
    promised = draw(st.booleans())
    return Facts(
        due_at=since + budget if promised else NEVER,
        due_from=since if promised else None,
        since=since,
        tone=draw(st.sampled_from(Tone)),
        urgency=draw(st.sampled_from(Urgency)),
        flags=tuple(draw(st.lists(st.sampled_from(Flag), max_size=4))),
        followers=draw(st.integers(0, 2**31 - 1)),
    )


def points(some: Facts, now: datetime = NOW) -> int:
    return priority(some, now).points


def test_the_arithmetic_says_itself_in_words():
    worst = Facts(
        due_at=NOW - timedelta(minutes=12), due_from=NOW - timedelta(hours=3, minutes=2),
        since=NOW - timedelta(hours=3, minutes=2), tone=Tone.FURIOUS, urgency=Urgency.HIGH,
        flags=(Flag.LEAVING, Flag.STRANDED), followers=20_000,
    )  # fmt: skip
    found = priority(worst, NOW)
    assert {part.says for part in found.parts} == {
        "late by 12 min", "speaks of a stranded customer", "furious", "20,000 followers",
        "waits 3 h", "high urgency",
    }  # fmt: skip
    assert found.parts[0].says == "late by 12 min"
    assert str(found).startswith(f"{found.points} points: late by 12 min ")


def test_nothing_speaks_for_a_calm_case_that_came_this_moment():
    calm = Facts(NEVER, None, NOW, Tone.CALM, Urgency.LOW, (), 0)
    assert priority(calm, NOW) == (0, ())


@given(facts())
def test_the_points_are_the_sum_of_their_parts(some):
    found = priority(some, NOW)
    assert found.points == sum(part.points for part in found.parts) == summed(some, NOW)
    assert all(part.points > 0 and part.says for part in found.parts)


@given(facts(), spans)
def test_more_time_never_counts_less(some, later):
    assert points(some, NOW + later) >= points(some)


@given(facts(), st.sampled_from(Tone), st.sampled_from(Urgency), st.integers(0, 2**31 - 1))
def test_worse_tone_more_urgency_and_more_reach_never_count_less(some, tone, urgency, followers):
    worse = some._replace(
        tone=max(tone, some.tone), urgency=max(urgency, some.urgency),
        followers=max(followers, some.followers),
    )  # fmt: skip
    assert points(worse) >= points(some)


@given(facts(), st.sampled_from(Flag))
def test_another_flag_never_counts_less(some, flag):
    assert points(some._replace(flags=(*some.flags, flag))) >= points(some)


@given(facts(), spans)
def test_a_promise_that_is_due_sooner_never_counts_less(some, sooner):
    if some.due_at < NEVER:
        began = some._replace(due_at=some.due_at - sooner, due_from=some.due_from - sooner)
        assert points(began) >= points(some)


@given(facts())
def test_a_broken_promise_counts_more_than_any_that_is_not(some):
    late = some._replace(due_at=NOW, due_from=NOW - timedelta(hours=1), since=NOW)
    in_time = late._replace(due_at=NOW + timedelta(seconds=1))
    assert points(late) > points(in_time)


@given(facts(), facts())
def test_whoever_waits_long_enough_overtakes_any_other(patient, other):
    most = LATE + LATER + sum(sorted(FLAGS.values())[-1:]) + 40 + 25 + round(DIGIT * 10)
    rival = priority(other, NOW).points
    waited = timedelta(minutes=10) * (rival + 1)
    assert points(patient, patient.since + waited) > rival
    assert rival - sum(p.points for p in priority(other, NOW).parts if p.name == "wait") <= most
