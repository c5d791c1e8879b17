"""What the sender writes: what it is about to do, before it calls the network; then what happened.

Every function is one transaction. A row that is `sending` or `unsure` carries the time at which
its worker counts as lost, so whatever crashes, somebody looks for the post. That time is also the
token of who holds it: a worker that comes back after it raises Overtaken, whatever it has to tell,
even where its successor has brought the row into the very same state again.

In a room of a case, answers leave in the order in which they were proposed. One waits for an
earlier one that is queued, on its way or unsure, and as long as a person is asked about that. So do
the public words about an incident, on each account by itself.
Behind an answer that is held back or was refused waits only what was proposed before that happened:
who writes again afterwards has seen it, and means it. To give up, withdraw or send the earlier one
again lets the others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from sanderling.cases.actions import Then, not_answered, replied
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Draft, Receipt, Room
from sanderling.core.pricing import Charge, Prices
from sanderling.core.refusals import plainly
from sanderling.core.words import later, say
from sanderling.listen import spend
from sanderling.listen.actions import record_own
from sanderling.respond.belonging import broadcast_of, incident_of, topic
from sanderling.respond.interlock import overtaken
from sanderling.respond.models import Outgoing
from sanderling.respond.owing import told
from sanderling.respond.pictures import described, media_of
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch, run

LEASE = timedelta(seconds=60)
"""How long a worker may hold a post; every call to a network must time out well before."""

LONGEST_TROUBLE = 500


@transaction.atomic
def start_next(*, now: datetime) -> Outgoing | None:
    """Claim the next post that may leave, and say that it is being sent.

    Answers before which something new was said while they waited are held back on the way.
    """
    while row := _claimed("respond/due", now):
        if why := overtaken(row):
            _hold(row, why, now=now)
            continue
        advance(row, OUTGOING, "start", by=None, now=now, wake_at=now + LEASE, tries=row.tries + 1)
        _tell(row)
        return row
    return None


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
    """The network took it (`sent` or `found`): the post stands in the desk, and the case moves, or
    the word that an incident owed is kept."""
    _still_ours(row)
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
    said = msgspec.structs.replace(draft_of(row), media=described(row))
    post = record_own(account_id=row.account_id, draft=said, receipt=receipt)
    charges, prices = bill
    spend.record(
        account_id=row.account_id, charges=charges, prices=prices, case_id=row.case_id, now=now
    )
    _lead_on(row)
    if row.case_id is not None:
        then = cast(Then, row.then)
        replied(
            case_id=row.case_id, post_id=post, then=then, by=row.by_id, now=now, invites=row.invites
        )
    else:
        told(broadcast_id=broadcast_of(row), at=receipt.at)
    _tell(row)


@transaction.atomic
def refused(row: Outgoing, *, why: str, now: datetime) -> None:
    """It will not be sent; a person decides, and the case is where somebody sees it."""
    _still_ours(row)
    advance(row, OUTGOING, "refused", by=None, now=now, wake_at=None, trouble=_short(plainly(why)))
    hold_rest(row, now=now)
    _not_answered(row, now=now)


@transaction.atomic
def not_sent(row: Outgoing, *, why: str, again_at: datetime, now: datetime) -> None:
    """Surely nothing was posted: it leaves at `again_at`."""
    _still_ours(row)
    advance(row, OUTGOING, "not sent", by=None, now=now, wake_at=again_at, trouble=_short(why))
    _tell(row)


@transaction.atomic
def lost_sight(row: Outgoing, *, why: str, look_at: datetime, now: datetime) -> None:
    """It may stand or not: nothing is sent before it was looked for."""
    _still_ours(row)
    advance(
        row, OUTGOING, "lost sight", by=None, now=now, wake_at=look_at, tries=0, trouble=_short(why)
    )
    _tell(row)


@transaction.atomic
def not_there(row: Outgoing, *, again_at: datetime, now: datetime) -> None:
    """It surely does not stand, or its key makes a second push harmless: send it again."""
    _still_ours(row)
    advance(row, OUTGOING, "not there", by=None, now=now, wake_at=again_at, trouble="")
    _tell(row)


@transaction.atomic
def look_again(row: Outgoing, *, why: str, look_at: datetime) -> None:
    """Still unsure: look once more at `look_at`."""
    _still_ours(row)
    _stay(row, why, look_at)


@transaction.atomic
def ask(row: Outgoing, *, why: str, now: datetime) -> None:
    """Still unsure, and the desk cannot find out: a person must look."""
    _still_ours(row)
    _stay(row, why, None)
    record(row, "ask", by=None, now=now, note=_short(why))
    _not_answered(row, now=now)


@transaction.atomic
def arrived_late(row: Outgoing, receipt: Receipt, *, now: datetime, bill: Bill = UNBILLED) -> None:
    """The network took it, but whoever was to hear of it was given up: what they look for is here.

    Where nobody is looking any more, whoever sent it again or settled it has the word.
    """
    fresh = Outgoing.objects.select_for_update().get(pk=row.pk)
    if fresh.state == "unsure":
        arrived(fresh, "found", receipt, now=now, bill=bill)


@transaction.atomic
def rest(*, account_id: int, until: datetime) -> None:
    """Let nothing leave from this account before `until`."""
    run("respond/rest", {"account": account_id, "until": until})


def family(row: Outgoing) -> list[Outgoing]:
    """The other posts of a long answer, in their order."""
    if row.whole is None:
        return []
    return list(_thread(row).exclude(pk=row.pk).order_by("part"))


def hold_rest(row: Outgoing, *, now: datetime, held_for: str = "") -> None:
    """What was to follow this post of a long answer waits for a person."""
    why = later("It waits: part {part} of {parts} comes first.").format(
        part=row.part, parts=row.parts
    )
    for other in family(row):
        if other.part > row.part and other.state == "queued":
            advance(
                other, OUTGOING, "hold", by=None, now=now, wake_at=None, held_for=held_for,
                trouble=why,
            )  # fmt: skip


def _hold(row: Outgoing, why: str, *, now: datetime) -> None:
    advance(
        row, OUTGOING, "hold", by=None, now=now, wake_at=None, held_for="news", trouble=_short(why)
    )
    hold_rest(row, now=now, held_for="news")
    _tell(row)


def _thread(row: Outgoing) -> QuerySet[Outgoing]:
    place: dict[str, Any] = {"case_id": row.case_id, "broadcast_id": row.broadcast_id}
    return Outgoing.objects.filter(whole=row.whole, **place)


def _lead_on(row: Outgoing) -> None:
    """The next post of a public thread answers this one, as do later words about an incident."""
    if row.whole is not None and row.room == Room.PUBLIC:
        _thread(row).filter(part=row.part + 1).update(reply_to=row.remote_id)
    if row.case_id is None:
        later = Outgoing.objects.filter(
            broadcast__incident=incident_of(row), account_id=row.account_id, pk__gt=row.pk, part=1,
            state__in=["queued", "held"], tries=0,
        )  # fmt: skip
        later.update(reply_to=row.remote_id)


def draft_of(row: Outgoing) -> Draft:
    """The post as the network gets it."""
    room = Room(row.room)
    return Draft(
        room=room,
        text=row.text,
        reply_to=row.reply_to,
        to=row.to if room is Room.DIRECT else None,
        at=row.created_at,
        media=media_of(row),
    )


def _claimed(name: str, now: datetime) -> Outgoing | None:
    """The row that a statement locked for us."""
    found = fetch(name, {"now": now})
    return Outgoing.objects.get(pk=found[0][0]) if found else None


def _still_ours(row: Outgoing) -> None:
    """Lock the row as we know it; raises Overtaken where our time with it has passed to another."""
    ours = Outgoing.objects.select_for_update().filter(
        pk=row.pk, state=row.state, wake_at=row.wake_at
    )
    if ours.first() is None:
        raise Overtaken(say("Somebody else took this post over."))


def _stay(row: Outgoing, why: str, wake_at: datetime | None) -> None:
    row.wake_at, row.trouble = wake_at, _short(why)
    row.save(update_fields=["wake_at", "trouble"])


def _not_answered(row: Outgoing, *, now: datetime) -> None:
    if row.case_id is not None:
        not_answered(case_id=row.case_id, by=row.by_id, now=now)
    _tell(row)


def _tell(row: Outgoing) -> None:
    announce.announce([topic(row)])


def _short(why: str) -> str:
    return why.replace("\0", "")[:LONGEST_TROUBLE]
