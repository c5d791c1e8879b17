"""What pages read of public statuses: what was said where, what waits, and what is pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sanderling.core.answering import most, unsayable
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Room
from sanderling.incidents.queries import Standing
from sanderling.listen.queries import OurAccount, accounts
from sanderling.respond.holding import text_of
from sanderling.respond.models import Approval, Broadcast, Outgoing
from sanderling.respond.queries import LimitsFor, silenced
from sanderling.respond.vetting import may_decide
from sanderling.respond.waiting import who_may
from sanderling.store.sql import fetch


@dataclass(frozen=True, slots=True)
class Spoken:
    """A status on one account: `state` is that of the first of its posts that did not leave, else
    sent. `id` is that post's number. `asks`: the desk could not find out whether it stands.
    `own`: its text is not that of the status."""

    id: int
    account: OurAccount
    state: str
    text: str
    own: bool
    parts: int
    leaves_at: datetime
    sent_at: datetime | None
    trouble: str
    asks: bool
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A second pair of eyes for a status: `decision` is empty while it waits for `whom`; `may`:
    the agent who asks may decide."""

    id: int
    rule: str
    reason: str
    whom: str
    may: bool
    decision: str
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """A status as it was said, on each of its accounts. `stands` on one of them at least; `open`:
    it can still be taken back somewhere."""

    id: int
    incident: int
    label: str
    text: str
    link: str
    pinned: str
    next_at: datetime | None
    by: int
    by_name: str
    at: datetime
    spoken: tuple[Spoken, ...]
    decision: Decision | None

    @property
    def stands(self) -> bool:
        """Whether anybody can read it."""
        return self.first_at is not None

    @property
    def first_at(self) -> datetime | None:
        """Since when it stands somewhere."""
        return min((one.sent_at for one in self.spoken if one.sent_at), default=None)

    @property
    def open(self) -> bool:
        """Whether it waits to leave, or for somebody, on any account."""
        return any(one.state in ("queued", "held") for one in self.spoken)

    @property
    def gone(self) -> bool:
        """Whether it was taken back or sent back everywhere."""
        return all(one.state == "withdrawn" for one in self.spoken)


@dataclass(frozen=True, slots=True)
class Voice:
    """One of our accounts as a status could be said on it. `why_not` says why it cannot; `most` is
    in units of `counts`, signature included. `under`: it would stand under our earlier word."""

    account: OurAccount
    why_not: str
    most: int
    counts: str
    under: bool


def told_of(incident_id: int, agent_id: int) -> list[Told]:
    """Every status of an incident, and of those that became part of it, newest first, as this
    agent may decide about it."""
    found = Broadcast.objects.filter(Q(incident=incident_id) | Q(incident__merged_into=incident_id))
    return _told(list(found.select_related("by").order_by("-pk")), agent_id)


def one_told(broadcast_id: int, agent_id: int) -> Told | None:
    """One status; None if there is none of this number."""
    found = Broadcast.objects.filter(pk=broadcast_id).select_related("by")
    return next(iter(_told(list(found), agent_id)), None)


def to_vet(agent_id: int) -> list[Told]:
    """Statuses that wait for a second pair of eyes, whether this agent's or not; oldest first."""
    waiting = Approval.objects.filter(decision="", outgoing__broadcast__isnull=False)
    numbers = waiting.values_list("outgoing__broadcast_id", flat=True)
    found = Broadcast.objects.filter(pk__in=list(numbers)).select_related("by")
    return _told(list(found.order_by("pk")), agent_id)


def voices(about: Standing, agent_id: int, *, limits_for: LimitsFor) -> list[Voice]:
    """Our accounts, and whether this agent may say something on them to everybody; those on which
    nobody ever can are left out, and in a drill those that are not for practice."""
    under = {account for account, _ in fetch("respond/thread_ends", {"incident": about.id})}
    found = []
    for account in accounts():
        limits = limits_for(account.id)
        if about.drill is not None and not limits.practises:
            continue
        if limits.announces or limits.closed:
            why = unsayable(limits) or silenced(account.handle, agent_id)
            long = most(Room.PUBLIC, limits)
            found.append(Voice(account, why, long, limits.counts, account.id in under))
    return found


@dataclass(frozen=True, slots=True)
class Pinned:
    """What colleagues may answer with in every case of an incident, as its newest status says."""

    incident: int
    name: str
    text: str
    at: datetime


def pinned(case_id: int) -> Pinned | None:
    """What may be answered in a case because of its incident; None where nothing is pinned."""
    rows = fetch("respond/pinned", {"case": case_id})
    return Pinned(*rows[0]) if rows else None


def _told(rows: list[Broadcast], agent_id: int) -> list[Told]:
    ours = {account.id: account for account in accounts()}
    posts: dict[int, dict[int, list[Outgoing]]] = {row.pk: {} for row in rows}
    found = Outgoing.objects.filter(broadcast__in=rows).select_related("account").order_by("pk")
    for post in found:
        posts[post.broadcast_id or 0].setdefault(post.account_id, []).append(post)
    decisions = _decisions(rows, agent_id)
    return [
        Told(
            row.pk, row.incident_id, row.label, row.text, row.link, row.pinned, row.next_at,
            row.by_id, row.by.name, row.at,
            tuple(_spoken(row, each, ours) for each in posts[row.pk].values()),
            decisions.get(row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _spoken(row: Broadcast, posts: list[Outgoing], ours: Mapping[int, OurAccount]) -> Spoken:
    shown = next((post for post in posts if post.state != "sent"), posts[0])
    a = shown.account
    account = ours.get(a.pk) or OurAccount(a.pk, a.network, a.handle, a.name, a.avatar)
    text = text_of(posts)
    return Spoken(
        shown.pk, account, shown.state, text, not text.startswith(row.text), len(posts),
        shown.leaves_at, posts[0].sent_at, shown.trouble,
        shown.state == "unsure" and shown.wake_at is None, OUTGOING.may(shown.state),
    )  # fmt: skip


def _decisions(rows: list[Broadcast], agent_id: int) -> dict[int, Decision]:
    asked = Approval.objects.filter(outgoing__broadcast__in=rows).order_by("pk")
    by_id = {row.pk: row for row in rows}
    found = {}
    for a in asked.select_related("outgoing", "decided_by"):
        row = by_id[a.outgoing.broadcast_id or 0]
        found[row.pk] = Decision(
            a.pk, a.rule, a.reason, who_may(a.approvers, a.rule, ""),
            not a.decision and may_decide(a, row, agent_id), a.decision,
            a.decided_by.name if a.decided_by else "", a.decided_at or a.asked_at, a.note,
        )  # fmt: skip
    return found
