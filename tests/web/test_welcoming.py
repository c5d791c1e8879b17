"""Setting up a new desk in the browser: the first lead, and the steps that follow."""

from __future__ import annotations

import pytest
from django.conf import settings

import factories
from sanderling.people import welcoming
from sanderling.people.models import Agent
from sanderling.people.queries import beginning
from sanderling.policy import queries as policies
from sanderling.policy.actions import adopt_default

pytestmark = pytest.mark.django_db
FIRST = {
    "email": "Ana@harbour.example", "name": "Ana Lind", "initials": "AL",
    "password": "tide-and-sand",
}  # fmt: skip


@pytest.fixture
def door(tmp_path, monkeypatch) -> str:
    """The path of the address of a desk with nobody in it."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return welcoming.address(tmp_path, "http://testserver").removeprefix("http://testserver")


@pytest.fixture
def lead(client, door):
    client.post(door, FIRST)
    adopt_default(now=factories.NOW)
    return client


def test_the_sign_in_of_an_empty_desk_says_where_to_begin(client):
    assert "This desk is new" in client.get("/signin/").text
    factories.agent()
    assert "This desk is new" not in client.get("/signin/").text


def test_the_address_makes_the_first_lead_who_is_signed_in_at_once(client, door):
    assert 'name="password"' in client.get(door).text
    answer = client.post(door, FIRST)
    assert (answer.status_code, answer["Location"]) == (303, "/welcome/")
    assert client.get("/welcome/")["Location"] == "/welcome/company/"
    assert Agent.objects.get().is_lead
    assert not (settings.DATA / welcoming.FILE).exists()


def test_the_address_is_good_for_once(client, door, django_user_model):
    client.post(door, FIRST)
    client.logout()
    for answer in (client.get(door), client.post(door, {**FIRST, "email": "b@harbour.example"})):
        assert answer.status_code == 410
        assert "set up already" in answer.text
    assert Agent.objects.count() == 1


def test_a_wrong_address_says_so_and_guessing_is_slowed_down(client, door):
    for _ in range(5):
        answer = client.get("/welcome/guess/")
        assert answer.status_code == 404
        assert "opens nothing" in answer.text
    assert client.get("/welcome/guess/").status_code == 429
    assert client.get(door).status_code == 429


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "short"}, "10 characters"), ({"email": "ana"}, "no e-mail address"),
        ({"name": " "}, "A name has"), ({"initials": "?"}, "Initials are"),
    ],
)  # fmt: skip
def test_a_form_that_does_not_fit_is_said_in_words_and_keeps_what_was_typed(
    client, door, wrong, says
):
    answer = client.post(door, FIRST | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert "tide-and-sand" not in answer.text
    assert 'value="Ana Lind"' in answer.text or "name" in wrong
    assert not Agent.objects.exists()


def test_the_company_gives_the_desk_its_name(lead):
    assert lead.post("/welcome/company/", {"name": ""}).status_code == 422
    assert lead.post("/welcome/company/", {"name": "Harbour & Sons"})["Location"] == "/welcome/"
    assert lead.get("/welcome/")["Location"] == "/welcome/hear/"
    assert "Harbour &amp; Sons" in lead.get("/desk/").text
    lead.logout()
    assert "Harbour &amp; Sons" in lead.get("/signin/").text


def test_steps_can_be_left_out_and_come_back_on_the_desk_until_the_list_is_put_away(lead):
    for step in ("company", "hear", "hours", "invite"):
        assert lead.get("/welcome/")["Location"] == f"/welcome/{step}/"
        lead.post("/welcome/later/", {"step": step})
    assert lead.get("/welcome/")["Location"] == "/desk/"
    assert 'href="/welcome/hours/"' in lead.get("/desk/").text
    lead.post("/welcome/ready/")
    assert 'href="/welcome/hours/"' not in lead.get("/desk/").text


def test_an_account_that_was_connected_counts_however_it_came(lead):
    factories.account()
    assert "hear" not in beginning().done
    lead.post("/welcome/company/", {"name": "Harbour"})
    assert lead.get("/welcome/")["Location"] == "/welcome/hours/"


def test_working_hours_become_a_version_of_the_policy(lead):
    told = {
        "zone": "Europe/Berlin", "when": "office", "day": ["monday", "friday"], "start": "08:30",
        "stop": "16:00",
    }  # fmt: skip
    before = policies.newest()
    assert lead.post("/welcome/hours/", told).status_code == 303
    assert policies.newest() == before + 1
    document = policies.current().document
    assert document.zone == "Europe/Berlin"
    assert document.hours["office"].friday == ("08:30-16:00",)
    assert policies.written(policies.newest()).by == "Ana Lind"
    assert "hours" in beginning().done


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Moon/Tycho"}, "time zone"), ({"day": []}, "at least one day"),
        ({"start": "25:99"}, "25:99"), ({"stop": ""}, "-"),
    ],
)  # fmt: skip
def test_hours_that_are_none_change_nothing(lead, wrong, says):
    told = {
        "zone": "UTC", "when": "office", "day": ["monday"], "start": "09:00", "stop": "17:00",
    }  # fmt: skip
    before = policies.newest()
    answer = lead.post("/welcome/hours/", told | wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert policies.newest() == before


def test_an_invitation_shows_its_link_once(lead):
    answer = lead.post("/welcome/invite/", {"name": "Ben", "email": "ben@harbour.example"})
    assert "http://testserver/join/" in answer.text
    again = lead.get("/welcome/invite/").text
    assert "/join/" not in again
    assert "ben@harbour.example" in again


def test_setting_up_is_for_leads(client):
    client.force_login(factories.agent())
    for path in ("", "company/", "hear/", "hours/", "invite/"):
        assert client.get(f"/welcome/{path}").status_code == 403
    for path in ("company/", "hear/", "hours/", "invite/", "later/", "ready/"):
        assert client.post(f"/welcome/{path}", {"name": "x"}).status_code == 403
    assert beginning() is None


def test_setting_up_is_for_nobody_who_is_not_signed_in(client):
    factories.agent()
    for path in ("", "company/", "later/", "ready/"):
        assert client.post(f"/welcome/{path}").status_code in (302, 405)
    assert beginning() is None


def test_a_desk_from_before_shows_no_list_of_steps(client):
    client.force_login(factories.agent(is_lead=True))
    assert "Setting up your desk" not in client.get("/desk/").text


@pytest.mark.parametrize("queue", ["team", "mine", "unassigned", "waiting", "snoozed", "resolved"])
def test_an_empty_queue_of_a_desk_without_accounts_says_what_to_do(client, queue):
    client.force_login(factories.agent(is_lead=True))
    page = client.get(f"/desk/?q={queue}").text
    assert "Nobody can write to us yet" in page
    assert 'href="/networks/">Connect an account' in page


@pytest.mark.parametrize(
    "path", ["/lists/", "/approvals/", "/unsent/", "/mentions/", "/lists/promises/", "/history/"]
)
def test_an_empty_page_leads_on(client, path):
    client.force_login(factories.agent())
    assert '<a class="btn" href="/desk/">' in client.get(path).text
