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
    objections,
    obstacle,
    personal,
    signed,
    unsigned,
)
from sanderling.core.network import Limits, Room
from sanderling.core.pricing import Act

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


def test_a_text_that_is_too_long_is_told_by_how_much() -> None:
    (sentence,) = objections(Room.PUBLIC, "x" * 292, JONAS)
    assert "12 too long" in sentence
    assert "280" in sentence
    assert objections(Room.PUBLIC, "x" * 280, JONAS) == []
    assert objections(Room.DIRECT, "x" * 1000, JONAS) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Your card 4111 1111 1111 1111 was charged", "a card number"),
        ("4111-1111-1111-1111", "a card number"),
        ("Send it to DE89 3704 0044 0532 0130 00 please", "IBAN"),
        ("de89370400440532013000", "IBAN"),
        ("GB82WEST12345698765432", "IBAN"),
        ("Call me on +49 (0)30 1234567", "phone"),
        ("0151/23456789", "phone"),
        ("contract 1234567890", "account"),
        ("٠١٢٣٤٥٦٧٨٩", "phone"),
    ],
)
def test_personal_numbers_do_not_stand_in_public(text: str, what: str) -> None:
    assert what in personal(text)
    assert any(what in sentence for sentence in objections(Room.PUBLIC, text, JONAS))
    assert objections(Room.DIRECT, text, JONAS) == []


@pytest.mark.parametrize(
    "text",
    [
        "We are back on 2026-07-12, 14:30, or 12.07.2026 at the latest",
        "https://northwind.example/status/1234567890123456",
        "It costs 1.250,00 a year, 24/7",
        "in20 days more than we hoped for all of you here",
        "Ticket 48213",
    ],
)
def test_dates_links_and_prices_are_not_personal(text: str) -> None:
    assert personal(text) == ""


@given(st.text(), st.text("ABCDEFG", min_size=1, max_size=4))
def test_a_signature_comes_once_and_goes_again(text: str, initials: str) -> None:
    once = signed(text, initials)
    assert once.endswith(f"^{initials}")
    assert signed(once, initials) == once
    assert text.endswith(f"^{initials}") or unsigned(once, initials) == text


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    personal(text)


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


def test_a_public_text_is_bounded_in_bytes_too_where_the_network_bounds_them() -> None:
    standing = limited(public_bytes=100)
    family = "\N{FAMILY}\N{ZERO WIDTH JOINER}" * 15
    assert any("bytes" in said for said in objections(Room.PUBLIC, family, standing))
    assert not objections(Room.PUBLIC, "short", standing)
    assert not any("bytes" in said for said in objections(Room.DIRECT, family, standing))


def test_the_bill_knows_a_summoned_reply_from_a_post() -> None:
    assert act(Room.PUBLIC, "Sorry", limited()) is Act.SUMMONED_REPLY
    assert act(Room.PUBLIC, "Sorry", limited(COMPLAINED)) is Act.POST
    assert act(Room.DIRECT, "Sorry", limited(COMPLAINED)) is Act.MESSAGE
