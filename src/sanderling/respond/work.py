"""What the worker runs: let answers leave exactly once, and look for those it lost sight of.

    claim (committed) -> call the network, outside any transaction -> write down what happened

Each error of the network has exactly one consequence here. A refusal is believed only after a look:
networks have refused what they had taken. An error that is none of them leaves the row as it is;
when its lease ends, the post is looked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import Error

from sanderling.core.answering import act, obstacle, unsayable
from sanderling.core.network import (
    Network,
    NetworkError,
    OutcomeUnknown,
    Receipt,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.pricing import Charge, act_of
from sanderling.core.timing import pause
from sanderling.core.words import later
from sanderling.listen.actions import sign_in_lost
from sanderling.respond import outbox
from sanderling.respond.barring import barred
from sanderling.respond.models import Outgoing
from sanderling.respond.queries import facing, is_anothers
from sanderling.store.moves import Overtaken

log = logging.getLogger(__name__)
NetworkFor = Callable[[int], Network]
Clock = Callable[[], datetime]

UNTIL_CONNECTED = timedelta(minutes=5)
"""How often an answer knocks while its account is not signed in."""

MOST_LOOKS = 5
"""How often we look where not finding proves nothing, before a person is asked."""


def send_due(network_for: NetworkFor, *, clock: Clock, limit: int = 20) -> int:
    """Send what is due, one post at a time; returns how many were tried."""
    for tried in range(limit):
        row = outbox.start_next(now=clock())
        if row is None:
            return tried
        with suppress(Overtaken):  # we took too long, and somebody is looking for it already
            _send(row, network_for(row.account_id), clock)
    return limit


def look_for_lost(network_for: NetworkFor, *, clock: Clock, limit: int = 20) -> int:
    """Look for posts that may stand or not; returns how many were looked for."""
    for looked in range(limit):
        row = outbox.look_next(now=clock())
        if row is None:
            return looked
        with suppress(Overtaken):  # a person settled it meanwhile
            _look_or_ask(row, network_for(row.account_id), clock)
    return limit


def _send(row: Outgoing, network: Network, clock: Clock) -> None:
    if why := barred(row, network.limits):
        outbox.refused(row, why=why, now=clock())
        return
    why, bill = _terms(row, network)
    if why:
        outbox.refused(row, why=why, now=clock())
        return
    if not _in_time(row, clock()):
        return
    try:
        receipt = network.push(outbox.draft_of(row), str(row.key))
    except Throttled as error:
        until = max(error.until, clock() + pause(1))
        outbox.not_sent(row, why=str(error), again_at=until, now=clock())
        outbox.rest(account_id=row.account_id, until=until)
    except Unreachable as error:
        now = clock()
        outbox.not_sent(row, why=str(error), again_at=now + pause(row.tries), now=now)
    except Refused as error:
        _look_once(row, network, bill, error, clock)
    except SignInLost as error:
        now = clock()
        outbox.not_sent(row, why=str(error), again_at=now + UNTIL_CONNECTED, now=now)
        _sign_in_lost(row, error, now)
    except OutcomeUnknown as error:
        now = clock()
        outbox.lost_sight(row, why=str(error), look_at=now + pause(1), now=now)
    else:
        _arrived(row, receipt, bill, clock)


def _in_time(row: Outgoing, now: datetime) -> bool:
    """Whether the post is still ours to push; who comes too late must not, for it is looked for."""
    return row.wake_at is not None and now < row.wake_at


def _arrived(row: Outgoing, receipt: Receipt, bill: outbox.Bill, clock: Clock) -> None:
    try:
        outbox.arrived(row, "sent", receipt, now=clock(), bill=bill)
    except Overtaken:
        outbox.arrived_late(row, receipt, now=clock(), bill=bill)


def _look_once(
    row: Outgoing, network: Network, bill: outbox.Bill, refusal: Refused, clock: Clock
) -> None:
    """The network said no: it may stand all the same, and then a second try would double it."""
    try:
        receipt = network.find(str(row.key), outbox.draft_of(row))
    except NetworkError as error:
        now = clock()
        look_at = max(error.until if isinstance(error, Throttled) else now, now + pause(1))
        outbox.lost_sight(row, why=str(refusal), look_at=look_at, now=now)
        return
    if receipt and not is_anothers(row, receipt.remote_id):
        _arrived(row, receipt, bill, clock)
    else:
        outbox.refused(row, why=str(refusal), now=clock())


def _look_or_ask(row: Outgoing, network: Network, clock: Clock) -> None:
    """Look; where looking fails again and again in a way that nobody foresaw, ask a person."""
    try:
        _look(row, network, clock)
    except (Overtaken, Error):
        raise
    except Exception:
        if row.tries < MOST_LOOKS:
            raise
        log.exception("respond.look.stumbled outgoing=%s", row.pk)
        why = later(
            "The desk cannot look for it on the network. Look there, then say whether it stands."
        )
        outbox.ask(row, why=why, now=clock())


def _look(row: Outgoing, network: Network, clock: Clock) -> None:
    try:
        receipt = network.find(str(row.key), outbox.draft_of(row))
    except Throttled as error:
        outbox.look_again(row, why=str(error), look_at=max(error.until, clock() + pause(1)))
    except (Unreachable, OutcomeUnknown) as error:
        outbox.look_again(row, why=str(error), look_at=clock() + pause(row.tries))
    except SignInLost as error:
        outbox.look_again(row, why=str(error), look_at=clock() + UNTIL_CONNECTED)
        _sign_in_lost(row, error, clock())
    except Refused as error:
        outbox.ask(row, why=later("We may not look for it: {why}").format(why=error), now=clock())
    else:
        if receipt and not is_anothers(row, receipt.remote_id):
            _, bill = _terms(row, network)
            outbox.arrived(row, "found", receipt, now=clock(), bill=bill)
        else:
            _not_found(row, network, clock())


def _not_found(row: Outgoing, network: Network, now: datetime) -> None:
    """Where keys are kept, pushing again is safe. Elsewhere a late index must not double a post."""
    if network.limits.keeps(Room(row.room)):
        outbox.not_there(row, again_at=now + pause(row.tries), now=now)
    elif row.tries < MOST_LOOKS:
        why = later("It is not to be seen yet; looking again.")
        outbox.look_again(row, why=why, look_at=now + pause(row.tries))
    else:
        outbox.ask(
            row,
            why=later(
                "The network's answer was lost, and the post is not to be found. It may still"
                " appear: look there, then say whether it stands."
            ),
            now=now,
        )


def _sign_in_lost(row: Outgoing, error: SignInLost, now: datetime) -> None:
    outbox.rest(account_id=row.account_id, until=now + UNTIL_CONNECTED)
    sign_in_lost(account_id=row.account_id, message=str(error), now=now)


def _terms(row: Outgoing, network: Network) -> tuple[str, outbox.Bill]:
    """Why it must not leave now, empty if it may, and what the network charges: something may have
    come between since it was proposed.

    A later part of a long answer goes to whom the first one went to.
    """
    limits = network.limits
    if row.case_id is None:
        kind = act_of(row.text, direct=False, summoned=False)
        return unsayable(limits), outbox.Bill((Charge(act=kind),), limits.prices)
    room = Room(row.room)
    first = row if row.part == 1 else next(iter(outbox.family(row)), row)
    reply_to = first.reply_to if room is Room.PUBLIC else None
    whom = facing(row.case_id, limits_for=lambda _: limits, reply_to=reply_to).standing
    kind = act(room, row.text, whom)
    return obstacle(room, whom), outbox.Bill((Charge(act=kind),), limits.prices)
