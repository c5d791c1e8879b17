"""What a server tells as it happens: over server-sent events, or over a WebSocket.

Mastodon offers both, GoToSocial and Pleroma only the WebSocket, small servers neither.
https://docs.joinmastodon.org/methods/streaming/
"""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import httpcore
import httpx
import msgspec
from httpx_sse import EventSource, SSEError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from sanderling.core.network import NetworkError, Refused, SignInLost, Throttled, Unreachable
from sanderling.core.timing import pause
from sanderling.core.words import later
from sanderling.networks.mastodon.client import Client, now
from sanderling.networks.wire.calling import CONNECT_S, MOST_BYTES
from sanderling.networks.wire.loop import lasting
from sanderling.networks.wire.reachable import public_address

SILENCE_S = 90
"""Servers send a sign of life every 15 to 30 seconds."""
LONGEST_PAUSE_S = 300


class Event(NamedTuple):
    """Something that a stream told: `data` is JSON, or a bare id where `name` is "delete"."""

    name: str
    data: str


Way = Callable[[str, str], AsyncIterator[Event]]


class NotStreamed(Exception):
    """The server has no such stream in this way."""


class Frame(msgspec.Struct):
    """A message on a WebSocket."""

    event: str
    payload: Any = ""


class Streams:
    """The streams of an account; `said` is where the server says that they are.

    `allow_private`: they may lie in a private network. `live_since` is since when the account's own
    stream has been open, None while it is not.
    """

    def __init__(self, client: Client, said: str, *, allow_private: bool = False) -> None:
        self._client = client
        self._base = near(said, client.http.base_url)
        self._allow_private = allow_private
        self.live_since: datetime | None = None

    async def listen(self, stream: str, tag: str = "") -> AsyncGenerator[Event, None]:
        """What the stream "user" or "hashtag" tells, opened again whenever it breaks off.

        Ends at once where the server offers it in no way; raises SignInLost.
        """
        for way in (self._sse, self._websocket):
            try:
                async with aclosing(self._lasting(way, stream, tag)) as events:
                    async for event in events:
                        yield event
            except NotStreamed:
                self._is(None, stream)

    def _lasting(self, way: Way, stream: str, tag: str) -> AsyncGenerator[Event, None]:
        def broken(error: NetworkError, failures: int) -> float:
            self._is(None, stream)
            return patience(error, failures)

        return lasting(lambda: way(stream, tag), broken)

    def _is(self, live_since: datetime | None, stream: str) -> None:
        if stream == "user":
            self.live_since = live_since

    async def _sse(self, stream: str, tag: str) -> AsyncGenerator[Event, None]:
        url = self._base.copy_with(path=f"/api/v1/streaming/{stream}")
        params = {"tag": tag} if tag else {}
        try:
            async with self._client.streamed(str(url), idle_s=SILENCE_S, params=params) as response:
                if "text/event-stream" not in response.headers.get("content-type", ""):
                    raise NotStreamed
                self._is(now(), stream)
                async for event in events(response):
                    yield event
        except (Refused, SSEError) as error:
            raise NotStreamed from error

    async def _websocket(self, stream: str, tag: str) -> AsyncGenerator[Event, None]:
        try:
            async with await self._connection(stream, tag) as connection:
                self._is(now(), stream)
                async for message in connection:
                    if event := _event(message):
                        yield event
        except InvalidStatus as error:
            raise _meaning(error.response.status_code) from error
        except (OSError, WebSocketException, httpcore.ConnectError, ValueError) as error:
            # A redirect to another host is a ValueError: the connection goes where it was checked.
            raise Unreachable(
                later("The stream of {server} broke off.").format(server=self._client.name)
            ) from error

    async def _connection(
        self, stream: str, tag: str
    ) -> AbstractAsyncContextManager[ClientConnection]:
        """The connection goes to the very address that was checked, and follows nowhere else."""
        secure = self._base.scheme == "https"
        params = {"stream": stream, "access_token": self._client.token}
        url = self._base.copy_with(
            scheme="wss" if secure else "ws",
            path="/api/v1/streaming",
            params=params | ({"tag": tag} if tag else {}),
        )
        port = url.port or (443 if secure else 80)
        host = url.host if self._allow_private else await public_address(url.host, port)
        return connect(
            str(url),
            host=host,
            port=port,
            proxy=None,
            open_timeout=CONNECT_S,
            max_size=MOST_BYTES,
            user_agent_header="Sanderling",
        )


async def events(response: httpx.Response) -> AsyncGenerator[Event, None]:
    """What a server sends; raises Unreachable for an event without an end."""
    read, size = response.aiter_text, 0

    async def bounded() -> AsyncIterator[str]:
        nonlocal size
        async for text in read():
            size += len(text)
            if size > MOST_BYTES:
                raise Unreachable(later("The stream sent something without an end."))
            yield text

    response.aiter_text = bounded  # type: ignore[method-assign,assignment]  # httpx-sse has no bound
    async for sent in EventSource(response).aiter_sse():
        size = 0
        yield Event(sent.event, sent.data)


def near(said: str, home: httpx.URL) -> httpx.URL:
    """Where to ask for streams: where the server says, if that is itself or a part of it.

    What an instance says of itself is not trusted with our token: another host, or a connection
    that is less encrypted, is passed over for the server's own address.
    """
    own = home.copy_with(path="/", query=None)
    try:
        url = httpx.URL(said.replace("ws", "http", 1) if said.startswith("ws") else said)
    except (httpx.InvalidURL, ValueError, TypeError):
        return own
    known = url.host == home.host or url.host.endswith(f".{home.host}")
    as_safe = url.scheme == "https" or (url.scheme == "http" and home.scheme == "http")
    if not known or not as_safe or url.userinfo:
        return own
    return url.copy_with(path="/", query=None, fragment=None)


def patience(error: NetworkError, failures: int) -> float:
    """Seconds to wait before a stream is opened again: growing, and never all at the same time."""
    if isinstance(error, Throttled):
        return max((error.until - now()).total_seconds(), 1.0)
    most = pause(failures, first=4.0, most=LONGEST_PAUSE_S).total_seconds()
    return random.uniform(most / 2, most)


def _event(message: str | bytes) -> Event | None:
    try:
        frame = msgspec.json.decode(message, type=Frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    payload = frame.payload
    return Event(
        frame.event, payload if isinstance(payload, str) else msgspec.json.encode(payload).decode()
    )


def _meaning(status: int) -> Exception:
    if status == 401:
        return SignInLost(later("The server no longer accepts the access of this account."))
    if status == 429:
        return Throttled(now() + timedelta(minutes=1))
    # A server without WebSockets answers as to any other question: not found, or what is this.
    return (
        Unreachable(later("The stream answered {status}.").format(status=status))
        if status >= 500
        else NotStreamed()
    )
