"""Inviting a colleague under People, and joining by the link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

import factories
from sanderling.people.models import Agent, Invitation

pytestmark = pytest.mark.django_db
BEN = {"name": "Ben <b>", "email": "ben@harbour.example"}
CHOSEN = {"name": "Ben Okafor", "initials": "BO", "password": "tide-and-sand"}


@pytest.fixture
def lead(client):
    client.force_login(factories.agent(is_lead=True))
    return client


@pytest.fixture
def link(lead) -> str:
    page = lead.post("/people/invite/", BEN).text
    return re.search(r'value="http://testserver(/join/[\w-]+/)"', page)[1]


def test_the_link_lets_one_person_in(lead, link):
    ben = Client()
    page = ben.get(link)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert "ben@harbour.example" in page.text
    assert ben.post(link, CHOSEN)["Location"] == "/desk/"
    assert ben.get("/desk/").status_code == 200
    other = Client()
    for answer in (other.get(link), other.post(link, {**CHOSEN, "password": "not-the-same-one"})):
        assert answer.status_code == 410
        assert "was used" in answer.text
    assert Agent.objects.get(email=BEN["email"]).check_password("tide-and-sand")


def test_who_is_invited_stands_under_people_until_they_join(lead, link):
    page = lead.get("/people/").text
    assert "ben@harbour.example" in page
    assert "Ben &lt;b&gt;" in page
    Client().post(link, CHOSEN)
    assert "invited by" not in lead.get("/people/").text


def test_a_lead_takes_it_back_and_the_link_says_so(lead, link):
    answer = lead.post(f"/people/invite/{Invitation.objects.get().pk}/revoke/")
    assert answer["Location"] == "/people/#invite"
    found = Client().get(link)
    assert (found.status_code, "taken back" in found.text) == (410, True)


def test_an_old_link_says_whom_to_ask(lead, link):
    Invitation.objects.update(until=factories.NOW - timedelta(days=400))
    assert "Anika Brandt" in Client().get(link).text


def test_a_form_that_does_not_fit_keeps_the_link_open(lead, link):
    ben = Client()
    answer = ben.post(link, CHOSEN | {"password": "short"})
    assert answer.status_code == 422
    assert "too short" in answer.text
    assert ben.post(link, CHOSEN).status_code == 302


def test_guessing_links_is_slowed_down(client):
    for _ in range(5):
        assert client.get("/join/guess/").status_code == 404
    assert client.get("/join/guess/").status_code == 429


def test_only_leads_invite_and_take_back(lead, link):
    agent = Client()
    agent.force_login(factories.agent("Mira Solberg"))
    assert agent.post("/people/invite/", BEN).status_code == 403
    number = Invitation.objects.get().pk
    assert agent.post(f"/people/invite/{number}/revoke/").status_code == 403
    assert "Invite somebody" not in agent.get("/people/").text
    assert Client().get(link).status_code == 200


def test_an_address_that_is_here_already_is_refused_in_words(lead):
    mira = factories.agent("Mira Solberg")
    answer = lead.post("/people/invite/", {"name": "Mira", "email": mira.email.upper()})
    assert answer.status_code == 422
    assert "here already" in answer.text
