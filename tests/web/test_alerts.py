"""What is about to break is told once to whom it concerns, in words."""

from __future__ import annotations

import pytest

import factories
import seas
from river import connected, hear, minutes, says
from sanderling.cases import actions
from sanderling.cases.models import Case
from sanderling.cases.watching import watch_clocks
from sanderling.incidents.models import Alert, Incident, Role
from sanderling.people.models import Membership, Team
from sanderling.web import wording

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case():
    hear(connected(), says("1"))
    return Case.objects.get()


def told(client, **asked) -> dict:
    since = wording.stamp(minutes(0))
    return client.get("/alerts", {"since": since, **asked}).json()


def test_what_is_soon_late_and_late_is_told_with_its_case(client, ada, case):
    assert told(client) == {"alerts": [], "last": 0, "step": 0}
    watch_clocks(now=minutes(55))
    first = told(client)
    assert [a["says"] for a in first["alerts"]] == [f"Soon late: case {case.pk}"]
    assert "Lena" in first["alerts"][0]["more"]
    watch_clocks(now=minutes(61))
    later = told(client, after=first["last"])
    assert [a["says"] for a in later["alerts"]] == [f"Late: case {case.pk}"]
    assert told(client, after=later["last"]) == {"alerts": [], "last": 0, "step": 0}


def test_another_agents_case_is_theirs_to_hear_of(client, ada, case):
    actions.claim(case_id=case.pk, by=factories.agent("Ben Cole").pk, now=minutes(1))
    watch_clocks(now=minutes(55))
    assert told(client)["alerts"] == []


def test_nobodys_case_is_told_to_those_who_could_take_it(client, ada, case):
    watch_clocks(now=minutes(55))
    team, other = Team.objects.create(name="Shop"), Team.objects.create(name="Network")
    Case.objects.update(team=team)
    assert len(told(client)["alerts"]) == 1, "who is in no team works in all"
    Membership.objects.create(agent=ada, team=other)
    assert told(client)["alerts"] == []
    Membership.objects.create(agent=ada, team=team)
    assert len(told(client)["alerts"]) == 1


def test_what_was_met_meanwhile_is_not_told(client, ada, case):
    watch_clocks(now=minutes(55))
    actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=minutes(56))
    assert told(client)["alerts"] == []


@pytest.mark.parametrize(
    "asked", [{"after": "x"}, {"since": "99999999999999999999"}, {"after": "-1"}]
)
def test_odd_questions_are_answered_as_from_the_beginning(client, ada, case, asked):
    watch_clocks(now=minutes(55))
    assert client.get("/alerts", asked).status_code == 200


def test_a_step_of_an_incident_is_told_once_to_leads_and_to_who_has_a_role(client, ada):
    about = seas.incident(began_at=minutes(0))
    row = Alert.objects.create(incident=about, step="storm", says="38 people wrote.", at=minutes(1))
    assert told(client)["alerts"] == [], "who has nothing to do with it is left in peace"
    Role.objects.create(incident=about, role="scribe", agent=ada, since=minutes(0))
    found = told(client)
    assert found["alerts"] == [
        {
            "to": f"/incidents/{about.pk}/",
            "says": "Storm: No signal in the west",
            "more": "38 people wrote.",
        }
    ]
    assert told(client, step=found["step"])["alerts"] == []
    Role.objects.update(until=minutes(2))
    assert told(client)["alerts"] == []
    client.force_login(factories.agent("Lea Dietz", is_lead=True))
    assert told(client)["step"] == row.pk
    Incident.objects.filter(pk=about.pk).update(state="over")
    assert told(client)["alerts"] == []
