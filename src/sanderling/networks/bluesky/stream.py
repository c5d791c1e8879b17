"""The stream of all posts: by its address either the raw firehose or Jetstream version 2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpcore
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException
from websockets.typing import Subprotocol

from sanderling.core.network import Unreachable
from sanderling.core.words import later
from sanderling.networks.bluesky import firehose, jetstream
from sanderling.networks.bluesky.changes import Change
from sanderling.networks.wire.reachable import public_address

IDLE_S = 60.0
"""All of Bluesky is never silent for this long."""
BATCH_S, MOST = 0.1, 1_000
"""A batch is told after this many seconds or frames: matching many at once is cheaper."""
LONGEST_FRAME = 6_000_000


class Batch(msgspec.Struct, frozen=True):
    """Changes of posts, and the place in the stream after them."""

    changes: list[Change]
    seq: int


def whole(url: str) -> str:
    """The address with its method, where only a server was named: Jetstream's."""
    path = urlsplit(url).path.rstrip("/")
    if path not in ("", "/xrpc"):
        return url
    return f"{url.rstrip('/').removesuffix('/xrpc')}/xrpc/{jetstream.METHOD}"


def is_firehose(url: str) -> bool:
    """Whether this address gives raw repository events and not Jetstream's JSON."""
    return urlsplit(url).path.endswith("com.atproto.sync.subscribeRepos")


async def batches(
    url: str, us: str, seq: int, *, allow_private: bool, idle_s: float = IDLE_S
) -> AsyncGenerator[Batch, None]:
    """What happens to posts from `seq` on (0: from now on), the first batch being empty.

    Raises Unreachable whenever the stream ends.
    """
    decode = _decoder(url, us)
    with _translated():
        async with await _connect(url, seq, allow_private) as socket:
            yield Batch([], seq)
            while True:
                async with asyncio.timeout(idle_s):
                    frames = [await socket.recv()]
                with suppress(TimeoutError):
                    async with asyncio.timeout(BATCH_S):
                        while len(frames) < MOST:
                            frames.append(await socket.recv())
                found: list[Change] = []
                for frame in frames:
                    place, changes = decode(frame)
                    seq = place or seq
                    found += changes
                yield Batch(found, seq)


def _decoder(url: str, us: str) -> Callable[[str | bytes], tuple[int, list[Change]]]:
    if not is_firehose(url):
        return lambda frame: jetstream.changes(frame, us)
    mine = us.encode()
    return lambda frame: firehose.changes(frame, mine) if isinstance(frame, bytes) else (0, [])


async def _connect(url: str, seq: int, allow_private: bool) -> ClientConnection:
    raw, there = is_firehose(url), urlsplit(url)
    asked: dict[str, object] = {} if raw else {"collections": "app.bsky.feed.post"}
    if seq:
        asked["cursor"] = seq
    more: dict[str, Any] = {}
    if not allow_private:
        port = there.port or (443 if there.scheme == "wss" else 80)
        more = {"host": await public_address(there.hostname or "", port), "port": port}
    return await connect(
        f"{url}?{urlencode(asked)}" if asked else url,
        subprotocols=None if raw else [Subprotocol(jetstream.SUBPROTOCOL)],
        compression=None,
        proxy=None,
        max_size=LONGEST_FRAME,
        max_queue=MOST,
        **more,
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Unreachable(later("Bluesky's stream has gone silent.")) from error
    except ConnectionClosed as error:
        raise Unreachable(later("Bluesky's stream has ended.")) from error
    except (OSError, WebSocketException, InvalidURI, httpcore.ConnectError, ValueError) as error:
        raise Unreachable(
            later("Bluesky's stream cannot be heard ({error}).").format(error=str(error)[:200])
        ) from error
