"""Pictures of an answer: attached, described, sent with it, and thrown away afterwards.

A picture waits beside an agent's draft for one room, as the draft does. It leaves only described.
Each function that writes is one transaction.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from sanderling.core.guards import Objection
from sanderling.core.network import Limits, Media, Room
from sanderling.core.pictures import NotAPicture, clean
from sanderling.core.words import figure, later, many, say
from sanderling.respond.belonging import case_of
from sanderling.respond.models import Outgoing, Picture
from sanderling.respond.queries import LimitsFor, facing

LONGEST_ALT = 1_000
"""Characters of a description; the least that a network allows."""

MOST_WAITING = 10
"""Pictures beside one draft, whatever the network."""

UNUSED = timedelta(days=1)
SENT = timedelta(days=30)
"""How long a picture is kept that was not sent, and one that was."""

UNDESCRIBED = later("Describe the picture for those who cannot see it.")


class Unfit(Exception):
    """Why this picture cannot be attached or described; the sentence is for its agent."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture that waits beside a draft, or hangs on an answer."""

    id: int
    alt: str
    width: int
    height: int
    room: Room


@transaction.atomic
def attach(
    *, case_id: int, room: Room, held: bytes, by: int, now: datetime, limits_for: LimitsFor
) -> Attached:
    """Keep a picture beside an agent's draft, without what the camera wrote into it.

    Raises Unfit in words, and NoSuchCase.
    """
    whom = facing(case_id, limits_for=limits_for)
    limits = whom.standing.limits
    if why := _too_many(room, limits, len(waiting(case_id=whom.case_id, by=by, room=room)) + 1):
        raise Unfit(why)
    if len(held) > 4 * max(limits.media_bytes, 1):  # metadata is never that much of a picture
        raise Unfit(_too_large(len(held), limits))
    try:
        found = clean(held)
    except NotAPicture as error:
        raise Unfit(str(error)) from error
    if why := _not_taken(found.type, len(found.held), limits):
        raise Unfit(why)
    row = Picture.objects.create(
        case_id=whom.case_id, agent_id=by, room=room, type=found.type, bytes=found.held,
        width=found.width, height=found.height, at=now,
    )  # fmt: skip
    return _attached(row)


@transaction.atomic
def describe(*, picture_id: int, by: int, alt: str) -> None:
    """Say what is to be seen in a picture that waits; raises Unfit."""
    alt = " ".join(alt.replace("\0", "").split())
    if len(alt) > LONGEST_ALT:
        raise Unfit(
            say(
                "A description may have {most} characters; this has {n}.",
                most=figure(LONGEST_ALT),
                n=figure(len(alt)),
            )
        )
    if not _mine(by).filter(pk=picture_id).update(alt=alt):
        raise Unfit(say("This picture is not beside your draft any more."))


@transaction.atomic
def remove(*, picture_id: int, by: int) -> None:
    """Take a picture away from beside a draft; twice is the same as once."""
    _mine(by).filter(pk=picture_id).delete()


def waiting(*, case_id: int, by: int, room: Room | None = None) -> list[Attached]:
    """The pictures beside an agent's drafts in a case, in the order in which they were attached."""
    rows = _mine(by).filter(case_id=case_id, **({"room": room} if room else {}))
    return [_attached(row) for row in rows.defer("bytes").order_by("id")]


def shown(picture_id: int) -> tuple[str, bytes] | None:
    """Type and bytes of a picture, as long as it is kept."""
    row = Picture.objects.filter(pk=picture_id).only("type", "bytes").first()
    return (row.type, bytes(row.bytes)) if row and row.bytes else None


def unsendable(
    pictures: Sequence[int], *, case_id: int, room: Room, by: int, limits: Limits
) -> list[Objection]:
    """What stops these pictures from being sent."""
    rows = _wanted(pictures, case_id, room, by).defer("bytes")
    found = [_too_many(room, limits, len(set(pictures)))] if pictures else []
    if len(rows) != len(set(pictures)):
        found.append(say("A picture is not beside your draft any more. Attach it again."))
    found += [_not_taken(row.type, 0, limits) for row in rows]
    if any(not row.alt for row in rows):
        found.append(say(UNDESCRIBED))
    return [Objection(rule="picture", says=why, severity="stop") for why in found if why]


