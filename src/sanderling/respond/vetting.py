"""A second pair of eyes for a public status: once for all the accounts that shall say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from sanderling.core.guards import Objection
from sanderling.core.lives import OUTGOING
from sanderling.core.words import say
from sanderling.people.queries import speaker
from sanderling.respond.actions import TooLate, undo
from sanderling.respond.approving import NotYours
from sanderling.respond.broadcasting import chosen, held, tell
from sanderling.respond.holding import text_of
from sanderling.respond.minding import Objections, accepted
from sanderling.respond.models import Approval, Broadcast, Outgoing
from sanderling.respond.queries import LimitsFor
from sanderling.respond.status import Status, against, plain
from sanderling.respond.waiting import who_may
from sanderling.store.moves import advance


@transaction.atomic
def approve_status(*, approval_id: int, by: int, now: datetime, limits_for: LimitsFor) -> int:
    """Let a status leave on all its accounts after an undo window; gives the broadcast.

    The guards are asked again. Raises TooLate, NotYours, and Objections for what must not stand.
    """
    approval, broadcast = _open(approval_id, by)
    rows = list(_waiting(broadcast))
    if broadcast.next_at is not None and broadcast.next_at <= now + undo():
        says = say("The next word was promised for a time that has passed. Send it back instead.")
        raise Objections([Objection("next word", says, "stop")])
    status = _as_said(broadcast, rows)
    found = against(status, chosen(status), by=broadcast.by_id, limits_for=limits_for)
    accepted(found, [one.rule for one in found])
    leaves_at = now + undo()
    for row in rows:
        advance(
            row, OUTGOING, "approve", by=by, now=now, held_for="", leaves_at=leaves_at,
            wake_at=leaves_at, trouble="",
        )  # fmt: skip
    _decide(approval, "approved", by=by, now=now)
    tell(broadcast.incident_id)
    return broadcast.pk


@transaction.atomic
def send_back_status(*, approval_id: int, by: int, now: datetime, note: str) -> int:
    """Give a status back to its author with a note; gives the incident. Raises TooLate, NotYours,
    and ValueError where the note says nothing."""
    note = plain(note)[:2_000]
    if not note:
        raise ValueError(say("Say in a few words what should be different."))
    approval, broadcast = _open(approval_id, by)
    for row in _waiting(broadcast):
        advance(row, OUTGOING, "send back", by=by, now=now, note=note, wake_at=None)
    _decide(approval, "sent back", by=by, now=now, note=note)
    tell(broadcast.incident_id)
    return broadcast.incident_id


def _open(approval_id: int, by: int) -> tuple[Approval, Broadcast]:
    """A status that waits for this agent among others, held. Raises TooLate and NotYours."""
    found = Approval.objects.filter(pk=approval_id, outgoing__broadcast__isnull=False)
    number = found.values_list("outgoing__broadcast_id", flat=True).first()
    if number is None:
        raise TooLate(say("There is no such status to approve."))
    broadcast = held(number)
    approval = found.get()
    if approval.decision:
        raise TooLate(say("Too late for that. Somebody decided about it already."))
    if not may_decide(approval, broadcast, by):
        whom = who_may(approval.approvers, approval.rule, "")
        if broadcast.by_id == by:
            raise NotYours(
                say(
                    "This is your own status; it takes a second pair of eyes. It waits for {whom}.",
                    whom=whom,
                )
            )
        raise NotYours(say("This status waits for {whom}.", whom=whom))
    return approval, broadcast


def may_decide(approval: Approval, broadcast: Broadcast, agent_id: int) -> bool:
    """Whether this agent is a second pair of eyes for a status."""
    me = speaker(agent_id)
    return broadcast.by_id != agent_id and (me.lead or approval.approvers in me.teams)


def _waiting(broadcast: Broadcast) -> Iterator[Outgoing]:
    rows = Outgoing.objects.filter(broadcast=broadcast, state="held", held_for="approval")
    return rows.order_by("pk").iterator()


def _as_said(broadcast: Broadcast, rows: Sequence[Outgoing]) -> Status:
    """A status as it was written, for another look at it."""
    by_account: dict[int, list[Outgoing]] = {}
    for row in rows:
        by_account.setdefault(row.account_id, []).append(row)
    own = {account: text_of(posts) for account, posts in by_account.items()}
    return Status(
        broadcast.incident_id, broadcast.label, broadcast.text, tuple(own), own=own,
        link=broadcast.link, pinned=broadcast.pinned, next_at=broadcast.next_at,
    )  # fmt: skip


def _decide(approval: Approval, decision: str, *, by: int, now: datetime, note: str = "") -> None:
    approval.decision, approval.decided_at, approval.decided_by_id = decision, now, by
    approval.note = note
    approval.save(update_fields=["decision", "decided_at", "decided_by", "note"])
