"""The secrets of our accounts: sealed in the database, opened only for their connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from sanderling.listen.models import Account
from sanderling.store.sealing import opened, sealed
from sanderling.store.sql import run_text


class AccountVault:
    """The secret of one account: a `core.network.Vault`. Asks the database every time."""

    def __init__(self, account_id: int) -> None:
        self._account = account_id

    def read(self) -> str:
        """The secret as it is now; raises SealBroken where its key is not here."""
        with _connected():
            return opened(Account.objects.values_list("secret", flat=True).get(pk=self._account))

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        """Replace the secret by `make(secret)`, one at a time among all processes.

        The lock is of the session and not of a transaction: `make` calls a network. Whoever
        connects or disconnects the account meanwhile is not overruled.
        """
        with _connected(), self._alone():
            now = self.read()
            return now if now != stale else self._replaced(now, make(now))

    @transaction.atomic
    def _replaced(self, old: str, new: str) -> str:
        account = Account.objects.select_for_update().get(pk=self._account)
        if (stands := opened(account.secret)) != old:
            return stands
        account.secret = sealed(new)
        account.save(update_fields=["secret"])
        return new

    @contextmanager
    def _alone(self) -> Iterator[None]:
        key = {"id": self._account}
        run_text("select pg_advisory_lock(9, %(id)s::int)", key)
        try:
            yield
        finally:
            run_text("select pg_advisory_unlock(9, %(id)s::int)", key)


@contextmanager
def _connected() -> Iterator[None]:
    """Leave no connection to the database behind: connectors ask from threads of their own, where
    nobody would close it, nor see that it was lost."""
    was_here = connection.connection is not None
    try:
        yield
    finally:
        if not was_here:
            connection.close()
