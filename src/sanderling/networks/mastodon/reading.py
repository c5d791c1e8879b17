"""Reading an account's server: what happened to us, what we wrote, and what columns seek."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from sanderling.core.network import (
    Deletion,
    NetworkError,
    Page,
    Post,
    Refused,
    Room,
    Signal,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.mastodon import translate
from sanderling.networks.mastodon.client import Client, Listed, now
from sanderling.networks.mastodon.payload import Conversation, Notification, Status, Wording, each
from sanderling.networks.mastodon.place import SOURCES, Place, Reached, Source, age
from sanderling.networks.mastodon.seeking import Sought
from sanderling.networks.mastodon.streams import Event
from sanderling.networks.mastodon.translate import Home, to_posts, to_posts_and_signals

TAGS_AT_ONCE, SEARCHES_AT_ONCE = 3, 1
"""Of what columns seek, a few are asked with every poll, in turn: 300 calls in 5 minutes hold."""
MOST_PAGES_OF_A_TAG = 5
MOST_EDITS_KNOWN = 10_000


class Stamp(msgspec.Struct):
    """What a place needs of a status or notification."""

    id: str
    created_at: datetime


class Told(NamedTuple):
    """What one question gave; `reached` and `tags` are the places it led to."""

    posts: tuple[Post, ...] = ()
    signals: tuple[Signal, ...] = ()
    raw: bytes = b""
    reached: Mapping[str, Reached] = {}
    tags: Mapping[str, str] = {}
    warning: str = ""


class Reader:
    """Reads for one account; `sought` is what its columns seek at the moment."""

    def __init__(self, client: Client, home: Home) -> None:
        self._client, self._home = client, home
        self.sought = Sought()
        self._turn = 0
        self._edits: OrderedDict[str, datetime] = OrderedDict()

    async def pull(self, at: Place) -> Page:
        """The next page from `at` on; what columns seek comes when nothing older is left to read.

        Raises Throttled early, so that calls are left for answers.
        """
        self._client.spare()
        asked = [self._read(source, at.of(source)) for source in at.unfinished or SOURCES]
        if not at.unfinished:
            asked += self._seek(at)
        return _page(at, await asyncio.gather(*asked), self.sought.tags)

    async def recheck(self, ids: Sequence[str]) -> Page:
        """How statuses stand now: those that are gone, those edited with all their wordings."""
        stand = {status.id: status for status in each(await self._client.statuses(ids), Status)}
        gone = [one for one in ids if one not in stand and await self._client.status(one) is None]
        posts = list(to_posts(stand.values(), self._home))
        for status in stand.values():
            posts += await self._older(status)
        deleted = tuple(
            Deletion(remote_id=self._home.id(one), room=Room.PUBLIC, at=now()) for one in gone
        )
        return Page(posts=tuple(posts), deletions=deleted)

    def heard(self, event: Event, *, sought: bool = False) -> Page:
        """What a stream told. Of people we follow only what concerns us, unless it was sought."""
        raw = event.data.encode()
        if event.name == "delete":
            # Which room it was in is not told; ids are unique on a server, so the other is nothing.
            gone = [
                Deletion(remote_id=self._home.id(event.data), room=room, at=now()) for room in Room
            ]
            return Page(deletions=tuple(gone), raw=raw, way="stream")
        try:
            content = msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            return Page(way="stream")
        if event.name == "notification":
            posts, signals = to_posts_and_signals(each([content], Notification), self._home)
            return Page(posts=posts, signals=signals, raw=raw, way="stream")
        if event.name == "conversation":
            posts = to_posts(_latest(each([content], Conversation)), self._home)
        elif event.name in ("update", "status.update", "status_update"):
            posts = to_posts(each([content], Status), self._home)
        else:
            posts = ()
        kept = tuple(post for post in posts if sought or self._concerns_us(post))
        return Page(posts=kept, raw=raw if kept else b"", way="stream")

    def _concerns_us(self, post: Post) -> bool:
        us = self._home.id(self._home.me)
        return us in (post.author.id, post.reply_to_author, post.quote_of_author, *post.mentions)

    # Lists

    async def _read(self, source: Source, reached: Reached) -> Told:
        listed = await self._listed(source, reached)
        stamps = {one.id: one.created_at for one in each(_stamped(source, listed), Stamp)}
        posts, signals = self._understood(source, listed)
        further = reached.further(stamps, listed.older, now=now())
        return Told(posts=posts, signals=signals, raw=listed.raw, reached={source: further})

    async def _listed(self, source: Source, reached: Reached) -> Listed:
        if source == "notifications":
            return await self._client.notifications(since=reached.known, before=reached.next)
        if source == "statuses":
            me = self._home.me
            return await self._client.statuses_of(me, since=reached.known, before=reached.next)
        return await self._client.conversations(before=reached.next)

    def _understood(
        self, source: Source, listed: Listed
    ) -> tuple[tuple[Post, ...], tuple[Signal, ...]]:
        if source == "notifications":
            return to_posts_and_signals(each(listed.items, Notification), self._home)
        if source == "statuses":
            return to_posts(each(listed.items, Status), self._home), ()
        return to_posts(_latest(each(listed.items, Conversation)), self._home), ()

    # What columns seek

    def _seek(self, at: Place) -> list[Any]:
        turn, self._turn = self._turn, self._turn + 1
        tags = _in_turn(self.sought.tags, TAGS_AT_ONCE, turn)
        searches = _in_turn(self.sought.searches, SEARCHES_AT_ONCE, turn)
        tagged = [self._found(self._tagged, tag, at.tags.get(tag, "")) for tag in tags]
        return [*tagged, *(self._found(self._search, words) for words in searches)]

    async def _found(self, ask: Callable[..., Awaitable[Told]], *given: str) -> Told:
        """What was found; what hinders seeking is a warning, for who speaks to us comes first."""
        try:
            return await ask(*given)
        except (Refused, Unreachable) as error:
            return Told(
                warning=later("Posts cannot be searched on {server}: {error}").format(
                    server=self._home.host, error=error
                )
            )

    async def _tagged(self, tag: str, known: str) -> Told:
        statuses, raw, before = [], [], ""
        for _ in range(MOST_PAGES_OF_A_TAG if known else 1):
            listed = await self._client.tagged(tag, since=known, before=before)
            statuses += each(listed.items, Status)
            raw.append(listed.raw)
            before = listed.older
            if not before:
                break
        newest = max([known, *(status.id for status in statuses)], key=age)
        posts = to_posts(statuses, self._home)
        return Told(posts=posts, raw=b"\n".join(raw), tags={tag: newest})

    async def _search(self, words: str) -> Told:
        listed = await self._client.search(words)
        return Told(posts=to_posts(each(listed.items, Status), self._home), raw=listed.raw)

    async def _older(self, status: Status) -> tuple[Post, ...]:
        """The wordings of an edited status that it had before; asked once for each edit."""
        if status.edited_at is None or self._edits.get(status.id) == status.edited_at:
            return ()
        try:
            history = each(await self._client.history(status.id), Wording)
        except NetworkError:  # the newest wording is what counts
            return ()
        self._edits[status.id] = status.edited_at
        if len(self._edits) > MOST_EDITS_KNOWN:
            self._edits.popitem(last=False)
        return translate.older_wordings(status, history, self._home)


def _page(at: Place, told: Sequence[Told], tags: Sequence[str]) -> Page:
    """All answers as one page, with the place they led to."""
    places, newest = dict(at.reached), {tag: at.tags[tag] for tag in tags if tag in at.tags}
    for one in told:
        places |= one.reached
        newest |= one.tags
    there = Place(host=at.host, reached=places, tags=newest)
    posts = {(post.remote_id, post.version_at): post for one in told for post in one.posts}
    return Page(
        posts=tuple(posts.values()),
        signals=tuple(signal for one in told for signal in one.signals),
        cursor=there.as_text(),
        more=bool(there.unfinished),
        raw=b"\n".join(one.raw for one in told if one.raw),
        warning=next((one.warning for one in told if one.warning), ""),
    )


def _latest(conversations: Iterable[Conversation]) -> list[Status]:
    return [one.last_status for one in conversations if one.last_status is not None]


def _stamped(source: Source, listed: Listed) -> list[Any]:
    """The things whose ids a list is ordered by."""
    if source != "conversations":
        return listed.items
    latest = (one.get("last_status") for one in listed.items if isinstance(one, dict))
    return [status for status in latest if status is not None]


def _in_turn(terms: Sequence[str], most: int, turn: int) -> list[str]:
    """The next `most` of `terms`, round and round."""
    start = turn * most
    return [terms[(start + i) % len(terms)] for i in range(min(most, len(terms)))]
