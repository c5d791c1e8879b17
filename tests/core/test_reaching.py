"""Whom a round answers, and the reason by which it leaves somebody to a person."""

from __future__ import annotations

import msgspec
import pytest

from sanderling.core.answering import Standing, Target
from sanderling.core.network import Limits, Room
from sanderling.core.reaching import OVERRULED, PERSON, Known, aside
from sanderling.core.verdict import Flag

LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
STANDING = Standing(
    limits=LIMITS, handle="kim", ours="NorthwindCare", wrote_public=True, wrote_direct=False,
    follows_us=None, takes_messages=None,
    target=Target(room=Room.PUBLIC, handle="kim", gone=False),
)  # fmt: skip
KIM = Known("acknowledge", Room.PUBLIC, STANDING, case=7, state="new")
GONE = msgspec.structs.replace(STANDING, target=Target(room=Room.PUBLIC, handle="kim", gone=True))


def test_who_wrote_and_waits_is_answered():
    assert aside(KIM) is None
    assert aside(KIM._replace(owner="Ben", state="open")) is None


@pytest.mark.parametrize(
    ("changes", "reason", "says"),
    [
        ({"ours": True}, "ours", "account of our own"),
        ({"rehearsed": True}, "drill", "a drill"),
        ({"told_as": "lena"}, "told", "as @lena"),
        ({"standing": GONE}, "no way", "deleted the post"),
        ({"writer": "Ben"}, "talking", "Ben is writing"),
        ({"on_its_way": True}, "talking", "on its way"),
        ({"answered": True, "owner": "Ben", "state": "open"}, "talking", "Ben talks to them"),
        ({"copy": True, "case": None, "state": ""}, "copy", "repeat"),
        ({"case": None, "state": ""}, "no case", "Triage"),
        ({"answered": True, "state": "waiting"}, "answered", "already"),
        ({"state": "resolved"}, "ended", "ended"),
        ({"flags": frozenset({Flag.PRESS, Flag.SAFETY})}, "care", "in danger"),
        ({"flags": frozenset({Flag.LEGAL})}, "care", "law"),
    ],
)
def test_whom_it_leaves_and_why(changes, reason, says):
    known = KIM._replace(**changes)
    found = aside(known)
    assert found is not None
    assert found.reason == reason
    assert says in found.why
    overruled = aside(known, by_hand=True)
    assert (overruled is None) == (reason in OVERRULED)


def test_who_says_what_others_said_and_needs_an_answer_gets_one():
    """In an outage many find the same few words."""
    assert aside(KIM._replace(copy=True)) is None


def test_money_or_anger_alone_keep_nobody_from_an_answer():
    assert aside(KIM._replace(flags=frozenset({Flag.MONEY, Flag.LEAVING, Flag.ABUSE}))) is None


def test_closing_tells_those_whose_case_ended_without_an_answer_and_who_wait():
    closing = KIM._replace(kind="close")
    assert aside(closing._replace(state="waiting", answered=True, owner="Ben")) is None
    assert aside(closing._replace(state="resolved")) is None
    ended = aside(closing._replace(state="resolved", answered=True))
    assert ended is not None
    assert ended.reason == "ended"


def test_what_may_be_overruled_and_what_needs_a_person_are_reasons_that_exist():
    assert set(PERSON) - {"approval", "objection", "taken back", "failed"} == {"no way", "care"}
