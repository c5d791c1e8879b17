"""The connector against Bluesky's own servers; every test brings its own people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from atproto import Client

from sanderling.networks.bluesky.connector import Bluesky
from servers.bluesky.devnet import Devnet


class Safe:
    """A vault that holds one text; `renewed` counts how often it was replaced."""

    def __init__(self, secret: dict[str, Any]) -> None:
        self.secret, self.renewed = json.dumps(secret), 0

    def read(self) -> str:
        return self.secret

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        if self.secret == stale:
            self.secret = make(self.secret)
            self.renewed += 1
        return self.secret


Connect = Callable[..., Bluesky]


@pytest.fixture
def connect(devnet: Devnet) -> Iterator[Connect]:
    """Makes the connector of somebody's account; what is given goes into its secret."""
    made: list[Bluesky] = []

    def connector(who: Client, vault: Safe | None = None, **secret: str) -> Bluesky:
        known = {"did": who.me.did, "handle": who.me.handle, "chat": devnet.chat.proxy}
        if vault is None and "password" not in secret:
            known["password"] = devnet.app_password(who, privileged=True)
        vault = vault or Safe(known | secret)
        made.append(Bluesky(devnet.pds, vault, allow_private=True))
        made[-1].look_s = 0.3
        return made[-1]

    yield connector
    for one in made:
        one.close()
    devnet.chat.calm()


def letting_in(who: Client, whom: str = "all") -> Client:
    """The same person, who takes direct messages from these."""
    collection = "chat.bsky.actor.declaration"
    declared = {"$type": collection, "allowIncoming": whom}
    who.com.atproto.repo.put_record(
        {"repo": who.me.did, "collection": collection, "rkey": "self", "record": declared}
    )
    return who
