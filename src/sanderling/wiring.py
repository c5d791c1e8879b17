"""Which object serves which account: the only file that names a concrete network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from sanderling.core.network import Limits, Network, SignIn, Vault
from sanderling.listen.ours import line
from sanderling.listen.queries import accounts
from sanderling.listen.vault import AccountVault
from sanderling.networks.practice.connector import Practice


@dataclass(frozen=True)
class Kind:
    """A kind of network: `make` gives the connector of an account, of its address, its vault and
    the address at which the network may call us ("" where this desk cannot be called).

    `sign_in` is how an account is connected; None where nobody does that by hand.
    """

    label: str
    make: Callable[[str, Vault, str], Network]
    sign_in: SignIn | None = None


NETWORKS: dict[str, Kind] = {
    "practice": Kind("Practice network", lambda address, vault, _: Practice(address, vault.read())),
}
"""By name."""


class NoSuchNetwork(Exception):
    """The account belongs to a network that this installation cannot speak to."""


def network_for(account_id: int) -> Network:
    """The network of an account; one object until the account is connected anew."""
    at = line(account_id)
    return _made(at.account, at.network, at.address, at.connected_at)


def limits_for(account_id: int) -> Limits:
    """What the account's network allows."""
    return network_for(account_id).limits


def forgetting() -> list[str]:
    """The networks whose rules want deleted posts erased here too."""
    return sorted(
        {a.network for a in accounts() if a.network in NETWORKS and limits_for(a.id).forgets}
    )


def callback(account_id: int) -> str:
    """Where networks may call us about this account; "" where the desk has no public address."""
    return f"{settings.PUBLIC_URL}/hooks/{account_id}" if settings.PUBLIC_URL else ""


@lru_cache(maxsize=256)
def _made(account_id: int, name: str, address: str, connected_at: object) -> Network:
    if name not in NETWORKS:
        raise NoSuchNetwork(f"Sanderling does not speak to the network {name!r}.")
    return NETWORKS[name].make(address, AccountVault(account_id), callback(account_id))
