"""The link of a helper: what it shows, what it hides, and what can be written by it."""

from __future__ import annotations

import re

import pytest

import factories
from sanderling.cases.models import Note
from sanderling.people.signing_in import TRIES
from sanderling.respond.models import HelperLink, Outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    found = factories.case(factories.account(), factories.identity(), text="Is the <i>mast</i> up?")
    private = factories.post(found.account, found.requester, "My number is 4711", room="direct")
    factories.place(found, private)
    gone = factories.post(found.account, found.requester, "Taken back", deleted_at=factories.NOW)
    factories.place(found, gone)
    Note.objects.create(case=found, by=ada, text="Careful with this one", at=factories.NOW)
    return found


def ask(client, case, **more) -> str:
    given = {
        "name": "Rita <b>",
        "initials": "rs",
        "question": "Is it <u>up</u>?",
        "days": "2",
        **more,
    }
    page = client.post(f"/case/{case.pk}/helpers/", given)
    assert page.status_code == 200, page.text
    return re.search(r"http://testserver(/help/[\w-]+/)", page.text)[1]


def test_the_link_is_shown_once(client, case):
    link = ask(client, case)
    page = client.get(f"/case/{case.pk}/helpers/").text
    assert link not in page
    assert "not opened yet" in page
    assert "Rita &lt;b&gt;" in page
    assert "Ask somebody outside the team" in client.get(f"/case/{case.pk}/").text


def test_a_helper_sees_the_question_and_public_posts_and_nothing_else(client, case):
    link = ask(client, case)
    client.logout()
    answer = client.get(link)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "no-store" in answer["Cache-Control"]
    for shown in ("Is it &lt;u&gt;up&lt;/u&gt;?", "&lt;i&gt;mast", "Ada Lund</bdi> asks", "^RS"):
        assert shown in answer.text, shown
    for hidden in ("4711", "Taken back", "Careful", "/desk/", "/case/", "18,200", "Jonas Veld"):
        assert hidden not in answer.text, hidden


def test_private_messages_are_shown_where_that_was_ticked(client, case):
    link = ask(client, case, direct="yes")
    client.logout()
    page = client.get(link).text
    assert "4711" in page
    assert "in private" in page
    public = link.replace("/help/b", "/help/p")
    assert client.get(public).status_code == 404


def test_an_answer_waits_and_a_note_stays_with_the_team(client, case):
    link = ask(client, case)
    client.logout()
    page = client.post(link, {"act": "answer", "text": "It <b>works</b> since noon."})
    assert "looks at your answer before it is posted" in page.text
    row = Outgoing.objects.get()
    assert (row.state, row.room, row.text) == (
        "held", "public", "It <b>works</b> since noon. ^RS",
    )  # fmt: skip
    assert "waits for <bdi>Ada Lund" in client.get(link).text
    assert "has your note" in client.post(link, {"act": "note", "text": "Ask where"}).text
    assert Note.objects.order_by("pk").last().text == "Rita <b> ^RS: Ask where"


def test_what_speaks_against_an_answer_is_said_and_the_text_kept(client, case):
    link = ask(client, case)
    client.logout()
    page = client.post(link, {"act": "answer", "text": "Call 0171 2345678 <b>"})
    assert page.status_code == 422
    assert "must not stand in public" in page.text
    assert "Call 0171 2345678 &lt;b&gt;</textarea>" in page.text
    assert client.post(link, {"act": "note", "text": " "}).status_code == 422


def test_an_ended_link_says_so_kindly(client, case):
    link = ask(client, case)
    number = HelperLink.objects.get().pk
    assert client.post(f"/case/{case.pk}/helpers/{number}/end/").status_code == 303
    assert "ended by hand" in client.get(f"/case/{case.pk}/helpers/").text
    client.logout()
    for answer in (client.get(link), client.post(link, {"act": "answer", "text": "Late"})):
        assert answer.status_code == 410
        assert "Thank you for your help." in answer.text
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not Outgoing.objects.exists()


def test_guessing_links_pauses(client, case):
    link = ask(client, case)
    client.logout()
    for n in range(TRIES):
        assert client.get(f"/help/p{n}/").status_code == 404
    assert client.get("/help/pX/").status_code == 429
    assert client.get(link, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_invitation_that_does_not_hold_together_is_refused_in_words(client, case):
    given = {"name": "Rita", "initials": "R.", "question": "Up <b>?", "days": "2"}
    page = client.post(f"/case/{case.pk}/helpers/", given)
    assert page.status_code == 422
    assert "one to four letters" in page.text
    assert "Up &lt;b&gt;?" in page.text


def test_only_agents_ask_for_help(client, case):
    client.logout()
    assert client.get(f"/case/{case.pk}/helpers/").status_code == 302
    given = {"name": "R", "initials": "R", "question": "?", "days": "2"}
    assert client.post(f"/case/{case.pk}/helpers/", given).status_code == 302
    assert not HelperLink.objects.exists()


def test_a_helpers_name_stands_beside_what_they_wrote(client, case, ada):
    link = ask(client, case)
    client.post(link, {"act": "answer", "text": "It works."})
    story = client.get(f"/case/{case.pk}/timeline").text
    assert "written by <bdi>Rita &lt;b&gt; ^RS</bdi>" in story
    assert "Waits for approval</b> by Ada Lund or a team lead" in story
