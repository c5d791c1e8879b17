"""What pages and training read of verdicts, corrections, topics and layers. Every row is frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from sanderling.core.facts import Facts
from sanderling.core.network import Room
from sanderling.core.verdict import Aspect, Flag, Kind, Odds, Reason, Tone, Urgency
from sanderling.store.sql import fetch, from_json
from sanderling.triage.models import Correction, Layer, Look, Topic, Verdict

MOST_COPIES = 1_000
MOST_CORRECTIONS = 50
MOST_LESSONS = 100_000
NOT_FOR_TRAINING = ("x",)
"""Networks whose rules forbid to train models with what is written there."""


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """An agent's word on one aspect; values as corrections write them."""

    aspect: Aspect
    was: str
    now: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in a post, and what people said about that, the newest word first.

    What a judge of an older version did not tell is None or empty. `copies` is how many other
    posts say nearly the same, counted no further than MOST_COPIES; `copy_of` the first of them.
    `corrections` may be about older wordings too; `corrected` is about this one.
    """

    post: int
    needs_us: bool
    kind: Kind
    tone: Tone
    urgency: Urgency
    lang: str
    heat: float | None
    flags: tuple[Flag, ...]
    odds: Odds | None
    unsure: tuple[Aspect, ...]
    topic: int | None
    copy_of: int | None
    copies: int
    judge: str
    policy: int | None
    reasons: tuple[Reason, ...]
    corrected: tuple[Aspect, ...]
    corrections: tuple[CorrectionMade, ...]


class Lesson(NamedTuple):
    """What somebody corrected, for training: the post as it was then, and the value that is right.

    The newest word on an aspect of a wording; followers are those the author has now.
    """

    post: int
    facts: Facts
    aspect: Aspect
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the tree, after the one above it; `depth` is 0 at the top."""

    id: int
    name: str
    parent: int | None
    words: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer without its weights. `live_from` is when it last went live."""

    id: int
    made_at: datetime
    base: str
    figures: dict[str, Any]
    note: str
    live: bool
    live_from: datetime | None


class LiveLayer(NamedTuple):
    """The layer that judges now: for which judge, and its weights."""

    id: int
    base: str
    weights: bytes


def verdict_of(post_id: int) -> Found | None:
    """All that was found in a post; None if it was not judged yet."""
    found = fetch("triage/verdict", {"post": post_id, "most": MOST_COPIES})
    if not found:
        return None
    needs_us, kind, tone, urgency, lang, heat, flags, odds, unsure, *rest = found[0]
    topic, copy_of, copies, judge, policy, reasons, corrected = rest
    return Found(
        post=post_id, needs_us=needs_us, kind=Kind(kind), tone=Tone(tone),
        urgency=Urgency(urgency), lang=lang, heat=heat, flags=tuple(map(Flag, flags)),
        odds=None if odds is None else _read(odds, Odds), unsure=tuple(map(Aspect, unsure)),
        topic=topic, copy_of=copy_of, copies=copies, judge=judge, policy=policy,
        reasons=_read(reasons, tuple[Reason, ...]), corrected=tuple(map(Aspect, corrected)),
        corrections=_corrections(post_id),
    )  # fmt: skip


def _corrections(post_id: int) -> tuple[CorrectionMade, ...]:
    rows = Correction.objects.filter(post_id=post_id).order_by("-id")[:MOST_CORRECTIONS]
    return tuple(_made(c) for c in rows.select_related("by"))


def latest_corrections(limit: int) -> list[tuple[int, CorrectionMade]]:
    """The newest corrections at the desk, each with the number of its post."""
    rows = Correction.objects.order_by("-id")[:limit]
    return [(c.post_id, _made(c)) for c in rows.select_related("by")]


def _made(c: Correction) -> CorrectionMade:
    return CorrectionMade(Aspect(c.aspect), c.was, c.now, c.by.name, c.why, c.at)


def newest_judge() -> str:
    """Who judged the newest post that has a verdict; empty while there is none."""
    newest = Verdict.objects.order_by("-pk").values_list("judge", flat=True)
    return newest.first() or ""


def looks_waiting() -> int:
    """How many posts wait for a second look."""
    return Look.objects.count()


def trainable(
    *, allow_x: bool, aspects: Collection[Aspect] = tuple(Aspect), limit: int = MOST_LESSONS
) -> list[Lesson]:
    """What can be learnt from about `aspects`, the newest correction first.

    Posts of networks that forbid training are left out unless `allow_x`; so is what was deleted.
    """
    never = [] if allow_x else list(NOT_FOR_TRAINING)
    wanted = [aspect.value for aspect in aspects]
    rows = fetch("triage/trainable", {"never": never, "aspects": wanted, "limit": limit})
    return [
        Lesson(post, facts_of(*facts), Aspect(aspect), value, at)
        for post, *facts, aspect, value, at in rows
    ]


def newest_lesson(aspect: Aspect) -> int | None:
    """The number of the newest correction of an aspect: a new one is something to learn."""
    known = Correction.objects.filter(aspect=aspect).order_by("-id")
    return known.values_list("pk", flat=True).first()


def topics() -> list[TopicRow]:
    """The tree of topics from the top down, those side by side by name."""
    below: dict[int | None, list[Topic]] = {}
    for topic in Topic.objects.order_by("name", "id"):
        below.setdefault(topic.parent_id, []).append(topic)
    found: list[TopicRow] = []

    def walk(parent: int | None, depth: int) -> None:
        for t in below.pop(parent, ()):
            found.append(TopicRow(t.pk, t.name, t.parent_id, tuple(t.words), depth))
            walk(t.pk, depth + 1)

    walk(None, 0)
    return found


def layers() -> list[LayerRow]:
    """Every layer, the newest first."""
    names = ("id", "made_at", "base", "figures", "note", "live", "live_from")
    return [LayerRow(*row) for row in Layer.objects.order_by("-id").values_list(*names)]


def live_layer_id() -> int | None:
    """Which layer judges now: cheap enough to be asked again and again."""
    return Layer.objects.filter(live=True).values_list("pk", flat=True).first()


def live_layer() -> LiveLayer | None:
    """The layer that judges now, with its weights; None if there is none."""
    row = Layer.objects.filter(live=True).values_list("pk", "base", "weights").first()
    return LiveLayer(row[0], row[1], bytes(row[2])) if row else None


def facts_of(
    text: str, room: str, created_at: datetime, lang: str | None, followers: int | None,
    *flags: bool,
) -> Facts:  # fmt: skip
    """What a judge may ask about a customer's post, from columns in this order.

    `flags`: to us, a reply, with media.
    """
    to_us, is_reply, has_media = flags
    return Facts(
        text=text, room=Room(room), created_at=created_at, lang=lang, followers=followers,
        to_us=to_us, is_reply=is_reply, has_media=has_media,
    )  # fmt: skip


def _read(value: Any, shape: Any) -> Any:
    return msgspec.convert(from_json(value), shape)
