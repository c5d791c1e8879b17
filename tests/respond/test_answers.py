"""Typing, proposing, withdrawing and settling an answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from outbox import NEWEST, UNDO, next_wake
from river import connected, hear, minutes, says, we_say, writes
from sanderling.cases.models import Case
from sanderling.cases.queries import NoSuchCase
from sanderling.core.network import Deletion, Limits, Room
from sanderling.listen.models import Post
from sanderling.people.models import Agent
from sanderling.respond.actions import (
    NoSuchPost,
    Objections,
    OnItsWay,
    TooLate,
    give_up,
    propose,
    save_draft,
    settle_found,
    settle_missing,
    try_again,
    withdraw,
)
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import answerability, drafts_of, outgoing_of
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

NOW = minutes(10)
LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)


def limits_for(account_id: int) -> Limits:
    return LIMITS


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
        "seen": NEWEST,
        "now": NOW,
        "limits_for": limits_for,
        **more,
    }
    return propose(case_id=case, by=by, **said)


def why_not(case: int, by: int, **more) -> str:
    before = Outgoing.objects.count()
    with pytest.raises(Objections) as found:
        answer(case, by, **more)
    assert Outgoing.objects.count() == before
    return " ".join(found.value.sentences)


def put(row: int, state: str, **changes) -> None:
    """Stand the outgoing post where a test begins."""
    Outgoing.objects.filter(pk=row).update(state=state, **changes)


def test_a_draft_is_kept_for_each_room_and_goes_when_nothing_is_left(case, ada) -> None:
    for room in ("public", "direct", "note"):
        save_draft(case_id=case, agent_id=ada, room=room, text=f"for {room}", now=NOW)
    save_draft(case_id=case, agent_id=ada, room="direct", text="for\r\ndirect\0 ", now=NOW)
    save_draft(case_id=case, agent_id=ada, room="note", text="  ", now=NOW)
    assert [(d.room, d.text) for d in drafts_of(case, ada)] == [
        ("direct", "for\ndirect "),
        ("public", "for public"),
    ]


def test_a_draft_names_a_room_and_has_an_end(case, ada) -> None:
    with pytest.raises(ValueError, match="no room called lobby"):
        save_draft(case_id=case, agent_id=ada, room="lobby", text="Hi", now=NOW)
    with pytest.raises(ValueError, match="20,000"):
        save_draft(case_id=case, agent_id=ada, room="public", text="x" * 20_001, now=NOW)


def test_an_answer_waits_out_the_undo_window_signed_and_aimed(case, ada) -> None:
    save_draft(case_id=case, agent_id=ada, room="public", text="Sorry", now=NOW)
    row = Outgoing.objects.get(pk=answer(case, ada))
    assert (row.state, row.room, row.reply_to, row.to) == ("queued", "public", "1", "lena")
    assert row.text == "Sorry, we look into it. ^AB"
    assert row.leaves_at == row.wake_at == NOW + UNDO == next_wake()
    assert drafts_of(case, ada) == []
    [under_way] = outgoing_of(case)
    assert (under_way.by_name, under_way.moves, under_way.asks) == (
        "Ada",
        ("withdraw", "hold", "start"),
        False,
    )


def test_an_answer_that_is_signed_already_is_not_signed_twice(case, ada) -> None:
    assert Outgoing.objects.get(pk=answer(case, ada, text="Sorry ^AB")).text == "Sorry ^AB"


def test_an_answer_goes_to_the_newest_public_post_or_the_one_that_is_named(account, case, ada):
    hear(account, says("2", at=2, reply_to="1"))
    first = Post.objects.get(remote_id="1")
    assert Outgoing.objects.get(pk=answer(case, ada)).reply_to == "2"
    named = answer(case, ada, text="And this", reply_to_post=first.pk)
    assert Outgoing.objects.get(pk=named).reply_to == "1"


def test_an_answer_names_no_post_of_another_case(account, case, ada) -> None:
    hear(account, says("9", who="olga"))
    other = Post.objects.get(remote_id="9")
    assert "not part of this case" in why_not(case, ada, reply_to_post=other.pk)


def test_we_do_not_answer_ourselves(account, case, ada) -> None:
    hear(account, we_say("5", at=4, reply_to="1"))
    ours = Post.objects.get(remote_id="5")
    assert "not part of this case" in why_not(case, ada, reply_to_post=ours.pk)


def test_an_answer_in_a_merged_case_is_one_in_its_heir(account, case, ada) -> None:
    hear(account, says("9", who="olga"))
    old = Case.objects.exclude(pk=case).get()
    Case.objects.filter(pk=old.pk).update(state="merged", merged_into=case)
    save_draft(case_id=old.pk, agent_id=ada, room="public", text="Sorry", now=NOW)
    row = Outgoing.objects.get(pk=answer(old.pk, ada))
    assert (row.case_id, row.to, row.reply_to) == (case, "lena", "1")
    assert drafts_of(old.pk, ada) == []


def test_a_message_answers_no_public_post(account, case, ada) -> None:
    row = Outgoing.objects.get(pk=answer(case, ada, room=Room.DIRECT))
    assert (row.room, row.reply_to, row.to) == ("direct", None, "lena")


def test_a_message_may_answer_a_message(account, case, ada) -> None:
    hear(account, writes("1", at=5))
    asked = Post.objects.get(remote_id="1", room="direct")
    row = answer(case, ada, room=Room.DIRECT, reply_to_post=asked.pk)
    assert Outgoing.objects.get(pk=row).reply_to == "1"


def test_who_wrote_only_in_private_is_not_answered_in_public(account, ada) -> None:
    hear(account, writes("1"))
    case = Case.objects.get().pk
    assert "only in private" in why_not(case, ada)
    assert "only in private" in why_not(case, ada, reply_to_post=Post.objects.get().pk)
    ways = answerability(case, agent_id=ada, limits_for=limits_for)
    assert (ways.public.may, ways.direct.may) == (False, True)


def test_a_deleted_post_is_not_answered(account, case, ada) -> None:
    gone = Deletion(remote_id="1", room=Room.PUBLIC, at=minutes(5))
    hear(account, deletions=(gone,))
    assert "deleted" in why_not(case, ada)


@pytest.mark.parametrize("text", ["", "  \r\n "])
def test_nothing_is_not_sent(case, ada, text) -> None:
    assert "nothing to say" in why_not(case, ada, text=text)


def test_the_signature_counts(case, ada) -> None:
    one, two = (answer(case, ada, text="x" * n) for n in (276, 277))
    assert [Outgoing.objects.get(pk=row).parts for row in (one, two)] == [1, 2]


def test_an_answer_without_end_is_refused(case, ada) -> None:
    assert "more than 9 posts" in why_not(case, ada, text="word " * 900)
    link = "https://northwind.example/" + "a" * 1200
    assert "too long for one post" in why_not(case, ada, text=f"See {link}", room=Room.DIRECT)


def test_personal_numbers_stay_out_of_public_but_not_out_of_messages(case, ada) -> None:
    text = "Is 4111 1111 1111 1111 your card?"
    assert "card number" in why_not(case, ada, text=text)
    answer(case, ada, text=text, room=Room.DIRECT)


def test_a_room_or_an_outcome_that_does_not_exist_is_refused(case, ada) -> None:
    with pytest.raises(ValueError, match="cannot vanish"):
        answer(case, ada, then="vanish")
    with pytest.raises(NoSuchCase):
        answer(case + 1000, ada)


def test_two_agents_do_not_answer_at_once(case, ada, ben) -> None:
    answer(case, ada)
    words = why_not(case, ben, now=NOW + timedelta(seconds=3))
    assert words == "Ada's answer leaves in 5 seconds."
    answer(case, ben, room=Room.DIRECT)


def test_a_double_click_sends_once(case, ada) -> None:
    answer(case, ada)
    assert "This same answer of yours" in why_not(case, ada)
    answer(case, ada, text="One more thing.")


def test_an_answer_taken_back_is_a_draft_again(case, ada, ben) -> None:
    row = answer(case, ada)
    save_draft(case_id=case, agent_id=ada, room="public", text="Next thought", now=NOW)
    assert withdraw(outgoing_id=row, by=ben, now=NOW) == case
    [draft] = drafts_of(case, ada)
    assert draft.text == "Sorry, we look into it.\n\nNext thought"
    assert outgoing_of(case) == []
    assert next_wake() is None


@pytest.mark.parametrize(
    ("state", "words"),
    [("sending", "leaving"), ("sent", "stands"), ("unsure", "may stand"), ("withdrawn", "was")],
)
def test_what_has_left_cannot_be_taken_back(case, ada, state, words) -> None:
    row = answer(case, ada)
    put(row, state)
    with pytest.raises(TooLate, match=words):
        withdraw(outgoing_id=row, by=ada, now=NOW)
    assert drafts_of(case, ada) == []


def test_a_failed_answer_can_be_tried_again_under_its_old_key_or_taken_back(case, ada) -> None:
    row = answer(case, ada)
    key = Outgoing.objects.get().key
    put(row, "failed", wake_at=None, trouble="The post is gone.")
    try_again(outgoing_id=row, by=ada, now=minutes(20))
    again = Outgoing.objects.get()
    assert (again.state, again.key, again.trouble) == ("queued", key, "")
    assert again.wake_at == again.leaves_at == minutes(20) + UNDO
    put(row, "failed", wake_at=None)
    withdraw(outgoing_id=row, by=ada, now=NOW)
    assert [d.room for d in drafts_of(case, ada)] == ["public"]


def test_a_person_settles_what_the_desk_could_not(case, ada) -> None:
    row = answer(case, ada)
    put(row, "unsure", wake_at=None)
    assert outgoing_of(case)[0].asks
    settle_found(outgoing_id=row, by=ada, now=NOW, remote_id="77")
    assert Outgoing.objects.get().remote_id == "77"
    assert Post.objects.get(remote_id="77").origin == "desk"

    put(row, "unsure", wake_at=None)
    settle_found(outgoing_id=row, by=ada, now=NOW)
    assert Outgoing.objects.get().state == "sent"

    put(row, "unsure", wake_at=None)
    settle_missing(outgoing_id=row, by=ada, now=NOW)
    assert (Outgoing.objects.get().state, next_wake()) == ("queued", NOW)

    put(row, "unsure", wake_at=None)
    give_up(outgoing_id=row, by=ada, now=NOW)
    assert Outgoing.objects.get().state == "failed"
    assert "nobody knows" in outgoing_of(case)[0].trouble


@pytest.mark.parametrize("settle", [settle_found, settle_missing, give_up, try_again])
def test_what_is_settled_is_not_settled_again(case, ada, settle) -> None:
    row = answer(case, ada)
    with pytest.raises(TooLate, match="waits to leave"):
        settle(outgoing_id=row, by=ada, now=NOW)
    with pytest.raises(NoSuchPost):
        settle(outgoing_id=row + 1000, by=ada, now=NOW)


def test_every_step_is_in_the_history(case, ada) -> None:
    row = answer(case, ada)
    withdraw(outgoing_id=row, by=ada, now=NOW)
    moves = Move.objects.filter(kind="outgoing", row=row).order_by("id")
    assert [(m.move, m.by_id) for m in moves] == [("propose", ada), ("withdraw", ada)]


def test_answerability_says_how_and_whom(account, case, ada) -> None:
    ways = answerability(case, agent_id=ada, limits_for=limits_for)
    assert ways.signature == "AB"
    assert (ways.public.may, ways.public.target_handle, ways.public.limit) == (True, "lena", 280)
    assert ways.public.target_post == Post.objects.get(remote_id="1").pk
    assert (ways.direct.may, ways.direct.target_post, ways.direct.limit) == (True, None, 1000)
    hear(account, we_say("5", at=4, reply_to="1"))
    assert answerability(case, agent_id=ada, limits_for=limits_for).public == ways.public


@pytest.mark.parametrize("length", [1, 20])
def test_the_same_answer_under_the_same_key_leaves_once(case, ada, length) -> None:
    said = {"key": uuid4(), "text": "Sorry, we look into it. It takes a while. " * length}
    first = answer(case, ada, **said)
    posts = Outgoing.objects.count()
    save_draft(case_id=case, agent_id=ada, room="public", text=said["text"], now=NOW)
    assert answer(case, ada, **said) == first
    assert Outgoing.objects.count() == posts
    assert drafts_of(case, ada) == []


def test_another_answer_under_the_same_key_is_not_swallowed(case, ada, ben) -> None:
    key = uuid4()
    answer(case, ada, key=key)
    for other in ({"text": "It works again."}, {"by": ben}):
        with pytest.raises(OnItsWay):
            answer(case, **{"by": ada, "key": key, **other})
    assert Outgoing.objects.count() == 1


def test_an_answer_that_was_taken_back_can_leave_under_its_key_again(case, ada) -> None:
    key = uuid4()
    first = answer(case, ada, key=key)
    withdraw(outgoing_id=first, by=ada, now=NOW)
    assert answer(case, ada, key=key) != first
    assert Outgoing.objects.filter(state="queued").count() == 1
