"""Who has a case before them: told when it is new, forgotten when it is old."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import presence
from sanderling.cases.models import Here
from sanderling.cases.queries import NoSuchCase
from sanderling.store import announce

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def told(monkeypatch):
    said = []
    monkeypatch.setattr(announce, "announce", said.extend)
    return said


@pytest.fixture
def case():
    return factories.case(factories.account(), factories.identity()).pk


@pytest.fixture
def ada():
    return factories.agent("Ada Lund").pk


@pytest.fixture
def mira():
    return factories.agent("Mira Solberg").pk


def there(case, agent, now=NOW):
    return [(p.agent.name, p.doing) for p in presence.others(case, agent_id=agent, now=now)]


def test_colleagues_see_who_reads_and_who_writes_and_not_themselves(case, ada, mira):
    presence.here(case_id=case, agent_id=mira, doing="reading", now=NOW)
    assert there(case, ada) == [("Mira Solberg", "reading")]
    presence.here(case_id=case, agent_id=mira, doing="direct", now=NOW)
    assert there(case, ada) == [("Mira Solberg", "direct")]
    assert there(case, mira) == []


def test_who_gives_no_sign_of_life_is_not_here_any_more(case, ada, mira):
    presence.here(case_id=case, agent_id=mira, doing="reading", now=NOW)
    assert there(case, ada, NOW + presence.FRESH - timedelta(milliseconds=1))
    assert there(case, ada, NOW + presence.FRESH) == []


def test_pages_hear_of_what_is_new_and_not_of_every_sign_of_life(case, ada, told):
    for seconds, doing in [(0, "reading"), (20, "reading"), (40, "public"), (60, "public")]:
        now = NOW + timedelta(seconds=seconds)
        presence.here(case_id=case, agent_id=ada, doing=doing, now=now)
    assert told == [f"here-{case}"] * 2
    presence.here(case_id=case, agent_id=ada, doing="public", now=NOW + timedelta(hours=1))
    assert told == [f"here-{case}"] * 3
    presence.gone(case_id=case, agent_id=ada)
    presence.gone(case_id=case, agent_id=ada)
    assert told == [f"here-{case}"] * 4


def test_old_traces_are_swept_away(case, ada):
    presence.here(case_id=case, agent_id=ada, doing="reading", now=NOW)
    other = factories.case(factories.account(), factories.identity()).pk
    later = NOW + timedelta(hours=1)
    presence.here(case_id=other, agent_id=ada, doing="reading", now=later)
    assert [row.case_id for row in Here.objects.all()] == [other]


def test_only_what_there_is_can_be_done_and_only_where_there_is_a_case(case, ada):
    with pytest.raises(ValueError, match="sleeping"):
        presence.here(case_id=case, agent_id=ada, doing="sleeping", now=NOW)
    with pytest.raises(NoSuchCase):
        presence.here(case_id=case + 1000, agent_id=ada, doing="reading", now=NOW)
