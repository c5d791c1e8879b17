"""Help from outside the team: a link to one case, for a while, in the helper's own name.

The link is a secret of 32 random bytes; the desk keeps only its SHA-256. Its first letter says
whether the private messages may be read too: it is part of what is hashed, so nobody can change it.
What a helper writes waits until who asked them, or a lead, has approved it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import regex
from django.db import transaction

from sanderling.cases.actions import write_note
from sanderling.cases.noting import LONGEST_NOTE
from sanderling.core.answering import signature, space
from sanderling.core.guards import Objection
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Room
from sanderling.core.splitting import Unsplittable, split
from sanderling.core.words import figure, later, say
from sanderling.policy import queries as policies
from sanderling.respond.actions import Objections, undo
from sanderling.respond.holding import held_for_helper
from sanderling.respond.interlock import newest_post
from sanderling.respond.minding import against, house
from sanderling.respond.models import Approval, HelperLink, Outgoing
from sanderling.respond.queries import Facing, LimitsFor, facing
from sanderling.store import announce
from sanderling.store.models import Move
from sanderling.store.moves import record
from sanderling.store.sql import fetch

MOST_DAYS = 30
MOST_WRITTEN = 20
"""Answers and notes that a helper may write in a day: they help, they do not flood."""

LONGEST_NAME = 60
LONGEST_QUESTION = 2_000
BOTH, PUBLIC = "b", "p"
"""What a link opens: both rooms, or the public one alone."""

_INITIALS = regex.compile(r"[\p{L}\p{N}]{1,4}")


class NoSuchLink(Exception):
    """This link opens nothing, and perhaps never did."""


class LinkEnded(Exception):
    """The link opened a case and does not any more; the sentence says why, kindly."""


_ASKED = later("Asked {name} (^{initials}), who is not of the team: “{question}”.")
_ASKED_SHOWING_ALL = later(
    "Asked {name} (^{initials}), who is not of the team: “{question}”; private messages are shown"
    " too."
)


class TooMuch(Exception):
    """The helper has written all that they may today."""


@dataclass(frozen=True, slots=True)
class Help:
    """What a link opens. `asked_by` is the agent who asked; `direct`: private messages too."""

    id: int
    case_id: int
    name: str
    initials: str
    question: str
    asked_by: str
    until: datetime
    direct: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """A link of a case, as the team sees it."""

    id: int
    name: str
    initials: str
    question: str
    by: str
    at: datetime
    until: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a helper wrote, and how it went: `note` is what it was sent back with."""

    text: str
    at: datetime
    state: str
    note: str


@transaction.atomic
def invite(  # noqa: PLR0913  who is asked what, for how long, to see what
    *,
    case_id: int,
    name: str,
    initials: str,
    question: str,
    days: int,
    by: int,
    now: datetime,
    direct: bool = False,
) -> str:
    """Ask somebody outside the team about a case; gives the secret of their link, only now.

    Raises ValueError, in words, and NoSuchCase.
    """
    name, initials = _line(name), initials.strip().upper().removeprefix("^")
    question = question.replace("\0", "").strip()
    _mind_invitation(name, initials, question, days)
    token = (BOTH if direct else PUBLIC) + secrets.token_urlsafe(32)
    asked = _ASKED_SHOWING_ALL if direct else _ASKED
    write_note(
        case_id=case_id, by=by, now=now,
        text=asked.format(name=name, initials=initials, question=question),
    )  # fmt: skip
    link = HelperLink.objects.create(
        case_id=case_id, digest=_digest(token), name=name, initials=initials, question=question,
        by_id=by, at=now, until=now + timedelta(days=days),
    )  # fmt: skip
    _moved(link, "invite", by=by, now=now)
    return token


@transaction.atomic
def revoke(*, link_id: int, case_id: int, by: int, now: datetime) -> None:
    """End a link of a case before its time; ending it twice is the same as once."""
    open_ones = HelperLink.objects.filter(pk=link_id, case_id=case_id, revoked_at=None)
    if not open_ones.update(revoked_at=now):
        return
    _moved(HelperLink.objects.get(pk=link_id), "revoke", by=by, now=now)
    announce.announce([announce.case(case_id)])


def opened(token: str, *, now: datetime) -> Help:
    """What a link opens. Raises NoSuchLink, and LinkEnded where it did once."""
    digest = _digest(token[:200])
    link = HelperLink.objects.filter(digest=digest).select_related("by").first()
    if link is None or not hmac.compare_digest(bytes(link.digest), digest):
        raise NoSuchLink(say("This link opens nothing. Perhaps a part of it was lost on the way."))
    if link.revoked_at is not None:
        raise LinkEnded(
            say("{name} has ended this link. Thank you for your help.", name=link.by.name)
        )
    if link.until <= now:
        raise LinkEnded(
            say("This link has ended. Ask {name} for a new one. Thank you.", name=link.by.name)
        )
    HelperLink.objects.filter(pk=link.pk, seen_at=None).update(seen_at=now)
    return Help(
        link.pk, link.case_id, link.name, link.initials, link.question, link.by.name, link.until,
        token.startswith(BOTH),
    )  # fmt: skip


