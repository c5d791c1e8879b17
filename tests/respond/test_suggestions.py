"""Answers of similar solved cases: which are kept, which are suggested, and which never."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

import factories
from factories import NOW
from sanderling.cases.models import Case
from sanderling.cases.queries import NoSuchCase
from sanderling.core.network import Limits, Room
from sanderling.listen.models import Post
from sanderling.respond import remembering
from sanderling.respond.actions import Objections, propose
from sanderling.respond.models import Answered, Approval, Outgoing
from sanderling.respond.suggesting import ability, suggestions
from sanderling.store.server import conninfo
from sanderling.store.sql import statement

pytestmark = pytest.mark.django_db

LIMITS = Limits(public_length=280, direct_length=1000, counts="weighted", keeps_keys=True)
TWICE = "You charged me twice for September, where is my refund?"
AGAIN = "I was charged two times in October and I want a refund"
REFUND = "{name}, the second charge goes back to you within three days."


@pytest.fixture
def account():
    return factories.account()


@pytest.fixture
def mira():
    return factories.agent("Mira Solberg")


def solved(account, mira, asked=TWICE, said=REFUND, who="Jonas Veld", room="public", **changes):
    """A case that one answer solved, and that answer as it stands on the network."""
    customer = factories.identity(who)
    case = factories.case(
        account, customer, asked, room=room, state="resolved", due_kind="",
        wake_at=NOW + timedelta(days=3), opened_at=NOW - timedelta(hours=5),
        **{"outcome": "solved", **changes},
    )  # fmt: skip
    text = said.format(name=who.split()[0]) + " ^MS"
    us = factories.identity("Northwind Care")
    post = factories.post(
        account, us, text, room=room, direction="ours", origin="desk",
        created_at=NOW - timedelta(hours=4),
    )  # fmt: skip
    return Outgoing.objects.create(
        case=case, account=account, by=mira, state="sent", room=room, text=text,
        to=customer.remote_id, key=f"00000000-0000-4000-8000-{post.pk:012}", then="wait",
        created_at=post.created_at, leaves_at=post.created_at, remote_id=post.remote_id,
        sent_at=post.created_at,
    )  # fmt: skip


def asks(account, text=AGAIN, room="public", **changes) -> int:
    return factories.case(account, factories.identity("Delia Farr"), text, room=room, **changes).pk


def post_of(outgoing: Outgoing) -> Post:
    return Post.objects.get(remote_id=outgoing.remote_id)


def test_the_embedded_database_can_compare_cases():
    assert ability() == ""


def test_the_answer_of_a_similar_solved_case_is_suggested_with_where_it_comes_from(account, mira):
    solved(
        account, mira, "No signal since this morning", "The mast is being repaired.", "Ruud Haver"
    )
    answer = solved(account, mira)
    assert remembering.remember() == 2
    (found,) = suggestions(asks(account), Room.PUBLIC)
    assert found.text == "{name}, the second charge goes back to you within three days."
    assert (found.case, found.by, found.at) == (answer.case_id, "Mira Solberg", answer.sent_at)
    assert (found.outcome, found.times) == ("solved", 1)


def test_nothing_similar_suggests_nothing(account, mira):
    solved(account, mira)
    remembering.remember()
    assert suggestions(asks(account, "Lovely concert yesterday evening"), Room.PUBLIC) == []


def test_the_same_wording_is_suggested_once_and_counted(account, mira):
    for who in ("Jonas Veld", "Priti Anand", "Leif Aune"):
        solved(account, mira, who=who)
    remembering.remember()
    (found,) = suggestions(asks(account), Room.PUBLIC)
    assert found.times == 3


def test_no_more_are_suggested_than_asked_for(account, mira):
    for n in ("one", "two", "three", "four"):
        solved(account, mira, said=f"Way {n} to get it back.")
    remembering.remember()
    assert len(suggestions(asks(account), Room.PUBLIC)) == 3
    assert len(suggestions(asks(account), Room.PUBLIC, limit=2)) == 2


def test_what_was_said_in_private_is_never_suggested_in_public(account, mira):
    solved(account, mira, room="direct")
    remembering.remember()
    case = asks(account, room="direct")
    assert suggestions(case, Room.PUBLIC) == []
    assert len(suggestions(case, Room.DIRECT)) == 1


def test_what_was_said_in_public_may_be_said_in_private(account, mira):
    solved(account, mira)
    remembering.remember()
    assert len(suggestions(asks(account, room="direct"), Room.DIRECT)) == 1


def test_a_case_is_not_suggested_its_own_answers(account, mira):
    answer = solved(account, mira)
    remembering.remember()
    assert suggestions(answer.case_id, Room.PUBLIC) == []


def unsent(answer):
    Outgoing.objects.filter(pk=answer.pk).update(state="failed", remote_id=None)


def acknowledged(answer):
    Outgoing.objects.filter(pk=answer.pk).update(then="keep open")


def invited(answer):
    Outgoing.objects.filter(pk=answer.pk).update(invites=True)


def reopened(answer):
    Case.objects.filter(pk=answer.case_id).update(state="open", wake_at=None)


def told_no(answer):
    Case.objects.filter(pk=answer.case_id).update(outcome="told we cannot")


def taken_back(answer):
    Post.objects.filter(remote_id=answer.remote_id).update(deleted_at=NOW)


def question_deleted(answer):
    Post.objects.filter(pk=answer.case.about_post_id).update(deleted_at=NOW)


def left_by_itself(answer):
    Approval.objects.create(
        outgoing=answer, rule="r", policy=1, reason="", approvers="lead", was="", asked_at=NOW,
        decision="expired",
    )  # fmt: skip


NEVER = (
    unsent, acknowledged, invited, reopened, told_no, taken_back, question_deleted, left_by_itself
)  # fmt: skip


@pytest.mark.parametrize("change", NEVER, ids=lambda c: c.__name__)
def test_only_what_a_person_said_and_solved_the_matter_is_kept(account, mira, change):
    change(solved(account, mira))
    assert remembering.remember() == 0


@pytest.mark.parametrize("change", [reopened, told_no, taken_back, question_deleted])
def test_what_ceases_to_be_an_example_is_not_suggested_from_that_moment(account, mira, change):
    answer = solved(account, mira)
    remembering.remember()
    change(answer)
    assert suggestions(asks(account), Room.PUBLIC) == []


@pytest.mark.parametrize("change", [taken_back, question_deleted])
def test_what_was_deleted_is_forgotten(account, mira, change):
    kept = solved(account, mira)
    answer = solved(account, mira, said="Another way.")
    remembering.remember()
    change(answer)
    assert remembering.forget() == 1
    assert Answered.objects.get().outgoing == kept


def test_remembering_twice_is_the_same_as_once(account, mira):
    solved(account, mira)
    assert remembering.remember() == 1
    assert remembering.remember() == 0
    assert Answered.objects.count() == 1


def test_only_so_many_are_kept_the_newest(account, mira, monkeypatch):
    answers = [solved(account, mira, said=f"Way {n}.") for n in ("one", "two", "three")]
    remembering.remember()
    monkeypatch.setattr(remembering, "MOST", 2)
    assert remembering.forget() == 1
    kept = set(Answered.objects.values_list("outgoing_id", flat=True))
    assert kept == {answer.pk for answer in answers[1:]}


def test_without_pgvector_the_desk_works_and_says_why_nothing_is_suggested(account, mira):
    solved(account, mira)
    without_likeness()
    case = asks(account)
    assert "not allowed" in ability()
    assert suggestions(case, Room.PUBLIC) == []


def test_once_pgvector_can_be_had_the_worker_goes_on_by_itself(account, mira):
    solved(account, mira)
    without_likeness()
    assert remembering.remember() == 1
    assert ability() == ""


def without_likeness() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table respond_answered drop column likeness")


def test_where_pgvector_may_not_be_had_the_tables_are_made_without_it(database_folder):
    """A database of somebody's own, whose user may not create extensions."""
    grow, has = statement("respond/grow_likeness"), statement("respond/has_likeness")
    with psycopg.connect(conninfo(database_folder), autocommit=True) as ours:
        ours.execute("drop database if exists bare")
        ours.execute("create database bare template template0")
        with psycopg.connect(conninfo(database_folder), dbname="bare", autocommit=True) as bare:
            bare.execute("create table respond_answered (outgoing_id bigint)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bare.execute("create extension vector")
            bare.execute(grow)
            ready, available = bare.execute(has).fetchone()
        ours.execute("drop database bare")
    assert not ready
    assert available


@pytest.mark.parametrize("room", list(Room))
def test_a_suggestion_leaves_only_once_its_blanks_are_filled_in(account, mira, room):
    case = factories.case(account, factories.identity(), AGAIN, room=room)
    given = {
        "case_id": case.pk, "room": room, "reply_to_post": None, "then": "wait", "by": mira.pk,
        "now": NOW, "seen": case.about_post_id, "limits_for": lambda _: LIMITS,
    }  # fmt: skip
    with pytest.raises(Objections) as found:
        propose(text="Delia, order {number} goes back; {number} it is. {Smile}", **given)
    assert "Fill in what is still open: {number}." in found.value.sentences
    assert propose(text="Delia, the order goes back. {Smile}", **given)


def test_there_is_nothing_to_suggest_for_a_case_that_is_not_there():
    with pytest.raises(NoSuchCase):
        suggestions(10**9, Room.PUBLIC)
