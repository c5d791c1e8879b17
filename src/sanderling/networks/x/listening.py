"""Following X: streams are quick, asking is the truth, and both are one run of pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from sanderling.core.budget import FULL, Pace
from sanderling.core.network import (
    NetworkError,
    Page,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.pricing import Act
from sanderling.core.words import later
from sanderling.networks.wire.loop import lasting, together
from sanderling.networks.x import asking, streams, translate
from sanderling.networks.x.activity import Event, understood
from sanderling.networks.x.bell import Bell
from sanderling.networks.x.calling_back import CallingBack
from sanderling.networks.x.client import Client, Crowded, Json
from sanderling.networks.x.place import Place, Reached
from sanderling.networks.x.reading import Reader
from sanderling.networks.x.seeking import Sought, columns_of, set_rules

ENCRYPTED = timedelta(hours=24)
"""How long we remind of a message that cannot be shown here."""
MOST_LOST = 100
REVOKED = later("This desk's permission was taken back on X. Connect the account again.")


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """How often X is asked, in seconds.

    Messages may be asked for 15 times in 15 minutes; empty answers cost nothing, so mentions are
    asked for every minute. `search_s` is for columns without a stream, `search_live_s` beside one,
    `each_search_s` keeps many columns within 300 searches in 15 minutes. `tend_s`: how often
    rules, subscriptions and the webhook are looked after. `patience` stretches pauses of streams.
    """

    mentions_s: float = 60
    own_s: float = 120
    messages_s: float = 65
    search_s: float = 120
    search_live_s: float = 900
    each_search_s: float = 3.5
    tend_s: float = 900
    patience: float = 1


class Turn(NamedTuple):
    """A page, and what it moves in our place once it was taken."""

    page: Page
    change: Mapping[str, Any] = {}


class Listener:
    """One account's ears. `pace` and `sought` are set from outside, in the loop, and rung for."""

    def __init__(
        self,
        client: Client,
        reader: Reader,
        calling_back: CallingBack,
        rhythm: Rhythm,
        clock: Callable[[], datetime],
    ) -> None:
        self._client, self._reader, self._calling_back = client, reader, calling_back
        self._rhythm, self._clock = rhythm, clock
        self.pace, self.sought = FULL, Sought()
        self._asking, self._seeking = Bell(), Bell()
        self._ruled = asyncio.Event()
        self._lost: list[str] = []
        self._open_since: datetime | None = None
        self._searching_since: datetime | None = None
        self._was_ours = False

    async def slow(self, pace: Pace) -> None:
        """Read at this pace from now on."""
        if pace != self.pace:
            self.pace = pace
            self._asking.ring()
            self._seeking.ring()

    async def seek(self, sought: Sought) -> None:
        """Look for this from now on."""
        if sought != self.sought:
            self.sought = sought
            self._reader.worries.tell("columns", sought.trouble)
            self._seeking.ring()

    async def look_up(self, ids: tuple[str, ...]) -> None:
        """Ask for posts of which an event did not tell enough."""
        self._lost = [*self._lost, *ids][-MOST_LOST:]
        self._asking.ring()

    async def follow(self, at: Place) -> AsyncGenerator[Page, None]:
        """Pages from `at` on. Raises what asking raises, but waits where X wants that."""
        sources = [
            self._mentions(at.mentions),
            self._asked("own", self._reader.own, at.own, self._rhythm.own_s),
            self._asked("messages", self._reader.messages, at.messages, self._rhythm.messages_s),
            self._searched(dict(at.columns)),
        ]
        if self._client.tokens.secret.bearer:
            sources += [self._subscribed(), self._activity(), self._tended(), self._filtered()]
        async with aclosing(together(*sources)) as turns:
            async for page, change in turns:
                at = msgspec.structs.replace(at, **change)
                yield msgspec.structs.replace(
                    page,
                    cursor=at.text() if change else None,
                    warning=self._reader.worries.news(),
                )

    async def pushed(self, said: Any) -> Page:
        """What X's call to our webhook tells."""
        event = self._understood(said)
        if event.revoked:
            return Page(way="webhook", warning=REVOKED)
        page = await self._page_of(event)
        news = self._reader.worries.news() if event.encrypted else None
        return msgspec.structs.replace(page, way="webhook", warning=news)

    def _understood(self, said: Any) -> Event:
        return understood(said, self._reader.us, self._reader.people, self._clock())

    async def _page_of(self, event: Event) -> Page:
        """What an event tells, as a page; what it does not tell whole will be asked for."""
        if event.lost:
            await self.look_up(event.lost)
        self._reader.meet(event.people)
        if event.encrypted:
            self._reader.worries.tell("encrypted", event.encrypted, lasts=ENCRYPTED)
        charges = (self._reader.bill.charge(act, [id]) for act, id in event.read)
        return Page(
            posts=event.posts,
            deletions=event.deletions,
            signals=event.signals,
            charges=tuple(charge for made in charges for charge in made),
            way="stream",
        )

    # Asking

    async def _mentions(self, at: Reached) -> AsyncGenerator[Turn, None]:
        while True:
            heard = self._asking.rung
            ids, self._lost = self._lost, []
            if ids:
                page = await self._patient(self._reader.look_up, ids)
                yield Turn(page or Page())
            got = await self._patient(self._reader.mentions, at)
            page, at = got or (Page(), at)
            live = msgspec.structs.replace(page, live_since=self._live_since())
            yield Turn(live, {"mentions": at} if got else {})
            if not page.more:
                await self._asking.wait(heard, self._rhythm.mentions_s * self.pace.mentions)

    async def _asked(
        self,
        name: str,
        ask: Callable[[Reached], Awaitable[tuple[Page, Reached]]],
        at: Reached,
        every_s: float,
    ) -> AsyncGenerator[Turn, None]:
        while True:
            got = await self._patient(ask, at)
            page, at = got or (Page(), at)
            yield Turn(page, {name: at} if got else {})
            if not page.more:
                await asyncio.sleep(every_s)

    async def _searched(self, since: dict[int, str]) -> AsyncGenerator[Turn, None]:
        """Each column's search in turn; none while columns must not cost anything."""
        while True:
            heard = self._seeking.rung
            for column, queries in self.sought.queries.items():
                if self.pace.columns is None or heard != self._seeking.rung:
                    break
                page = await self._found(column, queries, since)
                kept = {one: id for one, id in since.items() if one in self.sought.queries}
                yield Turn(page, {"columns": kept})
            await self._seeking.wait(heard, self._between_searches())

    async def _found(self, column: int, queries: list[str], since: dict[int, str]) -> Page:
        worry = f"search {column}"
        try:
            got = await self._patient(self._reader.search, column, queries, since.get(column, ""))
        except Refused as error:
            self._reader.worries.tell(
                worry, later("X refuses a column's search: {error}").format(error=error)
            )
            return Page()
        self._reader.worries.tell(worry, "")
        page, since[column] = got or (Page(), since.get(column, ""))
        return msgspec.structs.replace(page, live_since=self._searching_since)

    async def _patient(self, ask: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        """What asking gives; None after waiting as long as X wants."""
        try:
            return await ask(*given)
        except Throttled as error:
            self._reader.worries.tell("throttled", str(error), lasts=error.until - self._clock())
            await asyncio.sleep(max((error.until - self._clock()).total_seconds(), 0.05))
            return None

    def _live_since(self) -> datetime | None:
        """Since when X tells of mentions by itself: by webhook, or while its stream is open."""
        told = self._calling_back.tells_since
        if told is None or self._calling_back.hooked:
            return told
        return max(told, self._open_since) if self._open_since else None

    def _between_searches(self) -> float:
        usual = self._rhythm.search_live_s if self._searching_since else self._rhythm.search_s
        needed = self._rhythm.each_search_s * sum(map(len, self.sought.queries.values()))
        return max(usual, needed) * (self.pace.columns or 1)

    # Streams

    async def _activity(self) -> AsyncGenerator[Turn, None]:
        """What happens around our account."""
        async for said in self._lasting("activity", self._open_activity):
            if said is None:
                yield Turn(Page(way="stream"))
                continue
            event = self._understood(said)
            if event.revoked:
                raise SignInLost(REVOKED)
            yield Turn(msgspec.structs.replace(await self._page_of(event), raw=_raw(said)))

    async def _open_activity(self) -> AsyncIterator[Json | None]:
        async with self._client.stream("/2/activity/stream") as response:
            self._reader.worries.tell("activity", "")
            self._open_since = self._clock()
            self._asking.ring()  # what happened while nothing was open
            try:
                async for said in streams.lines(response):
                    yield said
            finally:
                self._open_since = None

    async def _filtered(self) -> AsyncGenerator[Turn, None]:
        """Posts that columns ask for."""
        async for said in self._lasting("filtered", self._open_filtered):
            if said is None or "data" not in said:
                yield Turn(Page(way="stream"))
                continue
            heard = translate.to_posts(said, self._reader.us, self._reader.people)
            columns = columns_of(said)
            read = [said["data"].get("id")] if isinstance(said["data"], dict) else []
            charges = self._reader.bill.charge(
                Act.READ_POST, [id for id in read if isinstance(id, str)], next(iter(columns), None)
            )
            yield Turn(
                Page(
                    posts=heard.posts,
                    signals=heard.signals,
                    raw=_raw(said),
                    way="stream",
                    charges=charges,
                )
            )

    async def _open_filtered(self) -> AsyncIterator[Json | None]:
        await self._ruled.wait()
        try:
            async with self._client.stream("/2/tweets/search/stream", **asking.STREAM) as response:
                self._reader.worries.tell("filtered", "")
                self._searching_since = self._clock()
                self._seeking.ring()
                async for said in streams.lines(response):
                    yield said
        except Crowded:
            if self._was_ours:
                self._was_ours = False
                await self._client.drop_connections("filtered_stream")
            raise
        finally:
            self._was_ours = self._was_ours or self._searching_since is not None
            self._searching_since = None

    async def _lasting(
        self, name: str, connect: Callable[[], AsyncIterator[Json | None]]
    ) -> AsyncGenerator[Json | None, None]:
        """A stream opened again whenever it ends, with the pauses X wants."""

        def pause(error: NetworkError, failures: int) -> float:
            if isinstance(error, Refused | Throttled):
                self._reader.worries.tell(
                    name,
                    later("X's {name} stream is not open: {error}").format(name=name, error=error),
                )
            return streams.pause(error, failures, self._clock()) * self._rhythm.patience

        async with aclosing(lasting(connect, pause)) as said:
            async for one in said:
                yield one

    # What must stand on X so that it tells us

    async def _subscribed(self) -> AsyncGenerator[Turn, None]:
        async for turn in self._tending(
            "subscriptions", self._asking, lambda: self._calling_back.set_up(self.pace)
        ):
            yield turn

    async def _tended(self) -> AsyncGenerator[Turn, None]:
        async for turn in self._tending("rules", self._seeking, self._set_rules):
            yield turn

    async def _set_rules(self) -> str:
        rules = {} if self.pace.columns is None else self.sought.rules
        said = await set_rules(self._client, rules)
        if rules:
            self._ruled.set()
        else:
            self._ruled.clear()
        return said

    async def _tending(
        self, name: str, bell: Bell, tend: Callable[[], Awaitable[str]]
    ) -> AsyncGenerator[Turn, None]:
        """Look after something now, when the bell rings, and from time to time."""
        while True:
            heard, again_s = bell.rung, self._rhythm.tend_s
            try:
                self._reader.worries.tell(name, await tend())
            except Refused as error:
                self._reader.worries.tell(name, str(error))
            except (Throttled, Unreachable) as error:
                again_s = streams.pause(error, 4, self._clock()) * self._rhythm.patience
            yield Turn(Page(way="stream"))
            await bell.wait(heard, again_s)


def _raw(said: Json) -> bytes:
    return msgspec.json.encode(said)
