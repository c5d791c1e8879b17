"""The stand-in of X with a brand on it, and connectors to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from sanderling.networks.x import X, XEnterprise
from sanderling.networks.x.listening import Rhythm
from sanderling.networks.x.secret import Secret, TierName
from servers.x import StandIn, x_stand_in
from servers.x.oauth import SCOPES
from servers.x.state import Person

QUICK = Rhythm(
    mentions_s=0.05, own_s=0.05, messages_s=0.05, search_s=0.05, search_live_s=0.05,
    each_search_s=0, tend_s=0.1, patience=0.01,
)  # fmt: skip


class HeldVault:
    """A vault in memory, with one lock for all who share it."""

    def __init__(self, text: str) -> None:
        self.text, self.renewed = text, 0
        self._lock = threading.Lock()

    def read(self) -> str:
        return self.text

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        with self._lock:
            if self.text == stale:
                self.text = make(self.text)
                self.renewed += 1
            return self.text


@dataclass
class Stage:
    """The brand @acme on the stand-in, and @ada who writes to it."""

    x: StandIn
    acme: Person
    ada: Person
    _made: list[X] = field(default_factory=list)

    def vault(
        self, *, bearer: bool = False, tier: TierName = "self-serve", scope: str = SCOPES
    ) -> HeldVault:
        tokens = self.x.sign_in(self.acme, scope)
        made = Secret(
            client_id=self.x.keys.client_id,
            client_secret=self.x.keys.client_secret,
            access=tokens.access,
            refresh=tokens.refresh,
            expires_at=(self.x.world.now() + timedelta(hours=2)).timestamp(),
            bearer=self.x.keys.app_token if bearer else "",
            consumer_secret=self.x.keys.consumer_secret,
            tier=tier,
            owner=True,
            user_id=self.acme.id,
            handle=self.acme.username,
        )
        return HeldVault(made.text())

    def connector(
        self, vault: HeldVault | None = None, *, callback: str = "", rhythm: Rhythm = QUICK,
        answer_s: float = 10, **secret: object,
    ) -> X:  # fmt: skip
        vault = vault or self.vault(**secret)
        kind = XEnterprise if '"enterprise"' in vault.text else X
        made = kind(self.x.url, vault, callback, clock=self.now, rhythm=rhythm, answer_s=answer_s)
        self._made.append(made)
        return made

    def now(self) -> datetime:
        return self.x.world.now()

    def ask(self, text: str = "@acme the kettle leaks", **more: object) -> str:
        return str(self.x.post(self.ada, text, **more).id)

    def close(self) -> None:
        for made in self._made:
            made.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A fresh stand-in; every request of the test must have fitted X's OpenAPI document."""
    with ExitStack() as stack:
        x = stack.enter_context(x_stand_in())
        x.streams.beat_s = 0.1
        made = Stage(x, x.person("acme"), x.person("ada", dm="all"))
        stack.callback(made.close)
        yield made
        assert x.violations == []
