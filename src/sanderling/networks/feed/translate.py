"""Between what a feed tells and the desk's words: what is new, what was worded anew. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

from sanderling.core.network import Author, Post, Room
from sanderling.networks.feed.reading import MOST_TEXT, Entry, Told

MOST_KNOWN = 500
"""Entries whose wording the cursor remembers."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """An entry as it was last told: a mark of its wording, and when it was made (epoch seconds)."""

    mark: str
    created: int


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a feed has been read. `asked` and `due` are when it was last asked and may be again,
    in seconds of the epoch; `hub` and `topic` are where it pushes its news, if it does.
    """

    etag: str = ""
    modified: str = ""
    asked: int = 0
    due: int = 0
    hub: str = ""
    topic: str = ""
    known: dict[str, Known] = {}


def to_place(cursor: str | None) -> Place:
    """The place that a cursor tells; the beginning where it tells nothing that makes sense."""
    try:
        return msgspec.json.decode(cursor or "{}", type=Place)
    except (msgspec.DecodeError, RecursionError):
        return Place()


def to_cursor(place: Place) -> str:
    """The place as a cursor."""
    return msgspec.json.encode(place).decode()


def news(told: Told, place: Place, feed: str, now: datetime) -> tuple[tuple[Post, ...], Place]:
    """The posts that are new or worded anew, and the place after them; `feed` is its address."""
    known, posts = dict[str, Known](), list[Post]()
    for entry in told.entries:
        post = _post(entry, told, feed, now)
        if post.remote_id in known:
            continue
        mark = _hash(post.text, *(media.url for media in post.media), post.url)[:12]
        before = place.known.get(post.remote_id)
        known[post.remote_id] = Known(mark, _made(entry, post, before))
        if before is None:
            posts.append(post)
        elif before.mark != mark:
            posts.append(_edited(post, entry, place, known[post.remote_id], now))
    older = {key: item for key, item in place.known.items() if key not in known}
    kept = dict(list((known | older).items())[:MOST_KNOWN])
    return tuple(posts), msgspec.structs.replace(place, known=kept)


def source(told: Told, feed: str) -> Author:
    """The feed itself as an author, for what names none."""
    host = urlsplit(feed).hostname or feed
    return Author(id=_hash(feed)[:32], handle=host[:200], name=told.title)


def _post(entry: Entry, told: Told, feed: str, now: datetime) -> Post:
    by = source(told, feed)
    if entry.author:
        by = Author(id=_hash(feed, entry.author)[:32], handle=entry.author, name=entry.author)
    created = entry.created or entry.updated or now
    later = entry.updated if entry.updated and entry.updated > created else None
    return Post(
        remote_id=_id(entry, feed),
        author=by,
        text=_text(entry),
        created_at=created,
        edited_at=later,
        room=Room.PUBLIC,
        lang=entry.lang,
        media=entry.media,
        url=entry.link,
    )


def _edited(post: Post, entry: Entry, place: Place, known: Known, now: datetime) -> Post:
    """The post in its new wording, which came into being after we last asked, whatever it says."""
    asked = datetime.fromtimestamp(place.asked, UTC)
    told = entry.updated
    at = told if told and asked < told <= now else now
    created = datetime.fromtimestamp(known.created, UTC)
    return msgspec.structs.replace(post, created_at=min(created, at), edited_at=at)


def _made(entry: Entry, post: Post, before: Known | None) -> int:
    """When an entry was made; one without a date, when it was first seen."""
    if before and not entry.created:
        return before.created
    return max(0, int(post.created_at.timestamp()))


def _id(entry: Entry, feed: str) -> str:
    """The same however often the entry is told: of its id, its link, or its title and date."""
    name = entry.id or entry.link
    if not name and (entry.created or entry.updated):
        name = f"{entry.title}\n{entry.created or entry.updated}"
    return _hash(feed, name or f"{entry.title}\n{entry.body}")[:32]


def _text(entry: Entry) -> str:
    says_it_twice = entry.title and entry.body.startswith(entry.title.rstrip(".…"))
    head = "" if says_it_twice else entry.title
    first = "\n".join(part for part in (entry.stars, head) if part)
    return "\n\n".join(part for part in (first, entry.body) if part)[:MOST_TEXT]


def _hash(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
