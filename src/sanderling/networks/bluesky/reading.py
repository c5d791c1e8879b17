"""Posts made whole: what a notification or a stream names, with what the network knows about it.

Posts and people are looked up 25 at a time; what the network does not show (yet) is told as its
author wrote it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from sanderling.core.network import Author, Post
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.client import BATCH, Client
from sanderling.networks.bluesky.records import Convo, PostView, Profile, Record

T = TypeVar("T")
FRESH = timedelta(minutes=10)
MOST_PEOPLE, MOST_POSTS = 2_000, 50_000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A post that concerns us, as whoever named it knows it. `seen_at`: by the network."""

    uri: str
    record: Record
    seen_at: datetime
    cid: str = ""
    author: Profile | None = None
    edited_at: datetime | None = None

    @property
    def did(self) -> str:
        """Who wrote it."""
        at = translate.address(self.uri)
        return at.did if at else ""


class Reader:
    """Looks posts and people up; remembers for a while who is who, and which posts were told."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock
        self._people: dict[str, tuple[datetime, Profile]] = {}
        self._told: dict[str, str] = {}

    def told(self, uri: str) -> bool:
        """Whether this post was told by this reader, of late."""
        return uri in self._told

    def forget(self, uri: str) -> None:
        """The post is gone."""
        self._told.pop(uri, None)

    async def whole(self, found: Sequence[Found]) -> tuple[Post, ...]:
        """The posts with their authors, in the order given; what is no post is left out."""
        views, people = await asyncio.gather(
            self.views(f.uri for f in found), self.people(f.did for f in found)
        )
        posts = [self._post(f, views.get(f.uri), people) for f in found]
        return tuple(post for post in posts if post)

    async def views(self, uris: Iterable[str]) -> dict[str, PostView]:
        """What the network shows of posts; those it does not show are left out."""
        answers = await _in_batches(uris, self._client.posts)
        return {v.uri: v for a in answers for v in translate.each(a, "posts", PostView)}

    async def people(self, dids: Iterable[str]) -> dict[str, Profile]:
        """Who these are; those whom the network does not show are left out."""
        now = self._clock()
        wanted = {did for did in dids if did}
        unknown = [d for d in wanted if d not in self._people or self._people[d][0] < now - FRESH]
        answers = await _in_batches(unknown, self._client.profiles)
        for answer in answers:
            for profile in translate.each(answer, "profiles", Profile):
                _keep(self._people, profile.did, (now, profile), MOST_PEOPLE)
        return {did: self._people[did][1] for did in wanted if did in self._people}

    def member(self, convo: Convo, did: str, people: dict[str, Profile]) -> Author:
        """Who wrote in a conversation."""
        known = people.get(did) or next((m for m in convo.members if m.did == did), None)
        return translate.author(known) if known else Author(id=did, handle=did)

    def shown(self, view: PostView, people: dict[str, Profile]) -> Post | None:
        """A post as the network shows it."""
        at = translate.time(view.indexed_at) or self._clock()
        found = Found(uri=view.uri, record=view.record, seen_at=at, author=view.author)
        return self._post(found, view, people)

    def _post(self, found: Found, view: PostView | None, people: dict[str, Profile]) -> Post | None:
        profile = people.get(found.did) or (view.author if view else found.author)
        newer = view if view and not found.edited_at else None
        post = translate.post(
            found.uri,
            newer.record if newer else found.record,
            translate.author(profile) if profile else Author(id=found.did, handle=found.did),
            seen_at=found.seen_at,
            view=view,
        )
        if post is None:
            return None
        edited_at = found.edited_at or self._changed_at(found, newer, post)
        _keep(self._told, found.uri, (newer.cid if newer else found.cid), MOST_POSTS)
        bot = profile is not None and translate.automated(profile)
        return replace(post, edited_at=edited_at, automated=post.automated or bot)

    def _changed_at(self, found: Found, view: PostView | None, post: Post) -> datetime | None:
        """When a post became another than we told; the network tells no time of an edit."""
        was, now = self._told.get(found.uri), view.cid if view else found.cid
        if not was or not now or was == now:
            return None
        seen = translate.time(view.indexed_at) if view else None
        return seen if seen and seen > post.created_at else self._clock()


async def _in_batches(
    names: Iterable[str], ask: Callable[[Sequence[str]], Awaitable[Any]]
) -> list[Any]:
    wanted = list(dict.fromkeys(names))
    parts = [wanted[i : i + BATCH] for i in range(0, len(wanted), BATCH)]
    return await asyncio.gather(*map(ask, parts))


def _keep(shelf: dict[str, T], name: str, thing: T, most: int) -> None:
    """Keep a thing as the newest of at most `most`."""
    shelf.pop(name, None)
    shelf[name] = thing
    if len(shelf) > most:
        del shelf[next(iter(shelf))]
