"""What pages read of approvals: what waits for a second pair of eyes, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanderling.core.differing import Piece, difference
from sanderling.core.network import Room
from sanderling.core.voice import LEAD
from sanderling.core.words import say
from sanderling.respond.holding import BY_HELPER, parts, text_of
from sanderling.respond.models import Approval, Outgoing
from sanderling.store.sql import Row, fetch, from_json

MOST = 200
"""Answers that a page shows; more than that wait for nobody in particular."""

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody with a name and perhaps a picture of ours; `initials` only for an agent."""

    id: int
    name: str
    initials: str
    avatar: str
    handle: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class TheirPost:
    """What the customer wrote that is answered."""

    text: str
    at: datetime
    room: str
    url: str


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture that hangs on an answer, with its description."""

    id: int
    alt: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits, and why. `rule` of version `policy` wants it, `approvers` may decide.

    `before` is what was sent back last, with `note`: what changed since is the `difference`.
    `may`: the agent who asks may decide. `newest` is the newest post of the case, for interlocks.
    """

    id: int
    outgoing: int
    case_id: int
    room: Room
    parts: int
    helper: str
    rule: str
    policy: int
    reason: str
    approvers: str
    text: str
    asked_at: datetime
    expires_at: datetime | None
    has_holding: bool
    author: Face
    customer: Face
    account: str
    case_state: str
    post: TheirPost | None
    before: str
    note: str
    newest: int
    may: bool
    pictures: tuple[Hung, ...] = ()

    @property
    def difference(self) -> tuple[Piece, ...]:
        """What its author changed after it was sent back; nothing where it is new."""
        return difference(self.before, self.text) if self.before else ()

    @property
    def by_whom(self) -> str:
        """Who may decide, in words."""
        return who_may(self.approvers, self.rule, self.author.name)


@dataclass(frozen=True, slots=True)
class SentBack:
    """An answer that its author has again, with a note of who sent it back."""

    id: int
    case_id: int
    room: str
    customer: Face
    text: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """How it went with an answer of a case that had to be approved."""

    id: int
    outgoing: int
    decision: str
    by: str
    at: datetime
    author: str
    note: str
    edited: bool
    had_holding: bool


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands an answer went through besides its agent's: who edited it, who helped."""

    edited_by: str
    helper: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Why an outgoing post of a case waits, and for whom."""

    id: int
    reason: str
    by_whom: str
    rule: str
    policy: int
    expires_at: datetime | None
    has_holding: bool


def who_may(approvers: str, rule: str, author: str) -> str:
    """Who may decide about an answer, in words."""
    if rule == BY_HELPER:
        return say("{author} or a team lead", author=author)
    if approvers == LEAD:
        return say("a team lead")
    return say("the team {team} or a team lead", team=approvers)


def waiting(agent_id: int) -> list[Waiting]:
    """Every answer that waits, oldest first."""
    return _waiting(agent_id, None)


def one(approval_id: int, agent_id: int) -> Waiting | None:
    """An answer that waits; None if it does not any more."""
    return next(iter(_waiting(agent_id, approval_id)), None)


def sent_back(agent_id: int, *, now: datetime) -> list[SentBack]:
    """This agent's answers that were sent back lately and not written anew."""
    rows = fetch("respond/sent_back", {"agent": agent_id, "since": now - LATELY, "limit": MOST})
    return [
        SentBack(r[0], r[1], r[2], Face(0, r[3], "", r[6], r[4], r[5]), *r[7:11]) for r in rows
    ]  # fmt: skip


def count(agent_id: int, *, now: datetime) -> int:
    """How many answers this agent should look at: those to decide, and those sent back to them."""
    params = {"agent": agent_id, "by_helper": BY_HELPER, "since": now - LATELY}
    return int(fetch("respond/approvals_count", params)[0][0])


def asked_in(case_id: int) -> dict[int, Asked]:
    """What waits in a case, by the outgoing post."""
    rows = Approval.objects.filter(outgoing__case_id=case_id, decision="")
    return {a.outgoing_id: _asked(a) for a in rows.select_related("outgoing__by")}


def asked_for(outgoing_id: int) -> Asked | None:
    """Why an outgoing post waits, and for whom; None if it does not."""
    rows = Approval.objects.filter(outgoing=outgoing_id, decision="")
    return next((_asked(a) for a in rows.select_related("outgoing__by")), None)


def decided_in(cases: Sequence[int]) -> list[Decided]:
    """How it went with every answer of these cases that had to be approved, oldest first."""
    rows = Approval.objects.filter(outgoing__case_id__in=cases).exclude(decision="")
    return [
        Decided(
            a.pk, a.outgoing_id, a.decision, a.decided_by.name if a.decided_by else "",
            a.decided_at or a.asked_at, a.outgoing.helper or a.outgoing.by.name, a.note,
            a.outgoing.edited_by_id is not None and a.decision == "approved", bool(a.holding),
        )
        for a in rows.select_related("outgoing__by", "decided_by").order_by("pk")
    ]  # fmt: skip


def hands_in(case_id: int) -> dict[str, Hands]:
    """Whose hands the sent answers of a case went through, by their ids on the network."""
    sent = Outgoing.objects.filter(case_id=case_id, state="sent").exclude(remote_id=None)
    through = sent.exclude(helper="", edited_by=None)
    rows = through.values_list("remote_id", "edited_by__name", "helper")
    return {remote_id: Hands(name or "", helper) for remote_id, name, helper in rows if remote_id}


def edited(approval_id: int) -> tuple[Piece, ...]:
    """What the approver changed; nothing where it left as its author had it."""
    a = Approval.objects.filter(pk=approval_id).select_related("outgoing__by").first()
    if a is None or a.outgoing.edited_by_id is None:
        return ()
    return difference(a.was, text_of(parts(a.outgoing)))


def _asked(a: Approval) -> Asked:
    whom = who_may(a.approvers, a.rule, a.outgoing.by.name)
    return Asked(a.pk, a.reason, whom, a.rule, a.policy, a.expires_at, bool(a.holding))


def _waiting(agent_id: int, approval_id: int | None) -> list[Waiting]:
    params = {
        "agent": agent_id, "approval": approval_id, "by_helper": BY_HELPER, "limit": MOST,
    }  # fmt: skip
    return [_one(row) for row in fetch("respond/approvals", params)]


def _one(r: Row) -> Waiting:
    (
        number, outgoing, case_id, room, parts, helper, rule, policy, reason, approvers, was,
        asked_at, expires_at, has_holding, *rest,
    ) = r  # fmt: skip
    author, customer, (account, state), post, (before, note, newest, may, hung) = (
        rest[:4], rest[4:8], rest[8:10], rest[10:14], rest[14:],
    )  # fmt: skip
    name, handle, network, avatar = customer
    return Waiting(
        id=number, outgoing=outgoing, case_id=case_id, room=Room(room), parts=parts,
        helper=helper, rule=rule, policy=policy, reason=reason, approvers=approvers, text=was,
        asked_at=asked_at, expires_at=expires_at, has_holding=has_holding, author=Face(*author),
        customer=Face(0, name, "", avatar, handle, network), account=account, case_state=state,
        post=TheirPost(*post) if post[0] is not None else None, before=before, note=note,
        newest=newest, may=may, pictures=tuple(Hung(*one) for one in from_json(hung)),
    )  # fmt: skip
