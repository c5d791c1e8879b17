"""Which object serves which account: the only file that names a concrete network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock

import msgspec
from django.conf import settings

from sanderling.core.alarming import Alarm
from sanderling.core.customers import Register
from sanderling.core.machine import Machine
from sanderling.core.network import (
    Cursor,
    Draft,
    Key,
    Limits,
    Network,
    Page,
    Receipt,
    SignIn,
    SignInLost,
    Vault,
)
from sanderling.core.words import later
from sanderling.listen.ours import addresses, line
from sanderling.listen.queries import accounts
from sanderling.listen.vault import AccountVault
from sanderling.networks.alarm.client import Alarm as AppriseAlarm
from sanderling.networks.bluesky.connector import Bluesky
from sanderling.networks.bluesky.signin import BlueskySignIn
from sanderling.networks.feed.connector import Feed
from sanderling.networks.feed.signin import FeedSignIn
from sanderling.networks.mail.connector import Mail
from sanderling.networks.mail.signin import MailSignIn
from sanderling.networks.mastodon import Mastodon, MastodonSignIn
from sanderling.networks.media.client import Pictures
from sanderling.networks.model.client import Chat
from sanderling.networks.practice.connector import Practice
from sanderling.networks.practice.hosting import Host
from sanderling.networks.register.client import Register as HttpRegister
from sanderling.networks.x import XSignIn
from sanderling.networks.x import connector as x_connector
from sanderling.store.sealing import SealBroken


@dataclass(frozen=True)
class Kind:
    """A kind of network: `make` gives the connector of an account, of its address, its vault and
    the address at which the network may call us ("" where this desk cannot be called).

    `sign_in` is how an account is connected; None where nobody does that by hand.
    """

    label: str
    make: Callable[[str, Vault, str], Network]
    sign_in: SignIn | None = None


PRIVATE: bool = settings.PRIVATE_SERVERS
_making = Lock()

NETWORKS: dict[str, Kind] = {
    "x": Kind("X", x_connector, XSignIn()),
    "bluesky": Kind(
        "Bluesky",
        lambda address, vault, _: Bluesky(address, vault, allow_private=PRIVATE),
        BlueskySignIn(allow_private=PRIVATE),
    ),
    "mastodon": Kind(
        "Mastodon",
        lambda address, vault, _: Mastodon(address, vault, allow_private=PRIVATE),
        MastodonSignIn(allow_private=PRIVATE),
    ),
    "feed": Kind(
        later("Feed"),
        lambda address, vault, callback: Feed(address, vault, callback, allow_private=PRIVATE),
        FeedSignIn(allow_private=PRIVATE),
    ),
    "mail": Kind(later("Mail"), lambda address, vault, _: Mail(address, vault), MailSignIn()),
    "practice": Kind(
        later("Practice network"), lambda address, vault, _: Practice(address, vault.read())
    ),
}
"""By name."""

PRACTICE_HERE = Host(settings.DATA / "practice")
"""The practice network that runs beside this desk, where somebody wants to try it."""


class Disconnected:
    """The network of an account that cannot sign in: `why` in words. Pages still show its cases."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self._why = name, why
        self.limits = Limits(
            public_length=0, direct_length=0, counts="graphemes", keeps_keys=False, closed=why
        )

    def pull(self, since: Cursor | None) -> Page:
        """Raises SignInLost."""
        raise SignInLost(self._why)

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Raises SignInLost."""
        raise SignInLost(self._why)

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """Raises SignInLost."""
        raise SignInLost(self._why)


class NoSuchNetwork(Exception):
    """The account belongs to a network that this installation cannot speak to."""


def network_for(account_id: int) -> Network:
    """The network of an account; one object until the account is connected anew.

    Raises NoSuchAccount and NoSuchNetwork.
    """
    at = line(account_id)
    if at.archived:
        return Disconnected(at.network, "The account is disconnected. Connect it again to answer.")
    try:
        with _making:  # who is told to slow down or to seek must be the one who is heard
            return _made(at.account, at.network, at.address, at.connected_at)
    except (SealBroken, SignInLost) as error:
        return Disconnected(at.network, str(error))
    except msgspec.MsgspecError:
        return Disconnected(at.network, "The saved sign-in is damaged. Connect the account again.")


def limits_for(account_id: int) -> Limits:
    """What the account's network allows."""
    network = network_for(account_id)
    try:
        return network.limits
    except (SealBroken, msgspec.MsgspecError) as error:  # the key went away meanwhile
        return Disconnected(network.name, str(error)).limits


def machine() -> Machine | None:
    """The language model that drafts and translates; None where none is set up."""
    if not settings.LLM_URL:
        return None
    return _model(settings.LLM_URL, settings.LLM_MODEL, settings.LLM_KEY)


def register() -> Register | None:
    """The company's own register of customers; None where none is set up."""
    if not settings.CUSTOMERS_URL:
        return None
    return _register(settings.CUSTOMERS_URL, settings.CUSTOMERS_KEY)


def alarm() -> Alarm | None:
    """The addresses outside that are told of incidents; None where none is set up."""
    return AppriseAlarm(settings.ALERTS) if settings.ALERTS else None


def forgetting() -> list[str]:
    """The networks whose rules want deleted posts erased here too."""
    return sorted(
        {a.network for a in accounts() if a.network in NETWORKS and limits_for(a.id).forgets}
    )


def practising() -> list[str]:
    """The networks on which people only practise."""
    return sorted(
        {a.network for a in accounts() if a.network in NETWORKS and limits_for(a.id).practises}
    )


def fetching(url: str) -> Callable[[], bytes]:
    """How what lies at `url` is fetched: public servers only, where the settings allow no others;
    but a practice network that is connected gives its own pictures, wherever it runs."""
    homes = (f"{address.rstrip('/')}/" for address in addresses("practice"))
    home = next((home for home in homes if url.startswith(home)), "")
    return partial(_pictures(PRIVATE or bool(home)).fetch, url, within=home)


def callback(account_id: int) -> str:
    """Where networks may call us about this account; "" where the desk has no public address."""
    return f"{settings.PUBLIC_URL}/hooks/{account_id}" if settings.PUBLIC_URL else ""


@lru_cache(maxsize=2)
def _pictures(private: bool) -> Pictures:
    return Pictures(allow_private=private)


@lru_cache(maxsize=1)
def _model(url: str, name: str, key: str) -> Machine:
    return Chat(url, name, key)


@lru_cache(maxsize=1)
def _register(url: str, key: str) -> Register:
    return HttpRegister(url, key)


@lru_cache(maxsize=256)
def _made(account_id: int, name: str, address: str, connected_at: object) -> Network:
    if name not in NETWORKS:
        raise NoSuchNetwork(f"Sanderling does not speak to the network {name!r}.")
    return NETWORKS[name].make(address, AccountVault(account_id), callback(account_id))
