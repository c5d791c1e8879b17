"""Asking what is new: notifications, our own posts and direct messages, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from sanderling.core.network import Deletion, NetworkError, Page, Post, Signal
from sanderling.core.words import later
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.client import ChatDeclined, Client, Expired
from sanderling.networks.bluesky.place import FAR, Listed, Place
from sanderling.networks.bluesky.reading import Found, Reader
from sanderling.networks.bluesky.records import (
    Convo,
    FeedItem,
    Logged,
    Message,
    Notification,
    PostView,
    Record,
)
from sanderling.networks.bluesky.translate import SPEAKS, each, maybe, text_of, time

MOST_CONVOS = 2_000
BUSY = 50
"""A log this long may go on."""
ASK_AGAIN = timedelta(minutes=10)
"""An app password does not change; the server may."""
NO_CHAT = later(
    "Direct messages cannot be read or written: the app password does not allow it. Make a new one "
    'on bsky.app with "Allow access to your direct messages" ticked, and connect the account again.'
)


class Heard(msgspec.Struct, frozen=True):
    """What one look found, and the place after it."""

    place: Place
    posts: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    signals: tuple[Signal, ...] = ()
    more: bool = False
    warning: str = ""

    def page(self) -> Page:
        """As the desk takes it in."""
        return Page(
            posts=self.posts,
            deletions=self.deletions,
            signals=self.signals,
            cursor=self.place.written(),
            more=self.more,
        )


class Ear:
    """One account's ear, `us` being its DID."""

    def __init__(
        self, client: Client, reader: Reader, us: str, clock: Callable[[], datetime]
    ) -> None:
        self._client, self._reader, self._us, self._clock = client, reader, us, clock
        self._convos: dict[str, Convo] = {}
        self._declined_at: datetime | None = None

    async def public(self, place: Place) -> Heard:
        """The next page of what concerns us, and of what we wrote."""
        notices, own = await asyncio.gather(
            self._client.notifications(place.notices.token),
            self._client.feed(self._us, place.own.token),
        )
        told = {n.uri: n for n in each(notices, "notifications", Notification)}
        ours = {v.uri: v for v in map(self._ours, each(own, "feed", FeedItem)) if v}
        noticed, wrote = _listed(told), _listed(ours)
        fresh = [told[uri] for uri in told if uri in place.notices.fresh(noticed)]
        posts = await self._reader.whole([f for f in map(_found, fresh) if f])
        mine = await self._shown([ours[uri] for uri in place.own.fresh(wrote)])
        now = self._clock()
        after = replace(
            place,
            notices=place.notices.after(noticed, text_of(notices, "cursor"), now),
            own=place.own.after(wrote, text_of(own, "cursor"), now),
        )
        return Heard(
            after,
            posts=(*posts, *mine),
            signals=tuple(signal for signal in map(translate.signal, fresh) if signal),
            more=after.notices.sweep.under_way or after.own.sweep.under_way,
        )

    def _ours(self, item: FeedItem) -> PostView | None:
        """A post of ours in our feed, which also lists what we passed on."""
        return item.post if not item.reason and item.post.author.did == self._us else None

    async def _shown(self, views: Sequence[PostView]) -> list[Post]:
        people = await self._reader.people([self._us]) if views else {}
        posts = [self._reader.shown(view, people) for view in views]
        return [post for post in posts if post]

    async def direct(self, place: Place) -> Heard:
        """The next page of direct messages; what hinders it is a warning, the rest goes on."""
        if self._declined_at and self._clock() < self._declined_at + ASK_AGAIN:
            return Heard(place, warning=NO_CHAT)
        try:
            if place.older or not place.log:
                return await self._first(place)
            return await self._logged(place)
        except ChatDeclined:
            self._declined_at = self._clock()
            return Heard(replace(place, older=""), warning=NO_CHAT)
        except Expired:
            raise
        except NetworkError as error:
            warning = later("Direct messages cannot be read just now: {error}").format(error=error)
            return Heard(place, warning=warning)

    async def _first(self, place: Place) -> Heard:
        """The next older conversations with their newest messages; none older than FAR."""
        answer = await self._client.convos(place.older or None)
        convos = each(answer, "convos", Convo)
        since = self._clock() - FAR
        lively = [c for c in convos if self._two(c) and _moved(c) >= since]
        told = await asyncio.gather(*(self._client.messages(c.id) for c in lively))
        found = [
            (c, m)
            for c, said in zip(lively, told, strict=True)
            for m in each(said, "messages", Message)
            if (time(m.sent_at) or since) >= since
        ]
        token = text_of(answer, "cursor") if convos and _moved(convos[-1]) >= since else ""
        log = place.log or max((c.rev for c in convos), default="")
        return await self._heard(replace(place, log=log, older=token), found, more=bool(token))

    async def _logged(self, place: Place) -> Heard:
        """What happened in conversations after the place."""
        answer = await self._client.log(place.log)
        events = [e for e in each(answer, "logs", Logged) if e.rev > place.log]
        found = []
        for event in events:
            message = maybe(event.message, Message) if _of_message(event) else None
            if message and (convo := await self._convo(event.convo_id)):
                found.append((convo, message))
        log = max((event.rev for event in events), default=place.log)
        return await self._heard(replace(place, log=log), found, more=len(events) >= BUSY)

    async def _heard(
        self, place: Place, found: Sequence[tuple[Convo, Message]], *, more: bool
    ) -> Heard:
        people = await self._reader.people(m.sender.did for _, m in found)
        events = [
            translate.message(m, c, self._reader.member(c, m.sender.did, people), self._us)
            for c, m in found
        ]
        return Heard(
            place,
            posts=tuple(e for e in events if isinstance(e, Post)),
            deletions=tuple(e for e in events if isinstance(e, Deletion)),
            more=more,
        )

    async def _convo(self, convo_id: str) -> Convo | None:
        """A conversation of two, asked for once; None where it is none."""
        if convo_id not in self._convos:
            answer = await self._client.convo(convo_id)
            convo = maybe(answer.get("convo") if isinstance(answer, dict) else None, Convo)
            if convo is None:
                return None
            self._two(convo)
        convo = self._convos[convo_id]
        return convo if convo.counterpart(self._us) else None

    def _two(self, convo: Convo) -> bool:
        """Whether a conversation is one of two; remembers it."""
        self._convos[convo.id] = convo
        if len(self._convos) > MOST_CONVOS:
            del self._convos[next(iter(self._convos))]
        return convo.counterpart(self._us) is not None


def _listed(told: Mapping[str, Notification | PostView]) -> Listed:
    """When the network took in each of these."""
    times = {uri: time(one.indexed_at) for uri, one in told.items()}
    return {uri: at for uri, at in times.items() if at}


def _found(notice: Notification) -> Found | None:
    """The post that a notification is about, if it speaks to us."""
    record, at = maybe(notice.record, Record), time(notice.indexed_at)
    if notice.reason not in SPEAKS or record is None or at is None:
        return None
    return Found(uri=notice.uri, record=record, seen_at=at, cid=notice.cid, author=notice.author)


def _moved(convo: Convo) -> datetime:
    """When something was last said."""
    at: Any = time(text_of(convo.last_message, "sentAt"))
    return at or translate.EARLIEST


def _of_message(event: Logged) -> bool:
    return event.kind.endswith(("#logCreateMessage", "#logDeleteMessage"))
