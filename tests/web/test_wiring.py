"""Which object serves which account."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from harbour import Harbour
from sanderling import wiring
from sanderling.store.sealing import SealBroken


def test_threads_that_ask_at_once_get_the_same_connector(monkeypatch):
    """Who is told to slow down must be the one who is heard."""

    def slowly(*_: object) -> Harbour:
        time.sleep(0.05)
        return Harbour()

    at = SimpleNamespace(account=1, network="harbour", address="", archived=False, connected_at=0)
    monkeypatch.setitem(wiring.NETWORKS, "harbour", wiring.Kind("Harbour", slowly))
    monkeypatch.setattr(wiring, "line", lambda _: at)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(wiring.network_for, range(8)))
    assert len({*map(id, found)}) == 1


class Locked(Harbour):
    """A connector whose secret was readable when it was made."""

    @property
    def limits(self):
        raise SealBroken("The key is not in the key file.")


def test_a_key_that_goes_away_takes_no_page_with_it(monkeypatch):
    monkeypatch.setattr(wiring, "network_for", lambda _: Locked())
    assert wiring.limits_for(1).closed == "The key is not in the key file."
