"""What the worker does for rounds: one answer after the other is let go, each in a transaction.

    whose turn it is (locked) -> may one leave now -> propose, with a key of its own -> taken

An answer goes the way of every other: the same guards, the same outbox. Killed at any line, or run
twice at once, nobody is answered twice: who is taken is taken in the transaction that proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import uuid5

from django.db import transaction

from sanderling.cases.actions import Then
from sanderling.cases.queries import NoSuchCase
from sanderling.core.lives import ROUND
from sanderling.core.pacing import next_slot
from sanderling.core.reaching import Aside
from sanderling.core.words import later, say
from sanderling.incidents.queries import incident
from sanderling.policy.queries import current
from sanderling.respond.actions import News, Objections, OnItsWay, propose
from sanderling.respond.interlock import newest_post
from sanderling.respond.models import Outgoing, Recipient, Round
from sanderling.respond.progress import left_lately, pace, said_to
from sanderling.respond.queries import LimitsFor
from sanderling.respond.reaching import Became, Candidate, candidates, enlist, put
from sanderling.respond.rounds import called_back, stop
from sanderling.store import announce
from sanderling.store.moves import advance
from sanderling.store.sql import fetch, run_text

Clock = Callable[[], datetime]

AHEAD = timedelta(seconds=15)
"""How long before it leaves an answer is proposed; longer than any usual undo window."""

MOST_AHEAD = 25
"""Answers that are queued from an account; no more while its network lets none through."""

MOST_AT_ONCE = 50
"""Answers that are let go before others have their turn."""

THEN: dict[str, Then] = {"acknowledge": "keep open", "close": "resolve"}
"""What happens to the case of somebody who was told."""

OVERRULES = ("same to many",)
"""What a round overrules: how alike its texts are was settled before it began."""


def go_on(*, limits_for: LimitsFor, clock: Clock) -> int:
    """Note what became of answers that left, and let go what may leave now; how many were let go.
    Pages hear of it once."""
    touched = _settle(now=clock())
    let_go = 0
    for row in Round.objects.filter(state="running").order_by("pk"):
        here = sum(_from(row, account, limits_for, clock) for account in _accounts(row))
        let_go += here
        if here or _ends(row, now=clock()):
            touched.add(row.incident_id)
    if touched:
        announce.announce(announce.incident(number) for number in touched)
    return let_go


def meet_newcomers(*, limits_for: LimitsFor, now: datetime) -> int:
    """Let who came into an incident since join the rounds that run in it; how many did."""
    joined = 0
    for row in Round.objects.filter(state="running").order_by("pk"):
        with transaction.atomic():
            if new := enlist(row, limits_for=limits_for, now=now):
                announce.announce([announce.incident(row.incident_id)])
                joined += new
    return joined


@transaction.atomic
def _settle(*, now: datetime) -> set[int]:
    """Write down which answers arrived, failed or were taken back; the incidents concerned."""
    said = {"now": now, "taken_back": later("Somebody took the answer back.")}
    touched = {number for (number,) in fetch("respond/settle_recipients", said)}
    overtaken = Recipient.objects.filter(
        state="taken", outgoing__state="held", outgoing__held_for="news"
    ).select_related("outgoing")
    for one in overtaken:  # they wrote again meanwhile: their turn comes again, with that in view
        if one.outgoing and called_back(one.outgoing, by=None, now=now):
            put([Became(one.pk, "waiting")], now=now, was=("taken",))
            touched.add(one.incident_id)
    return touched


def _accounts(row: Round) -> Iterable[int]:
    waiting = Recipient.objects.filter(round=row, state="waiting")
    return waiting.order_by("account_id").values_list("account_id", flat=True).distinct()


def _from(row: Round, account_id: int, limits_for: LimitsFor, clock: Clock) -> int:
    """Let go what may leave from an account; how many answers."""
    for done in range(MOST_AT_ONCE):
        if not _next(row, account_id, limits_for, clock()):
            return done
    return MOST_AT_ONCE


@transaction.atomic
def _next(row: Round, account_id: int, limits_for: LimitsFor, now: datetime) -> bool:
    """Let the next answer of a round go from an account, if one may leave now; whether it may."""
    ((alone,),) = run_text("select pg_try_advisory_xact_lock(21, %(id)s::int)", {"id": account_id})
    if not alone:
        return False
    found = fetch("respond/next_recipient", {"round": row.pk, "account": account_id})
    if not found:
        return False
    recipient, row.per_hour = found[0]
    left, ahead = left_lately(account_id, now)
    slot = next_slot(pace(row, limits_for(account_id)), left, now)
    if slot is None or slot > now + AHEAD or ahead >= MOST_AHEAD:
        return False
    [whom] = candidates([recipient], limits_for, now)
    put([_answered(row, whom, slot, limits_for, now)], now=now)
    return True


def _answered(
    row: Round, whom: Candidate, slot: datetime, limits_for: LimitsFor, now: datetime
) -> Became:
    """Propose an answer to somebody for a slot; what became of them."""
    text = said_to(row, whom)
    against = whom.against(text, current())
    if against is None:
        try:
            with transaction.atomic():
                sent = _propose(row, whom, text, limits_for, now)
                _leaves_at(sent, slot)
                return Became(whom.id, "taken", case_id=sent.case_id, outgoing=sent.pk)
        except News:
            return Became(whom.id, "waiting")
        except (Objections, OnItsWay, NoSuchCase, _NotForMany) as error:
            against = Aside("objection", str(error))
    return Became(whom.id, "set aside", *against)


class _NotForMany(Exception):
    """The answer would not leave by itself, or not as one post."""


def _propose(
    row: Round, whom: Candidate, text: str, limits_for: LimitsFor, now: datetime
) -> Outgoing:
    case = whom.case_id or 0
    number = propose(
        case_id=case, room=whom.known.room, text=text, reply_to_post=whom.post,
        then=THEN[row.kind], seen=newest_post(case), by=row.by_id, now=now, limits_for=limits_for,
        confirmed=OVERRULES, key=uuid5(row.token, str(whom.customer)), takes=False,
    )  # fmt: skip
    sent = Outgoing.objects.get(pk=number)
    if sent.parts > 1:
        raise _NotForMany(say("It is too long for one post."))
    if sent.state == "held" and not whom.by_hand:
        raise _NotForMany(say("A rule of the policy wants it approved."))
    return sent


def _leaves_at(sent: Outgoing, slot: datetime) -> None:
    if sent.state == "queued" and sent.leaves_at < slot:
        sent.leaves_at = sent.wake_at = slot
        sent.save(update_fields=["leaves_at", "wake_at"])


def _ends(row: Round, *, now: datetime) -> bool:
    """End a round that has nobody left to tell; one that acknowledges waits for who comes next as
    long as its incident stands. Whether it ended."""
    there = incident(row.incident_id)
    if there.state in ("dismissed", "merged"):
        stop(round_id=row.pk, by=None, now=now, why=later("The incident is no more."))
        return True
    if there.stands and row.kind == "acknowledge":
        return False
    with transaction.atomic():
        fresh = Round.objects.select_for_update().get(pk=row.pk)
        left = Recipient.objects.filter(round=row, state__in=["waiting", "taken"])
        if fresh.state != "running" or left.exists():
            return False
        advance(fresh, ROUND, "finish", by=None, now=now, ended_at=now)
    return True
