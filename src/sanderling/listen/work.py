"""What the worker runs to hear: pages of one account, as long as its network gives them.

    everything since the cursor | the stream, if there is one, else a look every few seconds

Each error of a network has one consequence here: the account rests, and says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sanderling.core.network import (
    Cursor,
    Follows,
    Network,
    NetworkError,
    Page,
    Refused,
    SignInLost,
    Throttled,
)
from sanderling.core.timing import pause
from sanderling.listen.actions import rest, sign_in_lost
from sanderling.listen.ours import line
from sanderling.store.sql import run_text

log = logging.getLogger(__name__)
Receive = Callable[[int, Page], object]
Clock = Callable[[], datetime]
LOOK_AGAIN = timedelta(minutes=5)


def hear(account_id: int, network: Network, receive: Receive, *, clock: Clock) -> None:
    """Hear an account until its network's stream ends or fails; call it again then."""
    with _consequences(account_id, clock):
        cursor = _catch_up(account_id, network, receive, line(account_id).cursor)
        if isinstance(network, Follows):
            for page in network.follow(cursor):
                if page.posts or page.deletions or page.signals:
                    receive(account_id, page)


def repair(account_id: int, network: Network, receive: Receive, *, clock: Clock) -> None:
    """Read everything again: what is known changes nothing, what was lost on the way comes in."""
    with _consequences(account_id, clock):
        cursor = None
        while True:
            page = network.pull(cursor)
            receive(account_id, _without_cursor(page))
            if not page.more or page.cursor == cursor:
                return
            cursor = page.cursor


@contextmanager
def alone(account_id: int) -> Iterator[bool]:
    """Whether this worker may hear the account: one does at a time, however many run."""
    key = {"id": account_id}
    ((mine,),) = run_text("select pg_try_advisory_lock(8, %(id)s::int)", key)
    try:
        yield mine
    finally:
        if mine:
            run_text("select pg_advisory_unlock(8, %(id)s::int)", key)


def _catch_up(
    account_id: int, network: Network, receive: Receive, cursor: Cursor | None
) -> Cursor | None:
    while True:
        page = network.pull(cursor)
        receive(account_id, page)
        cursor = page.cursor or cursor
        if not page.more:
            return cursor


def _without_cursor(page: Page) -> Page:
    return Page(posts=page.posts, deletions=page.deletions, signals=page.signals)


@contextmanager
def _consequences(account_id: int, clock: Clock) -> Iterator[None]:
    try:
        yield
    except SignInLost as error:
        sign_in_lost(account_id=account_id, message=str(error), now=clock())
        log.warning("listen.hear.sign_in_lost account=%s %s", account_id, error)
    except Throttled as error:
        rest(account_id=account_id, until=error.until, trouble=str(error))
    except Refused as error:
        rest(account_id=account_id, until=clock() + LOOK_AGAIN, trouble=str(error))
        log.warning("listen.hear.refused account=%s %s", account_id, error)
    except NetworkError as error:
        until = clock() + pause(line(account_id).failures + 1, most=60)
        rest(account_id=account_id, until=until, trouble=str(error))
        log.info("listen.hear.unreachable account=%s until=%s %s", account_id, until, error)
