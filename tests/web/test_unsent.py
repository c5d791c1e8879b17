"""What could not be sent is listed with its reason in plain words, and with the ways out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

import factories
from sanderling.respond.models import Outgoing
from sanderling.respond.outbox import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(factories.account(), factories.identity())


def outgoing(case, ada, state, **more) -> Outgoing:
    given = {"room": "public", "text": "We <b>look</b> into it.", "reply_to": "1", "to": "2",
             "then": "wait", "trouble": "They have blocked you."}  # fmt: skip
    return Outgoing.objects.create(
        case=case, account=case.account, by=ada, state=state, key=uuid4(),
        created_at=factories.NOW, leaves_at=factories.NOW, **{**given, **more},
    )  # fmt: skip


def test_only_agents_see_it(client):
    assert client.get("/unsent/").status_code == 302


def test_nothing_to_decide_is_said(client, ada):
    assert "Everything has left" in client.get("/unsent/").text


def test_a_refused_answer_is_listed_with_its_reason_and_its_ways_out(client, ada, case):
    row = outgoing(case, ada, "failed")
    outgoing(case, ada, "queued", wake_at=factories.NOW, text="This one is on its way")
    outgoing(case, ada, "sent", text="And this one stands")
    page = client.get("/unsent/").text
    assert "They have blocked you." in page
    assert "&lt;b&gt;look" in page
    assert "on its way" not in page
    assert "And this one stands" not in page
    assert f'action="/case/{case.pk}/outgoing/{row.pk}/"' in page
    client.post(f"/case/{case.pk}/outgoing/{row.pk}/", {"act": "withdraw"})
    assert "Everything has left" in client.get("/unsent/").text


def test_an_answer_of_which_nobody_knows_is_listed_until_somebody_says(client, ada, case):
    row = outgoing(case, ada, "unsure", trouble="It may still appear.")
    outgoing(case, ada, "unsure", wake_at=factories.NOW, text="The desk still looks")
    page = client.get("/unsent/").text
    assert "Nobody knows whether this was posted" in page
    assert "The desk still looks" not in page
    client.post(f"/case/{case.pk}/outgoing/{row.pk}/", {"act": "there"})
    assert "Everything has left" in client.get("/unsent/").text


def test_a_payload_never_stands_on_the_page(client, ada, case):
    row = outgoing(case, ada, "sending", wake_at=factories.NOW + timedelta(minutes=1))
    refused(row, why='{"errors":[{"code":187,"message":"dup"}]}', now=factories.NOW)
    page = client.get("/unsent/").text
    assert "gave no reason that people could read" in page
    assert "187" not in page
