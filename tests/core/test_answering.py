"""Answerability before the effort, and what speaks against a text."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.answering import (
    Standing,
    Target,
    act,
    by_hand,
    obstacle,
    signature,
    signed,
    space,
    unsigned,
)
from sanderling.core.network import Limits, Room
from sanderling.core.pricing import Act
from sanderling.core.splitting import Space

LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
JONAS = Standing(
    limits=LIMITS,
    handle="jonas",
    ours="NorthwindCare",
    target=Target(room=Room.PUBLIC, handle="jonas", gone=False),
    wrote_public=True,
    wrote_direct=False,
    follows_us=None,
    takes_messages=None,
)


def but(**changes) -> Standing:
    return msgspec.structs.replace(JONAS, **changes)


def test_a_public_complaint_may_be_answered_in_public() -> None:
    assert obstacle(Room.PUBLIC, JONAS) == ""


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (but(wrote_public=False), "only in private"),
        (but(wrote_public=False, target=None), "only in private"),
        (but(target=None), "no public post"),
        (but(target=Target(room=Room.DIRECT, handle="jonas", gone=False)), "direct message"),
        (but(target=Target(room=Room.PUBLIC, handle="jonas", gone=True)), "deleted"),
    ],
)
def test_a_public_reply_needs_a_public_post_that_stands(standing: Standing, word: str) -> None:
    assert word in obstacle(Room.PUBLIC, standing)


@pytest.mark.parametrize(
    ("takes", "follows", "wrote", "may"),
    [
        ("all", False, False, True),
        ("none", True, False, False),
        ("none", None, True, True),
        ("followed", True, False, True),
        ("followed", False, False, False),
        ("followed", None, False, True),
        ("followed", False, True, True),
        (None, None, False, True),
    ],
)
def test_a_message_goes_to_whom_it_may(takes, follows, wrote, may) -> None:
    standing = but(takes_messages=takes, follows_us=follows, wrote_direct=wrote)
    assert (obstacle(Room.DIRECT, standing) == "") is may


@given(st.text(), st.text("ABCDEFG", min_size=1, max_size=4))
def test_a_signature_comes_once_and_goes_again(text: str, initials: str) -> None:
    once = signed(text, initials)
    assert once.endswith(f"^{initials}")
    assert signed(once, initials) == once
    assert text + signature(text, initials) == once
    assert text.endswith(f"^{initials}") or unsigned(once, initials) == text


def limited(target: Target | None = None, **limits) -> Standing:
    return but(limits=msgspec.structs.replace(LIMITS, **limits), target=target or JONAS.target)


def asked_by(**changes) -> Target:
    return msgspec.structs.replace(JONAS.target, **changes)


COMPLAINED = asked_by(summons=False)


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (limited(asked_by(closed=True)), "only some people"),
        (limited(replies="none"), "only reads here"),
        (limited(COMPLAINED, replies="summoned"), "did not mention or quote"),
        (limited(replies="summoned"), ""),
        (limited(COMPLAINED), ""),
    ],
)
def test_who_may_be_answered_is_the_networks_rule(standing: Standing, word: str) -> None:
    why = obstacle(Room.PUBLIC, standing)
    assert word in why if word else why == ""


@pytest.mark.parametrize(
    ("standing", "may"),
    [
        (limited(COMPLAINED, replies="summoned"), True),
        (limited(replies="none"), True),
        (limited(asked_by(closed=True, summons=False), replies="summoned"), False),
        (limited(asked_by(gone=True, summons=False), replies="summoned"), False),
        (limited(), False),
    ],
)
def test_what_the_desk_may_not_answer_a_person_can_unless_nobody_can(
    standing: Standing, may: bool
) -> None:
    assert by_hand(standing) is may


def test_where_only_answers_are_allowed_the_customer_writes_first() -> None:
    standing = limited(messages="answers")
    assert "write first" in obstacle(Room.DIRECT, standing)
    assert obstacle(Room.DIRECT, msgspec.structs.replace(standing, wrote_direct=True)) == ""
    nowhere = msgspec.structs.replace(limited(messages="none"), wrote_direct=True)
    assert "no direct messages" in obstacle(Room.DIRECT, nowhere)


def test_what_fits_into_a_post_is_the_networks_rule() -> None:
    standing = limited(public_bytes=100)
    assert space(Room.PUBLIC, standing.limits) == Space(280, "weighted", 100)
    assert space(Room.DIRECT, standing.limits) == Space(1000, "weighted", None)


def test_the_bill_knows_a_summoned_reply_from_a_post() -> None:
    assert act(Room.PUBLIC, "Sorry", limited()) is Act.SUMMONED_REPLY
    assert act(Room.PUBLIC, "Sorry", limited(COMPLAINED)) is Act.POST
    assert act(Room.DIRECT, "Sorry", limited(COMPLAINED)) is Act.MESSAGE
