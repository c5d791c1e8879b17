"""What connectors share: one loop, calls that fail in the door's words, places, safe addresses."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import traceback
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.network import (
    NetworkError,
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.networks.wire import calling, loop, reachable
from sanderling.networks.wire.calling import Caller
from sanderling.networks.wire.sweep import Sweep

# One loop


async def counting(name: str, most: int, *, gone: list[str] | None = None) -> AsyncGenerator[str]:
    try:
        for n in range(most):
            await asyncio.sleep(0)
            yield f"{name}{n}"
    finally:
        if gone is not None:
            gone.append(name)


async def failing() -> AsyncGenerator[str]:
    yield "one"
    raise Unreachable("gone")


def test_all_that_several_sources_yield_comes_and_each_in_its_order() -> None:
    found = list(loop.each(loop.together(counting("a", 30), counting("b", 50))))
    assert [x for x in found if x[0] == "a"] == [f"a{n}" for n in range(30)]
    assert [x for x in found if x[0] == "b"] == [f"b{n}" for n in range(50)]


def test_the_first_error_ends_all_and_every_source_is_closed() -> None:
    gone: list[str] = []
    with pytest.raises(Unreachable):
        list(loop.each(loop.together(counting("a", 10**9, gone=gone), failing())))
    assert gone == ["a"]


def test_a_caller_who_leaves_closes_the_sources() -> None:
    gone: list[str] = []
    pages = loop.each(loop.together(counting("a", 10**9, gone=gone), counting("b", 1, gone=gone)))
    next(pages)
    pages.close()
    assert sorted(gone) == ["a", "b"]


def test_a_source_that_loses_a_cancellation_is_closed_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a timeout does that comes in the same instant: it takes the cancellation for its own."""
    monkeypatch.setattr(loop, "CANCELLED_AGAIN_S", 0.05)
    gone: list[str] = []

    async def deaf() -> AsyncGenerator[str, None]:
        with suppress(asyncio.CancelledError):
            yield "a"
            await asyncio.sleep(60)
        try:
            await asyncio.sleep(60)
        finally:
            gone.append("deaf")

    pages = loop.each(loop.together(deaf(), counting("b", 1)))
    assert {next(pages), next(pages)} == {"a", "b0"}
    pages.close()
    assert gone == ["deaf"]


def test_many_threads_that_come_at_once_share_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    made, new = [], asyncio.new_event_loop

    def slowly() -> asyncio.AbstractEventLoop:
        time.sleep(0.05)
        made.append(new())
        return made[-1]

    async def here() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    loop._made.cache_clear()
    monkeypatch.setattr(asyncio, "new_event_loop", slowly)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: loop.run(here()), range(8)))
    assert [*set(found)] == made


def test_the_loop_does_not_wait_for_itself() -> None:
    async def inside() -> None:
        loop.run(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="wait for itself"):
        loop.run(inside())


def test_a_lasting_stream_is_opened_again_and_counts_failures_in_a_row() -> None:
    opened: list[int] = []
    rests: list[int] = []

    def connect() -> AsyncGenerator[str]:
        opened.append(1)
        return failing() if len(opened) in (1, 4) else nothing()

    async def nothing() -> AsyncGenerator[str]:
        for _ in ():
            yield ""
        raise Unreachable("still gone") if len(opened) < 6 else SignInLost("revoked")

    def pause(_: NetworkError, failures: int) -> float:
        rests.append(failures)
        return 0

    found: list[str] = []
    with pytest.raises(SignInLost):
        found.extend(loop.each(loop.lasting(connect, pause)))
    assert rests == [1, 2, 3, 1, 2]


# Calls


class Answers(BaseHTTPRequestHandler):
    """A server that answers what its path asks for: /status/reset/seconds, /big, /cut, /json."""

    def do_GET(self) -> None:
        kind, *more = unquote(self.path).strip("/").split("/")
        if kind == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = b'{"error": "because"}' if kind.isdecimal() else b'{"ok": [1]}'
        if kind == "drip":
            with suppress(OSError):
                while True:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" if more is not None else b"x")
                    self.wfile.flush()
                    more = None
                    time.sleep(0.05)
            return
        if kind == "big":
            body = b"x" * 9_000_000
        if kind == "garbage":
            body = b"<html>"
        self.send_response(int(kind) if kind.isdecimal() else 200)
        if more:
            self.send_header(more[0], more[1])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture
