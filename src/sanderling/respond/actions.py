"""What agents do with their answers: type, propose, withdraw, and settle what went wrong.

Each action is one transaction and tells the pages. What the sender writes is in outbox.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

from django.db import transaction
from msgspec import to_builtins

from sanderling.cases.actions import Then, take_up
from sanderling.cases.rooms import rooms_of
from sanderling.core.answering import LONGEST
from sanderling.core.guards import Objection
from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Receipt, Room
from sanderling.core.words import figure, later, say
from sanderling.policy.queries import current
from sanderling.respond.belonging import case_of, topic
from sanderling.respond.holding import closed, held_by_policy, parts, text_of
from sanderling.respond.interlock import News, look_first, newest_post
from sanderling.respond.minding import (
    Objections,
    accepted,
    against,
    crossing,
    house,
    overruling,
    posts_of,
)
from sanderling.respond.models import Draft, Outgoing
from sanderling.respond.outbox import arrived, family, hold_rest
from sanderling.respond.pictures import hang, unhang, unsendable
from sanderling.respond.queries import Facing, LimitsFor, facing
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch

__all__ = ["News", "Objections"]


class TooLate(Exception):
    """The answer is no longer where this could be done; the sentence says where it is."""


class NoSuchPost(Exception):
    """There is no outgoing post with this number."""


class OnItsWay(Exception):
    """Another answer came under this key before; the sentence says what to do."""


@transaction.atomic
def save_draft(*, case_id: int, agent_id: int, room: str, text: str, now: datetime) -> None:
    """Keep what an agent has typed for a room (public, direct or note); no text, no draft.

    Raises ValueError, in words, for a text that no network would take.
    """
    if room not in (*Room, "note"):
        raise ValueError(say("There is no room called {room}.", room=room[:20]))
    text = _plain(text)
    if len(text) > LONGEST:
        raise ValueError(
            say(
                "A draft may have {most} characters; this has {n}.",
                most=figure(LONGEST),
                n=figure(len(text)),
            )
        )
    place: dict[str, Any] = {"case_id": case_id, "agent_id": agent_id, "room": room}
    if text.strip():
        Draft.objects.update_or_create(**place, defaults={"text": text, "saved_at": now})
    else:
        Draft.objects.filter(**place).delete()


@transaction.atomic
def propose(  # noqa: PLR0913  everything that makes an answer is said, nothing is assumed
    *,
    case_id: int,
    room: Room,
    text: str,
    reply_to_post: int | None,
    then: Then,
    seen: int,
    by: int,
    now: datetime,
    limits_for: LimitsFor,
    confirmed: Collection[str] = (),
    invites: bool = False,
    pictures: Sequence[int] = (),
    key: UUID | None = None,
    takes: bool = True,
) -> int:
    """Let an answer leave after the undo window, signed; returns the number of the outgoing post.

    A public answer replies to `reply_to_post`, or to the customer's newest public post; it
    `invites` the customer to write in private, or not. A long one becomes a thread: the number is
    that of its first post. `seen` is the newest post of the case that its author had before them,
    `confirmed` the rules that they overrule, `pictures` those beside the draft that hang on its
    first post. Who answers a case that nobody has `takes` it, unless one answer goes to very many.
    Raises News where something newer stands in the case, then Objections with every reason against
    it, and NoSuchCase.

    The same answer under the same `key` is one answer, however often it comes: a page whose line
    broke cannot know whether it was heard. Raises OnItsWay for another answer under it.
    """
    if then not in get_args(Then):
        raise ValueError(say("A case cannot {then} after an answer.", then=then[:20]))
    text = _plain(text).strip()
    whom = facing(case_id, limits_for=limits_for, post=reply_to_post)
    fetch("respond/lock_case", {"case": whom.case_id})
    key, earlier = _first_use(key)
    if earlier is not None:
        return _came_before(earlier, whom.case_id, room, text, by)
    look_first(whom.case_id, seen=seen, by=by)
    policy = current()
    rules, limits = house(policy.document), whom.standing.limits

    def look() -> list[Objection]:
        found = _gone(whom, reply_to_post)
        found += against(whom, room, text, by=by, now=now, rules=rules)
        return found + unsendable(pictures, case_id=whom.case_id, room=room, by=by, limits=limits)

    overruled = overruling(look, confirmed)
    posts = posts_of(room, text, whom, by)
    accepted(crossing(whom, room, posts[0], by=by, now=now), ())
    if takes:
        take_up(case_id=whom.case_id, by=by, now=now)
    leaves_at = now + timedelta(seconds=policy.document.undo)
    answer = Outgoing(
        case_id=whom.case_id,
        account_id=whom.account_id,
        by_id=by,
        state=OUTGOING.first,
        room=room,
        reply_to=_reply_to(room, whom, reply_to_post),
        to=whom.customer,
        seen=seen,
        confirmed=to_builtins(overruled),
        policy=policy.version,
        invites=room is Room.PUBLIC and (invites or _leads_to_messages(whom, text)),
        created_at=now,
        leaves_at=leaves_at,
        wake_at=leaves_at,
    )
    rows = _queue(answer, posts, then, key=key, now=now)
    hang(pictures, outgoing=rows[0])
    held_by_policy(rows, now=now)
    Draft.objects.filter(case_id=case_id, agent_id=by, room=room).delete()
    announce.announce([announce.case(whom.case_id)])
    return rows[0].pk


def _first_use(key: UUID | None) -> tuple[UUID, Outgoing | None]:
    """A key for an answer, and what came under it before and was not taken back."""
    earlier = Outgoing.objects.filter(key=key).first() if key else None
    if earlier is not None and earlier.state != "withdrawn":
        return earlier.key, earlier
    return (uuid4() if earlier else key or uuid4()), None


def _came_before(earlier: Outgoing, case_id: int, room: Room, text: str, by: int) -> int:
    """The number of an answer that came before, and is this one. Raises OnItsWay."""
    if (earlier.case_id, earlier.by_id, earlier.room) != (case_id, by, room) or (
        text_of(parts(earlier)) != text
    ):
        raise OnItsWay(
            say("Your answer from before did reach the desk. Look at it, then send this too.")
        )
    Draft.objects.filter(case_id=case_id, agent_id=by, room=room).delete()
    return earlier.pk


def _queue(
    answer: Outgoing, posts: Sequence[str], then: Then, *, key: UUID, now: datetime
) -> list[Outgoing]:
    """An answer as the posts that say it, in their order; the case moves with the last of them.
    Its first post goes under `key`."""
    whole = uuid4() if len(posts) > 1 else None
    rows = []
    for part, text in enumerate(posts, 1):
        row = copy(answer)
        row.text, row.key, row.whole = text, key if part == 1 else uuid4(), whole
        row.part, row.parts = part, len(posts)
        row.then = then if part == len(posts) else "keep open"
        row.invites = answer.invites and part == len(posts)
        row.save(force_insert=True)
        record(row, "propose", by=row.by_id, now=now)
        rows.append(row)
    return rows


@transaction.atomic
def withdraw(*, outgoing_id: int, by: int, now: datetime) -> int:
    """Take an answer back before it leaves, or after it was refused; returns the case's number.

    All of its posts that have not left come back with it. The text goes back to its author's draft,
    above what they have typed since. Raises TooLate.
    """
    row = _row(outgoing_id)
    case_id = case_of(row)
    closed([row, *family(row)], by=by, now=now)
    _move(row, "withdraw", by=by, now=now, wake_at=None)
    others = [other for other in family(row) if "withdraw" in OUTGOING.may(other.state)]
    for other in others:
        _move(other, "withdraw", by=by, now=now, wake_at=None)
    back = sorted([row, *others], key=lambda one: one.part)
    unhang(back)
    give_back(row, text_of(back), now=now)
    return case_id


def give_back(row: Outgoing, text: str, *, now: datetime) -> None:
    """Put a text into its author's draft again, above what they have typed since; not twice."""
    draft, new = Draft.objects.select_for_update().get_or_create(
        case_id=case_of(row),
        agent_id=row.by_id,
        room=row.room,
        defaults={"text": text, "saved_at": now},
    )
    if not new and draft.text.strip() != text.strip():  # a slow page may have kept it once more
        draft.text, draft.saved_at = f"{text}\n\n{draft.text}"[:LONGEST], now
        draft.save(update_fields=["text", "saved_at"])


