"""Writing: three rooms, drafts that are never lost, questions before an answer leaves, undo."""

from __future__ import annotations

import pytest

import factories
from sanderling.cases.models import Note
from sanderling.respond import outbox
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


def again(case, text="Never mind, it works!"):
    return factories.place(case, factories.post(case.account, case.requester, text)).post_id


def test_what_is_new_is_read_first(client, case):
    newest = again(case, "Never mind, it <b>works</b>!")
    answer = send(client, case, "public", "Have you tried turning it off?")
    assert answer.status_code == 409
    said = answer.json()
    assert said["ask"] == "Send anyway"
    assert "Jonas Veld wrote" in said["why"][0]
    assert "Never mind, it &lt;b&gt;works&lt;/b&gt;!" in said["panel"]
    assert f'data-seen="{newest}"' in said["panel"]
    assert not Outgoing.objects.exists()
    assert send(client, case, "public", "Glad to hear it", seen=newest).status_code == 200


def test_the_question_works_without_a_script(client, case):
    newest = again(case)
    answer = send(client, case, "public", "Turn it off", script=False)
    assert answer.status_code == 409
    assert "Never mind, it works!" in answer.text
    assert f'name="seen" value="{newest}"' in answer.text
    assert 'name="text_public" value="Turn it off"' in answer.text
    assert send(client, case, "public", "Turn it off", script=False, seen=newest).status_code == 303


def test_who_says_nothing_of_what_they_saw_is_shown_all_of_it(client, case):
    answer = send(client, case, "public", "Hello", seen="")
    assert answer.status_code == 409
    assert "No signal for three days." in answer.json()["panel"]


def test_a_direct_message_does_not_go_public_by_itself(client, case):
    client.post(f"/case/{case.pk}/draft/", {"room": "direct", "text": "Your code is blue"})
    answer = send(client, case, "public", "Your code is blue")
    assert answer.status_code == 409
    assert "everyone could read it" in answer.json()["why"][0]
    assert 'data-confirmed="widening"' in answer.json()["panel"]
    assert not Outgoing.objects.exists()
    plain = send(client, case, "public", "Your code is blue", script=False)
    assert 'name="confirmed" value="widening"' in plain.text
    sent = send(client, case, "public", "Your code is blue", confirmed="widening")
    assert sent.status_code == 200
    assert [one["rule"] for one in Outgoing.objects.get().confirmed] == ["widening"]


def test_what_must_not_be_said_is_marked_and_cannot_be_confirmed(client, case):
    text = "Is 4111 1111 1111 1111 <yours>?"
    answer = send(client, case, "public", text, confirmed="card")
    assert answer.status_code == 422
    assert ">4111 1111 1111 1111</mark>" in answer.json()["panel"]
    assert "data-to-direct" in answer.json()["panel"]
    assert "data-anyway" not in answer.json()["panel"]
    assert answer.json()["ask"] == ""
    assert send(client, case, "direct", text).status_code == 200


def test_a_bystander_is_answered_only_when_chosen_and_confirmed(client, case):
    bex = factories.identity("Bex Alder")
    post = factories.post(case.account, bex, "Same here!")
    factories.place(case, post, "bystander")
    page = client.get(f"/case/{case.pk}/").text
    assert f"/case/{case.pk}/?to={post.pk}" in page
    chosen = client.get(f"/case/{case.pk}/?to={post.pk}").text
    assert f'name="reply_to" value="{post.pk}"' in chosen
    assert f">@{bex.handle}</bdi> on" in chosen
    given = {"seen": post.pk, "reply_to": post.pk}
    assert "only joined in" in send(client, case, "public", "Sorry!", **given).json()["why"][0]
    assert send(client, case, "public", "Sorry!", confirmed="bystander", **given).status_code == 200
    assert Outgoing.objects.get().reply_to == post.remote_id


def test_a_long_answer_leaves_as_a_thread_and_comes_back_as_one_text(client, case):
    text = "This is one more sentence for you. " * 30
    number = send(client, case, "public", text).json()["outgoing"]
    assert Outgoing.objects.count() > 1
    assert "Part 2 of" in client.get(f"/case/{case.pk}/timeline").text
    path = f"/case/{case.pk}/outgoing/{number}/"
    drafts = client.post(path, {"act": "withdraw"}, headers=SCRIPT).json()["drafts"]
    assert drafts == {"public": text.strip()}


def test_an_answer_that_is_held_back_is_decided_on_the_page(client, case):
    number = send(client, case, "public", "Hello Jonas").json()["outgoing"]
    newest = again(case)
    row = Outgoing.objects.get(pk=number)
    outbox.start_next(now=row.leaves_at)
    page = client.get(f"/case/{case.pk}/timeline").text
    assert "Held back." in page
    assert "Jonas Veld wrote after this was begun." in page
    path = f"/case/{case.pk}/outgoing/{number}/"
    given = {"act": "release", "seen": newest}
    assert client.post(path, {**given, "seen": 1}, headers=SCRIPT).status_code == 409
    assert client.post(path, given, headers=SCRIPT).status_code == 200
    assert Outgoing.objects.get(pk=number).state == "queued"


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
        f"/case/{case.pk}/send/",
        {"room": "direct", "text_direct": "A", "text_public": "B", "seen": case.about_post_id},
    )
    assert Outgoing.objects.get().text.startswith("A")
