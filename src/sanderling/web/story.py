"""The story of a case as it is read: chapters in the order of time, each in one room.

A room goes on as long as nothing happens in the other; what agents did stands as quiet lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sanderling.cases.queries import (
    CaseMove,
    CaseNote,
    CasePage,
    CasePost,
    Marks,
    Someone,
    Timeline,
)
from sanderling.people.queries import Colleague
from sanderling.respond.queries import UnderWay
from sanderling.web.findings import corrected


@dataclass(frozen=True, slots=True)
class Said:
    """A post in the timeline; `way` where it is ours and not sent yet, else `post` is its number.

    `marks` are those of its verdict, where it is not ours and was judged.
    """

    id: str
    room: str
    at: datetime
    text: str
    author: Someone
    ours: bool
    by: Colleague | None = None
    native: bool = False
    bystander: bool = False
    edited: bool = False
    deleted: datetime | None = None
    likes: int = 0
    reposts: int = 0
    media: tuple[Any, ...] = ()
    url: str = ""
    way: UnderWay | None = None
    post: int = 0
    marks: Marks | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A note of the team's."""

    id: str
    room: str
    at: datetime
    note: CaseNote

    @property
    def text(self) -> str:
        """What it says."""
        return self.note.text

    @property
    def by(self) -> Any:
        """Who wrote it."""
        return self.note.by


@dataclass(frozen=True, slots=True)
class Happened:
    """A quiet line: something that was done to the case."""

    id: str
    room: str
    at: datetime
    icon: str
    text: str


Item = Said | Told | Happened


@dataclass(frozen=True, slots=True)
class Chapter:
    """Items of one room: public, direct, note, or events alone (an empty room)."""

    id: str
    room: str
    continued: bool
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Story:
    """The chapters of a case; `cut` says that older posts are left out."""

    chapters: list[Chapter]
    cut: bool


_EVENTS = {
    "take": ("user-check", "{by} took the case"),
    "assign": ("user-check", "{by} passed the case on"),
    "put back": ("circle-dashed", "{by} put the case back for anybody"),
    "resolve": ("check-check", "{by} resolved the case"),
    "dismiss": ("ban", "{by} found that it needs no answer"),
    "reopen": ("history", "{by} opened the case again"),
    "snooze": ("alarm-clock", "{by} put the case aside for a while"),
    "withdraw": ("ban", "The post was taken back by its author"),
    "close": ("check", "Closed: it stayed quiet"),
    "merge": ("merge", "Became part of another case"),
    "correct": ("pencil-line", "{by} "),
}


def tell(
    case: CasePage,
    timeline: Timeline,
    under_way: Iterable[UnderWay],
    senders: dict[str, int],
    agents: dict[int, Colleague],
) -> Story:
    """Put everything in order. `senders` maps ids on the network to the agents who answered."""
    posts = [_post(p, agents.get(senders.get(p.remote_id, 0))) for p in timeline.posts]
    ways = [_way(o, case, agents.get(o.by)) for o in under_way]
    notes = [Told(f"note-{n.id}", "note", n.at, n) for n in timeline.notes]
    events = [e for m in timeline.moves if (e := _event(m))]
    items: list[Item] = [*posts, *events, *notes, *ways]
    items.sort(key=lambda item: item.at)
    return Story(_chapters(items), timeline.cut)


def _chapters(items: Iterable[Item]) -> list[Chapter]:
    chapters: list[Chapter] = []
    rooms: set[str] = set()
    for item in items:
        if not chapters or not _goes_on(chapters[-1], item):
            chapters.append(Chapter(f"ch-{item.id}", item.room, item.room in rooms))
            rooms.add(item.room)
        chapters[-1].items.append(item)
    return chapters


def _goes_on(chapter: Chapter, item: Item) -> bool:
    """Whether an item belongs to the chapter before it; every note stands alone."""
    if chapter.room == "note":
        return False
    return item.room in ("", chapter.room)


def _post(p: CasePost, by: Colleague | None) -> Said:
    return Said(
        id=f"post-{p.id}", room=p.room, at=p.at, text=p.text, author=p.author,
        ours=p.direction == "ours", by=by, native=p.origin == "native",
        bystander=p.role == "bystander", edited=p.edited, deleted=p.deleted_at, likes=p.likes,
        reposts=p.reposts, media=p.media, url=p.url, post=p.id,
        marks=p.marks if p.marks.judged and p.direction == "theirs" else None,
    )  # fmt: skip


def _way(o: UnderWay, case: CasePage, by: Colleague | None) -> Said:
    return Said(
        id=f"out-{o.id}", room=o.room, at=o.created_at, text=o.text, author=case.account,
        ours=True, by=by, way=o,
    )  # fmt: skip


def _event(move: CaseMove) -> Happened | None:
    if move.move == "customer wrote" and move.was in ("resolved", "closed"):
        icon, text = "history", "Opened again: the customer wrote"
    elif move.move in _EVENTS:
        icon, text = _EVENTS[move.move]
    else:
        return None
    said = text.format(by=move.by or "The desk")
    if move.move == "correct":
        return Happened(f"move-{move.id}", "", move.at, icon, said + corrected(move.note))
    note = f": “{move.note}”" if move.note else ""
    return Happened(f"move-{move.id}", "", move.at, icon, said + note)
