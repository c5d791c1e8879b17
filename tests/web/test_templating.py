"""Templates on their page and in the composer, with and without a script."""

from __future__ import annotations

import pytest

import factories
from sanderling.respond.models import Draft, Outgoing, Template

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


def add(client, name="Sorry", text="[Hello|Hi] {name}.", **more):
    given = {"name": name, "text": text, "room": "", **more}
    return client.post("/templates/add/", given, headers=SCRIPT)


def test_a_template_is_kept_changed_and_put_away(client, ada):
    assert "No words are kept yet" in client.get("/templates/").text
    assert add(client, name="<b>Sorry").status_code == 200
    html = client.get("/templates/").text
    assert "&lt;b&gt;Sorry" in html
    assert "2 wordings" in html
    row = Template.objects.get()
    changed = {"name": "Sorry", "text": "Sorry, {name}."}
    plain = client.post(f"/templates/{row.pk}/change/", changed)
    assert (plain.status_code, plain["Location"]) == (303, "/templates/")
    client.post(f"/templates/{row.pk}/archive/", headers=SCRIPT)
    assert Template.objects.get().archived_at is not None


def test_what_cannot_be_kept_is_said_and_the_words_are_not_lost(client, ada):
    answer = add(client, text="Hello {surname}")
    assert answer.status_code == 422
    assert "there is no {surname}" in answer.json()["why"][0]
    plain = client.post("/templates/add/", {"name": "X", "text": "[oh <b>"})
    assert plain.status_code == 422
    assert "[oh &lt;b&gt;" in plain.text


def test_others_templates_are_not_mine_to_change(client, ada):
    add(client)
    client.force_login(factories.agent("Ben Oak"))
    number = Template.objects.get().pk
    assert "Put away" not in client.get("/templates/").text
    assert client.post(f"/templates/{number}/archive/", headers=SCRIPT).status_code == 409


def test_the_picker_shows_them_as_they_would_read_and_gives_those_words(client, case):
    add(client, text="[Hello|Hi|Good day] {name} <i>.")
    add(client, name="Privately", text="Your number?", room="direct")
    number = Template.objects.get(name="Sorry").pk
    html = client.get(f"/case/{case.pk}/templates/?room=public", headers=SCRIPT).text
    assert "Privately" not in html
    text = client.post(f"/case/{case.pk}/templates/{number}/", headers=SCRIPT).json()["text"]
    assert text.replace("<", "&lt;").replace(">", "&gt;") in html
    assert " Jonas <i>." in text
    assert Template.objects.get(pk=number).used == 1
    assert not Draft.objects.exists()
    direct = client.get(f"/case/{case.pk}/templates/?room=direct", headers=SCRIPT).text
    assert "Privately" in direct


def test_without_a_script_what_was_typed_is_kept_and_the_words_join_it(client, case):
    add(client, text="Sorry, {name}.")
    typed = {"room": "direct", "text_public": "Pub", "text_direct": "Half a thou", "text_note": ""}
    answer = client.post(f"/case/{case.pk}/templates/", typed)
    assert answer.status_code == 303
    page = client.get(answer["Location"]).text
    assert "Templates for a direct message" in page
    number = Template.objects.get().pk
    answer = client.post(f"/case/{case.pk}/templates/{number}/", {"room": "direct"})
    assert answer["Location"] == f"/case/{case.pk}/"
    assert {d.room: d.text for d in Draft.objects.all()} == {
        "public": "Pub", "direct": "Half a thou\nSorry, Jonas.",
    }  # fmt: skip
    assert not Outgoing.objects.exists()


def test_a_template_that_was_put_away_meanwhile_is_said(client, case):
    assert client.post(f"/case/{case.pk}/templates/99/", headers=SCRIPT).status_code == 409
    assert client.get("/case/99999/templates/").status_code == 404


def test_only_agents_see_templates(client, case):
    client.logout()
    assert client.get("/templates/").status_code == 302
    assert client.get(f"/case/{case.pk}/templates/").status_code == 302
    assert client.post(f"/case/{case.pk}/templates/").status_code == 302
