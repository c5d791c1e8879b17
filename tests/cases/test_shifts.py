"""The board at the end of a shift: named people, frozen items, and nobody left in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, handing, shifts
from sanderling.cases.models import Ask, Promise
from sanderling.cases.shifts import CannotGive
from sanderling.people.models import Team
from sanderling.store.moves import Overtaken

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ben():
    return factories.agent("Ben Okri")


@pytest.fixture
def make():
    account = factories.account()
    return lambda minutes=300, **given: factories.case(
        account, factories.identity(), due_at=NOW + timedelta(minutes=minutes), **given
    )


def board(team=None, approvals=0):
    return shifts.board(team=team, approvals=approvals, now=NOW)


def given(by, to, **more):
    left = more.pop("left", None) or board()
    return shifts.give(
        left=left, team=more.pop("team", None), to=to.pk, note=more.pop("note", "All quiet."),
        by=by.pk, now=NOW,
    )  # fmt: skip


def test_the_board_names_what_is_late_due_promised_asked_and_offered(ada, ben, make):
    late, soon, calm = make(-5, owner=ada, state="open"), make(59), make(61)
    make(state="waiting")
    Promise.objects.create(case=calm, by=ada, text="by Friday", due_at=NOW, at=NOW)
    Promise.objects.create(case=calm, by=ada, text="kept", due_at=NOW, at=NOW, kept_at=NOW)
    Ask.objects.create(case=calm, by=ada, to=ben, question="Which mast?", at=NOW)
    handing.offer(case_id=soon.pk, to=ben.pk, note="needs a SIM", by=ada.pk, now=NOW)
    found = board(approvals=2)
    assert (found.waits_for_us, found.waits_for_customers, found.approvals) == (3, 1, 2)
    assert [(i.case, i.owner, i.says) for i in found.of("late")] == [
        (late.pk, "Ada Lund", "acknowledge")
    ]
    assert [i.case for i in found.of("due soon")] == [soon.pk]
    assert [i.says for i in found.of("promised")] == ["by Friday"]
    assert [i.says for i in found.of("asked")] == ["Ben Okri: Which mast?"]
    assert [i.says for i in found.of("offered")] == ["Ben Okri: needs a SIM"]


def test_a_teams_board_has_its_own_and_what_belongs_to_none(make):
    billing, network = Team.objects.create(name="Billing"), Team.objects.create(name="Network")
    mine, free = make(-1, team=billing), make(-2)
    make(-3, team=network)
    found = board(team=billing.pk)
    assert {i.case for i in found.items} == {mine.pk, free.pk}
    assert found.waits_for_us == 2
    assert {i.team for i in found.items} == {"Billing", ""}


def test_a_shift_keeps_what_was_on_the_board_when_it_was_given(ada, ben, make):
    case = make(-5)
    given(ada, ben, note="Watch the mast in Ulm.")
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=NOW)
    (kept,) = shifts.history()
    assert (kept.by, kept.to, kept.note) == ("Ada Lund", "Ben Okri", "Watch the mast in Ulm.")
    assert [i.case for i in kept.board.of("late")] == [case.pk]
    assert board().items == ()


def test_until_it_is_accepted_both_are_told_and_leads_and_nobody_else(ada, ben):
    lea, cem = factories.agent("Lea", is_lead=True), factories.agent("Cem")
    number = given(ada, ben)
    for agent, lead, told in ((ada, False, 1), (ben, False, 1), (lea, True, 1), (cem, False, 0)):
        assert len(shifts.unaccepted(agent.pk, is_lead=lead)) == told
    with pytest.raises(CannotGive, match="somebody else"):
        shifts.accept(shift_id=number, by=cem.pk, now=NOW)
    for _ in range(2):
        shifts.accept(shift_id=number, by=ben.pk, now=NOW)
    assert shifts.unaccepted(ben.pk, is_lead=False) == []
    assert shifts.history()[0].accepted_at == NOW


def test_a_shift_can_be_taken_back_until_it_is_accepted(ada, ben):
    number = given(ada, ben)
    with pytest.raises(CannotGive, match="Only who gave"):
        shifts.take_back(shift_id=number, by=ben.pk, now=NOW)
    shifts.take_back(shift_id=number, by=ada.pk, now=NOW)
    assert shifts.unaccepted(ada.pk, is_lead=False) == []
    assert shifts.history()[0].board.taken_back == NOW
    with pytest.raises(Overtaken, match="taken back"):
        shifts.accept(shift_id=number, by=ben.pk, now=NOW)
    other = given(ada, ben)
    shifts.accept(shift_id=other, by=ben.pk, now=NOW)
    with pytest.raises(Overtaken, match="accepted already"):
        shifts.take_back(shift_id=other, by=ada.pk, now=NOW)


def test_a_shift_goes_to_somebody_else_who_is_at_the_desk_with_a_word(ada, ben):
    with pytest.raises(CannotGive, match="somebody else"):
        given(ada, ada)
    with pytest.raises(CannotGive, match="Say in a word"):
        given(ada, ben, note=" ")
    with pytest.raises(CannotGive, match="4,001"):
        given(ada, ben, note="x" * 4001)
    with pytest.raises(CannotGive, match="no such team"):
        given(ada, ben, team=99)
    with pytest.raises(CannotGive, match="not at the desk"):
        given(ada, factories.agent("Gone", is_active=False))
    assert shifts.history() == []
