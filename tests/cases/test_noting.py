"""Notes and whom they name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

import factories
from sanderling.cases import actions, attention, noting
from sanderling.cases.models import Mention, Note
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def desk():
    ada, ben = factories.agent("Ada Lund"), factories.agent("Ben Oduya")
    return factories.case(factories.account(), factories.identity()), ada, ben


def note(case, text, by, **more):
    actions.write_note(case_id=case.pk, text=text, by=by.pk, now=more.get("now", NOW))


def named(agent):
    return [m.text for m in attention.mentions(agent.pk).rows]


def test_who_is_named_in_a_note_hears_of_it_until_they_open_the_case(desk):
    case, ada, ben = desk
    note(case, "@Ben do you know him?", ada)
    assert named(ben) == ["@Ben do you know him?"]
    assert attention.counts(ben.pk).mentions == 1
    assert noting.seen(case_ids=[case.pk], by=ben.pk, now=NOW) == 1
    assert named(ben) == []
    assert Mention.objects.get().seen_at == NOW


def test_seeing_one_case_leaves_the_others_unseen(desk):
    case, ada, ben = desk
    other = factories.case(factories.account(), factories.identity())
    note(case, "@Ben", ada)
    note(other, "@Ben too", ada)
    noting.seen(case_ids=[case.pk], by=ben.pk, now=NOW)
    assert named(ben) == ["@Ben too"]


def test_nobody_hears_of_what_they_wrote_themselves_or_of_others_names(desk):
    case, ada, ben = desk
    note(case, "@Ada @Ben @Ben @Nobody", ada)
    assert [m.agent_id for m in Mention.objects.all()] == [ben.pk]
    assert named(ada) == []


def test_someone_who_left_the_desk_is_not_named(desk):
    case, ada, ben = desk
    ben.is_active = False
    ben.save()
    note(case, "@Ben", ada)
    assert not Mention.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "x" * (noting.LONGEST_NOTE + 1)])
def test_a_note_says_something_and_not_too_much(desk, text):
    case, ada, _ = desk
    with pytest.raises(ValueError, match="A note"):
        note(case, text, ada)
    assert not Note.objects.exists()


def test_a_note_is_a_move_of_its_case(desk):
    case, ada, _ = desk
    note(case, "He called, too.", ada)
    assert Move.objects.filter(row=case.pk).values_list("move", "by").get() == ("note", ada.pk)


def test_mentions_are_paged_by_key_oldest_first(desk):
    case, ada, ben = desk
    for i in range(5):
        note(case, f"@Ben {i}", ada, now=NOW + timedelta(minutes=i // 2))
    seen, after = [], None
    while True:
        page = attention.mentions(ben.pk, after, limit=2)
        seen += [m.text for m in page.rows]
        if (after := page.after) is None:
            break
    assert seen == [f"@Ben {i}" for i in range(5)]


@pytest.mark.django_db(transaction=True)
def test_the_named_hear_at_once(desk):
    case, ada, ben = desk
    with connection.cursor() as cursor:
        cursor.execute("listen desk")
        note(case, "@Ben look", ada)
        cursor.execute("select 1")
        told = {n.payload for n in connection.connection.notifies(timeout=0.2)}
    assert {f"agent-{ben.pk}", f"case-{case.pk}"} <= told
