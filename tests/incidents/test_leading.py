"""Roles in an incident: taken, given, given up and handed over while it runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.incidents import actions, leading, noticing, timeline
from sanderling.incidents.leading import CannotLead
from sanderling.incidents.models import Role, Step
from sanderling.people import presence

NOW = factories.NOW
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


@pytest.fixture
def lena():
    return factories.agent("Lena Whitlock", is_lead=True)


@pytest.fixture
def incident(lena):
    return actions.open_incident(name="No signal", by=lena.pk, now=NOW)


def at_work(*agents, state="here", now=NOW):
    for agent in agents:
        presence.say(agent_id=agent.pk, state=state, now=now)


def take(incident, agent, role="lead", now=NOW):
    leading.take(incident_id=incident, role=role, by=agent.pk, now=now)


def offer(incident, giver, receiver, role="lead", note="Press calls at ten"):
    leading.offer(incident_id=incident, role=role, to=receiver.pk, note=note, by=giver.pk, now=NOW)


def who(incident, role="lead"):
    held = next(one for one in leading.roles(incident, NOW) if one.role == role)
    return held.who.name if held.who else None


def test_a_free_role_is_whose_takes_it(incident, ada):
    assert [held.role for held in leading.roles(incident, NOW)] == [
        "lead", "voice", "scribe", "technical",
    ]  # fmt: skip
    assert who(incident) is None
    take(incident, ada)
    take(incident, ada)
    assert who(incident) == "Ada Lund"
    assert leading.leads(incident, ada.pk)


def test_a_role_is_not_taken_from_whoever_is_at_work_but_by_who_leads(incident, ada, ben, lena):
    at_work(ada)
    take(incident, ada)
    with pytest.raises(CannotLead, match="Ada Lund has this role"):
        take(incident, ben)
    take(incident, lena)
    assert who(incident) == "Lena Whitlock"


def test_nobody_keeps_a_role_who_went_home(incident, ada, ben):
    at_work(ada)
    take(incident, ada)
    assert not leading.roles(incident, NOW)[0].gone
    later = NOW + timedelta(hours=1)
    assert leading.roles(incident, later)[0].gone  # no sign of life
    at_work(ada, state="off", now=later)
    assert leading.roles(incident, later)[0].gone
    take(incident, ben, now=later)
    assert who(incident) == "Ben Oduya"
    assert Role.objects.filter(agent=ada, until=later).exists()


def test_only_who_leads_gives_roles_away(incident, ada, ben, lena):
    def give(by, to, role):
        leading.give(incident_id=incident, role=role, to=to.pk, by=by.pk, now=NOW)

    with pytest.raises(CannotLead, match="Only who leads"):
        give(ada, ben, "voice")
    give(lena, ada, "lead")
    give(ada, ben, "voice")
    assert who(incident, "voice") == "Ben Oduya"
    ben.is_active = False
    ben.save()
    with pytest.raises(CannotLead, match="not at the desk"):
        give(ada, ben, "scribe")


def test_a_role_is_given_up_by_whoever_has_it(incident, ada, ben):
    take(incident, ada)
    with pytest.raises(CannotLead, match="do not have this role"):
        leading.give_up(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    leading.give_up(incident_id=incident, role="lead", by=ada.pk, now=NOW)
    assert who(incident) is None


def test_a_hand_over_is_theirs_who_gave_it_until_it_is_accepted(incident, ada, ben, lena):
    take(incident, ada)
    step = Step.objects.create(
        incident_id=incident, place=1, text="Call press", role="lead", owner=ada
    )
    offer(incident, ada, ben)
    held = leading.roles(incident, NOW)[0]
    assert (held.who.name, held.offered.name, held.note) == (
        "Ada Lund", "Ben Oduya", "Press calls at ten",
    )  # fmt: skip
    with pytest.raises(CannotLead, match="not offered to you"):
        leading.accept(incident_id=incident, role="lead", by=lena.pk, now=NOW)
    leading.accept(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    leading.accept(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    assert who(incident) == "Ben Oduya"
    assert leading.roles(incident, NOW)[0].offered is None
    step.refresh_from_db()
    assert step.owner == ben


def test_who_declines_says_why_and_the_giver_keeps_it(incident, ada, ben):
    take(incident, ada)
    offer(incident, ada, ben)
    with pytest.raises(CannotLead, match="few words"):
        leading.decline(incident_id=incident, role="lead", why=" ", by=ben.pk, now=NOW)
    leading.decline(incident_id=incident, role="lead", why="I leave at six", by=ben.pk, now=NOW)
    assert who(incident) == "Ada Lund"
    with pytest.raises(CannotLead):
        leading.accept(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    line = timeline.lines(incident)[0]
    assert (line.says, line.words) == ("Lead: not taken over from Ada Lund", "I leave at six")


def test_an_offer_can_be_taken_back(incident, ada, ben):
    take(incident, ada)
    offer(incident, ada, ben)
    leading.withdraw(incident_id=incident, role="lead", by=ada.pk, now=NOW)
    with pytest.raises(CannotLead, match="not offered to you any more"):
        leading.accept(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    with pytest.raises(CannotLead, match="Nothing is offered"):
        leading.withdraw(incident_id=incident, role="lead", by=ada.pk, now=NOW)


def test_an_offer_says_what_the_other_must_know_and_is_bounded(incident, ada, ben):
    take(incident, ada)
    for note in ("", " \0 ", "x" * 1001):
        with pytest.raises(CannotLead):
            offer(incident, ada, ben, note=note)
    with pytest.raises(CannotLead, match="already"):
        offer(incident, ada, ada)


def test_who_is_asked_is_told_once(incident, ada, ben):
    take(incident, ada)
    offer(incident, ada, ben)
    (notice,) = noticing.notices(ben.pk, is_lead=False, since=NOW)
    assert (notice.about, notice.by, notice.incident_id) == ("offered", "Ada Lund", incident)
    assert noticing.notices(ada.pk, is_lead=False, since=NOW) == []
    leading.accept(incident_id=incident, role="lead", by=ben.pk, now=NOW)
    assert noticing.notices(ben.pk, is_lead=False, since=NOW) == []


def test_there_are_four_roles_and_no_others(incident, ada):
    with pytest.raises(CannotLead, match="no such role"):
        take(incident, ada, role="boss")
