"""What comes from outside is made fit to keep: text and numbers are bounded, times too.

Names of things are never changed, for a shortened id would be another thing's: an event with an
impossible one is refused and named in the log, and the rest of its page goes in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal, TypeVar

from msgspec.structs import replace

from sanderling.core.network import Author, Deletion, Media, Page, Post, Signal
from sanderling.core.words import figure, later, say

LONGEST_ID = 500
LONGEST_TEXT = 20_000
LONGEST_NAME = 200
LONGEST_LINK = 2_000
LONGEST_LANG = 35
LONGEST_FILM_S = 7 * 86_400
MOST_FOLLOWERS = 2**31 - 1
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Some networks let an author claim any time; arithmetic on a time in here cannot overflow."""

log = logging.getLogger(__name__)
Event = TypeVar("Event", Post, Deletion, Signal)


class Unfit(ValueError):
    """An event that cannot be kept; the message says why."""


def fit(page: Page, *, account_id: int) -> Page:
    """The page with every event made fit to keep, without those that cannot be."""
    return replace(
        page,
        posts=_fit(page.posts, _post, account_id),
        deletions=_fit(page.deletions, _deletion, account_id),
        signals=_fit(page.signals, _signal, account_id),
    )


def plain(text: str, most: int) -> str:
    """At most `most` characters that a database can keep."""
    text = text[:most].replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a character that takes two
        return text.encode(errors="replace").decode()
    return text


Named = Literal["column", "deck"]
_NAMELESS: dict[Named, str] = {
    "column": later("A column needs a name."),
    "deck": later("A deck needs a name."),
}
_LONG_NAME: dict[Named, str] = {
    "column": later("A column’s name may have {most} characters."),
    "deck": later("A deck’s name may have {most} characters."),
}


def one_line(name: str, what: Named, most: int) -> str:
    """A name that a person gave, on one line; raises ValueError, in words, for none
    and for one of more than `most` characters."""
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not name:
        raise ValueError(say(_NAMELESS[what]))
    if len(name) > most:
        raise ValueError(say(_LONG_NAME[what], most=most))
    return name


def author(a: Author) -> Author:
    """An author made fit to keep; raises Unfit."""
    _names(a.id)
    return replace(
        a,
        handle=plain(a.handle, LONGEST_NAME),
        name=plain(a.name, LONGEST_NAME),
        avatar=plain(a.avatar, LONGEST_LINK),
        followers=None if a.followers is None else min(max(a.followers, 0), MOST_FOLLOWERS),
    )


def _fit(
    events: Iterable[Event], make: Callable[[Event], Event], account_id: int
) -> tuple[Event, ...]:
    found = []
    for event in events:
        try:
            found.append(make(event))
        except Unfit as why:
            log.warning("listen.refused account=%s %s %.500r", account_id, why, event)
    return tuple(found)


def _post(p: Post) -> Post:
    _names(
        p.remote_id,
        p.reply_to,
        p.reply_to_author,
        p.quote_of,
        p.quote_of_author,
        p.thread,
        p.counterpart,
        *p.answers,
    )
    return replace(
        p,
        author=author(p.author),
        text=plain(p.text, LONGEST_TEXT),
        created_at=_time(p.created_at),
        edited_at=p.edited_at and _time(p.edited_at),
        lang=p.lang and plain(p.lang, LONGEST_LANG),
        media=tuple(map(_media, p.media)),
        links=tuple(plain(x, LONGEST_LINK) for x in p.links),
        url=_web(p.url),
    )


def _web(url: str) -> str:
    """An address that a page may link to, or none: a browser runs what some others say."""
    whole = len(url) <= LONGEST_LINK and url.isprintable()
    return url if whole and url.startswith(("https://", "http://")) else ""


def _media(m: Media) -> Media:
    lasts = m.seconds is not None and 0 < m.seconds < LONGEST_FILM_S
    return replace(
        m,
        url=plain(m.url, LONGEST_LINK),
        alt=plain(m.alt, LONGEST_TEXT),
        poster=plain(m.poster, LONGEST_LINK),
        seconds=m.seconds if lasts else None,
    )


def _deletion(d: Deletion) -> Deletion:
    _names(d.remote_id)
    return replace(d, at=_time(d.at))


def _signal(s: Signal) -> Signal:
    _names(s.remote_id, s.actor)
    return replace(s, at=_time(s.at))


def _names(*ids: str | None) -> None:
    for name in ids:
        if name is None:
            continue
        if len(name) > LONGEST_ID:
            raise Unfit(
                say(
                    "An id may have {most} characters; this has {n}.",
                    most=LONGEST_ID,
                    n=figure(len(name)),
                )
            )
        if not name.isprintable():
            raise Unfit(say("An id has characters that no id has."))


def _time(at: datetime) -> datetime:
    return min(max(at, EARLIEST), LATEST)
