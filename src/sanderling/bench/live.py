"""From a customer's post to every open page: one post at a time on a quiet desk."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

import httpx
import uvloop
from django.db import connection

from sanderling.bench import backlog, corpus, stand
from sanderling.bench.stand import Site, steady
from sanderling.cases.work import receive
from sanderling.core.network import Author, Page, Post, Room

CASES = 20_000
COLUMNS = 1_000
STREAMS = 1_000
AT_ONCE = 50
"""Streams that are opened at the same time."""
WARM = 10
ROUNDS = 3
POSTS = 30
"""In each round."""
REST_S = 0.5
"""Between posts: longer than the desk gathers pokes, so that each finds it quiet."""
PATIENCE_S = 20.0
FILES = 2 * STREAMS + 200
LIST = "/desk/rows?q=team&n=50"


class Passage(NamedTuple):
    """One post: milliseconds to its commit, to its row on a watched screen, and from the commit to
    the last of all streams."""

    commit: float
    screen: float
    fanout: float


def run() -> dict[str, float]:
    """Feed single posts while STREAMS browsers listen."""
    _allow_files()
    with stand.empty_desk() as data:
        account, agents = stand.our_account(), stand.agents(8)
        stand.add_columns(COLUMNS)
        backlog.build(cases=CASES, account=account, agents=agents, now=datetime.now(UTC))
        stand.settle(data)
        with (
            stand.serving(data) as site,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            passages = runner.run(_feed(site, account))
    rounds = [passages[start : start + POSTS] for start in range(0, len(passages), POSTS)]
    commits, screens, fanouts = ([[p[n] for p in part] for part in rounds] for n in range(3))
    return {
        "commit_p50_ms": steady(commits, 50),
        "commit_p95_ms": steady(commits, 95),
        "screen_p50_ms": steady(screens, 50),
        "screen_p95_ms": steady(screens, 95),
        "streams": STREAMS,
        "fanout_ms": steady(fanouts, 50),
        "fanout_p95_ms": steady(fanouts, 95),
        "posts": len(passages),
    }


async def _feed(site: Site, account: int) -> list[Passage]:
    crowd, chance = Crowd(), random.Random(8)
    await crowd.gather(site)
    posts = _posts(WARM + ROUNDS * POSTS)
    passages = []
    with ThreadPoolExecutor(1) as worker:
        async with httpx.AsyncClient(
            base_url=site.client.base_url, cookies=site.client.cookies, headers={"X-Desk": "1"}
        ) as browser:
            for post in posts:
                await asyncio.sleep(REST_S)
                crowd.listen(watched=chance.randrange(STREAMS))
                screen = asyncio.create_task(_screen(crowd, browser, post.author.name))
                took_in = asyncio.get_running_loop().run_in_executor(
                    worker, _take_in, account, post
                )
                async with asyncio.timeout(PATIENCE_S):
                    arrived, committed = await took_in
                    shown, last = await screen, await crowd.last
                took = (committed - arrived, shown - arrived, last - committed)
                passages.append(Passage(*(1e3 * seconds for seconds in took)))
        worker.submit(connection.close)
    crowd.leave()
    return passages[WARM:]


async def _screen(crowd: Crowd, browser: httpx.AsyncClient, name: str) -> float:
    """When the row of a new case is there, for a page that fetches its list once it is poked."""
    await crowd.watched
    answer = await browser.get(LIST)
    if name not in answer.text:
        raise RuntimeError(f"The list does not show {name}: {answer.status_code}.")
    return time.perf_counter()


def _take_in(account: int, post: Post) -> tuple[float, float]:
    """When the post arrived, and when its case was committed."""
    arrived = time.perf_counter()
    receive(account_id=account, page=Page(posts=(post,)), now=datetime.now(UTC))
    return arrived, time.perf_counter()


def _posts(count: int) -> list[Post]:
    """Mentions by strangers, each written a minute before the last: its case is due first."""
    began = datetime.now(UTC) - timedelta(days=1)
    return [
        Post(
            remote_id=f"live{n}",
            author=Author(id=f"live{n}", handle=f"live{n}", name=f"Stranger {n} of now"),
            text=f"@NorthwindCare my phone has had no signal since Monday. {text}",
            created_at=began - timedelta(minutes=n),
            room=Room.PUBLIC,
            thread=f"live{n}",
            mentions=("us",),
        )
        for n, text in enumerate(corpus.posts(count, seed=10))
    ]


class Crowd:
    """Browsers with a live stream each. `watched` and `last`: when one and when all were poked."""

    watched: asyncio.Future[float]
    last: asyncio.Future[float]

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.ready = asyncio.Semaphore(0)
        self._left: set[Stream] = set()
        self._watched: Stream | None = None

    async def gather(self, site: Site) -> None:
        """Open every stream and wait until all are answered."""
        cookies = "; ".join(f"{name}={value}" for name, value in site.client.cookies.items())
        request = f"GET /live HTTP/1.1\r\nHost: {site.host}\r\nCookie: {cookies}\r\n\r\n".encode()
        loop = asyncio.get_running_loop()
        while len(self.streams) < STREAMS:
            opened = [
                loop.create_connection(lambda: Stream(request, self.heard), site.host, site.port)
                for _ in range(AT_ONCE)
            ]
            self.streams += [stream for _, stream in await asyncio.gather(*opened)]
            async with asyncio.timeout(PATIENCE_S):
                for _ in opened:
                    await self.ready.acquire()

    def listen(self, *, watched: int) -> None:
        """Wait for the next poke, at all streams and at the one that is watched."""
        loop = asyncio.get_running_loop()
        self.watched, self.last = loop.create_future(), loop.create_future()
        self._left, self._watched = set(self.streams), self.streams[watched]

    def heard(self, stream: Stream, said: bytes) -> None:
        """Something came down a stream."""
        now = time.perf_counter()
        if b"text/event-stream" in said:
            self.ready.release()
        if b"queues" not in said or stream not in self._left:
            return
        self._left.discard(stream)
        if stream is self._watched:
            self.watched.set_result(now)
        if not self._left:
            self.last.set_result(now)

    def leave(self) -> None:
        """Close every stream."""
        for stream in self.streams:
            stream.transport.abort()


class Stream(asyncio.Protocol):
    """One live stream, as raw as can be: the machine should work for the desk, not its guests."""

    transport: asyncio.Transport

    def __init__(self, request: bytes, hear: Callable[[Stream, bytes], None]) -> None:
        self._request, self._hear = request, hear

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Pass on what came."""
        self._hear(self, data)


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))
