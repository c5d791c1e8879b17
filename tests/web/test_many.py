"""One answer to several customers, from the marks on the rows to how it went, without a script."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

import factories
from sanderling.respond.models import Outgoing

pytestmark = pytest.mark.django_db
TEXT = "[Hello|Hi] {name}, [we are on it|it is being fixed]."


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def cases(ada):
    account = factories.account()
    people = (factories.identity(name) for name in ("Jonas Veld", "<b>Lena", "Kim Oh"))
    return [factories.case(account, who) for who in people]


def post(client, cases, step, text=TEXT, **more):
    given = {
        "case": [c.pk for c in cases], "text": text, "room": "public", "then": "wait",
        "token": str(uuid4()), "step": step, **{f"seen_{c.pk}": c.about_post_id for c in cases},
        **more,
    }  # fmt: skip
    return client.post("/desk/many/", given)


def test_rows_can_be_marked_and_lead_to_the_page(client, cases):
    html = client.get("/desk/").text
    assert html.count('form="many"') == 3
    page = client.get("/desk/many/", {"case": [c.pk for c in cases]}).text
    assert "Answer 3 customers together" in page
    assert "&lt;b&gt;Lena" in page
    assert not Outgoing.objects.exists()


def test_nobody_chosen_is_said(client, ada):
    assert "Nobody is chosen" in client.get("/desk/many/", {"case": ["x", "99999"]}).text
    assert post(client, [], "send").status_code == 422


def test_looking_shows_each_text_and_sends_nothing(client, cases):
    factories.place(cases[1], factories.post(cases[1].account, cases[1].requester, "Never mind"))
    page = post(client, cases, "look").text
    assert "Post 2 answers in public" in page
    assert "wrote after this was begun" in page
    for name in ("Jonas, ", "&lt;b&gt;Lena, ", "Kim, "):
        assert name in page
    assert not Outgoing.objects.exists()


def test_sending_says_how_it_went_and_twice_is_once(client, cases):
    token = str(uuid4())
    looked = post(client, cases, "look", token=token).text
    page = post(client, cases, "send", token=token).text
    assert "3 answers on their way, of 3" in page
    again = post(client, cases, "send", token=token).text
    assert "3 answers on their way, of 3" in again
    assert Outgoing.objects.count() == 3
    texts = re.findall(r'manyone__t" dir="auto">(.*?)</p>', page)
    assert len(set(texts)) == 3
    assert [t.removesuffix(" ^AL") for t in texts] == [
        t.removesuffix(" ^AL") for t in re.findall(r'manyone__t" dir="auto">(.*?)</p>', looked)
    ]


def test_an_address_alone_sends_nothing(client, cases):
    client.get("/desk/many/", {"case": [c.pk for c in cases], "step": "send", "text": TEXT})
    assert not Outgoing.objects.exists()


def test_a_text_without_a_name_is_refused_and_kept(client, cases):
    answer = post(client, cases, "send", text="Hello <all>")
    assert answer.status_code == 422
    assert "put {name}" in answer.text
    assert ">Hello &lt;all&gt;</textarea>" in answer.text


def test_without_a_case_that_was_shown_nothing_goes_to_it(client, cases):
    page = post(client, cases, "send", **{f"seen_{cases[0].pk}": ""}).text
    assert "2 answers on their way, of 3" in page


def test_only_agents_answer_many(client, cases):
    client.logout()
    assert post(client, cases, "send").status_code == 302
    assert not Outgoing.objects.exists()
