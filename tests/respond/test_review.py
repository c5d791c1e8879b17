"""The facts of a review, gathered from every stage."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

import factories
from sanderling.cases.models import Case
from sanderling.core.review import Told
from sanderling.incidents import actions, leading, steps
from sanderling.incidents.models import Alert
from sanderling.listen.models import Spend
from sanderling.respond.models import Broadcast, Outgoing, Recipient, Round
from sanderling.respond.review import facts

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def minutes(n):
    return NOW + timedelta(minutes=n)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def incident(ada):
    return actions.open_incident(name="No signal", by=ada.pk, now=NOW)


def gathered(incident, now=None):
    def amount(spent):
        return f"{sum(spent.values())} millionths" if spent else ""

    return facts(incident, amount=amount, now=now or minutes(60))


def test_of_a_young_incident_little_is_known(incident):
    found = gathered(incident)
    assert (found.number, found.name, found.over) == (incident, "No signal", False)
    assert found.confirmed_at == NOW
    assert (found.words, found.acknowledged, found.cases, found.cost) == ((), Told(), 0, "")
    assert [event.says for event in found.timeline] == ["Opened", "Confirmed"]


def test_everything_that_happened_is_there(incident, ada):
    account = factories.account()
    for n, state in enumerate(("open", "resolved")):
        case = factories.case(account, factories.identity(f"Jonas {n}"), state=state)
        Case.objects.filter(pk=case.pk).update(incident=incident)
        if state == "resolved":
            Spend.objects.create(
                account=account, day=NOW.date(), act="answer", case_id=case.pk, count=1, micros=70
            )
    for label, sent in (("We see it", minutes(5)), ("Taken back", None)):
        status = Broadcast.objects.create(
            incident_id=incident, label=label, text=label, by=ada, at=minutes(4),
            next_at=minutes(50),
        )  # fmt: skip
        Outgoing.objects.create(
            broadcast=status, account=account, by=ada, state="sent" if sent else "withdrawn",
            room="public", text=label, to="", key=uuid4(), then="wait", created_at=minutes(4),
            leaves_at=minutes(5), sent_at=sent,
        )  # fmt: skip
    Alert.objects.create(incident_id=incident, step="storm", says="Storm", at=minutes(6))
    Alert.objects.create(incident_id=incident, step="storm", episode=1, says="x", at=minutes(9))
    leading.take(incident_id=incident, role="lead", by=ada.pk, now=minutes(1))
    steps.begin(incident_id=incident, name="service-down", by=ada.pk, now=minutes(2))
    first, second, *rest = steps.steps(incident)
    steps.tick(step_id=first.id, by=ada.pk, now=minutes(3))
    steps.skip(step_id=second.id, why="none was planned", by=ada.pk, now=minutes(3))
    row = Round.objects.create(
        incident_id=incident, kind="acknowledge", state="done", text="", per_hour=1, by=ada, at=NOW
    )
    for n, (state, why) in enumerate(
        [("told", ""), ("waiting", ""), ("set aside", "Blocked"), ("failed", "Blocked")]
    ):
        who = factories.identity(f"Inês {n}")
        Recipient.objects.create(
            round=row, incident_id=incident, kind="acknowledge", customer=who, account=account,
            post=factories.post(account, who, "no signal"), rank=n, state=state, why=why,
        )  # fmt: skip
    actions.move(incident_id=incident, move="end", by=ada.pk, now=minutes(55))
    found = gathered(incident)
    assert found.over
    assert found.ended_at == minutes(55)
    assert found.levels == (("storm", minutes(6)),)
    assert (found.cases, found.cases_open, found.cost) == (2, 1, "70 millionths")
    assert found.acknowledged.all == 4
    assert (found.acknowledged.told, found.acknowledged.waiting) == (1, 1)
    assert found.acknowledged.missed == (("Blocked", 2),)
    assert (found.playbook, found.done, len(found.undone)) == ("Service down", 1, len(rest))
    assert found.left_out == ((second.text, "none was planned"),)
    assert found.led == (("Lead", "Ada Lund"),)
    assert [(word.at, word.label) for word in found.words] == [(minutes(5), "We see it")]
    assert [event.at for event in found.timeline] == sorted(e.at for e in found.timeline)
    assert "Public status: We see it" in [event.says for event in found.timeline]
