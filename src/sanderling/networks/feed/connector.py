"""A feed as a `Network` of the desk: read only, asked as often as it wants, told by its hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from sanderling.core.network import (
    Cursor,
    Draft,
    Key,
    Limits,
    NetworkError,
    Page,
    Receipt,
    Refused,
    Vault,
)
from sanderling.core.words import later
from sanderling.networks.feed import websub
from sanderling.networks.feed.client import MOST_BYTES, Answer, Client
from sanderling.networks.feed.reading import read
from sanderling.networks.feed.translate import Place, news, to_cursor, to_place
from sanderling.networks.feed.websub import Subscription
from sanderling.networks.wire import loop

LIMITS = Limits(
    public_length=0,
    direct_length=0,
    counts="characters",
    keeps_keys=True,
    replies="none",
    messages="none",
    media=0,
)
USUAL_S, SHORTEST_S, LONGEST_S = 600, 60, 21_600
"""How often a feed is asked: where it does not say, and between which bounds (seconds)."""
HEARTBEAT_S = 20.0


class Feed:
    """The feed at `address`: a Network that Follows and TakesPush.

    `vault` holds a key of our own for WebSub; `callback` is where a hub may call us, "" if nowhere.
    `allow_private` lets addresses of this machine and of intranets be called.
    """

    name = "feed"
    limits = LIMITS

    def __init__(
        self, address: str, vault: Vault, callback: str = "", *, allow_private: bool = False
    ) -> None:
        self._address = address
        self._vault = vault
        self._callback = callback
        self._allow_http = allow_private
        self._trouble = ""
        self._client = Client(
            later("The feed of {hostname}").format(hostname=urlsplit(address).hostname),
            allow_private=allow_private,
        )

    def close(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""
        loop.run(self._client.close())

    def pull(self, since: Cursor | None) -> Page:
        """What is new or worded anew; nothing before the feed wants to be asked again."""
        return loop.run(self._pull(since))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Ask as often as the feed wants, and keep its hub pushing."""
        return loop.each(self._follow(since))

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Refused: nothing can be written into another's feed."""
        raise Refused(later("Feeds are only read. Open the post on its own page to answer there."))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """Nothing was ever written."""
        return None

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The hub's own word back, where it asks about what we asked it for (WebSub, 5.3)."""
        word = query.get("hub.challenge", "")
        if not word or self._state().confirmed(query, _now()) is None:
            return None
        self._change(lambda state: state.confirmed(query, _now()) or state)
        return word[:2000]

    def genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the hub signed this with our key, by SHA-256 or stronger (WebSub, 7.1)."""
        return self._state().genuine(body, headers)

    def understand(self, body: bytes) -> Page:
        """The entries that a hub pushed; an empty page where it is no feed."""
        try:
            told = read(body[:MOST_BYTES], url=self._address)
        except Refused:
            return Page(way="webhook")
        posts, _ = news(told, Place(), self._address, _now())
        return Page(posts=posts, way="webhook", raw=body[:MOST_BYTES])

    async def _pull(self, since: Cursor | None) -> Page:
        place, now = to_place(since), _now()
        if now.timestamp() < place.due:
            return Page()
        answer = await self._client.get(self._address, place.etag, place.modified)
        if answer.body is None:
            place = _asked(place, answer, 0, now)
            live_since = await self._subscribed(place)
            return Page(cursor=to_cursor(place), live_since=live_since, warning=self._trouble)
        told = await asyncio.to_thread(read, answer.body, answer.kind, answer.url)
        posts, place = news(told, place, self._address, now)
        place = msgspec.structs.replace(
            place,
            etag=answer.etag if told.whole else "",
            modified=answer.modified if told.whole else "",
            hub=answer.hub or told.hub,
            topic=answer.topic or told.topic or self._address,
        )
        place = _asked(place, answer, told.every, now)
        live_since = await self._subscribed(place)
        return Page(
            posts=posts,
            cursor=to_cursor(place),
            raw=answer.body,
            live_since=live_since,
            warning=self._trouble,
        )

    async def _follow(self, since: Cursor | None) -> AsyncGenerator[Page, None]:
        while True:
            wait = to_place(since).due - _now().timestamp()
            if wait > 0:
                await asyncio.sleep(min(wait, HEARTBEAT_S))
            page = await self._pull(since)
            since = page.cursor or since
            yield page

    async def _subscribed(self, place: Place) -> datetime | None:
        """Ask the hub to push, if it is time; gives since when it does. We poll anyway."""
        state, now = await asyncio.to_thread(self._state), _now()
        hub = place.hub if self._trusted(place.hub) else ""
        if self._callback and state.is_due(hub, place.topic, now):
            state = await asyncio.to_thread(
                self._change, lambda state: state.asking(hub, place.topic, now)
            )
            try:
                await self._client.subscribe(hub, state.question(self._callback))
                self._trouble = ""
            except NetworkError as error:
                self._trouble = later(
                    "News come a little later, for its hub does not push them: {error}"
                ).format(error=error)
            state = await asyncio.to_thread(self._state)
        return state.live_since(now)

    def _trusted(self, hub: str) -> bool:
        """A key is told over an encrypted line only."""
        return hub.startswith("https://") or self._allow_http

    def _state(self) -> Subscription:
        return websub.to_subscription(self._vault.read())

    def _change(self, change: Callable[[Subscription], Subscription]) -> Subscription:
        def changed(secret: str) -> str:
            return websub.to_secret(change(websub.to_subscription(secret)))

        return websub.to_subscription(self._vault.renew(self._vault.read(), changed))


def _asked(place: Place, answer: Answer, every: int, now: datetime) -> Place:
    """The place with when it was asked, and when it may be again."""
    told = max(every, answer.max_age) or USUAL_S
    at = int(now.timestamp())
    wait = min(max(told, SHORTEST_S), LONGEST_S)
    return msgspec.structs.replace(place, asked=at, due=at + wait)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  leases and "ask again in ten minutes" need the time
