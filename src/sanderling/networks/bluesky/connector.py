"""Bluesky as a `Network` of the desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from sanderling.core.network import (
    Cursor,
    Deletion,
    Draft,
    Key,
    Limits,
    Page,
    Receipt,
    Refused,
    Room,
    SignInLost,
    Vault,
)
from sanderling.core.query import Query
from sanderling.core.words import later
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.client import Client, Expired, Session
from sanderling.networks.bluesky.hearing import Ear
from sanderling.networks.bluesky.listening import Listener
from sanderling.networks.bluesky.place import Place, place
from sanderling.networks.bluesky.reading import Reader
from sanderling.networks.bluesky.saying import Mouth
from sanderling.networks.bluesky.stream import whole
from sanderling.networks.wire.loop import each, run, together
from sanderling.networks.wire.reachable import PublicOnly

T = TypeVar("T")
CHAT = "did:web:api.bsky.chat#bsky_chat"
BETWEEN_SESSIONS = timedelta(minutes=1)
"""A session lasts for hours; one that is over at once helps nobody."""
LIMITS = Limits(
    public_length=300,
    public_bytes=3_000,
    direct_length=1_000,
    counts="graphemes",
    keeps_keys=True,
    keeps_message_keys=False,
    message_link="https://bsky.app/messages",
    media=4,
    direct_media=0,
    media_bytes=1_000_000,
    writes_per_hour=1_666,
    repair_s=900,
    recheck_s=3_600,
)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a post says when it was written


class Bluesky:
    """One account: a Network that Follows, Seeks, Rechecks, TakesBack and Likes.

    `address` is the account's server; its secret is a `Session` as JSON, whose own `pds`, `stream`
    and `chat` go before what is given here. `stream` is where all posts are heard ("": nowhere).
    `look_s`: how often a follower asks (seconds). Safe to share between threads.
    """

    name = "bluesky"
    limits = LIMITS
    look_s = 10.0

    def __init__(
        self,
        address: str,
        vault: Vault,
        *,
        stream: str = "",
        chat: str = CHAT,
        allow_private: bool = False,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._vault, self._clock, self._allow_private = vault, clock, allow_private
        self._secret = vault.read()
        session = _session(self._secret)
        heard = session.stream or stream
        session = replace(session, stream=heard and whole(heard))
        self._us, self._address = session.did, session.pds or address
        self._client = self._called(session.access, session.chat or chat)
        self._reader = Reader(self._client, clock)
        self._ear = Ear(self._client, self._reader, self._us, clock)
        self._mouth = Mouth(self._client, self._reader, self._us, clock)
        self._listener = Listener(
            self._client, self._reader, session, clock=clock, allow_private=allow_private
        )

    def close(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""
        run(self._client.close())

    # Hearing

    def pull(self, since: Cursor | None) -> Page:
        """What happened after `since`; from None on the last 30 days or 500 notifications."""
        return self._do(lambda: self._pull(place(since)))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """What is new, by asking and, while columns are sought, by the stream of all posts."""
        course, renewed = _Course(place(since)), None
        while True:
            try:
                yield from each(self._follow(course))
            except Expired:
                if renewed and self._clock() < renewed + BETWEEN_SESSIONS:
                    raise
                renewed = self._clock()
                self._renew()

    def seek(self, columns: Mapping[int, Query]) -> None:
        """Find posts for these columns; takes effect at once, while following too."""
        self._do(lambda: self._listener.seek(columns))

    def recheck(self, remote_ids: Sequence[str]) -> Page:
        """How these posts stand now; at most 100."""
        return self._do(lambda: self._recheck(remote_ids))

    # Saying

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft`; a known key of a public post is answered with its first receipt."""
        return self._do(lambda: self._mouth.say(draft, key))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """What was pushed under `key`; of messages, our newest with these words."""
        return self._do(lambda: self._mouth.said(draft, key))

    def take_back(self, remote_id: str, room: Room) -> None:
        """Delete our post; a direct message cannot be taken from who has it."""
        if room is Room.DIRECT:
            raise Refused(
                later("On Bluesky a direct message stays with the person who received it.")
            )
        self._do(lambda: self._mouth.take_back(remote_id))

    def like(self, remote_id: str) -> None:
        """Like the post; liking twice is the same as once."""
        self._do(lambda: self._mouth.like(remote_id))

    # Inside the loop

    async def _pull(self, since: Place) -> Page:
        public, direct = await asyncio.gather(self._ear.public(since), self._ear.direct(since))
        after = replace(public.place, log=direct.place.log, older=direct.place.older)
        return Page(
            posts=public.posts + direct.posts,
            deletions=direct.deletions,
            signals=public.signals,
            cursor=after.written(),
            more=public.more or direct.more,
            warning=self._warning(direct.warning),
        )

    async def _follow(self, course: _Course) -> AsyncGenerator[Page, None]:
        sources, listener = [self._looks(course)], self._listener
        if listener.url:
            listener.seq = course.place.seq if course.place.stream == listener.url else 0
            sources.append(self._hearing(course))
        async with aclosing(together(*sources)) as pages:
            async for page in pages:
                yield page

    async def _looks(self, course: _Course) -> AsyncGenerator[Page, None]:
        """Ask for everything, again and again."""
        while True:
            live_since = self._listener.live_since
            public, direct = await asyncio.gather(
                self._ear.public(course.place), self._ear.direct(course.place)
            )
            course.place = replace(course.place, notices=public.place.notices, own=public.place.own)
            yield replace(public.page(), cursor=self._written(course), live_since=live_since)
            course.place = replace(course.place, log=direct.place.log, older=direct.place.older)
            warning = course.changed(self._warning(direct.warning))
            yield replace(direct.page(), cursor=self._written(course), warning=warning)
            if not public.more and not direct.more:
                await asyncio.sleep(self.look_s)

    async def _hearing(self, course: _Course) -> AsyncGenerator[Page, None]:
        """Tell what the stream tells."""
        async for page in self._listener.pages():
            yield replace(page, cursor=self._written(course))

    def _written(self, course: _Course) -> Cursor:
        """All that has been told so far, as a cursor."""
        if url := self._listener.url:
            course.place = replace(course.place, seq=self._listener.seq, stream=url)
        return course.place.written()

    async def _recheck(self, remote_ids: Sequence[str]) -> Page:
        views = await self._reader.views(remote_ids)
        people = await self._reader.people(v.author.did for v in views.values())
        shown = [self._reader.shown(view, people) for view in views.values()]
        missing = [uri for uri in remote_ids if uri not in views]
        gone = await asyncio.gather(*map(self._gone, missing))
        now = self._clock()
        return Page(
            posts=tuple(post for post in shown if post),
            deletions=tuple(
                Deletion(remote_id=uri, room=Room.PUBLIC, at=now)
                for uri, is_gone in zip(missing, gone, strict=True)
                if is_gone
            ),
        )

    async def _gone(self, uri: str) -> bool:
        """Whether a post that is not shown is deleted; it may only be hidden from us."""
        at = translate.address(uri)
        return at is not None and not await self._client.record(at.did, at.collection, at.rkey)

    def _warning(self, direct: str) -> str:
        """What does not work although the rest does."""
        found = [direct] if direct else []
        if self._listener.columns.too_wide:
            found.append(
                later(
                    "A column that asks for followers only would be all of Bluesky: "
                    "give it a word to look for."
                )
            )
        if self._listener.columns and not self._listener.url:
            found.append(later("Columns find nothing that does not name us: no stream is set."))
        return "\n".join(found)

    # Sessions

    def _do(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `work` gives, with a new session if the old one is over."""
        try:
            return run(work())
        except Expired:
            self._renew()
            return run(work())

    def _renew(self) -> None:
        self._secret = self._vault.renew(self._secret, lambda old: run(self._renewed(old)))
        self._client.access = _session(self._secret).access

    async def _renewed(self, secret: str) -> str:
        """The secret with a new session: by its refresh token, else by the app password."""
        old, client = _session(secret), self._called()
        try:
            try:
                told = await client.refreshed(old.refresh)
            except (SignInLost, Refused):
                if not old.password:
                    raise
                told = await client.sign_in(old.did, old.password)
        finally:
            await client.close()
        return written(old, told)

    def _called(self, access: str = "", chat: str = "") -> Client:
        transport = PublicOnly(allow_private=self._allow_private)
        return Client(self._address, access, chat, transport)


class _Course:
    """Where a follower is, and what it warned of last."""

    def __init__(self, at: Place) -> None:
        self.place = at
        self._warned: str | None = None

    def changed(self, warning: str) -> str | None:
        """The warning, if it is another than the last."""
        if warning == self._warned:
            return None
        self._warned = warning
        return warning


def written(session: Session, told: Any) -> str:
    """The session with the tokens that a server gave, as a secret."""
    access, refresh = (translate.text_of(told, f"{kind}Jwt") for kind in ("access", "refresh"))
    handle = translate.text_of(told, "handle") or session.handle
    new = replace(session, access=access, refresh=refresh, handle=handle)
    return msgspec.json.encode(new).decode()


def _session(secret: str) -> Session:
    try:
        return msgspec.json.decode(secret, type=Session)
    except msgspec.MsgspecError as error:
        raise SignInLost(later("The account's secret cannot be read; connect it again.")) from error
