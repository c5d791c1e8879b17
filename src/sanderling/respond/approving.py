"""Deciding about answers that wait for a second pair of eyes.

Whoever decides holds the case, then the approval, then the post; the worker that lets one expire
does the same. So of approving, sending back, withdrawing and expiring only one happens.

When nobody looked in time, the pre-approved holding line is sent in the answer's place, once, and
the answer goes on waiting: without an end now, so that no second line can follow.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from msgspec import to_builtins

from sanderling.core.answering import signature, space
from sanderling.core.guards import Objection
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Room
from sanderling.core.policy import Approval as Rule
from sanderling.core.splitting import Unsplittable, split
from sanderling.core.words import figure, later, say
from sanderling.people.queries import colleague
from sanderling.policy import queries as policies
from sanderling.respond.actions import Objections, TooLate, give_back, undo
from sanderling.respond.belonging import case_of, topic
from sanderling.respond.holding import BY_HELPER, ask, parts, saying, sign_of, text_of
from sanderling.respond.interlock import look_first, newest_post
from sanderling.respond.minding import accepted, against, house, overruling
from sanderling.respond.models import Approval, Outgoing
from sanderling.respond.pictures import unhang
from sanderling.respond.queries import LimitsFor, facing
from sanderling.respond.waiting import Waiting, one, who_may
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch

LONGEST_NOTE = 2_000

STILL_OPEN = ("new", "open", "waiting")
"""States of a case in which its customer may still be told that we are at it."""


class NotYours(Exception):
    """This agent may not decide about this answer; the sentence says who may."""


@transaction.atomic
def approve(  # noqa: PLR0913  who decides what, when, having read what
    *,
    approval_id: int,
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    text: str | None = None,
    seen: int | None = None,
    confirmed: Collection[str] = (),
) -> int:
    """Let an answer leave after an undo window, as it is or as `text`; gives the outgoing post.

    An edited text keeps its author's signature, and both names with it in the desk. The guards are
    asked again in any case; of those that may be overruled, an edited text takes a word: its rules
    in `confirmed`. `seen` is the newest post of the case that the approver had before them, or what
    its author had. Raises TooLate where it was decided already, NotYours, News, and Objections.
    """
    approval, row = _open(approval_id, by=by)
    rows = parts(row)
    seen = row.seen if seen is None else seen
    look_first(case_of(row), seen=seen, by=row.by_id)
    edits = _edits(rows, text)
    if edits:
        _mind_edited(approval, row, edits, by=by, now=now)
    overruled = _mind(rows, edits, confirmed, now=now, limits_for=limits_for)
    posts = _posts(rows, edits, limits_for) if edits else [each.text for each in rows]
    _decide(approval, "approved", by=by, now=now)
    _drop_holding_line(row, by=by, now=now)
    leaves_at = now + undo()
    changed = {"edited_by_id": by, "confirmed": overruled} if edits else {}
    for each, post in zip(rows, posts, strict=True):
        advance(
            each, OUTGOING, "approve", by=by, now=now, note="edited" if edits else "", held_for="",
            text=post, seen=seen, leaves_at=leaves_at, wake_at=leaves_at, trouble="", **changed,
        )  # fmt: skip
    return row.pk


@transaction.atomic
def send_back(*, approval_id: int, by: int, now: datetime, note: str) -> int:
    """Give an answer back to its author with a note; gives the number of the case.

    The text returns to their draft; a helper finds it under their link. Raises TooLate, NotYours,
    and ValueError where the note says nothing.
    """
    note = note.replace("\0", "").strip()
    if not note:
        raise ValueError(say("Say in a few words what should be different."))
    if len(note) > LONGEST_NOTE:
        raise ValueError(
            say(
                "A note may have {most} characters; this has {n}.",
                most=figure(LONGEST_NOTE),
                n=figure(len(note)),
            )
        )
    approval, row = _open(approval_id, by=by)
    _decide(approval, "sent back", by=by, now=now, note=note)
    rows = parts(row)
    for each in rows:
        advance(each, OUTGOING, "send back", by=by, now=now, note=note, wake_at=None)
    if not row.helper:
        unhang(rows)
        give_back(row, approval.was, now=now)
    return case_of(row)


def expire_due(*, now: datetime, limits_for: LimitsFor, limit: int = 50) -> int:
    """Let approvals expire for which nobody looked in time; gives how many did."""
    due = Approval.objects.filter(decision="", expires_at__lte=now).order_by("expires_at", "pk")
    found = list(due.values_list("pk", flat=True)[:limit])
    return sum(_expire(approval_id, now, limits_for) for approval_id in found)


@transaction.atomic
def _expire(approval_id: int, now: datetime, limits_for: LimitsFor) -> bool:
    held = _held(approval_id)
    if held is None:
        return False
    approval, row, state = held
    said = ""
    if state in STILL_OPEN and approval.holding:
        said = _say_holding_line(approval, row, now, limits_for)
    _decide(approval, "expired", by=None, now=now, note=said)
    record(row, "expire", by=None, now=now, note=said)
    rule = Rule(approval.rule, approval.reason, approval.approvers, None, "")
    ask(row, rule, policy=approval.policy, was=approval.was, now=now)
    return True


def _say_holding_line(
    approval: Approval, row: Outgoing, now: datetime, limits_for: LimitsFor
) -> str:
    """Queue the line in the answer's place; why not, where something speaks against it."""
    room = Room(row.room)
    whom = facing(case_of(row), limits_for=limits_for, reply_to=_target(row))
    rules = house(policies.current().document)
    found = against(whom, room, approval.holding, by=row.by_id, now=now, rules=rules)
    if stops := [one.says for one in found if one.severity == "stop"]:
        return later("The holding line was not sent: {why}").format(why=stops[0])
    leaves_at = now + undo()
    line = Outgoing.objects.create(
        case_id=whom.case_id, account_id=row.account_id, by_id=row.by_id, state=OUTGOING.first,
        room=row.room, text=approval.holding, reply_to=row.reply_to, to=row.to,
        key=_key_of_line(row), then="keep open", created_at=now, leaves_at=leaves_at,
        wake_at=leaves_at, seen=newest_post(whom.case_id), policy=approval.policy,
    )  # fmt: skip
    note = later("In place of an answer: {rule}").format(rule=approval.rule)
    record(line, "propose", by=None, now=now, note=note)
    return ""


