"""The panel of one voice: what it shows, posting with and without a script, approving, and what
colleagues are offered."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

import factories
from sanderling.core.network import Receipt
from sanderling.core.policy import shipped_text
from sanderling.incidents.models import Drill, Incident
from sanderling.people.models import Agent
from sanderling.policy.actions import apply
from sanderling.respond import outbox
from sanderling.respond.models import Approval, Broadcast, Draft, Outgoing
from sanderling.respond.owing import watch
from sanderling.web import clock

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def account():
    return factories.account()


@pytest.fixture
def incident(ada, account) -> int:
    row = Incident.objects.create(
        state="confirmed", name="No <b>data", began_at=NOW, noticed_at=NOW
    )
    return row.pk


def panel(client, incident: int) -> str:
    return client.get(f"/incidents/{incident}/status/", headers=SCRIPT).text


def post(client, incident: int, account, script=True, **more):
    given = {
        "label": "We see it", "text": "We <i>see</i> it.", "account": account.pk,
        "key": str(uuid4()), "seen": 0, **more,
    }  # fmt: skip
    headers = SCRIPT if script else {}
    return client.post(f"/incidents/{incident}/status/post/", given, headers=headers)


def leaves() -> None:
    """What is queued stands on the network."""
    for row in Outgoing.objects.filter(state="queued").order_by("pk"):
        outbox.advance(row, outbox.OUTGOING, "start", by=None, now=NOW, wake_at=NOW)
        receipt = Receipt(remote_id=f"r{row.pk}", at=NOW)
        outbox.arrived(row, "sent", receipt, now=NOW)


def test_only_agents_see_it(client, incident):
    client.logout()
    assert client.get(f"/incidents/{incident}/status/").status_code == 302
    assert client.get("/incidents/999999/status/").status_code == 302


def test_an_incident_that_is_not_there_has_no_panel(client, ada):
    assert client.get("/incidents/999999/status/").status_code == 404
    answer = client.post("/incidents/999999/status/post/", {"text": "x"}, headers=SCRIPT)
    assert answer.status_code == 404


def test_the_panel_says_who_reads_it_and_what_fits_where(client, incident, account):
    shown = panel(client, incident)
    assert "Everyone can read this." in shown
    assert f'name="account" value="{account.pk}" checked' in shown
    assert "up to 280" in shown
    assert "Nothing was said in public yet." in shown
    assert '<option value="We see it" selected>' in shown


def test_a_status_is_posted_and_shown_and_its_words_are_escaped(client, incident, account):
    answer = post(client, incident, account, link="https://status.example.org")
    assert "seconds" in answer.json()["says"]
    shown = panel(client, incident)
    assert "We &lt;i&gt;see&lt;/i&gt; it." in shown
    assert "Take it back" in shown
    leaves()
    shown = panel(client, incident)
    assert "Take it back" not in shown
    assert '<option value="Cause known" selected>' in shown
    assert 'value="https://status.example.org"' in shown


def test_without_a_script_it_leads_back_to_the_room(client, incident, account):
    answer = post(client, incident, account, script=False)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/incidents/{incident}/#incident-status",
    )


def test_what_speaks_against_it_is_said_and_nothing_leaves(client, incident, account):
    answer = post(client, incident, account, text="Pay to DE89 3704 0044 0532 0130 00.")
    assert answer.status_code == 422
    assert "bank account" in answer.json()["why"][0]
    assert not Outgoing.objects.exists()
    account.pk = 999_999
    assert post(client, incident, account).status_code == 422, "an account that is not ours"


def test_a_time_that_is_none_is_not_taken_for_none(client, incident, account):
    assert post(client, incident, account, next_at="soon").status_code == 422


def test_what_may_be_overruled_is_asked_with_and_without_a_script(client, incident, account):
    text = "We fix it, and @lena knows more."
    told = post(client, incident, account, text=text).json()
    assert (told["ask"], told["confirmed"]) == ("Post all the same", ["mention"])
    page = post(client, incident, account, script=False, text=text, own_label="x").text
    assert 'name="confirmed" value="mention"' in page
    assert post(client, incident, account, text=text, confirmed=told["confirmed"]).json()["says"]


def test_the_time_of_the_next_word_is_that_of_the_browser(client, incident, account):
    client.cookies["zone"] = "Europe/Berlin"
    there = (NOW + timedelta(hours=2)).replace(minute=0)
    local = f"{there + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    post(client, incident, account, next_at=local)
    offset = Broadcast.objects.get().next_at - there.replace(second=0, microsecond=0)
    assert offset in (timedelta(), -timedelta(hours=1))


def test_it_can_be_taken_back_and_its_words_are_in_the_box_again(client, incident, account):
    post(client, incident, account)
    number = Broadcast.objects.get().pk
    client.post(f"/incidents/{incident}/status/{number}/back/", headers=SCRIPT)
    shown = panel(client, incident)
    assert "Taken back; nobody has read it." in shown
    assert "We &lt;i&gt;see&lt;/i&gt; it.</textarea>" in shown
    again = client.post(f"/incidents/{incident}/status/{number}/back/", headers=SCRIPT)
    assert again.status_code == 409


def test_what_failed_says_why_and_is_tried_again_here_and_where_all_is_listed(
    client, incident, account
):
    post(client, incident, account)
    row = Outgoing.objects.get()
    outbox.advance(row, outbox.OUTGOING, "start", by=None, now=NOW, wake_at=NOW)
    outbox.refused(row, why="The network takes no posts today.", now=NOW)
    act = f'action="/incidents/{incident}/status/posts/{row.pk}/"'
    for page in (panel(client, incident), client.get("/unsent/").text):
        assert "The network takes no posts today." in page
        assert act in page
    client.post(f"/incidents/{incident}/status/posts/{row.pk}/", {"act": "again"}, headers=SCRIPT)
    assert Outgoing.objects.get().state == "queued"
    wrong = client.post(
        f"/incidents/{incident}/status/posts/{row.pk}/", {"act": "fly"}, headers=SCRIPT
    )
    assert wrong.status_code == 422


def test_a_status_is_no_answer_of_a_case(client, incident, account):
    post(client, incident, account)
    path = f"/case/1/outgoing/{Outgoing.objects.get().pk}/"
    answer = client.post(path, {"act": "withdraw"}, headers=SCRIPT)
    assert answer.status_code == 409
    assert "public status" in answer.json()["why"][0]


def test_a_drill_offers_only_the_practice_network(client, incident, account):
    other = factories.account(network="bluesky", handle="northwind.example")
    drill = Drill.objects.create(scenario="o", title="o", seed=1, begun_at=NOW, ends_at=NOW)
    Incident.objects.update(drill=drill)
    shown = panel(client, incident)
    assert f'value="{other.pk}"' not in shown
    assert post(client, incident, other).status_code == 422


@pytest.mark.parametrize("state", ["suspected", "dismissed"])
def test_nothing_is_said_about_what_nobody_confirmed(client, incident, account, state):
    Incident.objects.update(state=state)
    assert "status__form" not in panel(client, incident)
    assert post(client, incident, account).status_code == 422


class TestApproving:
    @pytest.fixture
    def waits(self, client, incident, account) -> Approval:
        policy = shipped_text().replace('approve = ""', 'approve = "lead"')
        apply(text=policy, note="", by=None, now=NOW)
        factories.agent("Lea Oak", is_lead=True)
        told = post(client, incident, account, pinned="Hi {name}.").json()
        assert told["says"] == "It waits for a team lead to approve it."
        return Approval.objects.get()

    def as_lead(self, client):
        client.force_login(Agent.objects.get(is_lead=True))

    def test_the_second_pair_of_eyes_sees_it_among_approvals(self, client, waits, incident):
        mine = client.get("/approvals/").text
        assert "This is yours." in mine
        assert f'action="/approvals/status/{waits.pk}/"' not in mine
        self.as_lead(client)
        theirs = client.get("/approvals/").text
        assert "We &lt;i&gt;see&lt;/i&gt; it." in theirs
        assert f'action="/approvals/status/{waits.pk}/"' in theirs
        assert "Look at it" in panel(client, incident)

    def test_only_somebody_else_approves_it(self, client, waits):
        path = f"/approvals/status/{waits.pk}/"
        assert client.post(path, {"act": "approve"}, headers=SCRIPT).status_code == 403
        self.as_lead(client)
        told = client.post(path, {"act": "approve"}, headers=SCRIPT).json()
        assert told["says"].startswith("Approved. It leaves in")
        assert Outgoing.objects.get().state == "queued"
        assert client.post(path, {"act": "approve"}, headers=SCRIPT).status_code == 409
        assert "Nothing waits" in client.get("/approvals/").text

    def test_sent_back_its_author_reads_why(self, client, waits, incident, ada):
        path = f"/approvals/status/{waits.pk}/"
        self.as_lead(client)
        assert client.post(path, {"act": "send-back"}, headers=SCRIPT).status_code == 422
        client.post(path, {"act": "send-back", "note": "Where?"}, headers=SCRIPT)
        client.force_login(ada)
        shown = panel(client, incident)
        assert "Sent back by <bdi>Lea Oak</bdi>: <bdi>Where?</bdi>" in shown
        assert "We &lt;i&gt;see&lt;/i&gt; it.</textarea>" in shown


class TestOwed:
    def test_the_panel_says_what_is_due(self, client, incident, monkeypatch):
        watch(now=NOW)
        assert "first word due" in panel(client, incident)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=21))
        assert "sla--over" in panel(client, incident)

    def test_a_lead_is_told_while_they_look_elsewhere(self, client, incident, monkeypatch):
        lead = factories.agent("Lea Oak", is_lead=True)
        client.force_login(lead)
        client.post("/settings/taste/", {"desktop": "yes"}, headers=SCRIPT)
        watch(now=NOW)
        watch(now=NOW + timedelta(minutes=21))
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=21))
        [told] = client.get("/notices").json()["notices"]
        assert told["title"] == "Late: a public word about No <b>data"
        assert told["to"] == f"/incidents/{incident}/"


class TestPinned:
    def test_it_is_offered_in_the_composer_of_every_case_of_the_incident(
        self, client, incident, account
    ):
        case = factories.case(account, factories.identity("Delia Farr"))
        page = f"/case/{case.pk}/"
        post(client, incident, account, pinned="{name}, we <u>know</u>.")
        leaves()
        assert "data-pinned" not in client.get(page).text
        type(case).objects.update(incident=incident)
        shown = client.get(page).text
        assert "Pinned for <bdi>No &lt;b&gt;data</bdi>:" in shown
        assert 'value="Delia, we &lt;u&gt;know&lt;/u&gt;."' in shown

    def test_without_a_script_it_goes_under_what_is_typed(self, client, incident, account):
        case = factories.case(account, factories.identity("Delia Farr"))
        client.post(
            f"/case/{case.pk}/suggestions/use/",
            {"room": "public", "text_public": "Typed.", "text": "Pinned."},
        )
        assert Draft.objects.get().text == "Typed.\n\nPinned."


def test_the_history_of_an_agent_leads_to_the_incident(client, incident, account):
    post(client, incident, account)
    assert f'href="/incidents/{incident}/"' in client.get("/history/").text
