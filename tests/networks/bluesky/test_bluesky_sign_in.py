"""Connecting an account at Bluesky's own servers, and what a server's refusals mean."""

from __future__ import annotations

import json

import httpx
import pytest

from sanderling.core.network import (
    Connected,
    NetworkError,
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.networks.bluesky.client import ChatDeclined, Client, Declined, Expired
from sanderling.networks.bluesky.connector import Bluesky
from sanderling.networks.bluesky.signin import BlueskySignIn
from servers.bluesky.devnet import PASSWORD, Devnet
from servers.kept import Kept


def signed_in(devnet: Devnet, handle: str, password: str, **more: str) -> Connected:
    given = {"handle": handle, "password": password, "server": devnet.pds,
             "chat": devnet.chat.proxy, "stream": devnet.jetstream.url} | more  # fmt: skip
    return BlueskySignIn(allow_private=True).begin(given, "")


def test_an_account_is_connected_step_by_step(devnet: Devnet):
    who = devnet.person("entering")
    told = signed_in(devnet, "@Entering.test ", devnet.app_password(who, privileged=True))
    assert (told.who.id, told.who.handle) == (who.me.did, "entering.test")
    assert [(step.ok, step.words) for step in told.steps] == [
        (True, "Signed in as @entering.test."),
        (True, "Can read mentions, replies and quotes, and write posts."),
        (True, "Can read and write direct messages."),
    ]
    network = Bluesky(told.address, Kept(told.secret), allow_private=True)
    page = network.pull(None)
    network.close()
    assert page.warning == ""
    assert json.loads(told.secret)["stream"].endswith("network.bsky.jetstream.subscribeEvents")


def test_a_plain_app_password_is_told_what_it_cannot_do(devnet: Devnet):
    who = devnet.person("plainly")
    told = signed_in(devnet, "plainly.test", devnet.app_password(who))
    assert [step.ok for step in told.steps] == [True, True, False]
    assert "Allow access to your direct messages" in told.steps[-1].words


def test_the_password_of_the_account_itself_works_with_a_word(devnet: Devnet):
    devnet.person("mainly")
    told = signed_in(devnet, "mainly.test", PASSWORD)
    assert [step.ok for step in told.steps] == [True, True, True, False]


@pytest.mark.parametrize(
    ("handle", "password", "server", "says"),
    [
        ("entering.test", "wrong", "", "does not know this handle"),
        ("nobody-at-all.test", "wrong", "", "does not know this handle"),
        ("", "wrong", "", "both needed"),
        ("entering.test", "", "", "both needed"),
        ("entering.test", "x", "no address at all", "not a web address"),
    ],
)
def test_what_was_not_right_is_said_in_words(devnet: Devnet, handle, password, server, says):
    with pytest.raises(Refused, match=says):
        signed_in(devnet, handle, password, server=server or devnet.pds)


def test_an_account_is_not_looked_for_in_a_private_network(devnet: Devnet):
    given = {"handle": "a.test", "password": "x", "server": devnet.pds.replace("http:", "https:")}
    with pytest.raises(Unreachable):
        BlueskySignIn().begin(given, "")
    with pytest.raises(Refused, match="not encrypted"):
        BlueskySignIn().begin({**given, "server": devnet.pds}, "")


@pytest.mark.parametrize(
    ("status", "error", "message", "means"),
    [
        (400, "ExpiredToken", "Token has expired", Expired),
        (400, "InvalidToken", "Token could not be verified", Expired),
        (401, "AuthMissing", "Authentication Required", Expired),
        (400, "InvalidToken", "Bad token method", ChatDeclined),
        (401, "AuthenticationRequired", "Invalid identifier or password", SignInLost),
        (401, "AccountTakedown", "Account has been taken down", SignInLost),
        (400, "AccountTakedown", "Account has been taken down", SignInLost),
        (429, "RateLimitExceeded", "Rate Limit Exceeded", Throttled),
        (400, "InvalidRequest", "too long", Declined),
        (500, "InternalServerError", "", OutcomeUnknown),
        (502, "UpstreamFailure", "", OutcomeUnknown),
        (503, "NotAvailable", "", Unreachable),
    ],
)
def test_a_refusal_is_one_of_the_five(status, error, message, means):
    answer = httpx.Response(status, json={"error": error, "message": message})
    with pytest.raises(NetworkError) as told:
        Client("http://localhost").raise_for(answer, harmless=False)
    assert type(told.value) is means


@pytest.mark.parametrize(("harmless", "means"), [(True, Unreachable), (False, OutcomeUnknown)])
def test_a_400_that_was_broken_on_its_way_is_no_refusal(harmless, means):
    with pytest.raises(NetworkError) as told:
        Client("http://localhost").raise_for(
            httpx.Response(400, content=b'{"error": "Reco'), harmless=harmless
        )
    assert type(told.value) is means