def caller(address: str) -> Iterator[Caller]:
    async def made() -> Caller:
        return Caller(address, "The server")

    found = loop.run(made())
    yield found
    loop.run(found.close())


def test_an_answer_is_given_as_it_came(caller: Caller) -> None:
    assert loop.run(caller.ask("/json", since=None)) == {"ok": [1]}


@pytest.mark.parametrize(
    ("path", "harmless", "error"),
    [
        ("/401", True, SignInLost),
        ("/403", True, Refused),
        ("/404", False, Refused),
        ("/429", False, Throttled),
        ("/500", True, Unreachable),
        ("/500", False, OutcomeUnknown),
        ("/503", False, Unreachable),
        ("/302", True, Unreachable),
        ("/cut", True, Unreachable),
        ("/cut", False, OutcomeUnknown),
        ("/big", True, Unreachable),
        ("/big", False, OutcomeUnknown),
        ("/garbage", True, Unreachable),
        ("/garbage", False, OutcomeUnknown),
    ],
)
def test_each_failure_is_the_one_that_lets_the_desk_do_right(
    caller: Caller, path: str, harmless: bool, error: type[NetworkError]
) -> None:
    with pytest.raises(NetworkError) as caught:
        loop.run(caller.tell(path, harmless=harmless))
    assert type(caught.value) is error
    if error is Refused:
        assert str(caught.value) == "because"


def test_nobody_there_is_unreachable_even_for_a_write() -> None:
    async def knock() -> None:
        await Caller("http://127.0.0.1:9", "The server").tell("/json")

    with pytest.raises(Unreachable, match="does not answer"):
        loop.run(knock())


@pytest.mark.parametrize("header", ["X-Rate-Limit-Reset", "RateLimit-Reset", "X-RateLimit-Reset"])
def test_when_to_come_again_is_read_in_every_spelling(caller: Caller, header: str) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=7)
    for said in (str(int(at.timestamp())), at.isoformat().replace("+00:00", "Z")):
        with pytest.raises(Throttled) as caught:
            loop.run(caller.ask(f"/429/{header}/{said}"))
        assert timedelta(0) <= caught.value.until - at < timedelta(seconds=2)


@pytest.mark.parametrize("off", [-600, 600])
@pytest.mark.parametrize("told", ["epoch", "iso", "http date"])
def test_a_limit_ends_when_the_servers_clock_says_so_however_ours_goes(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, off: int, told: str
) -> None:
    """Our clock is ten minutes off; the server wants 90 seconds of rest by its own."""
    monkeypatch.setattr(calling, "_now", lambda: datetime.now(UTC) + timedelta(seconds=off))
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=90)
    said = {"epoch": str(int(at.timestamp())), "iso": at.isoformat(),
            "http date": format_datetime(at, usegmt=True)}[told]  # fmt: skip
    header = "Retry-After" if told == "http date" else "X-Rate-Limit-Reset"
    with pytest.raises(Throttled) as caught:
        loop.run(caller.ask(f"/429/{header}/{said}"))
    rest = caught.value.until - calling._now()
    assert timedelta(seconds=88) < rest < timedelta(seconds=92)


def test_where_a_server_tells_no_time_its_clock_counts_as_right() -> None:
    at, now = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 11, tzinfo=UTC)
    for headers in ({}, {"date": "yesterday"}, {"date": ""}):
        assert calling.on_our_clock(at, headers, now) == at


@pytest.mark.parametrize("said", ["nonsense", "1e999", "99999999999999999999", "-5"])
def test_a_strange_time_to_come_again_is_a_minute(caller: Caller, said: str) -> None:
    with pytest.raises(Throttled) as caught:
        loop.run(caller.ask(f"/429/X-Rate-Limit-Reset/{said}"))
    assert timedelta(0) < caught.value.until - datetime.now(UTC) <= timedelta(minutes=1)


