"""A Jetstream (v2) beside a PDS: its firehose, retold in JSON as Bluesky's own Jetstream does.

Every consumer gets a firehose of its own. `seq` is the firehose's number of a commit times
`PER_COMMIT` plus the place of the change in it, so it means the same to every consumer.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import libipld
from websockets.asyncio.client import connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

METHOD = "network.bsky.jetstream.subscribeEvents"
KINDS = {"commit", "identity", "account", "sync"}
PER_COMMIT = 1000
FROM_TIME = 10**15
CID_HEAD = (b"\x01\x71\x12\x20", b"\x01\x55\x12\x20")
Json = dict[str, Any]


class Jetstream:
    """The running bridge; consumers connect to `stream`, which the SDK's clients make of `url`."""

    def __init__(self, firehose: str) -> None:
        self._firehose = firehose
        self._consumers: set[ServerConnection] = set()
        self._refusals = 0
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="jetstream", daemon=True)
        self._thread.start()
        self._started.wait(10)
        self.url = f"ws://localhost:{self._port}/xrpc"
        self.stream = f"{self.url}/{METHOD}"

    def drop(self) -> None:
        """Cut every consumer off, as a restart would."""
        self._ask(self._drop("gone"))

    def too_slow(self) -> None:
        """Tell every consumer that it reads too slowly, and cut it off."""
        self._ask(self._drop("slow"))

    def refuse(self, times: int) -> None:
        """Answer the next attempts to connect with 503."""
        self._refusals = times

    def consumers(self) -> int:
        """How many are connected now."""
        return len(self._consumers)

    def close(self) -> None:
        self._ask(self._stop())
        self._thread.join()
        self._loop.close()

    def _ask(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        async with serve(
            self._consume, "127.0.0.1", 0, process_request=self._check,
            subprotocols=["xrpc.v1.json"], select_subprotocol=_plainly,
        ) as server:  # fmt: skip
            self._port = next(iter(server.sockets)).getsockname()[1]
            self._started.set()
            await self._over.wait()
            await _end(server)

    async def _stop(self) -> None:
        self._over.set()

    async def _drop(self, why: str) -> None:
        for consumer in tuple(self._consumers):
            if why == "slow":
                error = {"$type": "error", "error": "ConsumerTooSlow", "message": "too slow"}
                await consumer.send(json.dumps(error))
            consumer.transport.abort()

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse before the upgrade what Jetstream refuses."""
        if self._refusals:
            self._refusals -= 1
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        address = urlsplit(request.path)
        asked = parse_qs(address.query)
        kinds = set(asked.get("kinds", ()))
        if not address.path.endswith(METHOD):
            return connection.respond(HTTPStatus.NOT_FOUND, "")
        if kinds - KINDS or ("collections" in asked and kinds and "commit" not in kinds):
            return _refused(connection, "kinds")
        if len(asked.get("collections", ())) > 100 or len(asked.get("dids", ())) > 10_000:
            return _refused(connection, "too many collections or dids")
        if not asked.get("cursor", ["0"])[0].isdecimal():
            return _refused(connection, "cursor")
        return None

    async def _consume(self, consumer: ServerConnection) -> None:
        wanted = Wanted(parse_qs(urlsplit(consumer.request.path).query))
        self._consumers.add(consumer)
        telling = asyncio.create_task(self._tell(consumer, wanted))
        try:
            await consumer.wait_closed()
        finally:
            self._consumers.discard(consumer)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, consumer: ServerConnection, wanted: Wanted) -> None:
        """Retell the firehose; from now on where it does not know the cursor yet."""
        for cursor in (wanted.upstream, ""):
            address = f"{self._firehose}/com.atproto.sync.subscribeRepos{cursor}"
            async with connect(address, max_size=None, proxy=None) as firehose:
                async for frame in firehose:
                    for payload in filter(wanted.has, events(frame)):
                        told = {"$type": "message", "payload": payload}
                        await consumer.send(json.dumps(told))
        await consumer.close()


class Wanted:
    """What a consumer asked for."""

    def __init__(self, asked: dict[str, list[str]]) -> None:
        self.collections = asked.get("collections", [])
        self.dids = set(asked.get("dids", ()))
        self.kinds = set(asked.get("kinds", ())) or KINDS
        cursor = int(asked["cursor"][0]) if "cursor" in asked else None
        self.seq, self.since, self.upstream = 0, "", ""
        if cursor is not None and cursor >= FROM_TIME:
            self.since, self.upstream = _iso(datetime.fromtimestamp(cursor / 1e6, UTC)), "?cursor=0"
        elif cursor is not None:
            self.seq, self.upstream = cursor, f"?cursor={max(cursor // PER_COMMIT - 1, 0)}"

    def has(self, payload: Json) -> bool:
        kind = payload["$type"].rpartition("#")[2]
        if kind == "info":
            return True
        return (
            kind in self.kinds
            and payload["seq"] >= self.seq
            and payload["time"] >= self.since
            and (not self.dids or payload["did"] in self.dids)
            and (kind != "commit" or self._collected(payload["collection"]))
        )

    def _collected(self, name: str) -> bool:
        return not self.collections or any(
            name.startswith(one[:-1]) if one.endswith(".*") else name == one
            for one in self.collections
        )


def events(frame: bytes) -> Iterator[Json]:
    """What one frame of the firehose says, as Jetstream says it."""
    header, body = libipld.decode_dag_cbor_multi(frame)
    kind = header.get("t", "").removeprefix("#")
    if header.get("op") == -1:
        name = body.get("error", "")
        yield {"$type": f"{METHOD}#info", "name": name, "message": body.get("message", "")}
    elif kind == "info":
        yield {"$type": f"{METHOD}#info", **body}
    elif kind == "commit":
        yield from _changes(body)
    elif kind in KINDS:
        told = {"did": body["did"], "seq": body["seq"] * PER_COMMIT, "time": body["time"]}
        yield {"$type": f"{METHOD}#{kind}", **told, kind: _plain(body)}


def _changes(commit: Json) -> Iterator[Json]:
    blocks = libipld.decode_car(commit["blocks"])[1]
    for place, change in enumerate(commit["ops"]):
        collection, _, rkey = change["path"].partition("/")
        told = {
            "$type": f"{METHOD}#commit", "seq": commit["seq"] * PER_COMMIT + place,
            "did": commit["repo"], "time": commit["time"], "rev": commit["rev"],
            "operation": change["action"], "collection": collection, "rkey": rkey,
        }  # fmt: skip
        if change["cid"]:
            told["record"] = _plain(blocks[change["cid"]])
            told["cid"] = libipld.encode_cid(change["cid"])
        yield told


def _plain(value: Any) -> Any:
    """The JSON of a value of the firehose: links as {"$link"}, bytes as {"$bytes"}."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        if len(value) == 36 and value.startswith(CID_HEAD):
            return {"$link": libipld.encode_cid(value)}
        return {"$bytes": base64.b64encode(value).decode().rstrip("=")}
    return value


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plainly(connection: ServerConnection, offered: Any) -> Any:
    return "xrpc.v1.json" if "xrpc.v1.json" in offered else None


def _refused(connection: ServerConnection, why: str) -> Response:
    said = connection.respond(HTTPStatus.BAD_REQUEST, "")
    said.body = json.dumps({"error": "InvalidRequest", "message": why}).encode()
    said.headers["Content-Type"] = "application/json"
    del said.headers["Content-Length"]
    said.headers["Content-Length"] = str(len(said.body))
    return said


async def _end(server: Server) -> None:
    server.close(close_connections=True)
    await server.wait_closed()
