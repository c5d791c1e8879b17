"""What a drill is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.drilling import WEIGHTS, Facts, Goals, Mistakes, score

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


PERFECT = Facts(
    began_at=BEGAN, noticed_at=BEGAN + minutes(2), word_at=BEGAN + minutes(9), affected=3,
    waited=(minutes(3), minutes(5), minutes(14)), turned=3,
)  # fmt: skip


def changed(**what) -> Facts:
    return msgspec.structs.replace(PERFECT, **what)


def points(facts: Facts) -> dict[str, int]:
    return {part.name: part.points for part in score(facts).parts}


def test_who_does_everything_in_time_has_all_points_and_nothing_to_learn():
    found = score(PERFECT)
    assert found.points == 100
    assert found.lessons == ()
    assert [part.most for part in found.parts] == [part.points for part in found.parts]
    assert found.parts[0].says == "Seen as one incident 2 minutes after it began; the goal is 5."


def test_what_was_never_done_is_worth_nothing_and_says_so():
    found = score(changed(noticed_at=None, word_at=None, waited=(), turned=0))
    assert found.points == WEIGHTS["mistakes"]
    assert found.parts[0].says == "Nobody saw that it was one incident."
    assert found.parts[1].says == "Nothing was said to everybody in public."
    assert len(found.lessons) == 3
    assert found.lessons[0].startswith("Begin the round")  # it cost most


def test_being_late_costs_more_the_later_one_is():
    at = [points(changed(noticed_at=BEGAN + minutes(n)))["noticed"] for n in (5, 10, 15, 20, 90)]
    assert at == [20, 13, 7, 0, 0]


def test_an_answer_after_its_goal_is_worth_half_of_one_in_time():
    facts = changed(affected=2, waited=(minutes(15), minutes(16)), turned=2)
    assert points(facts)["acknowledged"] == round(30 * 0.75)
    assert score(facts).parts[2].says == (
        "2 of 2 customers heard from us, 1 of them within 15 minutes."
    )


def test_a_mistake_in_public_weighs_most():
    private = changed(mistakes=Mistakes(private=1))
    doubled = changed(mistakes=Mistakes(doubled=1))
    assert points(private)["mistakes"] == 7
    assert points(doubled)["mistakes"] == 13
    assert "private" in score(private).parts[-1].says
    assert score(changed(mistakes=Mistakes(private=1, doubled=3))).lessons[0].startswith("Ask for")


def test_a_drill_in_which_nobody_wrote_is_worth_nothing():
    found = score(Facts(began_at=None))
    assert (found.points, found.parts) == (0, ())
    assert found.lessons


def test_facts_come_back_from_the_database_as_they_went():
    facts = changed(goals=Goals(word=minutes(30)), mistakes=Mistakes(broken=2))
    kept = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(facts)))
    assert msgspec.convert(kept, Facts) == facts


spans = st.timedeltas(timedelta(), timedelta(hours=9))


@given(
    st.none() | spans, st.none() | spans, st.integers(0, 50), st.lists(spans, max_size=50),
    st.tuples(*[st.integers(0, 9)] * 5),
)  # fmt: skip
def test_points_are_never_less_than_none_nor_more_than_there_are(seen, word, more, waited, made):
    facts = Facts(
        began_at=BEGAN,
        noticed_at=None if seen is None else BEGAN + seen,
        word_at=None if word is None else BEGAN + word,
        affected=len(waited) + more, waited=tuple(waited), turned=len(waited) // 2,
        mistakes=Mistakes(
            private=made[0], doubled=made[1], broken=made[2], unanswered=made[3],
            misdirected=made[4],
        ),
    )  # fmt: skip
    found = score(facts)
    assert 0 <= found.points <= 100
    assert all(0 <= part.points <= part.most for part in found.parts)
    assert len(found.lessons) <= 3
