"""Suggestions beside the composer: what they say, in which room, and without our script."""

from __future__ import annotations

import pytest

import factories
from respond.test_suggestions import AGAIN, solved, without_likeness
from sanderling.respond import remembering
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
    account = factories.account()
    solved(account, factories.agent("Mira Solberg"), said="{name}, order 48213 goes back.")
    remembering.remember()
    return factories.case(account, factories.identity("Delia Farr"), AGAIN)


def look(client, case, room="public", headers=SCRIPT):
    return client.get(f"/case/{case.pk}/suggestions?room={room}", headers=headers)


def test_a_suggestion_names_this_customer_says_where_it_is_from_and_what_is_to_be_filled_in(
    client, case
):
    found = look(client, case).text
    assert "Delia, order {number} goes back." in found
    assert "by <bdi>Mira Solberg</bdi>" in found
    assert ", solved" in found
    assert "To fill in: {number}" in found
    for old in ("Jonas", "48213", "^MS"):
        assert old not in found


def test_only_agents_see_suggestions(client, case):
    client.logout()
    assert look(client, case).status_code == 401
    assert look(client, case, headers={}).status_code == 302


@pytest.mark.parametrize("room", ["", "note", "everyone"])
def test_there_are_suggestions_for_what_customers_read_only(client, case, room):
    assert look(client, case, room).status_code == 404


def test_a_case_that_is_not_there_has_none(client, case):
    assert client.get("/case/999999/suggestions?room=public").status_code == 404


def test_where_nothing_is_similar_the_panel_says_so(client, ada):
    case = factories.case(factories.account(), factories.identity(), "Lovely concert")
    assert "Nothing similar yet" in look(client, case).text


def test_without_pgvector_the_panel_says_why(client, case):
    without_likeness()
    found = look(client, case).text
    assert "No suggestions" in found
    assert "pgvector" in found


def test_without_script_a_suggestion_goes_under_what_is_typed_and_nothing_is_sent(client, case):
    assert "Back to the case" in look(client, case, headers={}).text
    path = f"/case/{case.pk}/suggestions/use/"
    for text in ("Sorry, Delia.", "It goes back."):
        answer = client.post(path, {"room": "public", "text": text})
        assert answer.status_code == 303
    assert Draft.objects.get().text == "Sorry, Delia.\n\nIt goes back."
    assert Outgoing.objects.count() == 1  # the old one
    assert client.post(path, {"room": "note", "text": "x"}).status_code == 409


def test_hostile_words_stay_words(client, ada):
    account = factories.account()
    solved(account, ada, said="<img src=x onerror=alert(1)> \"'>")
    remembering.remember()
    case = factories.case(account, factories.identity(), AGAIN)
    assert "<img" not in look(client, case).text
