"""Waiting on colleagues and third parties: put aside, reminded, woken, and nobody forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, asking, attention
from sanderling.cases.models import Ask, Case, Clock, Note
from sanderling.cases.queries import badges, queue
from sanderling.cases.work import wake_due
from sanderling.store.models import Move
from sanderling.store.moves import Overtaken

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    """A case of Ada's without a clock, and Ben who may know."""
    ada, ben = factories.agent("Ada Lund"), factories.agent("Ben Oduya")
    case = factories.case(
        factories.account(), factories.identity(), owner=ada, state="open", due_kind=""
    )
    return case, ada, ben


def ask(case, to, by, question="Is the cell down?", now=NOW):
    return asking.ask(
        case_id=case.pk, to=to.pk, question=question, remind=4 * HOUR, by=by.pk, now=now
    )


def again(case):
    return Case.objects.get(pk=case.pk)


def rests(case):
    found = again(case)
    return found.snoozed, found.waits_on, found.wake_at


AWAKE = (False, "", None)


def moves(case):
    return list(Move.objects.filter(row=case.pk).order_by("id").values_list("move", flat=True))


def test_a_case_waits_on_the_colleague_who_is_asked_and_wakes_with_the_answer(desk):
    case, ada, ben = desk
    number = ask(case, ben, ada)
    assert rests(case) == (True, "colleague", NOW + 4 * HOUR)
    assert [a.question for a in attention.asked(ben.pk).rows] == ["Is the cell down?"]
    assert attention.counts(ben.pk).asked == 1
    assert not queue("mine", ada.pk).rows

    asking.answer(ask_id=number, text="Yes, until six.", by=ben.pk, now=NOW + HOUR)
    assert rests(case) == AWAKE
    assert [r.id for r in queue("mine", ada.pk).rows] == [case.pk]
    assert not attention.asked(ben.pk).rows
    assert [n.text for n in attention.mentions(ada.pk).rows] == ["Yes, until six."]
    assert Note.objects.get().by_id == ben.pk
    assert moves(case) == ["ask", "note", "answer a question", "wake"]


def test_the_new_owner_hears_of_the_answer_as_well(desk):
    case, ada, ben = desk
    kim = factories.agent("Kim Lee")
    number = ask(case, ben, ada)
    actions.assign(case_id=case.pk, to=kim.pk, by=ada.pk, now=NOW)
    asking.answer(ask_id=number, text="Yes.", by=ben.pk, now=NOW)
    assert [len(attention.mentions(a.pk).rows) for a in (ada, kim, ben)] == [1, 1, 0]


def test_only_who_was_asked_answers_and_only_once(desk):
    case, ada, ben = desk
    number = ask(case, ben, ada)
    with pytest.raises(asking.NotAsked, match="Somebody else"):
        asking.answer(ask_id=number, text="I do not know.", by=ada.pk, now=NOW)
    asking.answer(ask_id=number, text="Yes.", by=ben.pk, now=NOW)
    with pytest.raises(asking.NotAsked, match="answered already"):
        asking.answer(ask_id=number, text="No.", by=ben.pk, now=NOW)
    with pytest.raises(asking.NotAsked, match="no question"):
        asking.answer(ask_id=number + 1, text="No.", by=ben.pk, now=NOW)


@pytest.mark.parametrize("text", ["", " ", "x" * 2001])
def test_a_question_and_its_answer_have_words(desk, text):
    case, ada, ben = desk
    with pytest.raises(ValueError, match="A question"):
        ask(case, ben, ada, text)
    number = ask(case, ben, ada)
    with pytest.raises(ValueError, match="An answer"):
        asking.answer(ask_id=number, text=text, by=ben.pk, now=NOW)
    assert rests(case)[1] == "colleague"


def test_nobody_asks_themselves_or_someone_who_left_or_twice(desk):
    case, ada, ben = desk
    with pytest.raises(ValueError, match="yourself"):
        ask(case, ada, ada)
    ask(case, ben, ada)
    with pytest.raises(ValueError, match="already"):
        ask(case, ben, ada, "And now?")
    gone = factories.agent("Gone", is_active=False)
    with pytest.raises(ValueError, match="not at the desk"):
        ask(case, gone, ada)


def test_what_is_withdrawn_needs_no_answer_and_wakes_the_case_with_the_last_one(desk):
    case, ada, ben = desk
    kim = factories.agent("Kim Lee")
    first, second = ask(case, ben, ada), ask(case, kim, ada)
    asking.withdraw(ask_id=first, by=ada.pk, now=NOW)
    assert rests(case)[1] == "colleague"
    asking.withdraw(ask_id=second, by=ada.pk, now=NOW)
    assert rests(case) == AWAKE
    assert not attention.asked(ben.pk).rows
    with pytest.raises(asking.NotAsked, match="withdrawn"):
        asking.answer(ask_id=first, text="Too late", by=ben.pk, now=NOW)


