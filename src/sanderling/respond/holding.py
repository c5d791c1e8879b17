"""Holding an answer back until a second pair of eyes has seen it: by a rule of the policy, or
because somebody from outside the team wrote it. Deciding about it is in approving.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sanderling.core.lives import OUTGOING
from sanderling.core.policy import Approval as Rule
from sanderling.core.policy import Saying
from sanderling.core.splitting import joined
from sanderling.core.text import has_link
from sanderling.core.verdict import Flag, Kind, Tone
from sanderling.core.voice import LEAD
from sanderling.core.words import later
from sanderling.people.queries import leads_alone
from sanderling.policy import queries as policies
from sanderling.respond.belonging import topic
from sanderling.respond.models import Approval, Outgoing
from sanderling.respond.outbox import family
from sanderling.respond.queries import initials
from sanderling.store import announce
from sanderling.store.moves import advance, record
from sanderling.store.sql import fetch

BY_HELPER = later("Help from outside")
"""The rule by which a helper's answer waits; who asked them may decide, and every lead."""


class Approves(Protocol):
    """What is asked of a policy."""

    version: int

    def approval(self, saying: Saying) -> Rule | None:
        """Who must look at what is about to be said; None if nobody must."""


def held_by_policy(
    rows: Sequence[Outgoing], *, now: datetime, policy: Approves | None = None
) -> bool:
    """Hold an answer, with all its parts, where a rule of the policy (the one that holds now) wants
    it approved; tells whether it did. Call it when the answer has been queued, in its transaction.

    Where its author leads the desk alone it would wait for ever: it leaves, and history says so.
    """
    policy = policy or policies.current()
    first = rows[0]
    rule = policy.approval(saying(first, text_of(rows), now=now))
    if rule is None:
        return False
    if not first.helper and leads_alone(first.by_id, rule.by):
        record(first, "alone", by=first.by_id, now=now, note=rule.rule)
        return False
    hold(rows, rule, policy=policy.version, now=now)
    return True


def held_for_helper(row: Outgoing, *, reason: str, now: datetime) -> None:
    """Hold what a helper wrote: by the policy where it has a rule for it, else because of them."""
    policy = policies.current()
    if not held_by_policy([row], now=now, policy=policy):
        rule = Rule(rule=BY_HELPER, reason=reason, by=LEAD, expires=None, holding="")
        hold([row], rule, policy=policy.version, now=now)


def hold(rows: Sequence[Outgoing], rule: Rule, *, policy: int, now: datetime) -> None:
    """Hold queued rows, which are one answer, until someone decides."""
    first = rows[0]
    for row in rows:
        advance(
            row, OUTGOING, "hold", by=None, now=now, note=rule.rule, wake_at=None,
            held_for="approval",
        )  # fmt: skip
    ask(first, rule, policy=policy, was=text_of(rows), now=now)


def ask(row: Outgoing, rule: Rule, *, policy: int, was: str, now: datetime) -> None:
    """Put a held answer before those who may decide."""
    Approval.objects.create(
        outgoing=row, rule=rule.rule, policy=policy, reason=rule.reason, approvers=rule.by,
        was=was, asked_at=now, expires_at=now + rule.expires if rule.expires else None,
        holding=rule.holding,
    )  # fmt: skip
    announce.announce([announce.APPROVALS, topic(row)])


def closed(rows: Sequence[Outgoing], *, by: int, now: datetime) -> None:
    """Nobody need decide any more: the answer is withdrawn. Holds the case, as deciding does."""
    fetch("respond/lock_case", {"case": rows[0].case_id})
    open_ones = Approval.objects.filter(outgoing__in=rows, decision="")
    if open_ones.update(decision="withdrawn", decided_at=now, decided_by=by):
        announce.announce([announce.APPROVALS])


def saying(row: Outgoing, text: str, *, now: datetime) -> Saying:
    """What is about to be said, as rules of the policy are asked about it."""
    [facts] = fetch("respond/said_about", {"case": row.case_id, "now": now})
    kind, tone, flags, lang, network, account, followers, team, plan = facts
    return Saying(
        room=row.room, kind=Kind(kind), tone=Tone(tone), flags=tuple(map(Flag, flags)), lang=lang,
        network=network, account=account, followers=followers, team=team, plan=plan,
        length=len(text), has_link=has_link(text), words=text.lower(),
    )  # fmt: skip


def text_of(rows: Sequence[Outgoing]) -> str:
    """The text of an answer as it was typed, without signature, however many posts it takes."""
    sign = sign_of(rows[0])
    posts = [(row.part, row.parts, row.text) for row in rows]
    return joined(posts, f" ^{sign}" if sign else "")


def sign_of(row: Outgoing) -> str:
    """The initials that sign it: a helper's, else those of the agent whose answer it is."""
    return row.helper.rpartition("^")[2] if row.helper else initials(row.by_id)


def parts(row: Outgoing) -> list[Outgoing]:
    """All posts of the answer that a row belongs to, in their order."""
    return sorted([row, *family(row)], key=lambda one: one.part)
