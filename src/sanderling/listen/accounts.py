"""What a lead decides about our accounts: whose they are, what they may cost, and their end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sanderling.core.words import say
from sanderling.listen.models import Account
from sanderling.listen.ours import NoSuchAccount
from sanderling.store.sealing import SealBroken, opened, sealed


def disconnect(*, account_id: int, now: datetime) -> str:
    """Hear the account no more and forget its sign-in; gives its name. Raises NoSuchAccount.

    Everything else stays, and so does the place where hearing goes on if it is connected again.
    """
    return _change(account_id, archived_at=now, secret="", rest_until=None, trouble="", warning="")


def set_budget(*, account_id: int, micros: int | None) -> str:
    """What the account may cost in a month, in millionths; None for no limit. Gives its name."""
    if micros is not None and not 0 <= micros < 2**62:
        raise ValueError(say("A budget is an amount of money, from 0 on."))
    return _change(account_id, budget=micros)


def set_team(*, account_id: int, team: int | None) -> str:
    """Whose account it is; None for everybody's. Gives its name. Raises NoSuchAccount."""
    return _change(account_id, team_id=team)


@transaction.atomic
def seal_anew() -> list[str]:
    """Seal every account's secret with the newest key, all at once or none.

    Gives the names of accounts whose secret none of our keys opens: theirs is left as it is.
    """
    closed = []
    for account in Account.objects.select_for_update().exclude(secret="").order_by("id"):
        try:
            account.secret = sealed(opened(account.secret))
        except SealBroken:
            closed.append(str(account))
        else:
            account.save(update_fields=["secret"])
    return closed


@transaction.atomic
def _change(account_id: int, **fields: object) -> str:
    account = Account.objects.select_for_update().filter(pk=account_id, archived_at=None).first()
    if account is None:
        raise NoSuchAccount(say("This account is not connected any more."))
    for name, value in fields.items():
        setattr(account, name, value)
    account.save(update_fields=list(fields))
    return str(account)
