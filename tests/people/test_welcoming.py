"""The front door of a new desk, and how far its setting up went."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

import factories
from factories import NOW
from sanderling.people import welcoming
from sanderling.people.models import Agent, Company
from sanderling.people.queries import STEPS, beginning, company
from sanderling.people.roster import Unfit
from sanderling.store.models import Move

FIRST = {
    "email": "ana@harbour.example", "name": "  Ana  Lind ", "initials": "al",
    "password": "tide-and-sand", "now": NOW,
}  # fmt: skip


def test_the_address_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    found = welcoming.address(tmp_path, "http://127.0.0.1:8000")
    file = tmp_path / welcoming.FILE
    assert file.read_text() == f"{found}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert welcoming.address(tmp_path, "http://127.0.0.1:8000") == found


def test_the_address_follows_the_desk_to_another_place_and_keeps_its_secret(tmp_path):
    before = welcoming.address(tmp_path, "http://127.0.0.1:8000")
    after = welcoming.address(tmp_path, "https://desk.example/")
    assert after == before.replace("http://127.0.0.1:8000", "https://desk.example")
    assert (tmp_path / welcoming.FILE).stat().st_mode & 0o777 == 0o600


def test_only_the_secret_of_the_address_opens(tmp_path):
    assert not welcoming.opens(tmp_path, "")
    token = welcoming.address(tmp_path, "http://x").split("/")[-2]
    assert welcoming.opens(tmp_path, token)
    assert not welcoming.opens(tmp_path, token[:-1])
    assert not welcoming.opens(tmp_path, f"{token}é")
    welcoming.shut(tmp_path)
    welcoming.shut(tmp_path)
    assert not welcoming.opens(tmp_path, token)


@pytest.mark.django_db
def test_the_first_agent_is_a_lead_and_there_is_one_first():
    first = Agent.objects.get(pk=welcoming.begin(**FIRST))
    assert (first.name, first.initials, first.is_lead) == ("Ana Lind", "AL", True)
    assert first.check_password("tide-and-sand")
    with pytest.raises(welcoming.SetUpAlready):
        welcoming.begin(**FIRST | {"email": "second@harbour.example"})
    assert Agent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": " "}, Unfit),
        ({"initials": "A-B"}, Unfit),
        ({"password": "short"}, ValidationError),
    ],
)
def test_what_does_not_fit_begins_nothing(wrong, error):
    with pytest.raises(error):
        welcoming.begin(**FIRST | wrong)
    assert not Agent.objects.exists()
    assert beginning() is None


@pytest.mark.django_db
def test_steps_are_gone_through_in_their_order_and_may_be_left_out():
    by = welcoming.begin(**FIRST)
    assert beginning().next == "company"
    welcoming.call_company(name="Harbour  Mobile", by=by, now=NOW)
    assert company() == "Harbour Mobile"
    welcoming.passed(step="hear", done=False)
    assert beginning().next == "hours"
    welcoming.passed(step="hear", done=True)
    welcoming.passed(step="hear", done=False)
    assert "hear" in beginning().done
    assert not beginning().left
    for step in STEPS:
        welcoming.passed(step=step, done=False)
    assert beginning().next == ""
    with pytest.raises(ValueError, match="no such step"):
        welcoming.passed(step="fly", done=True)


@pytest.mark.django_db
def test_who_named_the_company_and_put_the_list_away_is_known():
    by = welcoming.begin(**FIRST)
    welcoming.call_company(name="Harbour", by=by, now=NOW)
    welcoming.call_company(name="Harbour", by=by, now=NOW)
    welcoming.ready(by=by, now=NOW)
    welcoming.ready(by=by, now=NOW)
    assert beginning().ready
    moves = Move.objects.filter(kind="company").values_list("move", "by_id")
    assert sorted(moves) == [("name", by), ("ready", by)]


@pytest.mark.django_db
def test_there_is_one_company_whatever_happens():
    welcoming.begin(**FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.create(pk=2, name="Another")


@pytest.mark.django_db
def test_a_desk_that_was_there_before_is_not_set_up_again():
    factories.agent()
    assert beginning() is None
    assert company() == ""