@transaction.atomic
def release(*, outgoing_id: int, seen: int, by: int, now: datetime) -> None:
    """Let an answer leave all the same that was held back because something new came in.

    `seen` is the newest post that whoever decides has before them. It leaves after another undo
    window. Raises News where there is something newer still, TooLate where it is not held for that.
    """
    row = _row(outgoing_id)
    if row.held_for == "approval":
        raise TooLate(say("It waits for approval, and nobody can let it leave before."))
    case_id = case_of(row)
    fetch("respond/lock_case", {"case": case_id})
    look_first(case_id, seen=seen, by=row.by_id)
    leaves_at = now + undo()
    for held in [row, *(other for other in family(row) if other.state == "held")]:
        _move(
            held, "release", by=by, now=now, leaves_at=leaves_at, wake_at=leaves_at, seen=seen,
            held_for="", trouble="",
        )  # fmt: skip


def undo() -> timedelta:
    """How long an answer can be taken back before it leaves, by the policy."""
    return timedelta(seconds=current().document.undo)


@transaction.atomic
def try_again(*, outgoing_id: int, by: int, now: datetime) -> None:
    """Let a failed answer leave once more, after another undo window. Raises TooLate."""
    row, leaves_at = _row(outgoing_id), now + undo()
    changes = {"leaves_at": leaves_at, "wake_at": leaves_at, "trouble": ""}
    seen = _newest(row)  # whoever decides has the case before them
    _move(row, "try again", by=by, now=now, tries=0, seen=seen, **changes)
    for other in family(row):
        if other.state == "held" and not other.held_for:
            _move(other, "release", by=by, now=now, **changes)


