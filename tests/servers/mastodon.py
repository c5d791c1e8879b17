"""Servers that speak the Mastodon API, for tests: mastodon-mock, and kinds that offer less.

    with mastodon_server() as server:
        desk = server.person("desk")
        jo = server.person("jo")
        jo.post("@desk my bill is wrong", visibility="direct")
        server.fault("status", path="/api/v1/statuses", status=502)

`plainer` puts a thin proxy before a server that behaves as other servers do.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

STARTS_WITHIN_S = 60
SERVE = """
import os, runpy, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
runpy.run_module("mastodon_mock", run_name="__main__", alter_sys=True)
"""
"""Serves until its input ends: whoever started it is gone, however that came."""
NO_EVENTS = "/api/v1/streaming*"


@dataclass
class Person:
    """Somebody on the server; acts as they would in an app."""

    server: Server
    id: str
    username: str
    token: str

    def post(self, text: str, **more: Any) -> dict[str, Any]:
        return self.call("POST", "/api/v1/statuses", json={"status": text, **more})

    def edit(self, status: str, text: str) -> dict[str, Any]:
        return self.call("PUT", f"/api/v1/statuses/{status}", json={"status": text})

    def delete(self, status: str) -> None:
        self.call("DELETE", f"/api/v1/statuses/{status}")

    def act(self, status: str, what: str) -> None:
        """`what` is favourite, reblog, ..."""
        self.call("POST", f"/api/v1/statuses/{status}/{what}")

    def sees(self, status: str) -> dict[str, Any]:
        return self.call("GET", f"/api/v1/statuses/{status}")

    def statuses(self) -> list[dict[str, Any]]:
        return self.call("GET", f"/api/v1/accounts/{self.id}/statuses")

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.server.call(method, path, headers=headers, **more)


class Server:
    """A running server at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.host = httpx.URL(address).netloc.decode()
        self._http = httpx.Client(base_url=address, timeout=30, trust_env=False)
        self._count = 0

    def person(self, name: str) -> Person:
        """A new person, whose name begins with `name`."""
        self._count += 1
        username = f"{name}{self._count}"
        made = self.call("POST", "/api/v1/_mock/dev_user", json={"username": username})
        return Person(self, made["id"], username, made["access_token"])

    def fault(self, effect: str, *, path: str, method: str = "", **more: Any) -> None:
        """Let calls to `path` (with *) fail; `effect`: status, ratelimit, malformed, latency."""
        count = more.pop("count", None)
        match = {"path": path, "methods": [method] if method else None}
        rule = {"match": match, "effect": {"type": effect, **more}, "count": count}
        self.call("POST", "/api/v1/_mock/faults", json=rule)

    def faultless(self) -> None:
        self.call("DELETE", "/api/v1/_mock/faults")

    def call(self, method: str, path: str, **more: Any) -> Any:
        answer = self._http.request(method, path, **more)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def close(self) -> None:
        self._http.close()


@contextmanager
def mastodon_server() -> Iterator[Server]:
    """mastodon-mock in a process of its own, in memory."""
    pytest.importorskip("mastodon_mock", reason="mastodon-mock is not installed")
    port = free_port()
    command = [sys.executable, "-c", SERVE, "serve", "--in-memory"]
    where = ["--host", "127.0.0.1", "--port", str(port), "--domain", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, *where, "--log-level", "error"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    server = Server(f"http://127.0.0.1:{port}")
    try:
        _wait_for(server.address, process)
        yield server
    finally:
        server.close()
        process.kill()  # it keeps nothing, and would wait for every stream to end
        process.wait(timeout=10)
        process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


@dataclass
class Manners:
    """How a server differs from Mastodon's own.

    `lacks`: paths, with *, that it does not offer. `keeps_keys`: whether the same
    Idempotency-Key makes one status. `websocket`: whether it streams that way; server-sent events
    it never offers. `revoked`: tokens that it no longer takes. `left`: calls left in this window
    (None: it does not say). `loses`: a call ("POST /...") whose answer is lost on the way.
    `rewrite`: what becomes of answers, by path. `asked`: the calls so far.
    """

    lacks: tuple[str, ...] = ()
    keeps_keys: bool = False
    websocket: bool = True
    revoked: set[str] = field(default_factory=set)
    left: int | None = None
    loses: str = ""
    rewrite: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def plainer(server: Server, manners: Manners) -> Iterator[Server]:
    """A server that behaves as `manners` say; what it knows is what `server` knows."""
    port = free_port()
    config = uvicorn.Config(
        _Proxy(server, manners, f"127.0.0.1:{port}"),
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, name="plainer mastodon")
    thread.start()
    front = Server(f"http://127.0.0.1:{port}")
    try:
        while not running.started:
            time.sleep(0.01)
        yield front
    finally:
        front.close()
        running.should_exit = True
        thread.join(timeout=15)


class _Proxy:
    """An ASGI application that asks the real server, unless its manners say otherwise."""

    def __init__(self, server: Server, manners: Manners, host: str) -> None:
        self.server, self.manners, self.host = server, manners, host

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        manners, path = self.manners, scope["path"]
        manners.asked.append(f"{scope['method']} {path}")
        headers = {k.decode(): v.decode() for k, v in scope["headers"] if k != b"host"}
        headers.pop("accept-encoding", None)
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if token in manners.revoked:
            await _answer(send, 401, b'{"error": "The access token was revoked"}', {})
        elif any(fnmatch(path, one) for one in (*manners.lacks, NO_EVENTS)):
            await _answer(send, 404, b'{"error": "Not Found"}', {})
        elif manners.left is not None and manners.left <= 0:
            await _answer(send, 429, b'{"error": "Too many requests"}', self._window())
        else:
            if manners.left is not None:
                manners.left -= 1
            if not manners.keeps_keys:
                headers.pop("idempotency-key", None)
            await self._pass_on(scope, headers, body, send)

    async def _pass_on(self, scope: Any, headers: Any, body: bytes, send: Any) -> None:
        url = f"{self.server.address}{scope['path']}?{scope['query_string'].decode()}"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            got = await http.request(scope["method"], url, headers=headers, content=body)
        if self.manners.loses == f"{scope['method']} {scope['path']}":
            raise ConnectionError("the answer is lost on the way")
        content = got.content.replace(self.server.host.encode(), self.host.encode())
        if change := self.manners.rewrite.get(scope["path"]):
            content = json.dumps(change(json.loads(content))).encode()
        kept = {k: v for k, v in got.headers.items() if k in ("content-type", "link")}
        await _answer(send, got.status_code, content, kept | self._window())

    def _window(self) -> dict[str, str]:
        if self.manners.left is None:
            return {}
        return {
            "x-ratelimit-limit": "300",
            "x-ratelimit-remaining": str(max(0, self.manners.left)),
            "x-ratelimit-reset": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60)),
        }

    async def _websocket(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if not self.manners.websocket:
            await send({"type": "websocket.close", "code": 1008})
            return
        base = self.server.address.replace("http", "ws", 1)
        url = f"{base}{scope['path']}?{scope['query_string'].decode()}"
        async with connect(url, proxy=None) as behind:
            await send({"type": "websocket.accept"})

            async def forward() -> None:
                async for message in behind:
                    await send({"type": "websocket.send", "text": str(message)})

            task = asyncio.create_task(forward())
            while (await receive())["type"] != "websocket.disconnect":
                pass
            task.cancel()


async def _answer(send: Any, status: int, body: bytes, headers: dict[str, str]) -> None:
    sent = {"content-type": "application/json", **headers, "content-length": str(len(body))}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{address}/api/v2/instance", trust_env=False, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("mastodon-mock did not start")
