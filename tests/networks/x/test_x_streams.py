"""Streams of X: their lines, their silences, and the pauses between tries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.network import NetworkError, Refused, Throttled, Unreachable
from sanderling.core.query import parse
from sanderling.networks.wire.loop import run
from sanderling.networks.x import client, streams
from sanderling.networks.x.client import Crowded, Failing

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Parts(httpx.AsyncByteStream):
    """A body in parts, cut wherever the network cuts it."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part


def heard(parts: list[bytes]) -> list[object]:
    async def listen() -> list[object]:
        response = httpx.Response(200, stream=Parts(parts))
        return [said async for said in streams.lines(response)]

    return run(listen())


@given(st.lists(st.integers(0, 40), max_size=8))
def test_lines_are_whole_wherever_the_network_cuts(cuts: list[int]) -> None:
    body = b'{"data":{"id":"1"}}\r\n\r\n{"data":{"text":"\\u00e9"}}\r\nno json\r\n[]\r\n\r\n'
    edges = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    parts = [body[a:b] for a, b in pairwise(edges)]
    assert heard(parts) == [{"data": {"id": "1"}}, None, {"data": {"text": "é"}}, None]


def test_a_line_without_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_LINE", 100)
    with pytest.raises(Unreachable, match="without an end"):
        heard([b"x" * 60, b"x" * 60, b"\n"])


@pytest.mark.parametrize(
    ("error", "pauses"),
    [
        (Unreachable("cut"), {1: 0.25, 2: 0.5, 100: 16}),
        (Failing("500"), {1: 5, 2: 10, 3: 20, 100: 320}),
        (Throttled(NOW, "429"), {1: 60, 2: 120, 3: 240}),
        (Throttled(NOW + timedelta(minutes=10)), {1: 600}),
        (Crowded(NOW, "full"), {1: 60, 2: 120}),
        (Refused("403"), {1: 900}),
    ],
)
def test_pauses_are_those_that_x_asks_for(error: NetworkError, pauses: dict[int, float]) -> None:
    assert {n: streams.pause(error, n, NOW) for n in pauses} == pauses


def test_a_stream_that_falls_silent_is_opened_again(stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "QUIET_S", 0.4)
    pages = stage.connector(bearer=True).follow(None)
    try:
        while not stage.x.streams.open("x_activity_stream"):
            next(pages)
        (first,) = stage.x.streams.connections
        stage.x.streams.beat_s = 60
        while len(stage.x.streams.connections) < 2:
            next(pages)
        assert stage.x.streams.connections[1] is not first
    finally:
        pages.close()


def test_a_stream_that_hangs_on_x_is_taken_from_our_lost_connection(stage) -> None:
    """Our line was cut, but X believes it open: nobody else may connect until it is ended."""
    network = stage.connector(bearer=True)
    network.seek({1: parse("kettle")})
    pages = network.follow(None)
    try:
        while not stage.x.streams.open("filtered_stream"):
            next(pages)
        stage.x.streams.full = True
        stage.x.streams.disconnect("filtered_stream", abruptly=True)
        while "deleteConnectionsByEndpoint" not in stage.x.calls:
            next(pages)
        stage.x.streams.full = False
        while not stage.x.streams.open("filtered_stream"):
            next(pages)
    finally:
        pages.close()