def _drop_holding_line(row: Outgoing, *, by: int, now: datetime) -> None:
    """What would come after the answer and promise it: not needed if it has not left yet."""
    line = Outgoing.objects.filter(key=_key_of_line(row), state="queued").first()
    if line is not None:
        try:
            with transaction.atomic():
                advance(line, OUTGOING, "withdraw", by=by, now=now, wake_at=None)
        except Overtaken:  # it is leaving this very moment
            return


def _key_of_line(row: Outgoing) -> UUID:
    """One answer has one holding line: its key says so, and keys are unique."""
    return uuid5(row.key, "holding")


def _open(approval_id: int, *, by: int) -> tuple[Approval, Outgoing]:
    held = _held(approval_id)
    if held is None:
        raise TooLate(_decided(approval_id))
    approval, row, _ = held
    shown = one(approval_id, by)
    if shown is None or not shown.may:
        raise NotYours(_not_yours(approval, row, by, shown))
    return approval, row


def _held(approval_id: int) -> tuple[Approval, Outgoing, str] | None:
    """An approval of an answer that nobody has decided, locked with its case; None if there is
    none. A public status is decided about in broadcasting.py."""
    found = Approval.objects.filter(pk=approval_id, outgoing__case__isnull=False)
    for case_id in found.values_list("outgoing__case_id", flat=True):
        [(_, state)] = fetch("respond/lock_case", {"case": case_id})
        locked = Approval.objects.select_for_update().filter(pk=approval_id, decision="").first()
        if locked is not None:
            return locked, Outgoing.objects.get(pk=locked.outgoing_id), state
    return None


