"""Promises: kept in mind, told of once before they are due, settled once."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, attention, promising
from sanderling.cases.models import Case, Promise
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    ada = factories.agent("Ada Lund")
    case = factories.case(
        factories.account(), factories.identity(), owner=ada, state="open", due_kind=""
    )
    return case, ada


def keep(case, ada, hours=5, text="We call you back by two."):
    return promising.keep(case_id=case.pk, text=text, due=NOW + hours * HOUR, by=ada.pk, now=NOW)


def warn(hours):
    return promising.warn_due(ahead=HOUR, now=NOW + hours * HOUR)


def test_promises_are_listed_soonest_due_first_until_they_are_settled(desk):
    case, ada = desk
    late, soon, middle = (keep(case, ada, h) for h in (9, 1, 5))
    assert [p.id for p in attention.promises().rows] == [soon, middle, late]
    assert [p.id for p in attention.matters([case.pk]).promises] == [soon, middle, late]
    page = attention.promises(limit=2)
    assert [p.id for p in attention.promises(page.after).rows] == [late]
    promising.kept(promise_id=soon, by=ada.pk, now=NOW)
    promising.drop(promise_id=middle, why="It came by itself", by=ada.pk, now=NOW)
    assert [p.id for p in attention.promises().rows] == [late]
    notes = dict(
        Move.objects.filter(row=case.pk).exclude(move="promise").values_list("move", "note")
    )
    assert notes == {
        "promise kept": "We call you back by two.",
        "promise dropped": "We call you back by two. (It came by itself)",
    }


def test_a_promise_outlives_its_case(desk):
    case, ada = desk
    keep(case, ada)
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=NOW)
    assert len(attention.promises().rows) == 1


def test_a_promise_is_told_of_once_before_it_is_due_and_wakes_its_case(desk):
    case, ada = desk
    keep(case, ada, 5)
    actions.snooze(case_id=case.pk, until=NOW + 48 * HOUR, by=ada.pk, now=NOW)
    assert warn(3) == 0
    assert attention.counts(ada.pk).promises == 0
    assert warn(4) == 1
    assert warn(4) == warn(99) == 0
    assert not Case.objects.get(pk=case.pk).snoozed
    assert attention.counts(ada.pk).promises == 1
    assert Move.objects.filter(row=case.pk, move="promise due").count() == 1


def test_the_owner_minds_a_promise_that_somebody_else_gave(desk):
    case, ada = desk
    ben = factories.agent("Ben Oduya")
    keep(case, ben)
    warn(5)
    assert attention.counts(ada.pk).promises == attention.counts(ben.pk).promises == 1


def test_what_is_settled_is_not_told_of_and_not_settled_again(desk):
    case, ada = desk
    number = keep(case, ada)
    promising.kept(promise_id=number, by=ada.pk, now=NOW)
    assert warn(9) == 0
    with pytest.raises(promising.Settled, match="kept already"):
        promising.drop(promise_id=number, why="x", by=ada.pk, now=NOW)
    with pytest.raises(promising.Settled, match="no promise"):
        promising.kept(promise_id=number + 1, by=ada.pk, now=NOW)


def test_dropping_a_promise_takes_a_reason(desk):
    case, ada = desk
    number = keep(case, ada)
    with pytest.raises(ValueError, match="Say why"):
        promising.drop(promise_id=number, why=" ", by=ada.pk, now=NOW)
    assert Promise.objects.get().dropped_at is None


@pytest.mark.parametrize(("text", "hours"), [("", 1), ("x", 0), ("x", -1), ("x", 24 * 401)])
def test_a_promise_has_words_and_a_time_ahead(desk, text, hours):
    case, ada = desk
    with pytest.raises(ValueError, match="promise"):
        keep(case, ada, hours, text)
