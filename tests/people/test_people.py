"""Who works here, what they can, and who is there now."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.people import presence, roster
from sanderling.people.actions import team_named
from sanderling.people.models import Agent
from sanderling.people.queries import at_work, attendance, members, teams_of, works_in
from sanderling.people.roster import Unfit

pytestmark = pytest.mark.django_db
NOW = factories.NOW
SOON = timedelta(seconds=61)


@pytest.fixture
def lea():
    return factories.agent("Lea Lead", is_lead=True)


@pytest.fixture
def ada(lea):
    return factories.agent("Ada Lund")


def changed(agent, **given):
    facts = {"name": agent.name, "initials": agent.initials, "is_lead": agent.is_lead,
             "teams": (), "skills": (), "languages": (), "capacity": 8}  # fmt: skip
    roster.change(agent_id=agent.pk, **{**facts, **given})
    return next(m for m in members() if m.id == agent.pk)


def test_an_agent_is_what_a_lead_writes_down(ada):
    billing, network = team_named("Billing"), team_named("Network")
    found = changed(
        ada, initials="al", teams=[billing, network], languages=["EN", "de"], capacity=3,
        skills=["Billing ", "billing", " Data  plans"],
    )  # fmt: skip
    assert (found.initials, found.teams, found.capacity) == ("AL", {billing, network}, 3)
    assert (found.skills, found.languages) == (("billing", "data plans"), ("en", "de"))
    assert changed(ada, teams=[network]).teams == {network}


def test_who_is_in_no_team_works_in_all(ada):
    billing, network = team_named("Billing"), team_named("Network")
    assert works_in(ada.pk, billing)
    changed(ada, teams=[billing])
    assert (works_in(ada.pk, billing), works_in(ada.pk, network)) == (True, False)
    assert teams_of(ada.pk) == {billing}


@pytest.mark.parametrize(
    "given",
    [{"name": " "}, {"name": "x" * 81}, {"initials": ""}, {"initials": "ABCDE"}, {"initials": "^"},
     {"capacity": -1}, {"capacity": 501}, {"skills": ["x" * 41]},
     {"skills": [str(n) for n in range(31)]}],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(ada, given):
    with pytest.raises(Unfit):
        changed(ada, **given)
    assert Agent.objects.get(pk=ada.pk).name == "Ada Lund"


def test_the_last_lead_stays_lead_and_stays(lea):
    with pytest.raises(Unfit, match="Somebody must be lead"):
        changed(lea, is_lead=False)
    with pytest.raises(Unfit, match="Somebody must be lead"):
        roster.set_active(agent_id=lea.pk, active=False)


def test_a_team_has_one_name(lea):
    billing = team_named("Billing")
    team_named("Network")
    with pytest.raises(Unfit, match="already"):
        roster.rename_team(team_id=billing, name="Network")
    roster.rename_team(team_id=billing, name="Money")
    with pytest.raises(Unfit, match="no such team"):
        roster.rename_team(team_id=billing + 99, name="Nobody")


class TestPresence:
    def test_whoever_uses_a_page_comes_to_work_by_it(self, ada):
        assert [m.id for m in at_work(NOW)] == []
        presence.seen(agent_id=ada.pk, now=NOW)
        assert [m.id for m in at_work(NOW)] == [ada.pk]
        assert attendance(ada.pk) == ("here", NOW, NOW)

    def test_a_busy_page_writes_once_a_minute(self, ada, django_assert_num_queries):
        presence.seen(agent_id=ada.pk, now=NOW)
        with django_assert_num_queries(1):
            presence.seen(agent_id=ada.pk, now=NOW + timedelta(seconds=59))
        assert attendance(ada.pk).seen_at == NOW
        presence.seen(agent_id=ada.pk, now=NOW + SOON)
        assert attendance(ada.pk).seen_at == NOW + SOON

    @pytest.mark.parametrize("state", ["away", "off"])
    def test_who_said_they_are_away_or_off_stays_so_while_a_page_is_open(self, ada, state):
        presence.say(agent_id=ada.pk, state=state, now=NOW)
        presence.seen(agent_id=ada.pk, now=NOW + SOON)
        assert attendance(ada.pk) == (state, NOW, NOW + SOON)
        assert at_work(NOW + SOON) == []
        presence.say(agent_id=ada.pk, state="here", now=NOW + 2 * SOON)
        assert attendance(ada.pk).since == NOW + 2 * SOON

    def test_since_is_when_they_came_however_often_they_say_so(self, ada):
        for n in range(3):
            presence.say(agent_id=ada.pk, state="here", now=NOW + n * SOON)
        assert attendance(ada.pk) == ("here", NOW, NOW + 2 * SOON)

    def test_who_gives_no_sign_of_life_is_silent_and_who_left_is_not_at_work(self, ada, lea):
        for agent in (ada, lea):
            presence.say(agent_id=agent.pk, state="here", now=NOW)
        later = NOW + timedelta(minutes=15)
        assert at_work(later) == []
        assert {m.presence(later) for m in members()} == {"silent"}
        roster.set_active(agent_id=ada.pk, active=False)
        assert [m.id for m in at_work(NOW)] == [lea.pk]

    def test_one_is_here_away_or_off(self, ada):
        with pytest.raises(ValueError, match="here, away or off"):
            presence.say(agent_id=ada.pk, state="on the moon", now=NOW)
