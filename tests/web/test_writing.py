"""Writing: three rooms, drafts that are never lost, questions before an answer leaves, undo."""

from __future__ import annotations

import pytest

import factories
from sanderling.cases.models import Note
from sanderling.respond.models import Draft, Outgoing

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(factories.account(), factories.identity())


def send(client, case, room, text, script=True, **more):
    given = {"room": room, f"text_{room}": text, "then": "wait", "seen": case.about_post_id}
    path = f"/case/{case.pk}/send/"
    return client.post(path, {**given, **more}, headers=SCRIPT if script else {})


def test_a_public_reply_waits_for_the_undo_window_in_its_room(client, case):
    answer = send(client, case, "public", "Hello Jonas").json()
    row = Outgoing.objects.get(pk=answer["outgoing"])
    assert (row.room, row.text, row.state) == ("public", "Hello Jonas ^AL", "queued")
    assert answer["seconds"] == 8
    assert "Leaves in" in client.get(f"/case/{case.pk}/timeline").text


def test_each_room_sends_its_own_text_and_no_other(client, case):
    send(client, case, "direct", "Your number?", text_public="Not yet", text_note="Careful")
    row = Outgoing.objects.get()
    assert (row.room, row.text) == ("direct", "Your number? ^AL")
    assert not Note.objects.exists()


def test_a_note_stays_with_the_team(client, case, ada):
    assert send(client, case, "note", "He is on Flex").status_code == 200
    assert Note.objects.get().text == "He is on Flex"
    assert not Outgoing.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("room", ["", "everyone", "PUBLIC"])
def test_without_a_room_nothing_is_sent(client, case, room):
    answer = client.post(f"/case/{case.pk}/send/", {"room": room, "text_public": "x"})
    assert answer.status_code == 409
    assert "Say who shall read this" in answer.text
    assert not Outgoing.objects.exists()


def test_a_plain_form_leads_back_and_the_page_offers_to_undo(client, case):
    assert send(client, case, "public", "Hello", script=False).status_code == 303
    assert 'name="act" value="withdraw"' in client.get(f"/case/{case.pk}/").text


def test_undo_puts_the_text_back_into_the_box(client, case):
    number = send(client, case, "public", "Hello Jonas").json()["outgoing"]
    path = f"/case/{case.pk}/outgoing/{number}/"
    assert client.post(path, {"act": "withdraw"}, headers=SCRIPT).json()["drafts"] == {
        "public": "Hello Jonas"
    }
    assert ">Hello Jonas</textarea>" in client.get(f"/case/{case.pk}/").text
    assert client.post(path, {"act": "withdraw"}, headers=SCRIPT).status_code == 409


def test_a_decision_that_the_desk_does_not_know_is_refused(client, case):
    number = send(client, case, "public", "Hello").json()["outgoing"]
    answer = client.post(f"/case/{case.pk}/outgoing/{number}/", {"act": "explode"}, headers=SCRIPT)
    assert answer.status_code == 422


def test_what_speaks_against_a_text_is_said_and_the_text_is_kept(client, case):
    answer = send(client, case, "public", "x" * 9000)
    assert answer.status_code == 422
    assert "too long" in answer.json()["why"][0]
    assert len(Draft.objects.get().text) == 9000
    plain = send(client, case, "public", "Call 0171 2345678 or <b>", script=False)
    assert plain.status_code == 422
    assert "must not stand in public" in plain.text
    assert "&lt;b&gt;" in plain.text


def test_an_empty_answer_is_refused(client, case):
    assert send(client, case, "public", "  ").status_code == 422
    assert send(client, case, "note", "  ").status_code == 422


def test_a_customer_who_wrote_again_is_read_first(client, case):
    factories.place(case, factories.post(case.account, case.requester, "Never mind, it works!"))
    answer = send(client, case, "public", "Have you tried turning it off?")
    assert answer.status_code == 409
    assert answer.json()["ask"] == "Post it in public"
    assert not Outgoing.objects.exists()
    assert send(client, case, "public", "Glad to hear it", anyway="yes").status_code == 200


def test_the_question_works_without_a_script(client, case):
    factories.place(case, factories.post(case.account, case.requester, "Never mind!"))
    answer = send(client, case, "public", "Turn it off", script=False)
    assert answer.status_code == 409
    assert 'name="anyway" value="yes"' in answer.text
    assert 'name="text_public" value="Turn it off"' in answer.text


def test_a_direct_message_does_not_go_public_by_itself(client, case):
    client.post(f"/case/{case.pk}/draft/", {"room": "direct", "text": "Your code is blue"})
    answer = send(client, case, "public", "Your code is blue")
    assert answer.status_code == 409
    assert "Everyone could read it" in answer.json()["why"][0]
    assert not Outgoing.objects.exists()


def test_drafts_are_kept_for_each_room_and_each_agent(client, case):
    for room in ("public", "direct", "note"):
        client.post(f"/case/{case.pk}/draft/", {"room": room, "text": f"for {room}"})
    html = client.get(f"/case/{case.pk}/").text
    for room in ("public", "direct", "note"):
        assert f">for {room}</textarea>" in html
    client.force_login(factories.agent("Ben Oak"))
    assert "for direct" not in client.get(f"/case/{case.pk}/").text


def test_sending_without_a_script_takes_the_box_that_was_chosen(client, case):
    client.post(
        f"/case/{case.pk}/send/", {"room": "direct", "text_direct": "A", "text_public": "B"}
    )
    assert Outgoing.objects.get().text.startswith("A")
