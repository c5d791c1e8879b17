"""The steps of a playbook: begun once, owed by somebody, late only once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection

import factories
from sanderling.incidents import actions, leading, noticing, playbooks, steps, timeline
from sanderling.incidents.models import Incident, Step
from sanderling.incidents.playbooks import NoSuchPlaybook
from sanderling.incidents.steps import CannotStep

NOW = factories.NOW
MINE = """
name = "mine"
title = "Mine"

[[steps]]
text = "Look"
role = "technical"
within = "10m"

[[steps]]
text = "Say it"
role = "voice"
within = "20m"
every = "45m"

[[steps]]
text = "All clear"
"""

pytestmark = pytest.mark.django_db


def minutes(n):
    return NOW + timedelta(minutes=n)


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
    playbooks.write(text=MINE, by=lena.pk, now=NOW)
    return actions.open_incident(name="No signal", by=lena.pk, now=NOW)


@pytest.fixture
def begun(incident, ada):
    steps.begin(incident_id=incident, name="mine", by=ada.pk, now=NOW)
    return incident


def ids(incident):
    return [one.id for one in steps.steps(incident)]


def told(agent, since=NOW):
    found = noticing.notices(agent.pk, is_lead=agent.is_lead, since=since)
    return [(one.about, one.words) for one in found]


def test_a_playbook_becomes_steps_with_roles_and_times(begun):
    found = steps.steps(begun)
    assert [(one.text, one.role, one.due_at) for one in found] == [
        ("Look", "technical", minutes(10)),
        ("Say it", "voice", minutes(20)),
        ("All clear", "", None),
    ]
    assert steps.next_of(found).text == "Look"
    assert playbooks.of(begun).title == "Mine"


def test_begun_twice_it_stands_there_once_and_a_second_one_adds_its_own(begun, ada):
    assert steps.begin(incident_id=begun, name="mine", by=ada.pk, now=NOW) == 0
    more = steps.begin(incident_id=begun, name="boycott", by=ada.pk, now=NOW)
    assert len(steps.steps(begun)) == 3 + more
    assert playbooks.of(begun).name == "boycott"


def test_what_is_over_or_put_away_is_not_begun(incident, ada, lena):
    playbooks.archive(name="mine", by=lena.pk, now=NOW)
    with pytest.raises(NoSuchPlaybook, match="put away"):
        steps.begin(incident_id=incident, name="mine", by=ada.pk, now=NOW)
    actions.move(incident_id=incident, move="end", by=lena.pk, now=NOW)
    with pytest.raises(CannotStep, match="not over"):
        steps.begin(incident_id=incident, name="boycott", by=ada.pk, now=NOW)


def test_the_level_begins_what_fits_the_words_and_only_once(incident):
    Incident.objects.filter(pk=incident).update(name="That sexist advert", terms=["advert"])
    assert steps.begin_for_level(incident_id=incident, level="calm", now=NOW) == 0
    assert steps.begin_for_level(incident_id=incident, level="choppy", now=NOW) > 0
    assert playbooks.of(incident).name == "stupid-ad"
    assert steps.begin_for_level(incident_id=incident, level="storm", now=NOW) == 0
    begun = [line for line in timeline.lines(incident) if line.kind == "step"]
    assert [(line.says, line.by) for line in begun] == [("Playbook begun: The stupid ad", None)]


def test_the_level_begins_nothing_that_was_put_away(incident, lena):
    playbooks.archive(name="service-down", by=lena.pk, now=NOW)
    assert steps.begin_for_level(incident_id=incident, level="storm", now=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_begin_it_once(incident):
    def begin(_):
        with closing(connection):
            return steps.begin_for_level(incident_id=incident, level="choppy", now=NOW)

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(begin, range(2)))
    assert came[0] == 0
    assert came[1] == Step.objects.count() > 0


def test_a_step_is_owed_by_its_role_until_somebody_takes_it(begun, ada, ben):
    leading.take(incident_id=begun, role="technical", by=ben.pk, now=NOW)
    look = steps.steps(begun)[0]
    assert (look.who.name, look.taken) == ("Ben Oduya", False)
    steps.take(step_id=look.id, by=ada.pk, now=NOW)
    look = steps.steps(begun)[0]
    assert (look.who.name, look.taken) == ("Ada Lund", True)


def test_a_step_is_given_by_whoever_has_it_or_leads(begun, ada, ben, lena):
    first = ids(begun)[0]
    steps.give(step_id=first, to=ada.pk, by=ben.pk, now=NOW)  # nobody had it
    with pytest.raises(CannotStep, match="Only who has"):
        steps.give(step_id=first, to=ben.pk, by=ben.pk, now=NOW)
    steps.give(step_id=first, to=ben.pk, by=lena.pk, now=NOW)
    steps.give(step_id=first, to=ada.pk, by=ben.pk, now=NOW)
    assert steps.steps(begun)[0].who.name == "Ada Lund"


def test_done_is_done_once_and_can_be_taken_back(begun, ada, ben):
    first = ids(begun)[0]
    steps.tick(step_id=first, by=ada.pk, now=minutes(3))
    steps.tick(step_id=first, by=ben.pk, now=minutes(4))
    look = steps.steps(begun)[0]
    assert (look.done_at, look.done_by, look.times) == (minutes(3), "Ada Lund", 1)
    with pytest.raises(CannotStep, match="settled"):
        steps.take(step_id=first, by=ben.pk, now=NOW)
    steps.untick(step_id=first, by=ben.pk, now=minutes(5))
    steps.untick(step_id=first, by=ben.pk, now=minutes(5))
    look = steps.steps(begun)[0]
    assert (look.done_at, look.times) == (None, 0)


def test_what_comes_again_is_due_anew_until_the_incident_is_over(begun, ada, lena):
    again = ids(begun)[1]
    steps.warn_late(now=minutes(21))
    steps.tick(step_id=again, by=ada.pk, now=minutes(22))
    found = steps.steps(begun)[1]
    assert (found.done_at, found.due_at, found.times) == (None, minutes(67), 1)
    assert steps.warn_late(now=minutes(68)) == 1
    actions.move(incident_id=begun, move="end", by=lena.pk, now=minutes(70))
    steps.tick(step_id=again, by=ada.pk, now=minutes(71))
    assert steps.steps(begun)[1].done_at == minutes(71)


def test_what_is_left_out_says_why(begun, ada):
    last = ids(begun)[2]
    with pytest.raises(CannotStep, match="Say why"):
        steps.skip(step_id=last, why=" ", by=ada.pk, now=NOW)
    steps.skip(step_id=last, why="Nothing was down", by=ada.pk, now=NOW)
    clear = steps.steps(begun)[2]
    assert (clear.skipped, clear.done_at, clear.times) == ("Nothing was down", NOW, 0)
    line = timeline.lines(begun)[0]
    assert (line.says, line.words) == ("Left out: All clear", "Nothing was down")
    steps.untick(step_id=last, by=ada.pk, now=NOW)
    assert steps.steps(begun)[2].skipped == ""


def test_a_late_step_is_told_once_to_whoever_owes_it(begun, ada, ben, lena):
    leading.take(incident_id=begun, role="voice", by=ben.pk, now=NOW)
    assert steps.warn_late(now=minutes(9)) == 0
    assert steps.warn_late(now=minutes(25)) == 2
    assert steps.warn_late(now=minutes(26)) == 0
    assert told(ben) == [("late", "Say it")]
    assert told(lena) == [("late", "Look")]  # nobody has it, nobody leads the incident
    leading.take(incident_id=begun, role="lead", by=ada.pk, now=minutes(26))
    assert told(ada) == [("late", "Look")]
    assert told(lena) == []
    says = [line.says for line in timeline.lines(begun)]
    assert {"Late: Look", "Late: Say it"} <= set(says)
    steps.tick(step_id=ids(begun)[0], by=ada.pk, now=minutes(27))
    assert told(ada) == []


def test_nobody_is_told_of_steps_of_what_is_over(begun, lena):
    actions.move(incident_id=begun, move="end", by=lena.pk, now=NOW)
    assert steps.warn_late(now=minutes(60)) == 0


def test_a_step_that_is_not_there_is_told_so(ada):
    with pytest.raises(CannotStep, match="no such step"):
        steps.tick(step_id=1, by=ada.pk, now=NOW)
