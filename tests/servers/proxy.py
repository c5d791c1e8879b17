"""A proxy before any HTTP or WebSocket server that lets things go wrong as it is told.

    with proxy_before("http://127.0.0.1:3000", seed=7) as proxy:
        client = Client(proxy.url)
        proxy.let("cut after", "POST /api/posts", times=1)     # it was taken, the answer is lost
        proxy.let("answer", "GET ", status=429, headers={"retry-after": "30"}, chance=0.2)
        proxy.well()                                           # all goes right again
        proxy.done                                             # Counter({"cut after": 1, ...})

On streams (answers without a length, and WebSockets) a piece is an event, a line or a frame.
"""

from __future__ import annotations

import asyncio
import re
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

import h11

Kind = Literal[
    "cut before",  # the connection ends, the server never heard
    "cut after",  # the server did it, the connection ends without an answer
    "hang before",  # silence of `seconds`, the server never heard
    "hang after",  # silence of `seconds`, the server did it
    "answer",  # `status`, `headers` and `body` instead of asking the server
    "answer after",  # the same, after the server did it
    "delay",  # all goes right, `seconds` later
    "truncate",  # half of the answer's body, as if that were all
    "repeat",  # a piece of a stream twice
    "drop",  # a piece of a stream not at all
    "swap",  # a piece of a stream after the next one
    "close",  # a stream ends after a piece
]
ON_PIECES = ("repeat", "drop", "swap", "close")
PART = 65_536
SWAP_S = 0.3
"""A piece that waits for the next one waits no longer."""
NOT_PASSED_ON = (b"accept-encoding", b"sec-websocket-extensions", b"connection", b"keep-alive")
"""What would make pieces unreadable, or belongs to one connection."""


@dataclass
class Fault:
    """What may go wrong, where, how often. `left` is None for "for ever"."""

    kind: Kind
    on: re.Pattern[str]
    left: int | None
    chance: float
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.kind} {self.status}" if self.kind.startswith("answer") else self.kind


class Cut(Exception):
    """The connection is to end here."""


