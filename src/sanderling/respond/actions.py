"""What agents do with their answers: type, propose, withdraw, and settle what went wrong.

Each action is one transaction and tells the pages. What the sender writes is in outbox.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

from django.db import transaction

from sanderling.cases.actions import Then, take_up
from sanderling.core.answering import LONGEST, objections, signed, unsigned
from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import OUTGOING
from sanderling.core.network import Receipt, Room
from sanderling.respond.models import Draft, Outgoing
from sanderling.respond.outbox import arrived
from sanderling.respond.queries import Facing, LimitsFor, UnderWay, facing, initials, outgoing_of
from sanderling.store import announce
from sanderling.store.moves import Overtaken, advance, record
from sanderling.store.sql import fetch

UNDO = timedelta(seconds=8)
"""How long an answer can be taken back before it leaves."""


class Objections(Exception):
    """Why this text cannot be sent: `sentences` for its author."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(sentences))


class TooLate(Exception):
    """The answer is no longer where this could be done; the sentence says where it is."""


class NoSuchPost(Exception):
    """There is no outgoing post with this number."""


@transaction.atomic
def save_draft(*, case_id: int, agent_id: int, room: str, text: str, now: datetime) -> None:
    """Keep what an agent has typed for a room (public, direct or note); no text, no draft.

    Raises ValueError, in words, for a text that no network would take.
    """
    if room not in (*Room, "note"):
        raise ValueError(f"There is no room called {room[:20]}.")
    text = _plain(text)
    if len(text) > LONGEST:
        raise ValueError(f"A draft may have {LONGEST:,} characters; this has {len(text):,}.")
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
    by: int,
    now: datetime,
    limits_for: LimitsFor,
) -> int:
    """Let an answer leave after the undo window, signed; returns the number of the outgoing post.

    A public answer replies to `reply_to_post`, or to the customer's newest public post. Raises
    Objections with every reason against it, and NoSuchCase.
    """
    if then not in get_args(Then):
        raise ValueError(f"A case cannot {then[:20]} after an answer.")
    text = _plain(text).strip()
    whom = facing(case_id, limits_for=limits_for, post=reply_to_post)
    fetch("respond/hold_case", {"case": whom.case_id})
    said = signed(text, initials(by))
    _mind(room, text, said, whom, by, now, asked=reply_to_post)
    take_up(case_id=whom.case_id, by=by, now=now)
    row = Outgoing.objects.create(
        case_id=whom.case_id,
        account_id=whom.account_id,
        by_id=by,
        state=OUTGOING.first,
        room=room,
        text=said,
        reply_to=_reply_to(room, whom, reply_to_post),
        to=whom.customer,
        key=uuid4(),
        then=then,
        created_at=now,
        leaves_at=now + UNDO,
        wake_at=now + UNDO,
    )
    record(row, "propose", by=by, now=now)
    Draft.objects.filter(case_id=case_id, agent_id=by, room=room).delete()
    announce.announce([announce.case(whom.case_id)])
    return row.pk


@transaction.atomic
def withdraw(*, outgoing_id: int, by: int, now: datetime) -> int:
    """Take an answer back before it leaves, or after it was refused; returns the case's number.

    The text goes back to its author's draft, above what they have typed since. Raises TooLate.
    """
    row = _row(outgoing_id)
    _move(row, "withdraw", by=by, now=now, wake_at=None)
    text = unsigned(row.text, initials(row.by_id))
    draft, new = Draft.objects.select_for_update().get_or_create(
        case_id=row.case_id,
        agent_id=row.by_id,
        room=row.room,
        defaults={"text": text, "saved_at": now},
    )
    if not new:
        draft.text, draft.saved_at = f"{text}\n\n{draft.text}"[:LONGEST], now
        draft.save(update_fields=["text", "saved_at"])
    return row.case_id


@transaction.atomic
def try_again(*, outgoing_id: int, by: int, now: datetime) -> None:
    """Let a failed answer leave once more, after another undo window. Raises TooLate."""
    leaves_at = now + UNDO
    _move(
        _row(outgoing_id),
        "try again",
        by=by,
        now=now,
        leaves_at=leaves_at,
        wake_at=leaves_at,
        tries=0,
        trouble="",
    )


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
    """A person saw that an answer does not stand: send it again, at once. Raises TooLate."""
    _move(_row(outgoing_id), "not there", by=by, now=now, wake_at=now, tries=0, trouble="")


@transaction.atomic
def give_up(*, outgoing_id: int, by: int, now: datetime) -> None:
    """Stop looking for an answer; it may or may not stand. Raises TooLate."""
    _move(
        _row(outgoing_id),
        "give up",
        by=by,
        now=now,
        wake_at=None,
        trouble="Given up: nobody knows whether it stands on the network.",
    )


def _mind(  # noqa: PLR0913  all that may speak against an answer
    room: Room, text: str, said: str, whom: Facing, by: int, now: datetime, *, asked: int | None
) -> None:
    found = objections(room, said, whom.standing)
    if not text:
        found.insert(0, "There is nothing to say yet.")
    if len(said) > LONGEST:
        found.append(f"An answer may have {LONGEST:,} characters; this has {len(said):,}.")
    if asked is not None and whom.post != asked:
        found.append("The post you answer is not part of this case any more. Choose another.")
    found += [
        _crossing(other, by, now)
        for other in outgoing_of(whom.case_id)
        if other.room is room and other.state != "failed" and (other.by != by or other.text == said)
    ]
    if found:
        raise Objections(found)


def _crossing(other: UnderWay, by: int, now: datetime) -> str:
    """An answer of a colleague's, or this very one, is on its way already."""
    whose = "This same answer of yours" if other.by == by else f"{other.by_name}'s answer"
    seconds = (other.leaves_at - now).total_seconds()
    if other.state == "queued" and seconds > 0:
        return f"{whose} leaves in {max(1, round(seconds))} seconds."
    return f"{whose} is on its way already."


def _reply_to(room: Room, whom: Facing, asked: int | None) -> str | None:
    """The post to answer: in public always one, in direct messages only one that was asked for."""
    target = whom.standing.target
    if room is Room.DIRECT and (asked is None or target is None or target.room is not room):
        return None
    return whom.reply_to


def _row(outgoing_id: int) -> Outgoing:
    row = Outgoing.objects.filter(pk=outgoing_id).first()
    if row is None:
        raise NoSuchPost(f"There is no outgoing post {outgoing_id}.")
    return row


def _move(row: Outgoing, move: str, *, by: int, now: datetime, **changes: Any) -> None:
    with _in_time(row):
        advance(row, OUTGOING, move, by=by, now=now, **changes)
    announce.announce([announce.case(row.case_id)])


_WHERE = {
    "queued": "It waits to leave.",
    "sending": "It is leaving this very moment.",
    "sent": "It stands on the network.",
    "unsure": "It may stand on the network already; the desk is looking for it.",
    "failed": "It was not sent.",
    "withdrawn": "It was withdrawn.",
}


@contextmanager
def _in_time(row: Outgoing) -> Iterator[None]:
    """Raise TooLate where the post has moved on in the meantime."""
    try:
        yield
    except (Impossible, Overtaken) as error:
        state = Outgoing.objects.values_list("state", flat=True).get(pk=row.pk)
        raise TooLate(f"Too late for that. {_WHERE[state]}") from error


def _plain(text: str) -> str:
    """Text as networks take it: one kind of line end, and nothing that cannot be kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
