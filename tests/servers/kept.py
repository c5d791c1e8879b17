"""A vault in memory, for connectors that are tried without a database."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Kept:
    """A `Vault` that holds `secret`."""

    def __init__(self, secret: str = "") -> None:
        self._secret = secret
        self._lock = threading.Lock()

    def read(self) -> str:
        return self._secret

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        with self._lock:
            if self._secret == stale:
                self._secret = make(stale)
            return self._secret
