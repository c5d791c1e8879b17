"""The way through two rooms: pure, and time alone changes almost nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.rooms import (
    INVITATIONS,
    Facts,
    Way,
    invitation,
    invites,
    link_to,
    owes_follow_up,
    steps,
    way,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
NOTHING = Facts(True, None, None, None, None, "", False, None, None, WEEK)
OUTCOMES = ("", "solved", "told we cannot", "no answer", "never came")
X = "https://x.com/messages/compose?recipient_id={id}"

moments = st.integers(0, 60 * 24 * 60).map(lambda m: NOON + timedelta(minutes=m))
maybe = st.none() | moments
facts = st.builds(
    Facts, st.booleans(), maybe, maybe, maybe, maybe, st.sampled_from(OUTCOMES), st.booleans(),
    maybe, maybe, st.timedeltas(timedelta(hours=1), timedelta(days=30)),
)  # fmt: skip


def at(days: float) -> datetime:
    return NOON + timedelta(days=days)


def test_a_matter_goes_its_whole_way():
    f = NOTHING
    assert way(f, NOON) is Way.NONE
    f = f._replace(spoke_at=NOON)
    assert way(f, NOON) is Way.ACKNOWLEDGED
    f = f._replace(invited_at=NOON)
    assert way(f, at(1)) is Way.INVITED
    assert way(f, at(7)) is Way.NEVER_CAME
    f = f._replace(came_at=at(8), private=True)
    assert way(f, at(30)) is Way.CAME
    f = f._replace(ended_at=at(9), outcome="solved")
    assert way(f, at(9)) is Way.SOLVED
    f = f._replace(owed_at=at(9))
    assert way(f, at(9)) is Way.OWED
    assert way(f._replace(followed_at=at(10)), at(99)) is Way.DONE


def test_what_began_in_private_has_no_way_and_no_steps():
    private = NOTHING._replace(public=False, came_at=NOON, ended_at=NOON)
    assert way(private, NOON) is Way.NONE
    assert steps(private, NOON) == ()


def test_a_debt_outlives_a_reopening():
    owed = NOTHING._replace(spoke_at=NOON, came_at=NOON, owed_at=at(1), ended_at=None)
    assert way(owed, at(2)) is Way.OWED


def test_nobody_who_was_given_up_counts_as_served():
    missed = NOTHING._replace(spoke_at=NOON, invited_at=NOON, ended_at=at(8), outcome="never came")
    assert way(missed, at(8)) is Way.NEVER_CAME
    assert [s.stand for s in steps(missed, at(8))] == ["done", "done", "missed", "missed", "missed"]


@given(facts, moments, moments)
def test_time_alone_only_makes_of_invited_never_came(f, one, other):
    earlier, later = sorted((one, other))
    before, after = way(f, earlier), way(f, later)
    assert before == after or (before, after) == (Way.INVITED, Way.NEVER_CAME)


@given(facts, moments)
def test_never_came_is_said_only_after_the_time_for_it_or_by_a_person(f, now):
    if way(f, now) is Way.NEVER_CAME and f.outcome != "never came":
        assert f.invited_at is not None
        assert f.came_at is None
        assert now - f.invited_at >= f.never_came


@given(facts, moments)
def test_who_came_is_never_missed_while_the_matter_is_open(f, now):
    if f.came_at is not None and f.ended_at is None:
        assert way(f, now) is not Way.NEVER_CAME


@given(facts, moments)
def test_a_debt_is_seen_whatever_else_happened(f, now):
    assert (way(f, now) is Way.OWED) == (f.public and f.owes)


@given(facts, moments)
def test_there_is_at_most_one_current_step_and_nothing_done_after_it(f, now):
    found = [s.stand for s in steps(f, now)]
    assert found.count("current") <= 1
    if "current" in found:
        assert "ahead" not in found[: found.index("current")]
    if way(f, now) is Way.DONE:
        assert found[-1] == "done"
    if way(f, now) is Way.OWED:
        assert found[-1] in ("current", "ahead")


@given(facts)
def test_only_what_was_settled_out_of_sight_is_owed(f):
    assert owes_follow_up(f, "solved") == (f.public and f.private)
    assert not owes_follow_up(f, "no answer")
    assert not owes_follow_up(f, "never came")


def test_an_invitation_speaks_the_customers_language_and_knows_the_place():
    link = link_to(X, ours="42", handle="NorthwindCare")
    said = invitation(INVITATIONS, "de", handle="NorthwindCare", link=link)
    assert said.startswith("Bitte schreiben Sie @NorthwindCare")
    assert said.endswith("recipient_id=42")
    assert invitation(INVITATIONS, "xx", handle="N", link="").startswith("Please send @N ")
    own = {"en": "Write to us at {link} please"}
    assert invitation(own, "de", handle="N", link=link) == f"Write to us at {link} please"
    assert invitation(own, "", handle="N", link="") == "Write to us at please"


@pytest.mark.parametrize("lang", sorted(INVITATIONS))
def test_every_invitation_is_recognised_where_the_network_has_a_place(lang):
    link = link_to(X, ours="42", handle="N")
    assert invites(invitation(INVITATIONS, lang, handle="N", link=link) + " ^AB", link)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write here: https://x.com/messages/compose?recipient_id=42.", True),
        ("(https://twitter.com/messages/compose?recipient_id=42)", True),
        ("https://x.com/messages/compose?recipient_id=42&welcome_message_id=7", True),
        ("https://x.com/messages/compose?recipient_id=421", False),
        ("https://evil.example/?x.com/messages/compose?recipient_id=42", False),
        ("Send us a DM", False),
        ("", False),
    ],
)
def test_a_native_invitation_is_known_by_its_link_alone(text, found):
    assert invites(text, link_to(X, ours="42", handle="N")) is found
    assert not invites(text, "")