@transaction.atomic
def settle_found(*, outgoing_id: int, by: int, now: datetime, remote_id: str | None = None) -> None:
    """A person saw that an answer stands; `remote_id` if they know it. Raises TooLate.

    Without its id the case moves when the post is heard from the network like any other of ours.
    """
    row = _row(outgoing_id)
    if remote_id:
        with _in_time(row):
            arrived(row, "found", Receipt(remote_id=remote_id, at=now), by=by, now=now)
    else:
        _move(row, "found", by=by, now=now, wake_at=None, sent_at=now, trouble="")


@transaction.atomic
def settle_missing(*, outgoing_id: int, by: int, now: datetime) -> None:
    """A person saw that an answer does not stand: send it again, at once. Raises TooLate.

    They have the case before them, so that nothing which stands there holds it back.
    """
    row = _row(outgoing_id)
    seen = _newest(row)
    _move(row, "not there", by=by, now=now, wake_at=now, tries=0, trouble="", seen=seen)


@transaction.atomic
def give_up(*, outgoing_id: int, by: int, now: datetime) -> None:
    """Stop looking for an answer; it may or may not stand. Raises TooLate."""
    row = _row(outgoing_id)
    why = later("Given up: nobody knows whether it stands on the network.")
    _move(row, "give up", by=by, now=now, wake_at=None, trouble=why)
    hold_rest(row, now=now)


def _gone(whom: Facing, asked: int | None) -> list[Objection]:
    """The post that was chosen is not there to be answered."""
    if asked is None or whom.post == asked:
        return []
    says = say("The post you answer is not part of this case any more. Choose another.")
    return [Objection("no answer possible", says, "stop")]


def _leads_to_messages(whom: Facing, text: str) -> bool:
    """Whether a public text asks to write in private without its author having said so."""
    link = whom.standing.limits.message_link
    return bool(link) and rooms_of(whom.case_id).invited_by(text, link)


def _reply_to(room: Room, whom: Facing, asked: int | None) -> str | None:
    """The post to answer: in public always one, in direct messages only one that was asked for."""
    target = whom.standing.target
    if room is Room.DIRECT and (asked is None or target is None or target.room is not room):
        return None
    return whom.reply_to


def _newest(row: Outgoing) -> int:
    return 0 if row.case_id is None else newest_post(row.case_id)


def _row(outgoing_id: int) -> Outgoing:
    row = Outgoing.objects.filter(pk=outgoing_id).first()
    if row is None:
        raise NoSuchPost(say("There is no outgoing post {number}.", number=outgoing_id))
    return row


def _move(row: Outgoing, move: str, *, by: int, now: datetime, **changes: Any) -> None:
    with _in_time(row):
        advance(row, OUTGOING, move, by=by, now=now, **changes)
    announce.announce([topic(row)])


_TOO_LATE = {
    "queued": later("Too late for that. It waits to leave."),
    "held": later("Too late for that. It is held back."),
    "sending": later("Too late for that. It is leaving this very moment."),
    "sent": later("Too late for that. It stands on the network."),
    "unsure": later(
        "Too late for that. It may stand on the network already; the desk is looking for it."
    ),
    "failed": later("Too late for that. It was not sent."),
    "withdrawn": later("Too late for that. It was withdrawn."),
}


@contextmanager
def _in_time(row: Outgoing) -> Iterator[None]:
    """Raise TooLate where the post has moved on in the meantime."""
    try:
        yield
    except (Impossible, Overtaken) as error:
        state = Outgoing.objects.values_list("state", flat=True).get(pk=row.pk)
        raise TooLate(say(_TOO_LATE[state])) from error


def _plain(text: str) -> str:
    """Text as networks take it: one kind of line end, and nothing that cannot be kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