_DID = {
    "approved": later("Too late for that. {name} approved it already."),
    "sent back": later("Too late for that. {name} sent it back already."),
    "withdrawn": later("Too late for that. {name} took it back already."),
}


def _decided(approval_id: int) -> str:
    answers = Approval.objects.filter(pk=approval_id, outgoing__case__isnull=False)
    found = answers.select_related("decided_by").first()
    if found is None:
        return say("There is no such answer to approve.")
    if found.decision == "expired":
        return say(
            "The time for it ran out a moment ago. The answer still waits: look at it again."
        )
    name = found.decided_by.name if found.decided_by else say("The desk")
    return say(_DID[found.decision], name=name)


def _not_yours(approval: Approval, row: Outgoing, by: int, shown: Waiting | None) -> str:
    whom = who_may(approval.approvers, approval.rule, shown.author.name if shown else "")
    if row.by_id == by and not row.helper:
        return say(
            "This is your own answer; it takes a second pair of eyes. It waits for {whom}.",
            whom=whom,
        )
    return say("This answer waits for {whom}.", whom=whom)


def _edits(rows: Sequence[Outgoing], text: str | None) -> str:
    """The approver's wording; empty where nothing was changed."""
    if text is None:
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if not text:
        raise _stopped(say("There is nothing left to say. Send it back instead."))
    return "" if text == text_of(rows).strip() else text


def _mind_edited(approval: Approval, row: Outgoing, text: str, *, by: int, now: datetime) -> None:
    """What an approver writes may need the eyes of others than theirs."""
    rule = policies.current().approval(saying(row, text, now=now))
    me = colleague(by)
    same = approval.rule != BY_HELPER and rule and rule.by == approval.approvers
    if rule is None or same or (me and me.is_lead):
        return
    whom = who_may(rule.by, rule.rule, "")
    raise _stopped(
        say(
            "As you changed it: {reason} That takes {whom}. Send it back instead.",
            reason=rule.reason,
            whom=whom,
        )
    )


def _mind(
    rows: Sequence[Outgoing], edits: str, confirmed: Collection[str], *, now: datetime,
    limits_for: LimitsFor,
) -> Any:  # fmt: skip
    """The guards once more: the text may be new, and so may what happened meanwhile. Gives what is
    overruled, as it is kept."""
    row = rows[0]
    whom = facing(case_of(row), limits_for=limits_for, reply_to=_target(row))
    rules = house(policies.current().document)

    def look() -> list[Objection]:
        text = edits or text_of(rows)
        return against(whom, Room(row.room), text, by=row.by_id, now=now, rules=rules)

    if edits:
        return to_builtins(overruling(look, {*confirmed, *_confirmed(row)}))
    found = look()
    return to_builtins(accepted(found, [one.rule for one in found]))


def _confirmed(row: Outgoing) -> list[str]:
    """The rules that its author overruled already."""
    return [str(one["rule"]) for one in row.confirmed]


def _posts(rows: Sequence[Outgoing], text: str, limits_for: LimitsFor) -> list[str]:
    """The edited text as posts, which are as many as before."""
    row = rows[0]
    room = Room(row.room)
    try:
        posts = split(text, space(room, limits_for(row.account_id)), signature(text, sign_of(row)))
    except Unsplittable as error:
        raise _stopped(str(error)) from error
    if len(posts) != len(rows):
        raise _stopped(
            say(
                "As you changed it, the answer takes {n} posts; it was written as {before}. "
                "Bring it to that length, or send it back.",
                n=len(posts),
                before=len(rows),
            )
        )
    return posts


def _stopped(says: str) -> Objections:
    return Objections([Objection("approval", says, "stop")])


def _target(row: Outgoing) -> str | None:
    return row.reply_to if Room(row.room) is Room.PUBLIC else None


def _decide(
    approval: Approval, decision: str, *, by: int | None, now: datetime, note: str = ""
) -> None:
    approval.decision, approval.decided_at, approval.decided_by_id = decision, now, by
    approval.note = note
    approval.save(update_fields=["decision", "decided_at", "decided_by", "note"])
    announce.announce([announce.APPROVALS, topic(approval.outgoing)])
