"""Tokens are renewed ahead of time, once for all, and a lost one is a lost sign-in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sanderling.core.network import SignInLost, Unreachable
from sanderling.networks.x import secret


def test_a_token_is_renewed_before_it_ends(stage) -> None:
    vault = stage.vault()
    network = stage.connector(vault)
    network.whoami()
    assert vault.renewed == 0
    stage.x.advance(minutes=116)
    network.whoami()
    assert vault.renewed == 1
    assert secret.read(vault.text).expires_at > stage.now().timestamp() + 7000


def test_a_token_that_x_no_longer_knows_is_renewed_once(stage) -> None:
    vault = stage.vault()
    network = stage.connector(vault)
    stage.x.keys.expire(stage.acme)
    network.whoami()
    assert vault.renewed == 1


def test_two_connectors_with_one_vault_renew_once(stage) -> None:
    vault = stage.vault()
    both = [stage.connector(vault), stage.connector(vault)]
    stage.x.advance(hours=3)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda i: both[i % 2].whoami().handle, range(8)))
    assert names == ["acme"] * 8
    assert vault.renewed == 1


def test_a_spent_refresh_token_is_a_lost_sign_in(stage) -> None:
    vault = stage.vault()
    copy = type(vault)(vault.text)
    stage.x.advance(hours=3)
    stage.connector(vault).whoami()
    with pytest.raises(SignInLost, match="Connect the account again"):
        stage.connector(copy).whoami()


def test_a_lost_renewal_is_tried_again_and_then_a_lost_sign_in(stage) -> None:
    stage.x.advance(hours=3)
    vault = stage.vault()
    network = stage.connector(vault)
    stage.x.advance(hours=3)
    before = vault.text
    stage.x.fault("token", "cut_after")
    with pytest.raises(Unreachable):
        network.whoami()
    assert vault.text == before
    with pytest.raises(SignInLost):
        network.whoami()


def test_a_renewal_that_never_arrived_does_no_harm(stage) -> None:
    vault = stage.vault()
    network = stage.connector(vault)
    stage.x.advance(hours=3)
    stage.x.fault("token", "cut")
    with pytest.raises(Unreachable):
        network.whoami()
    assert network.whoami().handle == "acme"


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"client_id": 1}'])
def test_a_secret_that_cannot_be_read_is_a_lost_sign_in(stage, text: str) -> None:
    vault = stage.vault()
    vault.text = text
    with pytest.raises(SignInLost):
        stage.connector(vault)
