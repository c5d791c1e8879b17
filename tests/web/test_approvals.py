"""The page of approvals: who sees what, deciding with and without a script, and the story."""

from __future__ import annotations

import pytest

import factories
from core.policy.writing import GOAL
from sanderling.policy.actions import apply
from sanderling.respond.models import Approval, Outgoing, Picture

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}
POLICY = f"""
name = "Test"
{GOAL}
[[approvals]]
name = "Money <b>"
when = 'words.contains("refund")'
reason = "Money is promised."
expires = "2h"
holding = "We are looking into this."
"""


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def lead():
    return factories.agent("Lea Oak", is_lead=True)


@pytest.fixture
def case(ada):
    apply(text=POLICY, by=None, note="", now=factories.NOW)
    return factories.case(factories.account(), factories.identity(), text="Where is my <i>money?")


@pytest.fixture
def approval(client, case, ada) -> int:
    client.force_login(ada)
    send(client, case, "You get a <u>refund</u>.")
    return Approval.objects.get().pk


def send(client, case, text):
    given = {"room": "public", "text_public": text, "then": "wait", "seen": case.about_post_id}
    return client.post(f"/case/{case.pk}/send/", given, headers=SCRIPT)


def decide(client, approval, script=True, **given):
    return client.post(f"/approvals/{approval}/", given, headers=SCRIPT if script else {})


def test_the_page_says_what_waits_why_and_for_whom(client, approval, lead):
    client.force_login(lead)
    html = client.get("/approvals/").text
    for words in (
        "Money is promised.", "Rule “<bdi>Money &lt;b&gt;</bdi>”", "Waits for a team lead",
        "holding line",
        "You get a &lt;u&gt;refund&lt;/u&gt;.", "Where is my &lt;i&gt;money?", 'value="approve"',
    ):  # fmt: skip
        assert words in html, words
    assert '<span class="sr">, to look at: </span>1' in html


def test_an_author_sees_that_it_waits_and_cannot_decide(client, approval, case):
    html = client.get("/approvals/").text
    assert "This is yours." in html
    assert 'value="approve"' not in html
    assert "to look at" not in html
    story = client.get(f"/case/{case.pk}/timeline").text
    assert "Waits for approval</b> by a team lead, because: Money is promised." in story
    assert decide(client, approval, act="approve").status_code == 403


def test_a_lead_approves_with_and_without_a_script(client, approval, lead, case, ada):
    client.force_login(lead)
    answer = decide(client, approval, act="approve", seen=case.about_post_id)
    assert "Approved." in answer.json()["says"]
    assert Outgoing.objects.get().state == "queued"
    assert "Nothing waits" in client.get("/approvals/").text
    assert "Lea Oak approved Ada Lund’s answer" in client.get(f"/case/{case.pk}/timeline").text
    assert decide(client, approval, act="approve").status_code == 409

    client.force_login(ada)
    send(client, case, "Another refund.")
    client.force_login(lead)
    again = Approval.objects.get(decision="").pk
    assert decide(client, again, script=False, act="approve").status_code == 303


def test_an_edited_answer_shows_both_names(client, approval, lead, case):
    client.force_login(lead)
    decide(client, approval, act="approve", text="You get a refund soon.")
    row = Outgoing.objects.get()
    assert row.text == "You get a refund soon. ^AL"
    story = client.get(f"/case/{case.pk}/timeline").text
    assert "edited by <bdi>Lea Oak</bdi>" in story
    assert "Lea Oak approved Ada Lund’s answer, with changes" in story
    Outgoing.objects.update(state="sent", remote_id="post-ours", wake_at=None)
    ours = factories.post(case.account, factories.identity("We"), row.text, direction="ours",
                          origin="desk", remote_id="post-ours")  # fmt: skip
    factories.place(case, ours, "us")
    assert "edited by <bdi>Lea Oak</bdi>" in client.get(f"/case/{case.pk}/timeline").text


def test_sent_back_is_told_to_the_author(client, approval, lead, ada, case):
    client.force_login(lead)
    assert decide(client, approval, act="send-back", note=" ").status_code == 422
    decide(client, approval, act="send-back", note="Say <when>.")
    client.force_login(ada)
    html = client.get("/approvals/").text
    assert "Sent back to you" in html
    assert "Say &lt;when&gt;." in html
    assert '<span class="sr">, to look at: </span>1' in html
    assert (
        ">You get a &lt;u&gt;refund&lt;/u&gt;.</textarea>" in client.get(f"/case/{case.pk}/").text
    )
    send(client, case, "You get a refund today.")
    client.force_login(lead)
    assert "<ins>" in client.get("/approvals/").text


def test_objections_and_a_newer_post_are_said_and_the_text_is_kept(client, approval, lead, case):
    client.force_login(lead)
    answer = decide(client, approval, script=False, act="approve", text="Call 0171 2345678 <b>")
    assert answer.status_code == 422
    assert "must not stand in public" in answer.text
    assert "Call 0171 2345678 &lt;b&gt;" in answer.text
    factories.place(case, factories.post(case.account, case.requester, "Never mind!"))
    newer = decide(client, approval, act="approve", seen=case.about_post_id)
    assert newer.status_code == 409
    assert "wrote after" in newer.json()["why"][0]


def test_only_agents_look_and_decide(client, approval):
    client.logout()
    assert client.get("/approvals/").status_code == 302
    assert decide(client, approval, act="approve").status_code == 401
    assert client.get("/approvals/badge", headers=SCRIPT).status_code == 401


def test_a_decision_that_the_desk_does_not_know_is_refused(client, approval):
    assert decide(client, approval, act="explode").status_code == 422


def test_who_sends_what_must_be_approved_is_told_that_it_waits(client, case, ada):
    client.force_login(ada)
    answer = send(client, case, "Another refund.").json()
    assert answer["held"] is True
    assert answer["says"] == "It waits for a team lead to approve it. Money is promised."
    assert send(client, case, "We look into it.").json()["held"] is False


def test_pictures_are_shown_with_the_answer_that_they_hang_on(client, approval, lead, ada, case):
    row = Outgoing.objects.get()
    picture = Picture.objects.create(
        case=case, agent=ada, room="public", outgoing=row, type="image/png", bytes=b"x",
        alt="A <mast>", width=1, height=1, at=factories.NOW,
    )  # fmt: skip
    client.force_login(lead)
    html = client.get("/approvals/").text
    assert f'src="/pictures/{picture.pk}" alt="A &lt;mast&gt;"' in html
    decide(client, approval, act="send-back", note="Another picture, please.")
    picture.refresh_from_db()
    assert picture.outgoing is None