def test_an_answer_that_never_ends_is_not_waited_for(address: str) -> None:
    async def hear() -> None:
        caller = Caller(address, "The server")
        async with caller.streamed("/401", idle_s=1):
            pass

    with pytest.raises(SignInLost):
        loop.run(hear())


@pytest.mark.parametrize(
    ("header", "said", "seconds"),
    [
        ("RateLimit-Reset", "30", 30),
        ("Retry-After", "30", 30),
        ("Retry-After", "Wed, 21 Oct 2015 07:28:00 -0000", 60),
        ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("X-RateLimit-Reset", "99999999999", 86_400),
    ],
)
def test_a_wait_is_neither_over_nor_endless(
    caller: Caller, header: str, said: str, seconds: int
) -> None:
    with pytest.raises(Throttled) as caught:
        loop.run(caller.ask(f"/429/{header}/{said}"))
    wait = caught.value.until - datetime.now(UTC)
    assert timedelta(seconds=seconds - 20) < wait <= timedelta(seconds=seconds)


def test_bytes_that_drip_hold_up_nobody(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "WHOLE_S", 0.2)
    with pytest.raises(OutcomeUnknown):
        loop.run(caller.tell("/drip"))
    with pytest.raises(Unreachable):
        loop.run(caller.ask("/drip"))


@pytest.mark.parametrize("strange", ["sec\nret-word", "sec\u2026ret-word"])
def test_a_token_that_cannot_be_sent_is_told_to_nobody(caller: Caller, strange: str) -> None:
    with pytest.raises(Refused) as caught:
        loop.run(caller.call("GET", "/json", headers={"Authorization": f"Bearer {strange}"}))
    assert "ret-word" not in "".join(traceback.format_exception(caught.value))


# Places


@given(
    lists=st.lists(st.integers(0, 6), min_size=1, max_size=8),
    size=st.integers(1, 4),
    kills=st.integers(0, 5),
)
def test_a_sweep_reads_everything_however_often_it_is_interrupted(
    lists: list[int], size: int, kills: int
) -> None:
    """`lists`: how many posts are written before each page is asked for."""
    posts: list[int] = []
    read: set[int] = set()
    place = Sweep()

    def page(place: Sweep) -> tuple[list[int], Sweep]:
        newest_first = posts[::-1]
        if place.under_way:
            newest_first = [p for p in newest_first if p < int(place.next)]
        found = newest_first[:size]
        reached = bool(place.known) and any(p <= int(place.known) for p in found)
        more = str(found[-1]) if len(newest_first) > size else ""
        newest = str(found[0]) if found else ""
        return found, place.after(newest=newest, next=more, reached=reached)

    for n, written in enumerate(lists):
        posts.extend(range(len(posts), len(posts) + written))
        found, then = page(place)
        if n % 3 or kills <= 0:  # else the reader dies before it keeps page and place
            read.update(found)
            place = then
        else:
            kills -= 1
    for _ in range(2 * len(posts) + 2):
        found, place = page(place)
        read.update(found)
    assert read == set(posts)
    assert not place.under_way
    assert place.known == (str(posts[-1]) if posts else "")


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0", "::1",
        "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
        "::", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not reachable.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert reachable.is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1"])
def test_names_that_lead_inside_are_not_called(address: str, host: str) -> None:
    port = address.rsplit(":", 1)[1]

    async def knock() -> None:
        transport = reachable.PublicOnly()
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            await client.get(f"http://{host}:{port}/json")

    with pytest.raises(httpx.ConnectError):
        loop.run(knock())


def test_strange_ports_are_not_called() -> None:
    with pytest.raises(httpcore.ConnectError, match="port 22"):
        loop.run(reachable.public_address("example.org", 22))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://Example.org/ ", "https://example.org"),
        ("https://example.org/feed?x=1#top", "https://example.org/feed?x=1"),
    ],
)
def test_what_people_type_becomes_an_address(typed: str, address: str) -> None:
    assert reachable.web_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "http://example.org", "ftp://x.org", "https://", "https://me:pw@x.org", "a b", "\0"],
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused, match="https://"):
        reachable.web_address(typed)
