"""Which object serves which account: the only file that names a concrete network."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sanderling.core.network import Limits, Network
from sanderling.listen.ours import Line, line
from sanderling.networks.practice.connector import Practice

NETWORKS: dict[str, Callable[[str, str], Network]] = {
    "practice": lambda address, secret: Practice(address, secret),
}
"""By name: what makes a network of an address and a secret."""


class NoSuchNetwork(Exception):
    """The account belongs to a network that this installation cannot speak to."""


def network_for(account_id: int) -> Network:
    """The network of an account; one object as long as its address and secret stay the same."""
    return _network(line(account_id))


def limits_for(account_id: int) -> Limits:
    """What the account's network allows."""
    return network_for(account_id).limits


def _network(at: Line) -> Network:
    return _made(at.network, at.address, at.secret)


@lru_cache(maxsize=256)
def _made(name: str, address: str, secret: str) -> Network:
    if name not in NETWORKS:
        raise NoSuchNetwork(f"Sanderling does not speak to the network {name!r}.")
    return NETWORKS[name](address, secret)
