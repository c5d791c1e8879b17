"""What the worker runs to hear: pages of one account, as long as its network gives them.

    everything since the cursor | the stream, if there is one, else a look every few seconds

Each error of a network has one consequence here: the account rests, and says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import InterfaceError, OperationalError
from msgspec.structs import replace

from sanderling.core.network import (
    Cursor,
    Follows,
    Network,
    NetworkError,
    Page,
    Rechecks,
    Refused,
    SignInLost,
    TakesPush,
    Throttled,
)
from sanderling.core.timing import pause
from sanderling.core.words import later
from sanderling.listen import coverage, pushes, spend
from sanderling.listen import recheck as rounds
from sanderling.listen.actions import rest, sign_in_lost
from sanderling.listen.models import Push
from sanderling.listen.ours import ear, line
from sanderling.store.sealing import SealBroken
from sanderling.store.sql import run_text

log = logging.getLogger(__name__)
Receive = Callable[[int, Page], object]
Clock = Callable[[], datetime]
NetworkFor = Callable[[int], Network]
LOOK_AGAIN = timedelta(minutes=5)
DATABASE_LOST = (OperationalError, InterfaceError)
STUMBLED = later(
    "Sanderling stumbled over what the network sent. It tries again by itself; if this stays, the"
    " worker's log says what it was."
)
HEARTBEAT = timedelta(seconds=20)
"""How often a silent stream's sign of life is written down."""


def hear(account_id: int, network: Network, receive: Receive, *, clock: Clock) -> None:
    """Hear an account until its network's stream ends or fails; call it again then."""
    with _consequences(account_id, clock):
        cursor = _catch_up(account_id, network, receive, clock)
        if isinstance(network, Follows):
            told = network.follow(cursor)
            _follow(account_id, network, told, receive, clock)


def repair(account_id: int, network: Network, receive: Receive, *, clock: Clock) -> None:
    """Read everything again: what is known changes nothing, what was lost on the way comes in.

    What the network lists is compared with what stands here, as the proof of the day.
    """
    with _consequences(account_id, clock):
        us, cursor, listed = ear(account_id), None, dict[str, date]()
        while True:
            page = network.pull(cursor)
            again = replace(page, cursor=None, raw=b"", way="repair")
            _lead(account_id, network, again, receive, clock)
            listed |= coverage.listed(us, page)
            if not page.more or page.cursor == cursor:
                break
            cursor = page.cursor
        coverage.compare(account_id=account_id, found=listed)


def recheck(account_id: int, network: Network, receive: Receive, *, clock: Clock) -> None:
    """Look up the next hundred posts of this round again, if a round is due."""
    every = timedelta(seconds=network.limits.recheck_s)
    if not (isinstance(network, Rechecks) and every):
        return
    slower = spend.pace(account_id, now=clock()).signals
    due = rounds.due(account_id, now=clock()) if slower else None
    if slower is None or due is None:
        return
    with _consequences(account_id, clock):
        if due.remote_ids:
            page = replace(network.recheck(due.remote_ids), cursor=None)
            _lead(account_id, network, page, receive, clock)
        rounds.done(account_id, lowest=due.lowest, every=every * slower, now=clock())


def take_pushes(
    network_for: NetworkFor, receive: Receive, *, clock: Clock, limit: int = 100
) -> int:
    """Lead down the river what networks sent to our webhooks; gives how many were led."""
    for taken in range(limit):
        push = pushes.claim(now=clock())
        if push is None:
            return taken
        try:
            _take(push, network_for, receive, clock)
        except NetworkError as error:
            log.warning("listen.push.stumbled push=%s %s", push.pk, error)
            pushes.later(push, now=clock())
        except DATABASE_LOST:
            raise
        except Exception:
            log.exception("listen.push.stumbled push=%s", push.pk)
            pushes.later(push, now=clock())
        else:
            pushes.done(push)
    return limit


def _take(push: Push, network_for: NetworkFor, receive: Receive, clock: Clock) -> None:
    for account_id in pushes.accounts_of(push):
        network = network_for(account_id)
        if isinstance(network, TakesPush):
            page = network.understand(bytes(push.body))
            if _tells(page):  # else it is about another account
                _lead(account_id, network, page, receive, clock)


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


def _catch_up(account_id: int, network: Network, receive: Receive, clock: Clock) -> Cursor | None:
    cursor = line(account_id).cursor
    while True:
        page = network.pull(cursor)
        _lead(account_id, network, page, receive, clock)
        cursor = page.cursor or cursor
        if not page.more:
            return cursor


def _follow(
    account_id: int, network: Network, told: Iterator[Page], receive: Receive, clock: Clock
) -> None:
    """Lead on what the stream tells, until the account is disconnected or connected anew.

    A heartbeat is written down now and then.
    """
    began, written = line(account_id).connected_at, clock()
    for page in told:
        if _tells(page) or clock() - written > HEARTBEAT:
            now = line(account_id)
            if now.archived or now.connected_at != began:
                return
            written = clock()
            _lead(account_id, network, page, receive, clock)


def _tells(page: Page) -> bool:
    news = page.posts or page.deletions or page.signals or page.charges
    return bool(news) or page.warning is not None


def _lead(account_id: int, network: Network, page: Page, receive: Receive, clock: Clock) -> None:
    """Lead a page down the river, and write down what reading it cost."""
    receive(account_id, page)
    spend.record(
        account_id=account_id, charges=page.charges, prices=network.limits.prices, now=clock()
    )


@contextmanager
def _consequences(account_id: int, clock: Clock) -> Iterator[None]:
    try:
        yield
    except SignInLost as error:
        sign_in_lost(account_id=account_id, message=str(error), now=clock())
        log.warning("listen.hear.sign_in_lost account=%s %s", account_id, error)
    except Throttled as error:
        rest(account_id=account_id, until=error.until, trouble=str(error))
    except (Refused, SealBroken) as error:
        rest(account_id=account_id, until=clock() + LOOK_AGAIN, trouble=str(error))
        log.warning("listen.hear.refused account=%s %s", account_id, error)
    except NetworkError as error:
        until = clock() + pause(line(account_id).failures + 1, most=60)
        rest(account_id=account_id, until=until, trouble=str(error))
        log.info("listen.hear.unreachable account=%s until=%s %s", account_id, until, error)
    except DATABASE_LOST:
        raise
    except Exception:
        until = clock() + pause(line(account_id).failures + 1)
        rest(account_id=account_id, until=until, trouble=STUMBLED)
        log.exception("listen.hear.stumbled account=%s", account_id)
