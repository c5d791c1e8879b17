"""The secrets of our accounts: sealed in the database, opened only for their connector."""

from __future__ import annotations

from collections.abc import Callable

from sanderling.listen.models import Account
from sanderling.store.sealing import opened, sealed
from sanderling.store.sql import run_text


class AccountVault:
    """The secret of one account: a `core.network.Vault`. Asks the database every time."""

    def __init__(self, account_id: int) -> None:
        self._account = account_id

    def read(self) -> str:
        """The secret as it is now; raises SealBroken where its key is not here."""
        return opened(Account.objects.values_list("secret", flat=True).get(pk=self._account))

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        """Replace the secret by `make(secret)`, one at a time among all processes.

        The lock is of the session and not of a transaction: `make` calls a network.
        """
        key = {"id": self._account}
        run_text("select pg_advisory_lock(9, %(id)s::int)", key)
        try:
            now = self.read()
            if now != stale:
                return now
            new = make(now)
            Account.objects.filter(pk=self._account).update(secret=sealed(new))
            return new
        finally:
            run_text("select pg_advisory_unlock(9, %(id)s::int)", key)
