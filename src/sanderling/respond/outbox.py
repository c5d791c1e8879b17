"""What the sender writes: what it is about to do, before it calls the network; then what happened.

Every function is one transaction. A row that is `sending` or `unsure` carries the time at which
its worker counts as lost, so whatever crashes, somebody looks for the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from sanderling.cases.actions import Then, replied
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Draft, Receipt, Room
from sanderling.core.pricing import Charge, Prices
from sanderling.listen import spend
from sanderling.listen.actions import record_own
from sanderling.respond.models import Outgoing
from sanderling.store import announce
from sanderling.store.moves import advance, record
from sanderling.store.sql import fetch

LEASE = timedelta(seconds=60)
"""How long a worker may hold a post; every call to a network must time out well before."""

LONGEST_TROUBLE = 500


@transaction.atomic
def start_next(*, now: datetime) -> Outgoing | None:
    """Claim the next post that may leave, and say that it is being sent."""
    row = _claimed("respond/due", now)
    if row:
        advance(row, OUTGOING, "start", by=None, now=now, wake_at=now + LEASE, tries=row.tries + 1)
        _tell(row)
    return row


@transaction.atomic
def look_next(*, now: datetime) -> Outgoing | None:
    """Claim the next post that must be looked for; one whose worker was lost becomes unsure."""
    row = _claimed("respond/lost", now)
    if row is None:
        return None
    if row.state == "sending":
        advance(row, OUTGOING, "lost sight", by=None, now=now, wake_at=now + LEASE, tries=1)
        _tell(row)
    else:
        row.wake_at, row.tries = now + LEASE, row.tries + 1
        row.save(update_fields=["wake_at", "tries"])
    return row


class Bill(NamedTuple):
    """What the network charges for a post, and by which list."""

    charges: Sequence[Charge] = ()
    prices: Prices | None = None


UNBILLED = Bill()


@transaction.atomic
def arrived(
    row: Outgoing,
    move: str,
    receipt: Receipt,
    *,
    now: datetime,
    by: int | None = None,
    bill: Bill = UNBILLED,
) -> None:
    """The network took it (`sent` or `found`): the post stands in the desk, and the case moves."""
    advance(
        row,
        OUTGOING,
        move,
        by=by,
        now=now,
        remote_id=receipt.remote_id,
        sent_at=receipt.at,
        wake_at=None,
        trouble="",
    )
    post = record_own(account_id=row.account_id, draft=draft_of(row), receipt=receipt)
    charges, prices = bill
    spend.record(
        account_id=row.account_id, charges=charges, prices=prices, case_id=row.case_id, now=now
    )
    then = cast(Then, row.then)
    replied(case_id=row.case_id, post_id=post, then=then, by=row.by_id, now=now)
    _tell(row)


@transaction.atomic
def refused(row: Outgoing, *, why: str, now: datetime) -> None:
    """It will not be sent; a person decides."""
    advance(row, OUTGOING, "refused", by=None, now=now, wake_at=None, trouble=_short(why))
    _tell(row)


@transaction.atomic
def not_sent(row: Outgoing, *, why: str, again_at: datetime, now: datetime) -> None:
    """Surely nothing was posted: it leaves at `again_at`."""
    advance(row, OUTGOING, "not sent", by=None, now=now, wake_at=again_at, trouble=_short(why))
    _tell(row)


@transaction.atomic
def lost_sight(row: Outgoing, *, why: str, look_at: datetime, now: datetime) -> None:
    """It may stand or not: nothing is sent before it was looked for."""
    advance(
        row, OUTGOING, "lost sight", by=None, now=now, wake_at=look_at, tries=0, trouble=_short(why)
    )
    _tell(row)


@transaction.atomic
def not_there(row: Outgoing, *, again_at: datetime, now: datetime) -> None:
    """It surely does not stand, or its key makes a second push harmless: send it again."""
    advance(row, OUTGOING, "not there", by=None, now=now, wake_at=again_at, trouble="")
    _tell(row)


@transaction.atomic
def look_again(row: Outgoing, *, why: str, look_at: datetime) -> None:
    """Still unsure: look once more at `look_at`."""
    _still_unsure(row, why, look_at)


@transaction.atomic
def ask(row: Outgoing, *, why: str, now: datetime) -> None:
    """Still unsure, and the desk cannot find out: a person must look."""
    if _still_unsure(row, why, None):
        record(row, "ask", by=None, now=now, note=_short(why))
        _tell(row)


@transaction.atomic
def rest(*, account_id: int, until: datetime) -> None:
    """Let nothing leave from this account before `until`."""
    Outgoing.objects.filter(account_id=account_id, state="queued").update(
        wake_at=Greatest(F("wake_at"), until)
    )


def draft_of(row: Outgoing) -> Draft:
    """The post as the network gets it."""
    room = Room(row.room)
    return Draft(
        room=room,
        text=row.text,
        reply_to=row.reply_to,
        to=row.to if room is Room.DIRECT else None,
        at=row.created_at,
    )


def _claimed(name: str, now: datetime) -> Outgoing | None:
    """The row that a statement locked for us."""
    found = fetch(name, {"now": now})
    return Outgoing.objects.get(pk=found[0][0]) if found else None


def _still_unsure(row: Outgoing, why: str, wake_at: datetime | None) -> bool:
    mine = Outgoing.objects.filter(pk=row.pk, state="unsure", tries=row.tries)
    return bool(mine.update(wake_at=wake_at, trouble=_short(why)))


def _tell(row: Outgoing) -> None:
    announce.announce([announce.case(row.case_id)])


def _short(why: str) -> str:
    return why.replace("\0", "")[:LONGEST_TROUBLE]
