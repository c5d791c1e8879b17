"""Who else is here, on the page."""

from __future__ import annotations

import pytest
from django.test import Client

import factories

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def case():
    return factories.case(factories.account(), factories.identity())


def at_the_desk(name: str) -> Client:
    client = Client(headers=SCRIPT)
    client.force_login(factories.agent(name))
    return client


def test_a_page_says_who_else_reads_and_who_replies(case):
    mira, ada = at_the_desk("Mira <b>Solberg"), at_the_desk("Ada Lund")
    page, path = f"/case/{case.pk}/", f"/case/{case.pk}/here"
    assert mira.post(f"{path}/", {"doing": "reading"}).status_code == 200
    assert "is reading" not in mira.get(page).text
    assert "Mira is reading" in ada.get(page).text
    assert "Mira is reading" in ada.get(path).text

    mira.post(f"{path}/", {"doing": "direct"})
    found = ada.get(path).text
    assert "Mira is replying." in found
    assert "A direct message." in found
    assert "is reading" not in found


def test_who_leaves_is_gone(client, case):
    mira = factories.agent("Mira Solberg")
    client.force_login(mira)
    path = f"/case/{case.pk}/here/"
    client.post(path, {"doing": "public"}, headers=SCRIPT)
    client.post(path, {"doing": ""}, headers=SCRIPT)
    client.force_login(factories.agent("Ada Lund"))
    assert "Mira" not in client.get(f"/case/{case.pk}/here").text


def test_what_nobody_does_and_where_nothing_is_are_refused(client, case):
    client.force_login(factories.agent("Mira Solberg"))
    path = f"/case/{case.pk}/here/"
    assert client.post(path, {"doing": "sleeping"}, headers=SCRIPT).status_code == 422
    away = f"/case/{case.pk + 1000}/here/"
    assert client.post(away, {"doing": "reading"}, headers=SCRIPT).status_code == 404


def test_strangers_see_nobody(client, case):
    assert client.get(f"/case/{case.pk}/here", headers=SCRIPT).status_code == 401
