"""An answer goes with the last thing its author saw, and stops where more was said."""

from __future__ import annotations

import pytest

from outbox import UNDO
from river import connected, hear, minutes, says, we_say, writes
from sanderling.cases.models import Case
from sanderling.core.network import Limits, Receipt, Room
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.respond import outbox
from sanderling.respond.actions import (
    News,
    TooLate,
    propose,
    release,
    settle_missing,
    try_again,
    withdraw,
)
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import drafts_of, outgoing_of
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


@pytest.fixture
def ada() -> int:
    return Agent.objects.create(email="ada@northwind.example", name="Ada", initials="AB").pk


@pytest.fixture
def ben() -> int:
    return Agent.objects.create(email="ben@northwind.example", name="Ben", initials="BC").pk


@pytest.fixture
def account() -> int:
    return connected()


@pytest.fixture
def case(account: int) -> int:
    hear(account, says("1"))
    return Case.objects.get().pk


def answer(case: int, by: int, **more) -> int:
    said = {
        "room": Room.PUBLIC,
        "text": "Sorry, we look into it.",
        "reply_to_post": None,
        "then": "wait",
        "seen": newest_post(case),
        "now": NOW,
        "limits_for": lambda _: LIMITS,
        **more,
    }
    return propose(case_id=case, by=by, **said)


def news(case: int, by: int, **more) -> list[tuple[str, str]]:
    with pytest.raises(News) as found:
        answer(case, by, **more)
    assert found.value.seen == newest_post(case)
    return [(post.who, post.text) for post in found.value.posts]


def leave(row: int) -> str:
    """Its undo window is over and the network takes it, if it may leave."""
    claimed = outbox.start_next(now=NOW + UNDO)
    if claimed:
        receipt = Receipt(remote_id=f"ours-{claimed.pk}", at=NOW)
        outbox.arrived(claimed, "sent", receipt, now=NOW + UNDO)
    return Outgoing.objects.get(pk=row).state


def test_what_the_customer_wrote_meanwhile_is_read_first(account, case, ada) -> None:
    seen = newest_post(case)
    hear(account, writes("2", "never mind", at=2))
    assert news(case, ada, seen=seen) == [("Lena", "never mind")]
    answer(case, ada)


@pytest.mark.parametrize("then", ["wait", "keep open", "resolve"])
def test_what_a_colleague_said_is_read_first_whatever_follows(case, ada, ben, then) -> None:
    seen = newest_post(case)
    assert leave(answer(case, ben, text="Ben here.")) == "sent"
    assert news(case, ada, seen=seen, then=then) == [("Ben", "Ben here. ^BC")]


def test_what_was_typed_in_the_networks_own_app_is_read_first(account, case, ada) -> None:
    seen = newest_post(case)
    hear(account, we_say("5", at=4, reply_to="1"))
    [(who, text)] = news(case, ada, seen=seen)
    assert who.startswith("Somebody, as @NorthwindCare")
    assert text == "Sorry, we look into it"


def test_what_one_said_oneself_is_no_news(case, ada) -> None:
    seen = newest_post(case)
    assert leave(answer(case, ada)) == "sent"
    assert leave(answer(case, ada, text="One more thing.", seen=seen)) == "sent"


def test_news_while_it_waited_holds_it_back_and_its_author_decides(account, case, ada) -> None:
    row = answer(case, ada)
    hear(account, says("2", "it works again", at=2, reply_to="1"))
    assert leave(row) == "held"
    [held] = outgoing_of(case)
    assert (held.held_for, held.moves) == ("news", ("release", "withdraw"))
    assert held.trouble.startswith("Lena wrote after this was begun.")
    assert outbox.start_next(now=minutes(600)) is None

    with pytest.raises(News):
        release(outgoing_id=row, seen=1, by=ada, now=NOW)
    release(outgoing_id=row, seen=newest_post(case), by=ada, now=NOW)
    with pytest.raises(TooLate):
        release(outgoing_id=row, seen=newest_post(case), by=ada, now=NOW)
    assert leave(row) == "sent"
    moves = Move.objects.filter(kind="outgoing", row=row).order_by("id")
    assert [(move.move, move.by_id) for move in moves] == [
        ("propose", ada), ("hold", None), ("release", ada), ("start", None), ("sent", None),
    ]  # fmt: skip


def test_what_is_held_back_can_be_changed(account, case, ada) -> None:
    row = answer(case, ada)
    hear(account, says("2", "it works again", at=2, reply_to="1"))
    leave(row)
    withdraw(outgoing_id=row, by=ada, now=NOW)
    assert [draft.text for draft in drafts_of(case, ada)] == ["Sorry, we look into it."]
    assert outgoing_of(case) == []


def test_a_colleagues_answer_in_the_other_room_holds_it_back_too(case, ada, ben) -> None:
    first, second = answer(case, ben, room=Room.DIRECT), answer(case, ada)
    assert leave(first) == "sent"
    assert leave(second) == "held"


def test_what_bystanders_say_holds_nothing_back(account, case, ada) -> None:
    row = answer(case, ada)
    more = {"reply_to": "1", "reply_to_author": "lena", "mentions": ()}
    hear(account, says("3", "same here honestly", who="olga", at=3, **more))
    assert newest_post(case) == Post.objects.get(remote_id="3").pk
    assert leave(row) == "sent"


def test_what_waits_for_approval_is_not_let_go_from_here(case, ada) -> None:
    row = answer(case, ada)
    Outgoing.objects.filter(pk=row).update(state="held", held_for="approval", wake_at=None)
    with pytest.raises(TooLate, match="approval"):
        release(outgoing_id=row, seen=newest_post(case), by=ada, now=NOW)


@pytest.mark.parametrize(("state", "again"), [("failed", try_again), ("unsure", settle_missing)])
def test_who_sends_it_again_has_seen_what_stands_there(account, case, ada, state, again) -> None:
    row = answer(case, ada)
    hear(account, says("2", "it works again", at=2, reply_to="1"))
    Outgoing.objects.filter(pk=row).update(state=state, wake_at=None)
    again(outgoing_id=row, by=ada, now=NOW)
    assert leave(row) == "sent"


def test_the_answer_keeps_what_its_author_had_seen(case, ada) -> None:
    row = Outgoing.objects.get(pk=answer(case, ada))
    assert row.seen == Post.objects.get().pk
