"""The HTTP side: an ASGI app under uvicorn in a thread, which can also break off a connection."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from servers.x.answers import Answer, Problem, Request
from servers.x.checking import DOCUMENT
from servers.x.faults import BEFORE, Fault
from servers.x.standin import StandIn, request_of
from servers.x.streams import CUT, Connection

JSON = {"content-type": "application/json; charset=utf-8"}


class _Protocol(H11Protocol):
    """Remembers the line of each caller, so that it can be cut."""

    lines: ClassVar[dict[Any, asyncio.Transport]] = {}

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.lines[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.lines.pop(self.transport.get_extra_info("peername"), None)
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    async def main_loop(self) -> None:
        """Wait for the end, more closely than uvicorn does: a test asks for it every time."""
        while not self.should_exit:
            await asyncio.sleep(0.005)

    async def shutdown(self, sockets: Any = None) -> None:
        """End at once, whatever is under way: what hangs on purpose is not waited for."""
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)


class App:
    def __init__(self, standin: StandIn) -> None:
        self._x = standin

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._x.webhooks.loop = asyncio.get_running_loop()
        caller = _Caller(scope, receive, send)
        request = await caller.request()
        fault = None
        try:
            request.operation = self._x.operation(request)
            self._x.calls.append(request.operation)
            fault = self._x.faults.take(request.operation)
            if fault and fault.kind in BEFORE and await self._spoil_before(fault, caller):
                return
            said = self._x.sign_in_page(request) or await self._x.answer(request)
        except Problem as problem:
            headers = getattr(problem, "headers", {})
            said = Answer(problem.status, problem.content, headers)
        if isinstance(said, Connection):
            await self._stream(said, caller)
        elif not fault or not await self._spoil_after(fault, said, caller):
            await caller.answer(said)

    async def _spoil_before(self, fault: Fault, caller: _Caller) -> bool:
        if fault.kind == "refuse":
            await caller.answer(_failure(fault.status, self._x))
        elif fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            caller.cut()
        else:
            caller.cut()
        return True

    async def _spoil_after(self, fault: Fault, said: Answer, caller: _Caller) -> bool:
        """Whether nothing more is to be answered."""
        if fault.kind == "fail_after":
            await caller.answer(_failure(fault.status, self._x))
        elif fault.kind in ("cut_after", "hang_after"):
            await asyncio.sleep(fault.seconds if fault.kind == "hang_after" else 0)
            caller.cut()
        elif fault.kind == "cut_midway":
            await caller.half(said)
        elif fault.kind == "malformed":
            said.content = said.encoded()[:-1] + b', "'
            await caller.answer(said)
        else:
            await asyncio.sleep(fault.seconds if fault.kind == "slow" else 0)
            said.content = fault.change(said.content)
            return False
        return True

    async def _stream(self, connection: Connection, caller: _Caller) -> None:
        await caller.start(200, JSON)
        await caller.more(b"\r\n")
        gone = asyncio.ensure_future(caller.gone())
        try:
            while not gone.done():
                said = await self._next(connection, gone)
                if said is None or said is CUT:
                    break
                if not self._x.streams.silent:
                    await caller.more(said)
            if not gone.done():
                if said is CUT:
                    caller.cut()
                else:
                    await caller.more(b"", more=False)
        finally:
            gone.cancel()
            connection.why = connection.why or "Client disconnected"
            connection.ended = connection.ended or self._x.world.now()

    async def _next(self, connection: Connection, gone: asyncio.Future[None]) -> Any:
        coming = asyncio.ensure_future(connection.lines.get())
        await asyncio.wait(
            {coming, gone}, timeout=self._x.streams.beat_s, return_when=asyncio.FIRST_COMPLETED
        )
        if coming.done():
            return coming.result()
        coming.cancel()
        return b"\r\n"


class _Caller:
    """Who called: what they said, and how they are answered."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self._scope, self._receive, self._send = scope, receive, send

    async def request(self) -> Request:
        raw, more = b"", True
        while more:
            message = await self._receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in self._scope["headers"]}
        scope = self._scope
        return request_of(scope["method"], scope["path"], scope["query_string"], headers, raw)

    async def answer(self, said: Answer) -> None:
        body = said.encoded()
        await self.start(said.status, JSON | said.headers | {"content-length": str(len(body))})
        await self.more(body, more=False)

    async def half(self, said: Answer) -> None:
        body = said.encoded()
        await self.start(said.status, JSON | said.headers | {"content-length": str(len(body))})
        await self.more(body[: len(body) // 2])
        await asyncio.sleep(0.01)
        self.cut()

    async def start(self, status: int, headers: dict[str, str]) -> None:
        named = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": named})

    async def more(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def cut(self) -> None:
        line = _Protocol.lines.get(tuple(self._scope["client"]))
        if line:
            line.abort()


def _failure(status: int, standin: StandIn) -> Answer:
    title = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests"}.get(status, "Failure")
    headers = {}
    if status == 429:
        reset = int(standin.world.now().timestamp()) + 60
        headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
    content = {"title": title, "detail": title, "type": "about:blank", "status": status}
    return Answer(status, json.dumps(content).encode(), headers)


@contextmanager
def x_stand_in() -> Iterator[StandIn]:
    """A running stand-in on a free port of this machine."""
    if not DOCUMENT.exists():
        pytest.skip(
            "X's OpenAPI document is not here; set SANDERLING_X_OPENAPI to a copy of it "
            "(openapi.json of X's public documentation, version 2.167)."
        )
    standin = StandIn()
    listening = socket.create_server(("127.0.0.1", 0))
    standin.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        App(standin), http=_Protocol, ws="none", lifespan="off", loop="asyncio", log_config=None,
        access_log=False, server_header=False,
    )  # fmt: skip
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="stand-in for X")
    thread.start()
    try:
        yield standin
    finally:
        if standin.webhooks.loop and standin.webhooks.loop.is_running():
            asyncio.run_coroutine_threadsafe(standin.webhooks.stop(), standin.webhooks.loop)
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
        assert not thread.is_alive(), "the stand-in for X did not stop"
