"""One voice for many: a public status of an incident, said on every chosen account.

Each account gets a post of its own, or a thread, and these leave, wait and fail like any answer and
without regard to each other. Where a network has an earlier word about the same incident, the
newer one stands under it. A second pair of eyes decides once about all of them (vetting.py).

Each function that writes is one transaction and holds the incident, so that two voices cannot
speak at once without knowing of each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from msgspec import to_builtins

from sanderling.core.guards import Objection
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Room
from sanderling.core.policy import Approval as Rule
from sanderling.core.policy import Saying
from sanderling.core.text import has_link
from sanderling.core.words import later, say
from sanderling.incidents.queries import Standing, incident
from sanderling.listen.queries import OurAccount, accounts
from sanderling.people.queries import leads_alone
from sanderling.policy.queries import current
from sanderling.respond.actions import OnItsWay, TooLate, undo
from sanderling.respond.holding import ask
from sanderling.respond.minding import overruling
from sanderling.respond.models import Approval, Broadcast, Outgoing
from sanderling.respond.queries import LimitsFor
from sanderling.respond.status import (
    CLEAR,
    Status,
    against,
    plain,
    posts_of,
    rehearsed,
    unfit,
)
from sanderling.store import announce
from sanderling.store.moves import advance, record
from sanderling.store.sql import fetch

PUBLIC_STATUS = later("Public status")
EVERYONE = later("Everybody reads a public status.")
"""The rule by which a status waits, and its reason, where the policy names who reads it first."""


@transaction.atomic
def post_status(
    *,
    status: Status,
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    confirmed: Collection[str] = (),
    key: UUID | None = None,
) -> int:
    """Let a status leave on all its accounts after the undo window, or wait for a second pair of
    eyes; gives the number of the broadcast.

    The same status under the same `key` is one. Raises NoSuchIncident, Objections with every reason
    against it (`confirmed` are the rules that its author overrules), and OnItsWay for another one
    under the key.
    """
    about = _held(status.incident)
    key = key or uuid4()
    if (earlier := Broadcast.objects.filter(key=key).first()) is not None:
        return _came_before(earlier, about, status, by)
    next_at = _next_at(status, now)
    said_on = chosen(status)

    def look() -> list[Objection]:
        found = [*unfit(about, status, said_on, next_at, by=by, now=now)]
        found += rehearsed(about, said_on, limits_for)
        return found + against(status, said_on, by=by, limits_for=limits_for)

    overruled = to_builtins(overruling(look, confirmed))
    broadcast = Broadcast.objects.create(
        incident_id=status.incident, label=plain(status.label), text=plain(status.text),
        link=status.link.strip(), pinned=plain(status.pinned), next_at=next_at, by_id=by, at=now,
        key=key,
    )  # fmt: skip
    ends = _ends(status.incident)
    leaves_at = now + undo()
    answer = Outgoing(
        broadcast=broadcast, by_id=by, state=OUTGOING.first, room=Room.PUBLIC, to="",
        then="keep open", created_at=now, leaves_at=leaves_at, wake_at=leaves_at,
        confirmed=overruled, policy=current().version,
    )  # fmt: skip
    rows = []
    for account in said_on:
        answer.account_id, answer.reply_to = account.id, ends.get(account.id)
        answer.key = uuid5(key, str(account.id))
        posts = posts_of(status.words(account.id), account, by, limits_for)
        rows += _queue(answer, posts, now=now)
    _hold_by_policy(rows, broadcast, said_on, now=now)
    tell(status.incident)
    return broadcast.pk


@transaction.atomic
def take_back(*, broadcast_id: int, by: int, now: datetime, account: int | None = None) -> int:
    """Take a status back where it has not left yet, on one account or on all; gives the number of
    the incident. Raises TooLate where it has left everywhere."""
    broadcast = held(broadcast_id)
    rows = Outgoing.objects.filter(broadcast=broadcast).order_by("pk")
    mine = rows if account is None else rows.filter(account_id=account)
    back = [row for row in mine.select_for_update() if "withdraw" in OUTGOING.may(row.state)]
    if not back:
        raise TooLate(say("Too late for that. It has left already."))
    for row in back:
        advance(row, OUTGOING, "withdraw", by=by, now=now, wake_at=None)
    if not rows.filter(state="held", held_for="approval").exists():
        waits = Approval.objects.filter(outgoing__broadcast=broadcast, decision="")
        waits.update(decision="withdrawn", decided_at=now, decided_by=by)
    tell(broadcast.incident_id)
    return broadcast.incident_id


def held(broadcast_id: int) -> Broadcast:
    """A broadcast, its incident held. Raises TooLate where there is none."""
    broadcast = Broadcast.objects.filter(pk=broadcast_id).first()
    if broadcast is None:
        raise TooLate(say("There is no such status."))
    fetch("respond/lock_incident", {"incident": broadcast.incident_id})
    return broadcast


def _held(incident_id: int) -> Standing:
    """The incident, held until the transaction ends."""
    fetch("respond/lock_incident", {"incident": incident_id})
    return incident(incident_id)


def _came_before(earlier: Broadcast, about: Standing, status: Status, by: int) -> int:
    known = (earlier.incident_id, earlier.by_id, earlier.label, earlier.text)
    if known != (about.id, by, plain(status.label), plain(status.text)):
        raise OnItsWay(
            say("Your status from before did reach the desk. Look at it, then post this too.")
        )
    return earlier.pk


def _next_at(status: Status, now: datetime) -> datetime | None:
    if plain(status.label) == CLEAR:
        return None
    return status.next_at or now + current().document.incidents.update


def chosen(status: Status) -> list[OurAccount]:
    """The accounts that say a status, oldest first; those that are gone are none."""
    return [account for account in accounts() if account.id in status.accounts]


def _ends(incident_id: int) -> dict[int, str]:
    """By account: our newest post about the incident that stands; a new one goes under it."""
    return dict(fetch("respond/thread_ends", {"incident": incident_id}))


def _queue(answer: Outgoing, posts: Sequence[str], *, now: datetime) -> list[Outgoing]:
    """A status on one account as the posts that say it, in their order."""
    whole = uuid4() if len(posts) > 1 else None
    rows = []
    for part, text in enumerate(posts, 1):
        row = copy(answer)
        row.text, row.whole, row.part, row.parts = text, whole, part, len(posts)
        if part > 1:
            row.key, row.reply_to = uuid4(), None
        row.save(force_insert=True)
        record(row, "propose", by=row.by_id, now=now)
        rows.append(row)
    return rows


def _hold_by_policy(
    rows: Sequence[Outgoing], broadcast: Broadcast, said_on: Sequence[OurAccount], *, now: datetime
) -> None:
    """Let a status wait, everywhere, where the policy wants somebody else to read it first."""
    policy = current()
    rule = _rule(rows, said_on)
    if rule is None:
        return
    if leads_alone(broadcast.by_id, rule.by):
        record(rows[0], "alone", by=broadcast.by_id, now=now, note=rule.rule)
        return
    for row in rows:
        advance(
            row, OUTGOING, "hold", by=None, now=now, note=rule.rule, wake_at=None,
            held_for="approval",
        )  # fmt: skip
    ask(rows[0], rule, policy=policy.version, was=broadcast.text, now=now)


def _rule(rows: Sequence[Outgoing], said_on: Sequence[OurAccount]) -> Rule | None:
    """Who must read a status first: as the policy has it for incidents, else for public posts."""
    policy = current()
    if whom := policy.document.incidents.approve:
        return Rule(rule=PUBLIC_STATUS, reason=EVERYONE, by=whom, expires=None, holding="")
    ours = {account.id: account for account in said_on}
    for row in rows:
        account = ours[row.account_id]
        saying = Saying(
            room=row.room, network=account.network, account=account.handle, length=len(row.text),
            has_link=has_link(row.text), words=row.text.lower(),
        )  # fmt: skip
        if rule := policy.approval(saying):
            return rule._replace(expires=None, holding="")
    return None


def tell(incident_id: int) -> None:
    """Tell the pages of an incident, and those of who approves, that a status moved."""
    announce.announce([announce.incident(incident_id), announce.APPROVALS])
