"""One act for many cases: each whole or not at all, nothing twice, and back where nothing moved."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions, bulk, handing, promising
from sanderling.cases.bulk import Aside, Give, LinkTo, Offer, Resolve, Take, act_on, marks_of
from sanderling.cases.models import Case, Handover, Link
from sanderling.cases.queries import badges
from sanderling.cases.tally import standing
from sanderling.people.models import Membership, Team
from sanderling.store.models import Move
from sanderling.triage.models import Verdict

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ben():
    return factories.agent("Ben Oke")


@pytest.fixture
def cases(ada):
    account = factories.account()
    return [factories.case(account, factories.identity(f"Person {n}")) for n in range(3)]


def do(act, cases, by, *, marks=None, now=NOW):
    ids = [case.pk for case in cases]
    marks = marks_of(ids) if marks is None else marks
    return act_on(case_ids=ids, act=act, marks=marks, by=by.pk, now=now)


def why(outcomes):
    return [one.why for one in outcomes]


def steps(outcomes):
    return [one.back for one in outcomes if one.back]


def back(outcomes, by, now=NOW):
    return why(bulk.take_back(steps=steps(outcomes), by=by.pk, now=now))


def moves(case):
    return list(
        Move.objects.filter(kind="case", row=case.pk).order_by("id").values_list("move", flat=True)
    )


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_taking_leaves_a_colleagues_case_and_takes_the_rest(cases, ada, ben):
    actions.claim(case_id=cases[1].pk, by=ben.pk, now=NOW)
    went = do(Take(), cases, ada)
    assert [one.done for one in went] == [True, False, True]
    assert "Ben Oke took this case" in went[1].why
    assert [fresh(c).owner_id for c in cases] == [ada.pk, ben.pk, ada.pk]
    assert badges(ada.pk, NOW)["mine"].n == 2


def test_each_case_keeps_who_did_what_in_its_history(cases, ada, ben):
    do(Give(ben.pk), cases, ada)
    step = Move.objects.get(kind="case", row=cases[0].pk, move="assign")
    assert (step.by_id, step.at, step.note) == (ada.pk, NOW, "Ben Oke")


@pytest.mark.parametrize("act", ["take", "give", "offer", "aside", "resolve", "link"])
def test_a_form_that_comes_twice_does_nothing_twice(cases, ada, ben, act):
    team, other = Team.objects.create(name="Billing"), cases.pop()
    made = {
        "take": Take(), "give": Give(ben.pk), "offer": Offer(team.pk, "An old bill"),
        "aside": Aside(NOW + timedelta(hours=2)), "resolve": Resolve("solved"),
        "link": LinkTo(other.pk, "the same mast"),
    }[act]  # fmt: skip
    marks = marks_of([case.pk for case in cases])
    first = do(made, cases, ada, marks=marks)
    before = [moves(case) for case in cases]
    again = do(made, cases, ada, marks=marks, now=NOW + timedelta(minutes=1))
    assert why(first) == why(again) == ["", ""]
    assert not steps(again)
    assert [moves(case) for case in cases] == before
    assert all(before)


def test_a_form_that_comes_again_after_a_colleague_moved_the_case_leaves_it(cases, ada, ben):
    marks = marks_of([case.pk for case in cases])
    do(Give(ben.pk), cases, ada, marks=marks)
    actions.assign(case_id=cases[0].pk, to=None, by=ben.pk, now=NOW)
    went = do(Give(ben.pk), cases, ada, marks=marks)
    assert [one.done for one in went] == [False, True, True]
    assert fresh(cases[0]).owner_id is None


def test_what_was_given_comes_back_to_whoever_had_it(cases, ada, ben):
    actions.claim(case_id=cases[0].pk, by=ada.pk, now=NOW)
    went = do(Give(ben.pk), cases, ada)
    assert back(went, ada) == ["", "", ""]
    assert [fresh(c).owner_id for c in cases] == [ada.pk, None, None]
    assert badges(ben.pk, NOW)["mine"].n == 0


def test_what_moved_since_is_not_taken_back(cases, ada, ben):
    went = do(Aside(NOW + timedelta(hours=2)), cases, ada)
    actions.wake(case_id=cases[1].pk, by=ben.pk, now=NOW)
    actions.snooze(case_id=cases[1].pk, until=NOW + timedelta(hours=9), by=ben.pk, now=NOW)
    said = back(went, ada)
    assert [bool(one) for one in said] == [False, True, False]
    assert [fresh(c).snoozed for c in cases] == [False, True, False]


def test_taking_back_twice_is_once(cases, ada):
    went = do(Take(), cases, ada)
    back(went, ada)
    before = [moves(case) for case in cases]
    assert all(back(went, ada))
    assert [moves(case) for case in cases] == before


def test_a_team_is_offered_cases_and_its_note_is_theirs(cases, ada):
    team = Team.objects.create(name="Billing")
    went = do(Offer(team.pk, "An old bill"), cases, ada)
    assert set(Handover.objects.values_list("note", "state")) == {("An old bill", "offered")}
    assert back(went, ada) == ["", "", ""]
    assert set(Handover.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_accepting_by_taking_is_not_undone(cases, ada, ben):
    team = Team.objects.create(name="Billing")
    Membership.objects.create(agent=ada, team=team)
    handing.offer(case_id=cases[0].pk, team=team.pk, note="Yours", by=ben.pk, now=NOW)
    went = do(Take(), cases[:1], ada)
    assert why(went) == [""]
    assert not steps(went)


def test_resolving_asks_once_and_ends_all(cases, ada):
    do(Resolve("solved", note="The mast is up."), cases, ada)
    assert {fresh(c).state for c in cases} == {"resolved"}
    assert {fresh(c).outcome for c in cases} == {"solved"}
    assert badges(ada.pk, NOW)["team"].n == 0


def test_needing_no_answer_dismisses_new_cases(cases, ada):
    do(Resolve("no answer"), cases, ada)
    assert {fresh(c).state for c in cases} == {"closed"}


def test_what_is_owed_or_dangerous_stays_open_and_says_why(cases, ada):
    told, promised, danger = cases
    factories.place(told, factories.post(told.account, told.requester, "My number", room="direct"))
    ours = factories.identity("Northwind")
    answer = factories.post(
        told.account,
        ours,
        "Sorry!",
        direction="ours",
        origin="desk",
        room="direct",
        created_at=NOW,
    )
    factories.place(told, answer, role="us")
    promising.keep(
        case_id=promised.pk, text="We call on Friday", due=NOW + timedelta(days=2), by=ada.pk,
        now=NOW,
    )  # fmt: skip
    Verdict.objects.filter(post_id=danger.about_post_id).update(flags=["selfharm"])
    said = why(do(Resolve("solved"), cases, ada))
    assert "public follow-up" in said[0]
    assert "promise" in said[1]
    assert "danger" in said[2]
    assert {fresh(c).state for c in cases} == {"new"}


def test_what_was_written_since_is_read_before_the_case_is_resolved(cases, ada):
    marks = marks_of([case.pk for case in cases])
    Case.objects.filter(pk=cases[0].pk).update(last_at=NOW)
    went = do(Resolve("solved"), cases, ada, marks=marks)
    assert [one.done for one in went] == [False, True, True]
    assert "Read it first" in went[0].why


def test_an_outcome_that_does_not_fit_one_case_is_told_of_that_case(cases, ada):
    Case.objects.filter(pk=cases[0].pk).update(invited_at=NOW)
    went = do(Resolve("never came"), cases, ada)
    assert [one.done for one in went] == [True, False, False]


def test_cases_are_linked_with_one_and_not_with_themselves(cases, ada):
    went = do(LinkTo(cases[0].pk, "the same mast"), cases, ada)
    assert [one.done for one in went] == [False, True, True]
    assert Link.objects.count() == 2


def test_no_more_than_two_hundred_and_not_none(ada):
    for ids in (list(range(1, 202)), []):
        with pytest.raises(bulk.TooMany):
            act_on(case_ids=ids, act=Take(), marks={}, by=ada.pk, now=NOW)


def test_a_case_that_is_not_there_is_said_and_keeps_back_no_other(cases, ada):
    went = act_on(case_ids=[10**9, cases[0].pk], act=Take(), marks={}, by=ada.pk, now=NOW)
    assert [one.done for one in went] == [False, True]


def test_a_case_that_became_part_of_another_is_left_to_it(cases, ada):
    Case.objects.filter(pk=cases[0].pk).update(merged_into=cases[1], state="merged")
    assert f"part of case {cases[1].pk}" in why(do(Take(), cases[:1], ada, marks={}))[0]


def test_an_act_that_breaks_half_way_leaves_nothing_of_its_case(cases, ada):
    class Half(Take):
        def do(self, case, *, by, now):
            super().do(case, by=by, now=now)
            raise actions.AlreadyTaken("Halfway.")

    before = [standing(fresh(case)) for case in cases]
    assert why(do(Half(), cases, ada)) == ["Halfway."] * 3
    assert [standing(fresh(case)) for case in cases] == before
    assert not any(moves(case) for case in cases)
