"""The live stream: poke, then pull. Only this and media.py are async among the pages.

An action announces topics ("case-42", "queues") with its transaction. Each process holds one LISTEN
connection and passes them on to every browser by server-sent events; what a topic stands for a page
fetches itself, through its ordinary view. A browser that was away says since when, and is told what
it missed, or "*" (everything) where that is not known.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import psycopg
from asgiref.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPResponseBodyEvent,
    HTTPScope,
)
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections, connections
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from psycopg import sql

from sanderling.store.announce import CHANNEL

log = logging.getLogger(__name__)

EVERYTHING = "*"
GRACE = 0.004
"""Seconds a first poke waits, so that the topics of one transaction travel together."""
GATHER = 0.15
"""Seconds in which the pokes after a first one are gathered."""
HEARTBEAT = 15.0
"""Seconds between signs of life on a quiet stream."""
BEATS_PER_CHECK = 20
"""Signs of life after which a stream's sign-in is looked at again."""
KEPT = 4096
"""Events that are kept for browsers which were away."""
MARGIN = 1000
"""Milliseconds by which the clocks of two machines may differ."""
MOST_WAITING = 64
"""Events a browser may lag behind before its stream is cut; it comes back and fetches all."""
MOST_STREAMS = 5000

Event = bytes
BEAT: Event = b"event: beat\ndata: .\n\n"
"""A sign of life that scripts can hear, so that they notice a stream which died without a word."""


class Hub:
    """The streams of this process and what was announced lately."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Queue[Event | None]] = set()
        self._past: deque[tuple[int, frozenset[str]]] = deque(maxlen=KEPT)
        self._began = self._last = 0
        self._waiting: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def full(self) -> bool:
        """No room for another stream."""
        return len(self._streams) >= MOST_STREAMS

    def join(self, since: int) -> asyncio.Queue[Event | None]:
        """A new stream's events, beginning with what it missed; None is the end. See `leave`."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]
        events: asyncio.Queue[Event | None] = asyncio.Queue(MOST_WAITING)
        events.put_nowait(b"retry: 2000\n" + _event(self._last, self._missed(since)))
        self._streams.add(events)
        return events

    def leave(self, events: asyncio.Queue[Event | None]) -> None:
        """The stream is over."""
        self._streams.discard(events)

    def poke(self, topic: str) -> None:
        """Pass a topic on: at once if it is quiet, with its neighbours if it is not."""
        self._waiting.add(topic)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GRACE, self._flush)

    def _flush(self) -> None:
        self._timer = None
        if not self._waiting:
            return
        topics, self._waiting = frozenset(self._waiting), set()
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        self._past.append((self._last, topics))
        self._send(_event(self._last, topics))
        self._timer = asyncio.get_running_loop().call_later(GATHER, self._flush)

    def _send(self, event: Event) -> None:
        for events in tuple(self._streams):
            try:
                events.put_nowait(event)
            except asyncio.QueueFull:
                self._streams.discard(events)
                events.get_nowait()
                events.put_nowait(None)

    def _missed(self, since: int) -> frozenset[str]:
        since -= MARGIN
        oldest = self._past[0][0] if len(self._past) == KEPT else self._began
        if not self._began or since < oldest:
            return frozenset({EVERYTHING})
        return frozenset().union(*(topics for at, topics in self._past if at > since))

    async def _listen(self) -> None:
        """Hear what is announced, for ever; after every gap everything counts as changed."""
        pause = 0.5
        while True:
            try:
                async with await _connect() as connection:
                    await connection.execute(sql.SQL("listen {}").format(sql.Identifier(CHANNEL)))
                    self._past.clear()
                    self._began = time.time_ns() // 1_000_000
                    self.poke(EVERYTHING)
                    pause = 0.5
                    while True:
                        async for notice in connection.notifies(timeout=HEARTBEAT):
                            self.poke(notice.payload)
                        await connection.execute("select 1")
            except (psycopg.Error, OSError) as error:
                self._began = 0
                log.warning("live updates rest for %.1f s: %s", pause, error)
            except Exception:  # whatever it is, pages must not go stale in silence
                self._began = 0
                log.exception("live updates stumbled")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            self._send(BEAT)


HUB = Hub()
_threads = ThreadPoolExecutor(2, thread_name_prefix="live-sign-in")


async def live(
    scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, hub: Hub = HUB
) -> None:
    """GET /live: the stream of whoever is signed in; 401 for others, 503 while it cannot be."""
    headers = {k: v.decode("latin-1") for k, v in scope["headers"]}
    cookies = headers.get(b"cookie", "")
    status = 503 if hub.full else await _status(cookies)
    if status != 200:
        return await _refuse(send, status)
    query = parse_qs(scope["query_string"].decode("latin-1"))
    since = headers.get(b"last-event-id") or query.get("since", ["0"])[0]
    await _start(send)
    events = hub.join(int(since) if since.isdecimal() and len(since) < 16 else 0)
    watch = asyncio.create_task(_until_gone(receive, events))
    try:
        await _pour(events, send, cookies)
    finally:
        hub.leave(events)
        watch.cancel()


async def _pour(events: asyncio.Queue[Event | None], send: ASGISendCallable, cookies: str) -> None:
    beats = 0
    while (event := await events.get()) is not None:
        await send(_body(event, more=True))
        beats += event is BEAT
        if beats == BEATS_PER_CHECK:
            beats = 0
            if await _status(cookies) == 401:
                break
    await send(_body(b"", more=False))


async def _until_gone(receive: ASGIReceiveCallable, events: asyncio.Queue[Event | None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    while not events.empty():
        events.get_nowait()
    events.put_nowait(None)


def _event(number: int, topics: Iterable[str]) -> Event:
    """A server-sent event; one without topics only tells the browser where it stands."""
    said = " ".join(sorted(topics))
    return f"id: {number}\n{f'data: {said}' if said else ':'}\n\n".encode()


def _body(body: bytes, *, more: bool) -> HTTPResponseBodyEvent:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _start(send: ASGISendCallable) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send(
        {"type": "http.response.start", "status": 200, "headers": headers, "trailers": False}
    )


async def _refuse(send: ASGISendCallable, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send(
        {"type": "http.response.start", "status": status, "headers": headers, "trailers": False}
    )
    await send(_body(b"", more=False))


async def _status(cookies: str) -> int:
    """200 for the cookies of a signed-in agent, 401 for others, 503 if nobody can tell."""
    try:
        loop = asyncio.get_running_loop()
        return 200 if await loop.run_in_executor(_threads, signed_in, cookies) else 401
    except DatabaseError:
        return 503


def signed_in(cookies: str) -> bool:
    """Whether these cookies are a signed-in agent's, by the database; raises DatabaseError."""
    close_old_connections()
    request = HttpRequest()
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return bool(get_user(request).is_active)


async def _connect() -> psycopg.AsyncConnection[Any]:
    """A connection of our own to the database that Django uses."""
    known = connections["default"].get_connection_params()
    known.pop("cursor_factory")
    return await psycopg.AsyncConnection.connect(
        **{"connect_timeout": 10, **known, "autocommit": True}
    )