@transaction.atomic
def answer(*, token: str, text: str, now: datetime, limits_for: LimitsFor) -> int:
    """A public answer in the helper's name, which waits for approval; gives the outgoing post.

    Raises what `opened` raises, TooMuch, and Objections.
    """
    found, link = _writing(token, now)
    text = _text(text)
    whom = facing(found.case_id, limits_for=limits_for)
    said = _said(text, found, whom, by=link.by_id, now=now)
    leaves_at = now + undo()
    row = Outgoing.objects.create(
        case_id=whom.case_id, account_id=whom.account_id, by_id=link.by_id, state=OUTGOING.first,
        room=Room.PUBLIC, text=said, reply_to=whom.reply_to, to=whom.customer, key=uuid4(),
        then="wait", created_at=now, leaves_at=leaves_at, wake_at=leaves_at,
        seen=newest_post(whom.case_id), helper=sign(found.name, found.initials),
    )  # fmt: skip
    record(
        row,
        "propose",
        by=None,
        now=now,
        note=later("Written by {helper}").format(helper=row.helper),
    )
    held_for_helper(
        row,
        reason=later("{name}, who is not of the team, wrote it.").format(name=found.name),
        now=now,
    )
    announce.announce([announce.case(whom.case_id)])
    return row.pk


@transaction.atomic
def tell(*, token: str, text: str, now: datetime) -> None:
    """A note for the team, in the helper's name. Raises ValueError, TooMuch, and as `opened`."""
    found, link = _writing(token, now)
    text = _text(text)
    if not text:
        raise ValueError(say("There is nothing to say yet."))
    note = f"{sign(found.name, found.initials)}: {text}"
    if len(note) > LONGEST_NOTE:
        raise ValueError(
            say(
                "A note may have {most} characters; this has {n}.",
                most=figure(LONGEST_NOTE),
                n=figure(len(note)),
            )
        )
    write_note(case_id=found.case_id, text=note, by=link.by_id, now=now)
    _moved(link, "note", by=None, now=now)


def links(case_id: int) -> list[Invited]:
    """Everybody who was asked about a case, the newest first."""
    rows = HelperLink.objects.filter(case_id=case_id).select_related("by").order_by("-pk")
    return [
        Invited(
            r.pk, r.name, r.initials, r.question, r.by.name, r.at, r.until, r.seen_at, r.revoked_at
        )
        for r in rows[:100]
    ]


def written(found: Help) -> list[Written]:
    """What a helper wrote in their case, oldest first."""
    rows = Outgoing.objects.filter(
        case_id=found.case_id, helper=sign(found.name, found.initials)
    ).order_by("pk")
    notes = dict(
        Approval.objects.filter(outgoing__in=rows, decision="sent back")
        .order_by("pk")
        .values_list("outgoing_id", "note")
    )
    return [Written(r.text, r.created_at, r.state, notes.get(r.pk, "")) for r in rows]


def sign(name: str, initials: str) -> str:
    """A helper's name and signature, as `Outgoing.helper` has it."""
    return f"{name} ^{initials}"


def _writing(token: str, now: datetime) -> tuple[Help, HelperLink]:
    """The link, locked while something is written by it, and not too much."""
    found = opened(token, now=now)
    link = HelperLink.objects.select_for_update().get(pk=found.id)
    day = now - timedelta(days=1)
    helper = sign(found.name, found.initials)
    answers = Outgoing.objects.filter(case_id=found.case_id, helper=helper, created_at__gt=day)
    notes = Move.objects.filter(kind="helperlink", row=link.pk, move="note", at__gt=day)
    if answers.count() + notes.count() >= MOST_WRITTEN:
        raise TooMuch(
            say(
                "That is a lot for one day. {asked_by} has it all; go on tomorrow.",
                asked_by=found.asked_by,
            )
        )
    fetch("respond/lock_case", {"case": found.case_id})
    return found, link


def _said(text: str, found: Help, whom: Facing, *, by: int, now: datetime) -> str:
    """An answer as it would be posted, in one post; raises Objections with what stops it."""
    rules = house(policies.current().document)
    minds = against(whom, Room.PUBLIC, text, by=by, now=now, rules=rules)
    stops = [one for one in minds if one.severity == "stop"]
    waits = Outgoing.objects.filter(
        case_id=found.case_id, state="held", helper=sign(found.name, found.initials)
    )
    if waits.exists():
        says = say("Your answer waits for {asked_by} already.", asked_by=found.asked_by)
        stops.append(Objection("crossing", says, "stop"))
    if stops:
        raise Objections(stops)
    room = space(Room.PUBLIC, whom.standing.limits)
    try:
        [said] = split(text, room, signature(text, found.initials), most_parts=1)
    except Unsplittable as error:
        says = say(
            "This is too long for one post, which has {most} characters.", most=figure(room.most)
        )
        raise Objections([Objection("too long", says, "stop")]) from error
    return said


def _mind_invitation(name: str, initials: str, question: str, days: int) -> None:
    if not name or len(name) > LONGEST_NAME or "^" in name:
        raise ValueError(
            say(
                "Say who helps, in at most {most} characters and without ^.",
                most=LONGEST_NAME,
            )
        )
    if not _INITIALS.fullmatch(initials):
        raise ValueError(say("Initials are one to four letters, like RS."))
    if not question or len(question) > LONGEST_QUESTION:
        raise ValueError(
            say(
                "Say what you ask them, in at most {most} characters.",
                most=figure(LONGEST_QUESTION),
            )
        )
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(say("A link lasts from one day to {most}.", most=MOST_DAYS))


def _moved(link: HelperLink, move: str, *, by: int | None, now: datetime) -> None:
    Move.objects.create(
        kind="helperlink", row=link.pk, was="", now="", move=move, by_id=by, at=now,
        note=sign(link.name, link.initials),
    )  # fmt: skip


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
