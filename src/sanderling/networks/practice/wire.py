"""The least a small server needs: requests, responses and routes, on bare ASGI."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

BODY_LIMIT = 256 * 1024
PICTURE_LIMIT = 1_000_000
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """One call, read whole, and when it came (UTC)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    now: datetime

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was sent in."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def base(self) -> str:
        """The address under which the caller knows this server."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"


@dataclass(frozen=True)
class Response:
    """What is answered: a `body` or a `stream`. `hang_s` waits first; `cut` breaks off."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None
    hang_s: float = 0
    cut: bool = False


class Problem(Exception):
    """A call that cannot be answered as wished: a status and a sentence for people."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.message, self.headers = status, message, headers or {}
        super().__init__(message)


def as_json(content: object, **more: Any) -> Response:
    """`content` as a JSON answer."""
    return Response(body=msgspec.json.encode(content), kind="application/json", **more)


Handler = Callable[..., Response]


class Routes:
    """Which function answers which method and path; `{name}` in a path is one argument."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def on(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Let the decorated function answer `method` on `path`."""
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))

        def keep(handler: Handler) -> Handler:
            self._routes.append((method, pattern, handler))
            return handler

        return keep

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]]:
        """The function for a call and its arguments; raises Problem where there is none."""
        for known_method, pattern, handler in self._routes:
            if known_method == method and (match := pattern.fullmatch(path)):
                return handler, match.groupdict()
        raise Problem(404, "There is nothing at this address.")


async def read_body(receive: Receive, most: int = BODY_LIMIT) -> bytes:
    """The whole body of a call; raises Problem when it is longer than `most` bytes."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise Problem(413, f"That is too long: {most // 1024} KB is the most.")
    return body


async def send_out(response: Response, send: Send) -> None:
    """Send `response`; one that is `cut` ends in the middle, as a broken line does."""
    if response.hang_s:
        await asyncio.sleep(response.hang_s)
    headers = {"content-type": response.kind, "cache-control": "no-store", **response.headers}
    if not response.stream and not response.cut:
        headers["content-length"] = str(len(response.body))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    if response.cut:
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        return
    if response.stream:
        async for chunk in response.stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": response.body})
