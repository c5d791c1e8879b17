"""One server for all tests of the connector; every test brings its own people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from sanderling.networks.mastodon import Mastodon
from servers.mastodon import Manners, Person, Server, mastodon_server, plainer


class Safe:
    """A vault that holds one text."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def read(self) -> str:
        return self.secret

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        if self.secret == stale:
            self.secret = make(self.secret)
        return self.secret


Connect = Callable[..., Mastodon]


@pytest.fixture(scope="session")
def mock() -> Iterator[Server]:
    with mastodon_server() as server:
        yield server


@pytest.fixture
def server(mock: Server) -> Iterator[Server]:
    yield mock
    mock.faultless()


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Makes the connector of a person's account, at another address where one is given."""
    made: list[Mastodon] = []

    def connector(person: Person, at: Server | None = None, **more: object) -> Mastodon:
        where = at or server
        secret = {"token": person.token, "account_id": person.id, "acct": person.username}
        safe = Safe(json.dumps(secret))
        made.append(Mastodon(where.address, safe, **{"allow_private": True} | more))
        return made[-1]

    yield connector
    for one in made:
        one.close()


@pytest.fixture
def behaving(server: Server) -> Iterator[Callable[[Manners], Server]]:
    """Makes servers that behave otherwise than Mastodon's own."""
    running = []

    def with_manners(manners: Manners) -> Server:
        running.append(plainer(server, manners))
        return running[-1].__enter__()

    yield with_manners
    for one in running:
        one.__exit__(None, None, None)
