"""A server that speaks the Mastodon API as a `Network` of the desk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing

import msgspec
from msgspec.structs import replace

from sanderling.core.network import (
    Author,
    Cursor,
    Draft,
    Key,
    Limits,
    Page,
    Receipt,
    Refused,
    Room,
    Unreachable,
    Vault,
)
from sanderling.core.query import Query
from sanderling.networks.mastodon import translate
from sanderling.networks.mastodon.client import Client
from sanderling.networks.mastodon.payload import Account, Instance, understood
from sanderling.networks.mastodon.place import Place, place
from sanderling.networks.mastodon.reading import Reader
from sanderling.networks.mastodon.seeking import Sought, sought
from sanderling.networks.mastodon.streams import Streams
from sanderling.networks.mastodon.translate import LIMITS, Home
from sanderling.networks.mastodon.writing import Writer
from sanderling.networks.wire.calling import ANSWER_S
from sanderling.networks.wire.loop import each, run, together

POLL_S, POLL_ALONE_S = 30.0, 10.0
LIMITS_HOLD_S = 60.0
MOST_STREAMED = 10


class Secret(msgspec.Struct, kw_only=True):
    """What lies in the vault. `acct` is our own name, `domain` what its handle ends in, `instance`
    what the server last said of itself.
    """

    token: str
    account_id: str
    acct: str = ""
    domain: str = ""
    client_id: str = ""
    client_secret: str = ""
    instance: Instance | None = None


class Mastodon:
    """One account on the server at `address`: a Network that Follows, Seeks, Rechecks, TakesBack
    and Likes. Safe to share between threads.

    `allow_private`: the server may lie in a private network (tests, intranets). `answer_s`: how
    long an answer may take; `poll_s`: how often to ask while a stream tells, and while none does
    (seconds).
    """

    name = "mastodon"

    def __init__(
        self,
        address: str,
        vault: Vault,
        *,
        allow_private: bool = False,
        answer_s: float = ANSWER_S,
        poll_s: tuple[float, float] = (POLL_S, POLL_ALONE_S),
    ) -> None:
        self._vault = vault
        secret = self._secret()
        self._allow_private, self._poll_s = allow_private, poll_s
        self._client = Client(address, secret.token, allow_private=allow_private, answer_s=answer_s)
        host = self._client.host
        self._home = Home(host=host, domain=secret.domain or host, me=secret.account_id)
        self._reader = Reader(self._client, self._home)
        self._writer = Writer(self._client, self._home, secret.acct)
        self._limits, self._limits_until = LIMITS, 0.0
        self._changed = asyncio.Event()

    @property
    def limits(self) -> Limits:
        """What the server allows, as it last said; pages ask, and must not wait for a server."""
        if time.monotonic() >= self._limits_until:
            said = self._secret().instance
            self._limits = translate.to_limits(said) if said else LIMITS
            self._limits_until = time.monotonic() + LIMITS_HOLD_S
        return self._limits

    def close(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""
        run(self._client.close())

    def whoami(self) -> Author:
        """The account that the token belongs to."""
        account = understood(run(self._client.me()), Account)
        return translate.to_author(account, self._home)

    def pull(self, since: Cursor | None) -> Page:
        """What happened after `since`; from None on the newest 500 of 30 days come first."""
        return run(self._reader.pull(place(since, self._home.host)))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Pages of the streams that the server offers, and of asking; both end with the iterator.

        Raises what asking raises; a stream that breaks off is opened again.
        """
        return each(self._follow(place(since, self._home.host)))

    def seek(self, columns: Mapping[int, Query]) -> None:
        """Follow the columns' hashtags, and search for their words where the server searches.

        Servers search only posts whose authors agreed to be found.
        """
        run(self._seek(sought(columns.values())))

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft`, never to more people than what it answers was for.

        Whom it answers is mentioned first, unless the text does so already. Raises Refused for a
        direct message that names others, for it would go to them too.
        """
        return run(self._writer.push(draft, key))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """Our latest status that says the same in the same place, not older than the draft."""
        return run(self._writer.find(draft))

    def recheck(self, remote_ids: Sequence[str]) -> Page:
        """How these posts stand now, with the wordings they had in between."""
        return run(self._reader.recheck([self._home.local(one) for one in remote_ids]))

    def take_back(self, remote_id: str, room: Room) -> None:
        """Delete our post; one that is gone already is no error."""
        run(self._client.delete(self._home.local(remote_id)))

    def like(self, remote_id: str) -> None:
        """Favourite a post; twice is the same as once."""
        run(self._client.favourite(self._home.local(remote_id)))

    def _secret(self) -> Secret:
        return msgspec.json.decode(self._vault.read(), type=Secret)

    def _remember(self, instance: Instance) -> None:
        """Keep what the server allows beside the token, where every process finds it."""

        def said(secret: str) -> str:
            known = msgspec.json.decode(secret, type=Secret)
            return msgspec.json.encode(replace(known, instance=instance)).decode()

        if self._secret().instance != instance:
            self._vault.renew(self._vault.read(), said)
            self._limits_until = 0.0

    async def _instance(self) -> Instance:
        return understood(await self._client.instance(), Instance)

    async def _follow(self, at: Place) -> AsyncGenerator[Page, None]:
        try:
            instance = await self._instance()
            await asyncio.to_thread(self._remember, instance)
            said = instance.streaming
        except (Refused, Unreachable):  # asking works, or says why not
            said = ""
        streams = Streams(self._client, said, allow_private=self._allow_private)
        sources = (self._asked(at, streams), self._told(streams), self._tagged(streams))
        async with aclosing(together(*sources)) as pages:
            async for page in pages:
                yield page

    async def _asked(self, at: Place, streams: Streams) -> AsyncGenerator[Page, None]:
        """Asking from time to time, seldom while a stream tells."""
        while True:
            page = await self._reader.pull(at)
            yield replace(page, live_since=streams.live_since)
            at = place(page.cursor, self._home.host)
            if not page.more:
                await asyncio.sleep(self._poll_s[0 if streams.live_since else 1])

    async def _told(self, streams: Streams) -> AsyncGenerator[Page, None]:
        async for event in streams.listen("user"):
            yield self._reader.heard(event)

    async def _tagged(self, streams: Streams) -> AsyncGenerator[Page, None]:
        """The streams of the hashtags that columns seek, begun anew whenever those change."""
        while True:
            tags = self._reader.sought.tags[:MOST_STREAMED]
            sources = (self._with_tag(streams, tag) for tag in tags)
            try:
                async with aclosing(together(_until(self._changed), *sources)) as pages:
                    async for page in pages:
                        yield page
            except _Changed:
                continue

    async def _with_tag(self, streams: Streams, tag: str) -> AsyncGenerator[Page, None]:
        async for event in streams.listen("hashtag", tag):
            yield self._reader.heard(event, sought=True)

    async def _seek(self, wanted: Sought) -> None:
        if wanted == self._reader.sought:
            return
        self._reader.sought = wanted
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class _Changed(Exception):
    """What columns seek is another."""


async def _until(changed: asyncio.Event) -> AsyncGenerator[Page, None]:
    await changed.wait()
    raise _Changed
    yield Page()
