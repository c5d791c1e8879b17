"""What agents do with a case, by script and by plain form."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases.models import Case

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case():
    return factories.case(factories.account(), factories.identity())


def again(case):
    return Case.objects.get(pk=case.pk)


def test_a_plain_form_leads_back_to_the_case(client, ada, case):
    answer = client.post(f"/case/{case.pk}/assign/", {"to": ada.pk})
    assert (answer.status_code, answer["Location"]) == (303, f"/case/{case.pk}/")
    assert again(case).owner_id == ada.pk
    assert again(case).state == "open"


def test_a_script_hears_what_was_done(client, ada, case):
    answer = client.post(f"/case/{case.pk}/assign/", {"to": ada.pk}, headers=SCRIPT)
    assert answer.json() == {"to": f"/case/{case.pk}/", "says": "Ada Lund has the case now."}


def test_a_case_can_be_put_back_for_anybody(client, ada, case):
    client.post(f"/case/{case.pk}/assign/", {"to": ada.pk})
    client.post(f"/case/{case.pk}/assign/", {"to": ""})
    assert again(case).owner_id is None


def test_who_takes_what_nobody_had_does_not_take_it_from_who_was_faster(client, ada, case):
    ben = factories.agent("Ben Oduya")
    Case.objects.filter(pk=case.pk).update(owner=ben)
    slow = {"to": ada.pk, "had": ""}
    answer = client.post(f"/case/{case.pk}/assign/", slow, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["why"] == ["Ben Oduya took this case a moment before you."]
    assert again(case).owner_id == ben.pk
    knowing = {"to": ada.pk, "had": ben.pk}
    assert client.post(f"/case/{case.pk}/assign/", knowing, headers=SCRIPT).status_code == 200
    assert again(case).owner_id == ada.pk


def test_a_case_is_not_given_to_someone_who_left(client, ada, case):
    gone = factories.agent("Gone", is_active=False)
    answer = client.post(f"/case/{case.pk}/assign/", {"to": gone.pk}, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["why"] == ["That colleague is not at the desk any more."]


def test_the_next_case_is_the_one_that_is_due_first_and_nobody_has(client, ada, case):
    account, someone = case.account, factories.identity()
    sooner = factories.case(account, someone, due_at=factories.NOW - timedelta(hours=9))
    factories.case(
        account, someone, due_at=factories.NOW - timedelta(days=2), owner=ada, state="open"
    )
    assert client.post("/desk/next/", headers=SCRIPT).json()["case"] == sooner.pk
    assert client.post("/desk/next/")["Location"] == f"/case/{case.pk}/?q=mine"
    nothing = client.post("/desk/next/")
    assert nothing.status_code == 409
    assert "Nobody is waiting without someone who sees to it." in nothing.text


def test_a_case_sleeps_and_is_woken(client, ada, case):
    client.post(f"/case/{case.pk}/snooze/", {"minutes": "30"})
    assert again(case).snoozed
    client.post(f"/case/{case.pk}/snooze/", {"minutes": "0"})
    assert not again(case).snoozed


@pytest.mark.parametrize("minutes", ["", "-5", "x", "99999999"])
def test_a_nap_that_makes_no_sense_is_refused(client, ada, case, minutes):
    assert client.post(f"/case/{case.pk}/snooze/", {"minutes": minutes}).status_code == 422
    assert not again(case).snoozed


def test_a_case_is_resolved_and_opened_again(client, ada, case):
    client.post(f"/case/{case.pk}/resolve/", {"outcome": "solved", "note": "New SIM"})
    assert again(case).state == "resolved"
    assert "New SIM" in client.get(f"/case/{case.pk}/timeline").text
    client.post(f"/case/{case.pk}/reopen/")
    assert again(case).state == "open"


def test_a_case_that_needs_no_answer_is_closed(client, ada, case):
    client.post(f"/case/{case.pk}/resolve/", {"outcome": "no answer"})
    assert again(case).state == "closed"


def test_what_cannot_be_done_any_more_is_said(client, ada, case):
    client.post(f"/case/{case.pk}/resolve/", {"outcome": "solved"})
    again = {"outcome": "solved"}
    answer = client.post(f"/case/{case.pk}/resolve/", again, headers=SCRIPT)
    assert answer.status_code == 409
    assert "cannot resolve" in answer.json()["why"][0]


def test_a_case_that_does_not_exist_cannot_be_resolved(client, ada):
    assert (
        client.post("/case/77/resolve/", {"outcome": "solved"}, headers=SCRIPT).status_code == 404
    )
