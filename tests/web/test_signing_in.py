"""The sign-in page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

import factories
from sanderling.people.models import WrongPassword

pytestmark = pytest.mark.django_db


def sign_in(client, agent, password=factories.PASSWORD, **more):
    return client.post("/signin/", {"email": agent.email, "password": password, **more})


def test_the_right_password_opens_the_desk(client):
    answer = sign_in(client, factories.agent())
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200


def test_the_email_may_be_typed_in_capitals_and_with_spaces(client):
    agent = factories.agent()
    agent.email = f"  {agent.email.upper()} "
    assert sign_in(client, agent).status_code == 302


def test_a_wrong_password_is_said_in_words_and_the_email_is_kept(client):
    agent = factories.agent()
    answer = sign_in(client, agent, "no")
    assert answer.status_code == 403
    assert "Four more tries before a pause of" in answer.text
    assert agent.email in answer.text


def test_after_five_wrong_passwords_even_the_right_one_waits(client):
    agent = factories.agent()
    for _ in range(5):
        sign_in(client, agent, "no")
    answer = sign_in(client, agent)
    assert answer.status_code == 429
    assert "Wait 10 minutes" in answer.text


def test_the_pause_is_for_one_address_and_ends_by_itself(client):
    agent = factories.agent()
    for _ in range(5):
        sign_in(client, agent, "no")
    elsewhere = client.post(
        "/signin/", {"email": agent.email, "password": factories.PASSWORD}, REMOTE_ADDR="10.0.0.9"
    )
    assert elsewhere.status_code == 302
    client.logout()
    for row in WrongPassword.objects.all():
        row.last_at -= timedelta(minutes=11)
        row.save()
    assert sign_in(client, agent).status_code == 302


def test_a_right_password_forgives_the_wrong_ones(client):
    agent = factories.agent()
    for _ in range(4):
        sign_in(client, agent, "no")
    sign_in(client, agent)
    client.logout()
    assert "Four more tries" in sign_in(client, agent, "no").text


def test_an_agent_who_left_cannot_sign_in(client):
    assert sign_in(client, factories.agent(is_active=False)).status_code == 403


def test_it_leads_to_the_page_that_was_asked_for_but_never_off_the_desk(client):
    agent = factories.agent()
    asked = client.get("/deck/")
    assert asked["Location"] == "/signin/?next=/deck/"
    assert sign_in(client, agent, next="/deck/")["Location"] == "/deck/"
    client.logout()
    assert sign_in(client, agent, next="https://evil.example/")["Location"] == "/desk/"
    client.logout()
    assert sign_in(client, agent, next="//evil.example/")["Location"] == "/desk/"


def test_the_demo_says_how_to_sign_in_and_nothing_else_does(client, settings, tmp_path):
    assert "This is a demo" not in client.get("/signin/").text
    (tmp_path / "demo-password").write_text("wave-1234")
    settings.DEMO, settings.DATA = True, tmp_path
    assert "wave-1234" in client.get("/signin/").text


@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/desk/rows", "/case/1/", "/case/1/timeline", "/deck/", "/badges"]
)
def test_every_page_asks_who_you_are(client, path):
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/signin/")


@pytest.mark.parametrize(
    "path",
    ["/desk/next/", "/case/1/assign/", "/case/1/send/", "/case/1/draft/", "/case/1/resolve/",
     "/case/1/outgoing/1/", "/deck/columns/", "/deck/columns/1/remove/", "/deck/posts/1/case/"],
)  # fmt: skip
def test_no_act_is_open_to_strangers_or_to_a_link(client, path):
    assert client.post(path)["Location"].startswith("/signin/")
    assert client.post(path, headers={"X-Desk": "1"}).status_code == 401
    client.force_login(factories.agent())
    assert client.get(path).status_code == 405


def test_signing_out_closes_the_desk(client):
    client.force_login(factories.agent())
    client.post("/signout/")
    assert client.get("/desk/").status_code == 302


def test_a_form_from_elsewhere_is_refused_in_words(settings):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post("/signin/", {"email": "a@b.example", "password": "x"})
    assert answer.status_code == 403
    assert "Please load the page again" in answer.text
