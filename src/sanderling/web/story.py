"""The story of a case as it is read: chapters in the order of time, each in one room.

A room goes on as long as nothing happens in the other; what agents did stands as quiet lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from sanderling.core.words import later, retold, say
from sanderling.people.queries import Colleague
from sanderling.respond.queries import UnderWay
from sanderling.respond.waiting import Asked, Hands
from sanderling.web.findings import corrected
from sanderling.web.moves import by_whom, kept, noted


@dataclass(frozen=True, slots=True)
class Said:
    """A post in the timeline; `way` where it is ours and not sent yet, else `post` is its number.

    `marks` are those of its verdict, where it is not ours and was judged. `asked` says why it waits
    for a second pair of eyes, `hands` whose it went through.
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
    asked: Asked | None = None
    hands: Hands | None = None


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


@dataclass(frozen=True, slots=True)
class Approved:
    """What approvals have to do with a case: how they went, what waits, whose hands posts went
    through by their ids on the network."""

    events: Sequence[Happened] = ()
    asked: Mapping[int, Asked] = field(default_factory=dict)
    hands: Mapping[str, Hands] = field(default_factory=dict)


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
    "take": ("user-check", later("{by} took the case")),
    "assign": ("user-check", later("{by} gave the case to {whom}")),
    "give": ("user-check", later("{by} gave the case to {whom}")),
    "take over": ("user-check", later("{by} took the case over from {whom}")),
    "offer": ("users-round", later("{by} offered the case to {whom}")),
    "decline": ("ban", later("{by} declined the case")),
    "keep": ("user-check", later("{by} keeps the case and offers it no longer")),
    "offer again": ("circle-dashed", later("Anybody can take the case: {whom}")),
    "put back": ("circle-dashed", later("{by} put the case back for anybody")),
    "resolve": ("check-check", later("{by} resolved the case")),
    "dismiss": ("ban", later("{by} found that it needs no answer")),
    "reopen": ("history", later("{by} opened the case again")),
    "not answered": ("history", later("Opened again: our answer did not reach the customer")),
    "snooze": ("alarm-clock", later("{by} put the case aside for a while")),
    "withdraw": ("ban", later("The post was taken back by its author")),
    "close": ("check", later("Closed: it stayed quiet")),
    "merge": ("merge", later("Became part of another case")),
    "correct": ("pencil-line", later("{by} {corrected}")),
    "wake": ("alarm-clock", later("{by} woke the case")),
    "ask": ("circle-question-mark", later("{by} asked")),
    "withdraw a question": ("ban", later("{by} withdrew a question")),
    "remind": ("circle-question-mark", later("The desk reminded of a question")),
    "wait": ("hourglass", later("{by} waits on a third party")),
    "promise": ("calendar-clock", later("{by} keeps a promise in mind")),
    "promise due": ("calendar-clock", later("A promise is due")),
    "promise kept": ("check", later("{by} kept a promise")),
    "promise dropped": ("ban", later("{by} dropped a promise")),
    "link": ("link", later("{by} linked the case")),
    "unlink": ("link", later("{by} undid a link")),
    "like": ("heart", later("{by} liked the post")),
    "quote asked": ("heart", later("{by} asked to quote")),
    "quote allowed": ("check", later("{by} wrote down that the customer may be quoted")),
    "quote refused": ("ban", later("{by} wrote down that the customer may not be quoted")),
    "invited": ("lock-open", later("{by} asked the customer to write in private")),
    "owe": ("globe", later("A public follow-up is owed")),
    "follow up": ("globe", later("{by} told the public how it ended")),
    "no follow-up": ("globe", later("{by} decided that no public follow-up is owed")),
}

_WROTE_AGAIN = ("history", later("Opened again: the customer wrote"))

NOTHING_APPROVED = Approved()


def tell(
    case: CasePage,
    timeline: Timeline,
    under_way: Iterable[UnderWay],
    senders: dict[str, int],
    agents: dict[int, Colleague],
    approved: Approved = NOTHING_APPROVED,
) -> Story:
    """Put everything in order. `senders` maps ids on the network to the agents who answered."""
    posts = [
        _post(p, agents.get(senders.get(p.remote_id, 0)), approved.hands.get(p.remote_id))
        for p in timeline.posts
    ]
    ways = [_way(o, case, agents.get(o.by), approved.asked.get(o.id)) for o in under_way]
    notes = [Told(f"note-{n.id}", "note", n.at, n) for n in timeline.notes]
    events = [e for m in timeline.moves if (e := _event(m))]
    items: list[Item] = [*posts, *events, *approved.events, *notes, *ways]
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


def _post(p: CasePost, by: Colleague | None, hands: Hands | None) -> Said:
    return Said(
        id=f"post-{p.id}", room=p.room, at=p.at, text=p.text, author=p.author,
        ours=p.direction == "ours", by=by, native=p.origin == "native",
        bystander=p.role == "bystander", edited=p.edited, deleted=p.deleted_at, likes=p.likes,
        reposts=p.reposts, media=p.media, url=p.url, post=p.id,
        marks=p.marks if p.marks.judged and p.direction == "theirs" else None,
        hands=hands if p.direction == "ours" else None,
    )  # fmt: skip


def _way(o: UnderWay, case: CasePage, by: Colleague | None, asked: Asked | None) -> Said:
    return Said(
        id=f"out-{o.id}", room=o.room, at=o.created_at, text=o.text, author=case.account,
        ours=True, by=by, way=o, asked=asked,
        hands=Hands(o.edited_by, o.helper) if o.edited_by or o.helper else None,
    )  # fmt: skip


def _event(move: CaseMove) -> Happened | None:
    if move.move == "customer wrote" and move.was in ("resolved", "closed"):
        icon, text = _WROTE_AGAIN
    elif move.move in _EVENTS:
        icon, text = _EVENTS[move.move]
    else:
        return None
    return Happened(f"move-{move.id}", "", move.at, icon, _sentence(text, move))


def _sentence(text: str, move: CaseMove) -> str:
    """What happened; the words kept with it are part of the sentence where it has a place."""
    by = by_whom(move.by)
    if "{corrected}" in text:
        return say(text, by=by, corrected=corrected(move.note))
    if "{whom}" in text:
        whom = retold(move.note.removeprefix("from "))
        return say(text, by=by, whom=whom or say("a colleague"))
    ours = not move.by or move.move in ("resolve", "dismiss")
    words = kept(move.note, move.move, by_person=bool(move.by))
    return noted(say(text, by=by), words, quoted=not ours)