def test_the_colleague_is_reminded_once_a_period_and_the_case_wakes_with_the_first(desk):
    case, ada, ben = desk
    ask(case, ben, ada)
    assert asking.remind_due(every=4 * HOUR, now=NOW + 3 * HOUR) == 0
    assert asking.remind_due(every=4 * HOUR, now=NOW + 4 * HOUR) == 1
    assert asking.remind_due(every=4 * HOUR, now=NOW + 4 * HOUR) == 0
    assert rests(case) == AWAKE
    assert attention.asked(ben.pk).rows[0].reminded == 1
    assert asking.remind_due(every=4 * HOUR, now=NOW + 100 * HOUR) == 1  # the worker was away
    assert attention.asked(ben.pk).rows[0].reminded == 2
    assert Move.objects.filter(row=case.pk, move="remind", by=None).count() == 2


def test_a_case_that_ended_is_asked_about_no_more(desk):
    case, ada, ben = desk
    ask(case, ben, ada)
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=NOW)
    assert not attention.asked(ben.pk).rows
    assert asking.remind_due(every=HOUR, now=NOW + 9 * HOUR) == 0
    assert again(case).waits_on == ""
    with pytest.raises(Overtaken):
        ask(case, ben, ada)
    assert Ask.objects.count() == 1


def test_a_case_waits_on_a_third_party_until_its_time_comes(desk):
    case, ada, _ = desk
    asking.wait_on_third_party(
        case_id=case.pk, whom="the courier", until=NOW + HOUR, by=ada.pk, now=NOW
    )
    assert rests(case) == (True, "third party", NOW + HOUR)
    assert [(r.case, r.whom) for r in attention.others().rows] == [(case.pk, "the courier")]
    assert attention.matters([case.pk]).whom == "the courier"
    assert attention.counts(ada.pk).others == 1
    wake_due(now=NOW + HOUR)
    assert rests(case) == AWAKE
    assert attention.others().rows == []


@pytest.mark.parametrize("hours", [-1, 0, 24 * 91])
def test_a_time_to_wait_until_lies_ahead_and_not_too_far(desk, hours):
    case, ada, _ = desk
    with pytest.raises(ValueError, match="Say until when"):
        asking.wait_on_third_party(
            case_id=case.pk, whom="x", until=NOW + hours * HOUR, by=ada.pk, now=NOW
        )


def test_others_lists_whom_each_case_waits_on_first_to_wake_on_top(desk):
    case, ada, ben = desk
    account = factories.account()
    later = factories.case(account, factories.identity("Lena Ott"), state="waiting", due_kind="")
    asking.wait_on_third_party(
        case_id=later.pk, whom="the bank", until=NOW + 9 * HOUR, by=ada.pk, now=NOW
    )
    ask(case, ben, ada)
    actions.snooze(
        case_id=factories.case(account, factories.identity(), due_kind="").pk,
        until=NOW + HOUR, by=ada.pk, now=NOW,
    )  # fmt: skip
    found = attention.others().rows
    assert [(r.case, r.waits_on, r.whom) for r in found] == [
        (case.pk, "colleague", "Ben Oduya"), (later.pk, "third party", "the bank"),
    ]  # fmt: skip
    first = attention.others(limit=1)
    assert [r.case for r in attention.others(first.after).rows] == [later.pk]
    assert badges(ada.pk, NOW)["snoozed"].n == 3


@pytest.mark.parametrize("how", ["snooze", "ask", "wait"])
def test_no_case_sleeps_past_a_running_clock(desk, how):
    _, ada, ben = desk
    case = factories.case(
        factories.account(), factories.identity(), owner=ada, state="open", due_at=NOW + 2 * HOUR
    )
    clock = Clock.objects.get(case=case)
    clock.next_at = NOW + HOUR  # to warn
    clock.save()
    {
        "snooze": lambda: actions.snooze(case_id=case.pk, until=NOW + 9 * HOUR, by=ada.pk, now=NOW),
        "ask": lambda: ask(case, ben, ada),
        "wait": lambda: asking.wait_on_third_party(
            case_id=case.pk, whom="x", until=NOW + 9 * HOUR, by=ada.pk, now=NOW
        ),
    }[how]()  # fmt: skip
    assert again(case).wake_at == NOW + HOUR


@pytest.mark.parametrize("ended", ["met_at", "void_at"])
def test_a_clock_that_does_not_run_any_more_wakes_nobody(desk, ended):
    _, ada, _ = desk
    case = factories.case(factories.account(), factories.identity(), due_at=NOW + HOUR)
    Clock.objects.filter(case=case).update(**{"next_at": NOW + HOUR, ended: NOW})
    actions.snooze(case_id=case.pk, until=NOW + 9 * HOUR, by=ada.pk, now=NOW)
    assert again(case).wake_at == NOW + 9 * HOUR


def test_waking_says_why_and_by_whom(desk):
    case, ada, _ = desk
    actions.snooze(case_id=case.pk, until=NOW + HOUR, by=ada.pk, now=NOW)
    wake_due(now=NOW + HOUR)
    actions.snooze(case_id=case.pk, until=NOW + 3 * HOUR, by=ada.pk, now=NOW + HOUR)
    actions.wake(case_id=case.pk, by=ada.pk, now=NOW + HOUR)
    actions.wake(case_id=case.pk, by=ada.pk, now=NOW + HOUR)
    found = Move.objects.filter(row=case.pk, move="wake").order_by("id").values_list("by", "note")
    assert list(found) == [(None, "its time came"), (ada.pk, "")]
