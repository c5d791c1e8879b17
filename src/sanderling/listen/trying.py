"""What a query would catch: tried on the posts of the last day before it is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanderling.core.query import Matcher, Query, Subject
from sanderling.listen.columns import mentioned
from sanderling.store.sql import Row, fetch

MOST_TRIED = 5_000
DAY = timedelta(days=1)
SHOWN = 10
_LINKS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Tried:
    """A post that a query would have caught."""

    id: int
    text: str
    room: str
    at: datetime
    name: str
    handle: str
    network: str
    followers: int | None
    avatar: str


@dataclass(frozen=True, slots=True)
class Trial:
    """How a query did: `caught` of `tried` posts written in the last `hours`; the newest SHOWN.

    `a_day` is what that makes in a day, an estimate where not the whole day was looked at.
    """

    tried: int
    caught: int
    hours: float
    newest: tuple[Tried, ...]

    @property
    def a_day(self) -> float:
        """Posts in 24 hours, at this rate."""
        return self.caught * 24 / self.hours if self.hours else 0.0

    @property
    def whole(self) -> bool:
        """Whether all posts of the day were looked at."""
        return self.hours >= 24


def trial(query: Query, now: datetime) -> Trial:
    """Try `query` on the newest MOST_TRIED posts, as far as they are of the last day.

    Posts are as they stand now. Links are those in the text; the network may have told others.
    """
    rows = fetch("listen/posts_to_try", {"since": now - DAY, "most": MOST_TRIED})
    hits = Matcher({1: query}).match([_subject(r) for r in rows])
    caught = [row for row, columns in zip(rows, hits, strict=True) if columns]
    span = now - min(r[3] for r in rows) if len(rows) >= MOST_TRIED else DAY
    return Trial(
        len(rows), len(caught), span / timedelta(hours=1), tuple(map(_tried, caught[:SHOWN]))
    )


def _subject(r: Row) -> Subject:
    _, text, room, _, _, handle, network, followers, _, ours, answered, lang, media, *kinds = r
    reply, quote = kinds
    named = mentioned(text)
    return Subject(
        text=text, handle=handle, mentions=named, reply_to=answered or next(iter(named), None),
        lang=lang, followers=followers, links=tuple(_LINKS.findall(text)), has_media=media,
        is_reply=reply, is_quote=quote, is_dm=room == "direct", network=network, account=ours,
    )  # fmt: skip


def _tried(r: Row) -> Tried:
    return Tried(*r[:9])