def hang(pictures: Sequence[int], *, outgoing: Outgoing) -> None:
    """Hang pictures on an answer that is about to be queued, in the transaction that queues it."""
    if not pictures:
        return
    rows = _wanted(pictures, case_of(outgoing), Room(outgoing.room), outgoing.by_id)
    kept = {row.pk: row for row in rows.defer("bytes")}
    rows.update(outgoing=outgoing)
    outgoing.media = [{"picture": id, "alt": kept[id].alt} for id in sorted(kept)]
    outgoing.save(update_fields=["media"])


def unhang(answer: Sequence[Outgoing]) -> None:
    """An answer was taken back: the pictures of its posts wait beside the draft again."""
    Picture.objects.filter(outgoing__in=answer).update(outgoing=None)


def media_of(outgoing: Outgoing) -> tuple[Media, ...]:
    """What hangs on an answer, as its network gets it."""
    if not outgoing.media:
        return ()
    rows = Picture.objects.filter(outgoing=outgoing).order_by("id")
    return tuple(
        Media(kind="picture", url=f"data:{row.type};base64,{_text(row.bytes)}", alt=row.alt)
        for row in rows
    )


def described(outgoing: Outgoing) -> tuple[Media, ...]:
    """What hangs on an answer, as the desk remembers it: descriptions, no bytes."""
    return tuple(Media(kind="picture", url="", alt=one["alt"]) for one in outgoing.media)


def tidy(*, now: datetime) -> int:
    """Throw away pictures that were not sent within a day, and those sent a month ago."""
    unused = Q(outgoing=None, at__lt=now - UNUSED)
    done = Q(outgoing__state__in=["sent", "withdrawn"], at__lt=now - SENT)
    gone, _ = Picture.objects.filter(unused | done).delete()
    return gone


def _mine(by: int) -> QuerySet[Picture]:
    return Picture.objects.filter(agent_id=by, outgoing=None)


def _wanted(pictures: Sequence[int], case_id: int, room: Room, by: int) -> QuerySet[Picture]:
    return _mine(by).filter(pk__in=list(pictures), case_id=case_id, room=room)


def _attached(row: Picture) -> Attached:
    return Attached(row.pk, row.alt, row.width, row.height, Room(row.room))


def _too_many(room: Room, limits: Limits, count: int) -> str:
    most = min(limits.pictures(room), MOST_WAITING)
    if count <= most:
        return ""
    if room is Room.PUBLIC:
        if not most:
            return say("Here no picture can hang on a public post.")
        return many(
            "Here one picture can hang on a public post at most.",
            "Here {n} pictures can hang on a public post at most.",
            most,
        )
    if not most:
        return say("Here no picture can hang on a direct message.")
    return many(
        "Here one picture can hang on a direct message at most.",
        "Here {n} pictures can hang on a direct message at most.",
        most,
    )


def _not_taken(kind: str, size: int, limits: Limits) -> str:
    if kind not in limits.media_types:
        known = ", ".join(t.removeprefix("image/").upper() for t in limits.media_types[:6])
        return say(
            "This network takes no {kind}. It takes {known}.",
            kind=kind.removeprefix("image/").upper(),
            known=known,
        )
    return _too_large(size, limits) if size > limits.media_bytes else ""


def _too_large(size: int, limits: Limits) -> str:
    return say(
        "This picture has {size} MB, and this network takes {most} MB at most. Make it smaller,"
        " then attach it again.",
        size=f"{size / 1e6:.1f}",
        most=f"{limits.media_bytes / 1e6:.1f}",
    )


def _text(held: Any) -> str:
    return base64.b64encode(bytes(held)).decode()
