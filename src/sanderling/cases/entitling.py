"""Asking the company's register what customers with open cases pay for, once a day each.

who is due | claimed for a minute | asked | taken in, and their cases told anew

The register is asked outside any transaction: it may be slow. Killed at any line, or answered with
a failure, those who were claimed are asked again when their minute is over.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sanderling.cases import rejudging
from sanderling.core.customers import Bad, Customers, Register
from sanderling.core.network import NetworkError, Throttled
from sanderling.listen import asking
from sanderling.listen.actions import hold
from sanderling.listen.importing import Taken, Unfit, take_in_customers
from sanderling.listen.queries import accounts
from sanderling.store.sql import fetch

log = logging.getLogger(__name__)
MOST = 100
"""People in one question."""
EVERYBODY = 100_000
AGAIN = timedelta(days=1)
AFTER_FAILURE = timedelta(minutes=1)
MOST_NAMED = 3


def ask_register(register: Register | None, *, now: datetime, limit: int = MOST) -> int:
    """Ask about the next customers; gives how many it was that the register answered about.

    Does nothing where there is no register, and never raises for what one answers or does not.
    """
    sought = asking.claim(_due(now, limit), now=now, again=now + AFTER_FAILURE) if register else {}
    if register is None or not sought:
        return 0
    try:
        found = register.look_up(list(sought.values()))
    except NetworkError as error:
        log.warning("cases.entitling.failed people=%s %s", len(sought), error)
        if isinstance(error, Throttled):
            _rest(error.until, now)
        return 0
    _name(register.name, found.bad)
    _keep(found, register.name, list(sought), now)
    return len(sought)


def _due(now: datetime, limit: int) -> list[int]:
    return [number for (number,) in fetch("cases/to_entitle", {"now": now, "limit": limit})]


def _rest(until: datetime, now: datetime) -> None:
    """Ask about nobody who is due until the register will listen again."""
    if until > now:
        asking.put_off(_due(now + AFTER_FAILURE, EVERYBODY), until=until)


@transaction.atomic
def _keep(found: Customers, source: str, asked: Collection[int], now: datetime) -> None:
    """Take in what was told, and tell the open cases anew of those whom it changed."""
    _hold_all()
    persons = {person for t in _taken(found, source, now) for person in t.persons}
    asking.put_off(asked, until=now + AGAIN)
    about = [post for (post,) in fetch("cases/about_persons", {"persons": sorted(persons)})]
    if about:
        rejudging.follow(about, {}, by=None, now=now, loosen=False)


def _hold_all() -> None:
    """Whoever is linked may have cases on any network; held in one order, as pages hold theirs."""
    for _, account_id in sorted({a.network: a.id for a in accounts()}.items()):
        hold(account_id)


def _taken(found: Customers, source: str, now: datetime) -> Iterator[Taken]:
    """All of it at once or, where something conflicts, each entry that does not."""
    whole = found._replace(bad=[])
    try:
        yield take_in_customers(file=whole, source=source, now=now)
    except Unfit:
        for line in whole.lines:
            try:
                yield take_in_customers(file=whole._replace(lines=[line]), source=source, now=now)
            except Unfit as unfit:
                _name(source, unfit.bad)


def _name(source: str, bad: Sequence[Bad]) -> None:
    if bad:
        says = "; ".join(f"entry {b.line}: {b.says}" for b in bad[:MOST_NAMED])
        log.warning("cases.entitling.left_out source=%s entries=%s %r", source, len(bad), says)
