"""The practice network as a process of its own, on this machine only."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import uvicorn

from sanderling.networks.practice import api, site
from sanderling.networks.practice.journal import CannotServe
from sanderling.networks.practice.service import Service
from sanderling.networks.practice.wire import (
    BODY_LIMIT,
    PICTURE_LIMIT,
    Problem,
    Receive,
    Request,
    Response,
    Scope,
    Send,
    as_json,
    read_body,
    send_out,
)
from sanderling.networks.practice.world import Refusal

HOST, PORT, SPEED = "127.0.0.1", 8640, 60.0
BEAT_S = 0.2


class PracticeServer:
    """A practice network that answers on `url` from the moment this is made; `run` serves it.

    `port` 0 takes a free one. Raises CannotServe with what to do about it.
    """

    def __init__(self, host: str, port: int, service: Service) -> None:
        self.service = service
        self._socket = _listen(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        service.write_card(self.url)
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            lifespan="off",
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until `stop`, or until the process is asked to end."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """Let `run` come to its end; may be called from another thread."""
        self._server.should_exit = True

    async def _run(self) -> None:
        beat = asyncio.create_task(self._live())
        await self._server.serve(sockets=[self._socket])
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat

    async def _live(self) -> None:
        while True:
            self.service.catch_up(_now())
            await asyncio.sleep(BEAT_S)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            response = self._respond(await _read(scope, receive))
        except Problem as problem:
            response = _told(problem, scope["path"])
        except Refusal as refusal:
            response = _told(Problem(403, str(refusal)), scope["path"])
        await send_out(response, send)

    def _respond(self, request: Request) -> Response:
        routes = api.ROUTES if request.path.startswith("/api/") else site.ROUTES
        handler, arguments = routes.find(request.method, request.path)
        return handler(self.service, request, **arguments)


def serve(
    *,
    data: Path,
    scenario: str = "ordinary",
    speed: float = SPEED,
    host: str = HOST,
    port: int = PORT,
    seed: int | None = None,
) -> None:
    """Run a practice network in the folder `data` until SIGTERM or SIGINT.

    What happened there before goes on; `speed` is seconds of the story in one on the wall, 0 lets
    the people stand still. `data`/practice.json tells how to connect. Raises CannotServe.
    """
    # uvicorn ends in good order and then raises the signal again: that one is spent.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: None)
    with closing(Service(data, scenario, seed, _now())) as service:
        service.set_speed(speed, _now())
        PracticeServer(host, port, service).run()


def _listen(host: str, port: int) -> socket.socket:
    if host not in ("127.0.0.1", "localhost"):
        raise CannotServe(
            f"The practice network has no locks on its doors, so it only listens on {HOST}, "
            f"not on {host}."
        )
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise CannotServe(
            f"Port {port} on {host} cannot be used ({error.strerror}). "
            "Stop what runs there or choose another port."
        ) from error
    # asyncio does this only for sockets of its own; without it each answer waits 40 ms for an ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


async def _read(scope: Scope, receive: Receive) -> Request:
    most = PICTURE_LIMIT if scope["path"] == api.PICTURES else BODY_LIMIT
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"))),
        headers=headers,
        body=await read_body(receive, most),
        now=_now(),
    )


def _told(problem: Problem, path: str) -> Response:
    if path.startswith("/api/"):
        content = {"error": problem.message}
        return as_json(content, status=problem.status, headers=problem.headers)
    return site.sorry(problem)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  this process is the network: it has the clock
