"""Invitations: one link, one person, seven days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

import factories
from factories import NOW
from sanderling.people import inviting
from sanderling.people.inviting import InvitationEnded, NoInvitation
from sanderling.people.models import Agent, Invitation
from sanderling.people.queries import invitations
from sanderling.people.roster import Unfit
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
BEN = {"name": "Ben Okafor", "email": "Ben@Harbour.example "}
CHOSEN = {"name": "Ben Okafor", "initials": "bo", "password": "tide-and-sand", "now": NOW}


@pytest.fixture
def lead() -> int:
    return factories.agent(is_lead=True).pk


def test_who_is_invited_joins_once_with_a_password_of_their_own(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    assert inviting.join(token=token, **CHOSEN) == "ben@harbour.example"
    ben = Agent.objects.get(email="ben@harbour.example")
    assert (ben.initials, ben.is_lead, ben.check_password("tide-and-sand")) == ("BO", False, True)
    with pytest.raises(InvitationEnded, match="was used"):
        inviting.join(token=token, **CHOSEN)
    assert invitations(NOW) == []
    moves = Move.objects.filter(kind="invitation").order_by("pk").values_list("move", "by_id")
    assert list(moves) == [("invite", lead), ("join", ben.pk)]


def test_a_lead_may_be_invited(lead):
    inviting.join(token=inviting.invite(**BEN, is_lead=True, by=lead, now=NOW), **CHOSEN)
    assert Agent.objects.get(email="ben@harbour.example").is_lead


def test_the_desk_keeps_only_what_the_link_hashes_to(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    row = Invitation.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert all(token not in str(value) for value in row.__dict__.values())


@pytest.mark.parametrize("token", ["", "x", "é" * 300, "0" * 43])
def test_a_link_that_nobody_made_opens_nothing(lead, token):
    inviting.invite(**BEN, by=lead, now=NOW)
    with pytest.raises(NoInvitation):
        inviting.opened(token, now=NOW)


def test_a_link_ends_after_seven_days_to_the_second(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    week = timedelta(days=7)
    assert inviting.opened(token, now=NOW + week - timedelta(seconds=1)).name == "Ben Okafor"
    with pytest.raises(InvitationEnded, match="seven days"):
        inviting.opened(token, now=NOW + week)
    [waiting] = invitations(NOW + week)
    assert waiting.state == "ended"


def test_a_lead_takes_an_invitation_back(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    [waiting] = invitations(NOW)
    inviting.revoke(invitation_id=waiting.id, by=lead, now=NOW)
    inviting.revoke(invitation_id=waiting.id, by=lead, now=NOW)
    with pytest.raises(InvitationEnded, match="taken back"):
        inviting.opened(token, now=NOW)
    assert Move.objects.filter(kind="invitation", move="revoke").count() == 1


def test_a_second_invitation_ends_the_first(lead):
    first = inviting.invite(**BEN, by=lead, now=NOW)
    second = inviting.invite(**BEN, by=lead, now=NOW)
    with pytest.raises(InvitationEnded):
        inviting.opened(first, now=NOW)
    assert inviting.opened(second, now=NOW).email == "ben@harbour.example"


def test_somebody_who_is_here_is_not_invited_and_nobody_takes_their_place(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    ben = factories.agent("Ben Old")
    ben.email = "ben@harbour.example"
    ben.save()
    with pytest.raises(InvitationEnded, match="can sign in already"):
        inviting.join(token=token, **CHOSEN)
    with pytest.raises(Unfit, match="here already"):
        inviting.invite(**BEN, by=lead, now=NOW)
    ben.refresh_from_db()
    assert ben.check_password(factories.PASSWORD)


def test_what_does_not_fit_uses_no_invitation_up(lead):
    token = inviting.invite(**BEN, by=lead, now=NOW)
    with pytest.raises(ValidationError):
        inviting.join(token=token, **CHOSEN | {"password": "short"})
    with pytest.raises(Unfit):
        inviting.join(token=token, **CHOSEN | {"initials": ""})
    assert inviting.opened(token, now=NOW)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "nobody"}, {"email": "a@b"}])
def test_an_invitation_names_somebody_with_an_address(lead, wrong):
    with pytest.raises(Unfit):
        inviting.invite(**BEN | wrong, by=lead, now=NOW)
