"""Pages travel squeezed where that tells nobody anything."""

from __future__ import annotations

import gzip
import re

import pytest

pytestmark = pytest.mark.django_db
GZIP = {"HTTP_ACCEPT_ENCODING": "gzip"}


@pytest.mark.parametrize("asked_by", ["same-origin", "none"])
def test_what_a_page_of_ours_or_a_person_asks_for_is_squeezed(client, asked_by):
    answer = client.get("/signin/", **GZIP, HTTP_SEC_FETCH_SITE=asked_by)
    assert answer["Content-Encoding"] == "gzip"
    assert b"Sign in" in gzip.decompress(answer.content)
    assert len(answer.content) < 5_000


@pytest.mark.parametrize("asked_by", ["cross-site", "same-site"])
def test_what_another_site_makes_a_browser_ask_for_is_not(client, asked_by):
    answer = client.get("/signin/", **GZIP, HTTP_SEC_FETCH_SITE=asked_by)
    assert "Content-Encoding" not in answer


def test_a_browser_that_does_not_say_who_asks_gets_pages_squeezed_over_plain_http_alone(client):
    assert "Content-Encoding" in client.get("/signin/", **GZIP)
    assert "Content-Encoding" not in client.get("/signin/", **GZIP, secure=True)


def test_the_length_of_a_page_is_not_always_the_same(client):
    client.get("/signin/")  # the secret of the form stays the same from here on
    lengths = {len(client.get("/signin/", **GZIP).content) for _ in range(12)}
    assert len(lengths) > 4


def test_a_page_masks_its_secret_once_and_the_next_page_anew(client, deck_page):
    first, second = (set(secrets(deck_page())) for _ in range(2))
    assert len(first) <= 2  # one in the forms, one for the script
    assert not first & second


def secrets(html: str) -> list[str]:
    return re.findall(r'(?:name="csrfmiddlewaretoken" value|name="csrf" content)="(\w{64})"', html)


@pytest.fixture
def deck_page(client, django_user_model):
    agent = django_user_model.objects.create(email="a@b.example", name="A", initials="A")
    client.force_login(agent)

    def page() -> str:
        html = client.get("/deck/").content.decode()
        assert len(secrets(html)) > 3
        return html

    return page
