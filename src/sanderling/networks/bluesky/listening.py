"""Hearing everything said on the network, to find what speaks to us and what columns ask for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

from sanderling.core.network import (
    Deletion,
    NetworkError,
    Page,
    Room,
    Throttled,
)
from sanderling.core.query import Query
from sanderling.core.timing import pause
from sanderling.networks.bluesky import translate
from sanderling.networks.bluesky.changes import Change
from sanderling.networks.bluesky.client import Client, Session
from sanderling.networks.bluesky.columns import Columns, subject
from sanderling.networks.bluesky.firehose import FirehoseFault, as_json, cid_text
from sanderling.networks.bluesky.reading import Found, Reader
from sanderling.networks.bluesky.records import Record
from sanderling.networks.bluesky.stream import Batch, batches, is_firehose
from sanderling.networks.wire.loop import lasting

MOST_WRITERS = 200


class Listener:
    """One account at the stream that its session names, if it names one.

    `live_since` is since when the stream is open, None while it is not; `seq` the place in it.
    """

    def __init__(
        self,
        client: Client,
        reader: Reader,
        session: Session,
        *,
        clock: Callable[[], datetime],
        allow_private: bool = False,
    ) -> None:
        self.url, self.seq = session.stream, 0
        self.live_since: datetime | None = None
        self.columns = Columns({})
        self._client, self._reader, self._us, self._clock = client, reader, session.did, clock
        self._handles = {session.did: session.handle}
        self._allow_private = allow_private
        self._wanted_open = asyncio.Event()
        if self._worth_it():
            self._wanted_open.set()

    async def seek(self, columns: Mapping[int, Query]) -> None:
        """Find posts for these columns from now on."""
        found = Columns(columns)
        await self._resolve(found)
        self.columns = found
        if self._worth_it():
            self._wanted_open.set()
        else:
            self._wanted_open.clear()

    async def pages(self) -> AsyncGenerator[Page, None]:
        """What concerns us or a column, as it is said; an empty page when the stream opens.

        While nothing makes it worth its while, the stream is closed and nothing comes.
        """
        while True:
            await self._wanted_open.wait()
            async with aclosing(lasting(self._open, self._pause)) as stream:
                async for page in stream:
                    yield page
                    if not self._wanted_open.is_set():
                        break

    def _worth_it(self) -> bool:
        """Jetstream tells posts only, a few a second, and is quick with what speaks to us; the raw
        firehose tells everything, which only columns are worth.
        """
        return bool(self.columns) or not is_firehose(self.url)

    async def _open(self) -> AsyncGenerator[Page, None]:
        """The stream until it breaks: a page when it opens, and when there is something to tell."""
        try:
            async with aclosing(
                batches(self.url, self._us, self.seq, allow_private=self._allow_private)
            ) as stream:
                async for batch in stream:
                    opens, self.live_since = not self.live_since, self.live_since or self._clock()
                    page = await self._page(batch)
                    self.seq = batch.seq
                    left = not self._wanted_open.is_set()
                    if opens or left or page.posts or page.deletions:
                        yield page
        finally:
            self.live_since = None

    async def _page(self, batch: Batch) -> Page:
        written = [c for c in batch.changes if c.operation == "create"]
        again = [c for c in batch.changes if c.operation != "create" and self._reader.told(c.uri)]
        wanted = self._wanted(written) + [c for c in again if c.operation == "update"]
        posts = await self._reader.whole([f for f in map(self._found, wanted) if f])
        gone = [c for c in again if c.operation == "delete"]
        for change in gone:
            self._reader.forget(change.uri)
        return Page(posts=posts, deletions=tuple(map(self._gone, gone)), way="stream")

    def _wanted(self, changes: Sequence[Change]) -> list[Change]:
        """The new posts that a column may want or that speak to us."""
        subjects = [subject(change, self._handles, self._us) for change in changes]
        matched = self.columns.match(subjects) if self.columns else [False] * len(changes)
        return [
            change
            for change, match in zip(changes, matched, strict=True)
            if match or change.did == self._us or change.speaks_to(self._us)
        ]

    def _found(self, change: Change) -> Found | None:
        record = translate.maybe(as_json(change.record), Record)
        at = translate.time(change.at) or self._clock()
        if record is None:
            return None
        cid = change.cid if isinstance(change.cid, bytes | str) else None
        edited_at = at if change.operation == "update" else None
        return Found(
            uri=change.uri, record=record, seen_at=at, cid=cid_text(cid), edited_at=edited_at
        )

    def _gone(self, change: Change) -> Deletion:
        at = translate.time(change.at) or self._clock()
        return Deletion(remote_id=change.uri, room=Room.PUBLIC, at=at)

    async def _resolve(self, columns: Columns) -> None:
        """Learn whom the handles mean whose posts are asked for; the stream tells none."""
        known = set(self._handles.values())
        names = [n for n in sorted(columns.writers) if "." in n and n not in known]
        try:
            for name in names[:MOST_WRITERS]:
                if did := await self._client.resolve(name):
                    self._handles[did] = name
        except NetworkError:
            return

    def _pause(self, error: NetworkError, failures: int) -> float:
        if isinstance(error, FirehoseFault) and error.error == "FutureCursor":
            self.seq = 0
        rest = pause(failures, most=60).total_seconds()
        if isinstance(error, Throttled):
            rest = max(rest, (error.until - self._clock()).total_seconds())
        return rest * random.uniform(0.5, 1.5)
