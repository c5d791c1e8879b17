"""What is new for an agent: theirs, of the kinds they want, once by its key."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from river import connected, hear, minutes, says
from sanderling.cases import actions, asking, handing
from sanderling.cases.models import Case
from sanderling.cases.noticing import MOST, notices
from sanderling.cases.watching import watch_clocks
from sanderling.people.models import Membership, Team
from sanderling.people.queries import ABOUT

pytestmark = pytest.mark.django_db
BEGAN = minutes(0)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


@pytest.fixture
def case():
    hear(connected(), says("1"))
    return Case.objects.get()


def new(agent, about=ABOUT, since=BEGAN) -> list[tuple[str, int]]:
    return [(n.about, n.case_id) for n in notices(agent.pk, about=about, since=since)]


def test_a_clock_is_told_to_whoever_has_the_case_and_to_nobody_else(ada, ben, case):
    actions.claim(case_id=case.pk, by=ada.pk, now=minutes(1))
    watch_clocks(now=minutes(55))
    assert new(ada) == [("soon", case.pk)]
    assert new(ben) == []
    watch_clocks(now=minutes(61))
    assert new(ada) == [("soon", case.pk), ("late", case.pk)]
    assert new(ada, since=minutes(60)) == [("late", case.pk)]


def test_what_was_met_meanwhile_is_no_news(ada, case):
    actions.claim(case_id=case.pk, by=ada.pk, now=minutes(1))
    watch_clocks(now=minutes(55))
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=minutes(56))
    assert new(ada) == []


def test_who_is_named_or_asked_is_told_until_they_have_seen_it(ada, ben, case):
    actions.write_note(case_id=case.pk, text="@Ada what do you think?", by=ben.pk, now=minutes(2))
    asking.ask(
        case_id=case.pk, to=ada.pk, question="Is the cell down?", remind=timedelta(hours=4),
        by=ben.pk, now=minutes(3),
    )  # fmt: skip
    assert new(ada) == [("mentioned", case.pk), ("asked", case.pk)]
    assert new(ben) == []
    found = notices(ada.pk, about=ABOUT, since=BEGAN)
    assert [(n.by, n.words) for n in found] == [
        ("Ben Oduya", "@Ada what do you think?"),
        ("Ben Oduya", "Is the cell down?"),
    ]


def test_an_offer_is_told_to_its_receiver_and_to_the_members_of_a_team(ada, ben, case):
    handing.offer(case_id=case.pk, to=ada.pk, note="Yours, I think.", by=ben.pk, now=minutes(2))
    assert new(ada) == [("offered", case.pk)]
    assert new(ben) == []
    shop, network = Team.objects.create(name="Shop"), Team.objects.create(name="Network")
    handing.offer(case_id=case.pk, team=shop.pk, note="Shop.", by=ben.pk, now=minutes(3))
    assert new(ada) == [("offered", case.pk)], "who is in no team works in all"
    Membership.objects.create(agent=ada, team=network)
    assert new(ada) == []
    Membership.objects.create(agent=ada, team=shop)
    assert new(ada) == [("offered", case.pk)]


def test_something_critical_is_told_while_nobody_has_it_to_those_who_could(ada, ben, case):
    assert new(ada) == []
    Case.objects.update(urgency=3)
    assert new(ada) == new(ben) == [("critical", case.pk)]
    shop, network = Team.objects.create(name="Shop"), Team.objects.create(name="Network")
    Case.objects.update(team=shop)
    Membership.objects.create(agent=ada, team=network)
    assert (new(ada), new(ben)) == ([], [("critical", case.pk)])
    actions.claim(case_id=case.pk, by=ben.pk, now=minutes(2))
    assert new(ben) == []


def test_only_the_kinds_that_are_wanted_are_told(ada, ben, case):
    Case.objects.update(urgency=3)
    actions.write_note(case_id=case.pk, text="@Ada look", by=ben.pk, now=minutes(1))
    assert new(ada, about=("asked",)) == [("mentioned", case.pk)]
    assert new(ada, about=("critical", "late")) == [("critical", case.pk)]
    assert new(ada, about=()) == []


def test_a_key_is_the_same_however_often_it_is_read_and_much_is_cut_to_the_newest(ada, ben, case):
    for n in range(MOST + 2):
        actions.write_note(case_id=case.pk, text=f"@Ada number {n}", by=ben.pk, now=minutes(n))
    first, again = (notices(ada.pk, about=ABOUT, since=BEGAN) for _ in range(2))
    assert [n.key for n in first] == [n.key for n in again]
    assert [n.words for n in first] == [f"@Ada number {n}" for n in range(2, MOST + 2)]
