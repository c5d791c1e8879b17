"""Where networks call us."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import factories
from sanderling.core.network import Page
from sanderling.listen.models import Push
from sanderling.web import hooks

pytestmark = pytest.mark.django_db


class Called:
    """A network that calls us and signs what it sends."""

    def challenge(self, query):
        return query.get("proof")

    def genuine(self, body, headers):
        return headers.get("x-signature") == f"signed {len(body)}"

    def understand(self, body):
        return Page()


@pytest.fixture
def address(monkeypatch):
    account = factories.account()
    monkeypatch.setattr(hooks, "network_for", lambda _: Called())
    return f"/hooks/{account.pk}"


def post(client, address, body, signature):
    return client.post(
        address, body, content_type="application/json", headers={"x-signature": signature}
    )


def test_a_genuine_push_is_kept_byte_for_byte_and_needs_no_cookie(client, address):
    body = '{"text": "é"}'.encode()
    assert post(client, address, body, f"signed {len(body)}").status_code == 200
    assert bytes(Push.objects.get().body) == body


def test_what_is_not_signed_is_not_kept(client, address):
    assert post(client, address, b"{}", "signed by nobody").status_code == 403
    assert client.post(address, b"{}", content_type="text/plain").status_code == 403
    assert not Push.objects.exists()


def test_a_question_is_answered_as_it_was_put(client, address):
    said = client.get(address, {"proof": "a challenge"})
    assert (said.status_code, said.text) == (200, "a challenge")
    assert said.headers["Content-Type"].startswith("text/plain")
    assert client.get(address).status_code == 404


def test_too_much_and_strange_methods_are_refused(client, address):
    body = b"x" * (hooks.LONGEST + 1)
    assert post(client, address, body, f"signed {len(body)}").status_code == 413
    assert client.put(address).status_code == 405


def test_an_account_that_is_not_there_or_takes_no_push_is_nothing(client, monkeypatch):
    assert client.get("/hooks/99999").status_code == 404
    account = factories.account()
    monkeypatch.setattr(hooks, "network_for", lambda _: SimpleNamespace())
    assert client.get(f"/hooks/{account.pk}").status_code == 404