class Line(ABC):
    """One listening address before one server; what both proxies of this folder share."""

    def __init__(self, host: str, port: int) -> None:
        self.done: Counter[str] = Counter()
        self.port = 0
        self._to = (host, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Any:
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        assert not self._thread.is_alive(), "the proxy did not stop"
        self._loop.close()

    def go_away(self) -> None:
        """Refuse connections and end all that are open, as a server that is restarted."""
        self._run(self._leave())
        self.done["away"] += 1

    def come_back(self) -> None:
        """Listen (again), always on the same port."""
        self._run(self._listen())

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens."""
        self.go_away()
        try:
            yield
        finally:
            self.come_back()

    def hang_up(self) -> int:
        """End every connection at once; how many there were."""
        ended = self._run(self._hang_up())
        self.done["hung up"] += ended
        return ended

    @abstractmethod
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk on one connection."""

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(
                self._connected, "127.0.0.1", self.port, limit=2**24
            )
            self.port = self._server.sockets[0].getsockname()[1]

    async def _leave(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()

    async def _hang_up(self) -> int:
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(tasks)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self.serve(reader, writer)
        except (Cut, OSError, EOFError, h11.ProtocolError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            await ended(writer)


class Proxy(Line):
    """A proxy before the server at `upstream`; its address is `url`.

    Where an answer names the server's address, it names the proxy's. `adds` are headers that every
    request gets on its way.
    """

    def __init__(self, upstream: str, seed: int = 0, adds: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(upstream)
        self._netloc = parts.netloc.encode()
        self.adds = dict(adds or {})
        super().__init__(parts.hostname or "127.0.0.1", parts.port or 80)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._chance = Random(seed)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def let(
        self, kind: Kind, on: str = "", *, times: int | None = None, chance: float = 1.0, **how: Any
    ) -> Fault:
        """Let this go wrong where `on` is found in "METHOD /path?query" (a regular expression).

        `times`: so often and no more. `chance`: of every request, or piece of a stream. For `how`
        see `Fault`.
        """
        fault = Fault(kind, re.compile(on), times, chance, **how)
        with self._lock:
            self._faults.append(fault)
        return fault

    def well(self) -> None:
        """Let all go right again."""
        with self._lock:
            self._faults.clear()

    def _strikes(self, what: str, *, pieces: bool = False) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if (fault.kind in ON_PIECES) is not pieces or fault.left == 0:
                    continue
                if fault.on.search(what) and self._chance.random() < fault.chance:
                    fault.left = None if fault.left is None else fault.left - 1
                    self.done[fault.name] += 1
                    return fault
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = h11.Connection(h11.SERVER, max_incomplete_event_size=2**20)
        while True:
            request = await _event(client, reader)
            if not isinstance(request, h11.Request):
                return
            body = await _whole(client, reader) if not _upgrades(request) else b""
            exchange = Exchange(self, client, reader, writer, request, body)
            await exchange.run()
            if client.our_state is not h11.DONE or client.their_state is not h11.DONE:
                return
            client.start_next_cycle()

    def as_ours(self, body: bytes) -> bytes:
        """What the server says, with our address for its own."""
        return body.replace(self._netloc, f"127.0.0.1:{self.port}".encode())

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the server; none is left open where we are ended meanwhile."""
        opening = asyncio.ensure_future(asyncio.open_connection(*self._to, limit=2**24))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            _, writer = await opening
            await ended(writer)
            raise


class Several:
    """Some proxies as one, before a network that is reached at several addresses."""

    def __init__(self, *proxies: Proxy) -> None:
        self._all = proxies

    @property
    def done(self) -> Counter[str]:
        return sum((one.done for one in self._all), Counter[str]())

    def let(self, kind: Kind, on: str = "", **how: Any) -> None:
        for one in self._all:
            one.let(kind, on, **how)

    def well(self) -> None:
        for one in self._all:
            one.well()

    def hang_up(self) -> int:
        return sum(one.hang_up() for one in self._all)

    @contextmanager
    def away(self) -> Iterator[None]:
        with ExitStack() as stack:
            for one in self._all:
                stack.enter_context(one.away())
            yield


@dataclass
class Exchange:
    """One request and its answer."""

    proxy: Proxy
    client: h11.Connection
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    request: h11.Request
    body: bytes

    @property
    def what(self) -> str:
        return f"{self.request.method.decode()} {self.request.target.decode()}"

    async def run(self) -> None:
        fault = self.proxy._strikes(self.what)
        kind = fault.kind if fault else None
        if fault and kind in ("delay", "hang before"):
            await asyncio.sleep(fault.seconds)
        if kind in ("cut before", "hang before"):
            raise Cut
        if fault and kind == "answer":
            await self._answer(fault)
            return
        upstream, to_upstream = await self.proxy.dial()
        try:
            await self._forward(upstream, to_upstream, fault)
        finally:
            await ended(to_upstream)

    async def _forward(
        self,
        upstream: asyncio.StreamReader,
        to_upstream: asyncio.StreamWriter,
        fault: Fault | None,
    ) -> None:
        server = h11.Connection(h11.CLIENT, max_incomplete_event_size=2**20)
        to_upstream.write(self._asked(server))
        response = await _event(server, upstream)
        while isinstance(response, h11.InformationalResponse) and response.status_code != 101:
            response = await _event(server, upstream)
        assert isinstance(response, h11.Response | h11.InformationalResponse)
        lasting = response.status_code == 101 or not _sized(response, self.request)
        if fault and fault.kind in ("cut after", "hang after", "answer after"):
            if not lasting:
                await _whole(server, upstream)
            if fault.kind == "hang after":
                await asyncio.sleep(fault.seconds)
            if fault.kind != "answer after":
                raise Cut
            await self._answer(fault)
        elif isinstance(response, h11.InformationalResponse):
            await self._tunnel(response, server, upstream, to_upstream)
        elif lasting:
            await self._stream(response, server, upstream)
        else:
            body = await _whole(server, upstream)
            body = self.proxy.as_ours(body)
            short = fault is not None and fault.kind == "truncate"
            await self._send(response, body[: len(body) // 2] if short else body)

    def _asked(self, server: h11.Connection) -> bytes:
        """The request as the server gets it: one on a connection, readable, of known length."""
        headers = [
            (n, v)
            for n, v in self.request.headers.raw_items()
            if n.lower() not in (*NOT_PASSED_ON, b"transfer-encoding", b"content-length")
        ]
        headers += [(name.encode(), value.encode()) for name, value in self.proxy.adds.items()]
        upgrade = _upgrades(self.request)
        headers.append((b"Connection", b"Upgrade" if upgrade else b"close"))
        if self.body or self.request.method in (b"POST", b"PUT", b"PATCH"):
            headers.append((b"Content-Length", str(len(self.body)).encode()))
        asked = h11.Request(method=self.request.method, target=self.request.target, headers=headers)
        parts = [server.send(asked)]
        if self.body:
            parts.append(server.send(h11.Data(data=self.body)))
        parts.append(server.send(h11.EndOfMessage()))
        return b"".join(part or b"" for part in parts)

    async def _answer(self, fault: Fault) -> None:
        headers = {"content-type": "application/json", **fault.headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send(h11.Response(status_code=fault.status, headers=raw), fault.body)

    async def _send(self, response: h11.Response, body: bytes) -> None:
        bare = response.status_code in (204, 304) or self.request.method == b"HEAD"
        headers = [
            (n, v)
            for n, v in response.headers.raw_items()
            if n.lower() not in (b"transfer-encoding", b"connection", b"keep-alive")
            and (bare or n.lower() != b"content-length")
        ]
        if not bare:
            headers.append((b"Content-Length", str(len(body)).encode()))
        await self._say(h11.Response(status_code=response.status_code, headers=headers))
        if body and not bare:
            await self._say(h11.Data(data=body))
        await self._say(h11.EndOfMessage())

    async def _stream(
        self, response: h11.Response, server: h11.Connection, upstream: asyncio.StreamReader
    ) -> None:
        headers = [
            (n, v)
            for n, v in response.headers.raw_items()
            if n.lower() not in (b"transfer-encoding", b"connection", b"keep-alive")
        ]
        if self.request.http_version >= b"1.1":
            headers.append((b"Transfer-Encoding", b"chunked"))
        await self._say(h11.Response(status_code=response.status_code, headers=headers))
        kind = dict(response.headers.raw_items()).get(b"content-type", b"")
        end = b"\n\n" if b"event-stream" in kind.lower() else b"\n"

        async def pieces() -> AsyncIterator[bytes]:
            waiting = b""
            while isinstance(event := await _event(server, upstream), h11.Data):
                waiting += bytes(event.data).replace(b"\r\n", b"\n") if end != b"\n" else event.data
                *whole, waiting = waiting.split(end)
                for piece in whole:
                    yield piece + end
            if waiting:
                yield waiting

        async def say(piece: bytes) -> None:
            await self._say(h11.Data(data=piece))

        async def client_left() -> None:
            while not self.reader.at_eof():
                await asyncio.sleep(0.05)
            raise Cut

        passed_on = self._pass_on(pieces(), say, lambda piece: bool(piece.strip()))
        await _any_ends(passed_on, client_left())
        await self._say(h11.EndOfMessage())

    async def _tunnel(
        self,
        response: h11.InformationalResponse,
        server: h11.Connection,
        upstream: asyncio.StreamReader,
        to_upstream: asyncio.StreamWriter,
    ) -> None:
        await self._say(response)
        early, early_asked = server.trailing_data[0], self.client.trailing_data[0]
        to_upstream.write(early_asked)

        async def there() -> None:
            while part := await self.reader.read(PART):
                to_upstream.write(part)
                await to_upstream.drain()

        frames = _frames(early, upstream)
        await _any_ends(
            there(), self._pass_on(frames, self._write, lambda frame: frame[0] & 0x0F in (0, 1, 2))
        )

    async def _pass_on(
        self,
        pieces: AsyncIterator[bytes],
        say: Callable[[bytes], Coroutine[Any, Any, None]],
        counts: Callable[[bytes], bool],
    ) -> None:
        """Every piece, with the faults of streams; heartbeats (that do not count) unharmed."""

        def strikes(piece: bytes) -> str:
            fault = self.proxy._strikes(self.what, pieces=True) if counts(piece) else None
            return fault.kind if fault else ""

        async with aclosing(_or_silence(pieces)) as heard:
            async for piece in _spoiled(heard, strikes):
                await say(piece)

    async def _say(self, event: Any) -> None:
        await self._write(self.client.send(event) or b"")

    async def _write(self, part: bytes) -> None:
        self.writer.write(part)
        await self.writer.drain()


async def _spoiled(
    pieces: AsyncIterator[bytes], strikes: Callable[[bytes], str]
) -> AsyncIterator[bytes]:
    """The pieces, after what strikes each; a swapped one waits for the next, or for silence."""
    held = b""
    async for piece in pieces:
        fault = strikes(piece) if piece else ""
        if fault == "swap" and not held:
            held = piece
            continue
        if said := piece * {"drop": 0, "repeat": 2}.get(fault, 1) + held:
            yield said
        held = b""
        if fault == "close":
            raise Cut
    if held:
        yield held


async def _or_silence(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The pieces, and b"" whenever none came for a while."""
    coming: asyncio.Future[bytes] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(pieces))
            if (await asyncio.wait([coming], timeout=SWAP_S))[0]:
                piece, coming = coming.result(), None
                yield piece
            else:
                yield b""
    except StopAsyncIteration:
        return
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _any_ends(*works: Coroutine[Any, Any, None]) -> None:
    """Do these together until the first of them ends, or fails."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
    for error in found:
        if isinstance(error, Exception):
            raise error


async def _event(connection: h11.Connection, reader: asyncio.StreamReader) -> Any:
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(await reader.read(PART))
    return event


async def _whole(connection: h11.Connection, reader: asyncio.StreamReader) -> bytes:
    parts = []
    while isinstance(event := await _event(connection, reader), h11.Data):
        parts.append(bytes(event.data))
    return b"".join(parts)


async def _frames(early: bytes, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The frames that a WebSocket server sends, which are never masked, each whole (RFC 6455)."""

    async def take(count: int) -> bytes:
        nonlocal early
        part, early = early[:count], early[count:]
        return part + (await reader.readexactly(count - len(part)) if len(part) < count else b"")

    while True:
        try:
            head = await take(2)
        except asyncio.IncompleteReadError:
            return
        size = head[1] & 0x7F
        more = await take({126: 2, 127: 8}.get(size, 0))
        yield head + more + await take(int.from_bytes(more) if more else size)


def _upgrades(request: h11.Request) -> bool:
    return any(n == b"upgrade" and v.lower() == b"websocket" for n, v in request.headers)


def _sized(response: h11.Response, request: h11.Request) -> bool:
    """Whether the answer ends by itself, so that it can be waited for."""
    if request.method == b"HEAD" or response.status_code in (204, 304):
        return True
    return any(name == b"content-length" for name, _ in response.headers)


async def ended(writer: asyncio.StreamWriter) -> None:
    """Let a connection go."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@contextmanager
def proxy_before(upstream: str, seed: int = 0, **adds: str) -> Iterator[Proxy]:
    """A proxy in a thread of its own, gone at the end; `adds`: headers, with _ for -."""
    with Proxy(upstream, seed, {name.replace("_", "-"): adds[name] for name in adds}) as proxy:
        yield proxy
