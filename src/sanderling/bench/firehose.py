"""What it costs to hear all of Bluesky: decoding its frames, and following a storm.

Frames are made up in the shape and size of real ones: 35 of 100 change a post, and each carries
the tree nodes that prove it (3.5 kB). A server in another process sends them at a fixed rate.
Looking up the authors of what matched is not counted: it costs the network's time, not ours.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection

import libipld
import msgspec
from websockets.asyncio.server import ServerConnection, serve

from sanderling.bench import corpus
from sanderling.core.query import parse
from sanderling.networks.bluesky import firehose, jetstream
from sanderling.networks.bluesky.columns import Columns, subject
from sanderling.networks.bluesky.stream import batches

_FRAMES = 4_000
_POSTS_OF_100 = 35
_ROUNDS = 5
_COLUMNS = 1_000
_RATE = 2_000
_SECONDS = 10
_US = "did:plc:northwindcare"
_RAW, _JSON = "com.atproto.sync.subscribeRepos", jetstream.METHOD


def run() -> dict[str, float]:
    """`*_frames_per_s`: decoded on one core, posts only. `*_share_percent`: of one core, to follow
    2,000 events a second with 1,000 columns, WebSocket included; Jetstream is asked for posts only,
    as the desk does, and is sent the posts among those events.
    """
    raw, told = _frames(_FRAMES)
    us = _US.encode()
    return {
        "firehose_frames_per_s": _speed(raw, lambda frame: firehose.changes(frame, us)),
        "jetstream_frames_per_s": _speed(told, lambda frame: jetstream.changes(frame, _US)),
        "firehose_share_percent": asyncio.run(_follow(_RAW, _RATE)),
        "jetstream_share_percent": asyncio.run(_follow(_JSON, _RATE * _POSTS_OF_100 // 100)),
        "columns": _COLUMNS,
        "events_per_s": _RATE,
    }


def _speed(frames: Sequence[bytes], decode: Callable[[bytes], object]) -> int:
    spent = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for frame in frames:
            decode(frame)
        spent.append(time.process_time() - start)
    return round(len(frames) / sorted(spent)[_ROUNDS // 2])


async def _follow(method: str, rate: int) -> float:
    """The share of a core that following `rate` frames a second takes, in percent."""
    columns = Columns(dict(enumerate(map(parse, corpus.columns(_COLUMNS)))))
    handles = {_US: "northwindcare"}
    async with _server(method, rate) as address:
        heard, place, began, cpu = 0, 0, 0.0, 0.0
        around = _FRAMES if method == _RAW else len(_frames(_FRAMES)[1])  # the server sends in turn
        stream = batches(f"{address}/xrpc/{method}", _US, 0, allow_private=True)
        async for batch in stream:
            if not began:
                began, cpu = time.monotonic(), time.process_time()
            columns.match([subject(c, handles, _US) for c in batch.changes if c.record])
            heard, place = heard + (batch.seq - place) % around, batch.seq
            if time.monotonic() - began > _SECONDS:
                break
        spent, took = time.process_time() - cpu, time.monotonic() - began
        await stream.aclose()
    if heard < 0.9 * rate * took:
        raise RuntimeError(f"The stream was not sent in time: {heard} of {rate * took:.0f} frames.")
    return round(100 * spent / took, 1)


@asynccontextmanager
async def _server(method: str, rate: int) -> AsyncIterator[str]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_send_frames, args=[there, method, rate], daemon=True)
    process.start()
    there.close()
    try:
        yield f"ws://127.0.0.1:{await asyncio.to_thread(here.recv)}"
    finally:
        process.terminate()
        process.join()


def _send_frames(told: Connection, method: str, rate: int) -> None:
    """Serve frames of a method at a rate, and tell the port."""
    raw, posts = _frames(_FRAMES)
    frames: Sequence[bytes | str] = raw if method == _RAW else [f.decode() for f in posts]

    async def send(socket: ServerConnection) -> None:
        began, sent = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - began) * rate)
            for n in range(sent, due):
                await socket.send(frames[n % len(frames)])
            sent = due
            await asyncio.sleep(0.01)

    async def main() -> None:
        async with serve(send, "127.0.0.1", 0, compression=None) as server:
            told.send(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()

    asyncio.run(main())


def _frames(n: int) -> tuple[list[bytes], list[bytes]]:
    """`n` raw frames, and the posts among them as Jetstream tells them. Places begin at 1."""
    rng = random.Random(7)
    texts = iter(corpus.posts(n, seed=19))
    raw: list[bytes] = []
    told: list[bytes] = []
    for seq in range(1, n + 1):
        post = rng.randrange(100) < _POSTS_OF_100
        record = _record(next(texts)) if post else {"$type": "app.bsky.feed.like", "n": seq}
        raw.append(_raw(rng, seq, "app.bsky.feed.post" if post else "app.bsky.feed.like", record))
        if post:
            told.append(_told(len(told) + 1, record))
    return raw, told


def _record(text: str) -> dict[str, object]:
    return {
        "$type": "app.bsky.feed.post",
        "text": text,
        "langs": ["en"],
        "createdAt": "2026-03-02T12:00:00.000Z",
    }


def _raw(rng: random.Random, seq: int, collection: str, record: dict[str, object]) -> bytes:
    """A frame as com.atproto.sync.subscribeRepos sends it."""
    block = libipld.encode_dag_cbor(record)
    nodes = [rng.randbytes(rng.randrange(300, 600)) for _ in range(6)]
    head = _cid(block)
    blocks = b"".join(_section(_cid(part) + part) for part in (block, *map(_node, nodes)))
    car = _section(libipld.encode_dag_cbor({"roots": [head], "version": 1})) + blocks
    body = {
        "seq": seq,
        "repo": f"did:plc:{rng.getrandbits(96):024x}",
        "time": "2026-03-02T12:00:00.000Z",
        "rev": "3l3qo2vutsw2b",
        "since": None,
        "commit": head,
        "tooBig": False,
        "ops": [{"action": "create", "path": f"{collection}/3l3qo{seq:08d}", "cid": head}],
        "blobs": [],
        "blocks": car,
    }
    return libipld.encode_dag_cbor({"op": 1, "t": "#commit"}) + libipld.encode_dag_cbor(body)


def _node(filling: bytes) -> bytes:
    return libipld.encode_dag_cbor({"e": [{"k": filling, "p": 0}], "l": None})


def _cid(block: bytes) -> bytes:
    """The name of a block: CID 1, DAG-CBOR, SHA-256."""
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def _section(content: bytes) -> bytes:
    """A part of a CAR file: its length as an unsigned varint, then it."""
    size, length = len(content), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    length.append(size)
    return bytes(length) + content


def _told(seq: int, record: dict[str, object]) -> bytes:
    """A frame as Jetstream 2 sends it."""
    payload = {
        "$type": f"{jetstream.METHOD}#commit",
        "seq": seq,
        "did": f"did:plc:{seq:024x}",
        "time": "2026-03-02T12:00:00.000Z",
        "rev": "3l3qo2vutsw2b",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"3l3qo{seq:08d}",
        "cid": "bafyreibnxdxxvakgkv7nl6rwzhcgqe7dqgdzjd7a5q5hfuhufxvh2j2pce",
        "record": record,
    }
    return msgspec.json.encode({"$type": "message", "payload": payload})
