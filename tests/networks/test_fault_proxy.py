"""The proxy that the contract suite and the storms stand behind does what it was told, no more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from servers.proxy import Proxy, proxy_before


class Server(ThreadingHTTPServer):
    """Takes what is posted, and tells numbers as a stream."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[str] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        self.server.taken.append(self.rfile.read(int(self.headers["content-length"])).decode())
        self._say(b'{"taken": true}')

    def do_GET(self) -> None:
        if self.path != "/stream":
            self._say(b'{"numbers": [1, 2, 3]}')
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for number in range(6):
            self.wfile.write(f"event: n\ndata: {number}\n\n".encode())
        self.close_connection = True

    def _say(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def in_thread(server) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server, in_thread(server):
        yield server


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxy_before(f"http://127.0.0.1:{server.server_port}", seed=3) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.url, timeout=2, trust_env=False) as client:
        yield client


def test_without_faults_nothing_is_changed(server, proxy, client) -> None:
    for number in range(3):
        assert client.post("/posts", content=f"post {number}").json() == {"taken": True}
    assert client.get("/numbers").json() == {"numbers": [1, 2, 3]}
    assert server.taken == ["post 0", "post 1", "post 2"]
    assert numbers(client) == [0, 1, 2, 3, 4, 5]
    assert not proxy.done


@pytest.mark.parametrize(
    ("kind", "taken", "error"),
    [
        ("cut before", [], httpx.RemoteProtocolError),
        ("cut after", ["post"], httpx.RemoteProtocolError),
        ("hang before", [], httpx.ReadTimeout),
        ("hang after", ["post"], httpx.ReadTimeout),
    ],
)
def test_an_answer_is_lost_before_or_after_the_server_heard(
    server, proxy, client, kind, taken, error
) -> None:
    proxy.let(kind, "POST /posts", times=1, seconds=60)
    with pytest.raises(error):
        client.post("/posts", content="post", timeout=0.2)
    assert server.taken == taken
    assert client.post("/posts", content="again").json() == {"taken": True}
    assert proxy.done == {kind: 1}


@pytest.mark.parametrize(("kind", "taken"), [("answer", []), ("answer after", ["post"])])
def test_another_answer_comes_than_the_servers(server, proxy, client, kind, taken) -> None:
    proxy.let(kind, "POST", status=429, headers={"retry-after": "30"}, body=b'{"error": "slow"}')
    answer = client.post("/posts", content="post")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert answer.json() == {"error": "slow"}
    assert server.taken == taken
    assert client.get("/numbers").status_code == 200
    assert proxy.done == {f"{kind} 429": 1}


def test_half_an_answer_is_no_json(proxy, client) -> None:
    proxy.let("truncate", times=1)
    with pytest.raises(ValueError, match="Expecting"):
        client.get("/numbers").json()
    assert client.get("/numbers").json() == {"numbers": [1, 2, 3]}


def test_chance_strikes_as_often_as_told_and_with_a_seed_always_alike(server, proxy) -> None:
    def struck(proxy: Proxy) -> list[int]:
        proxy.let("answer", chance=0.3)
        with httpx.Client(base_url=proxy.url, trust_env=False) as client:
            return [client.get("/numbers").status_code for _ in range(60)]

    first = struck(proxy)
    assert 8 < first.count(503) < 30
    with proxy_before(f"http://127.0.0.1:{server.server_port}", seed=3) as other:
        assert struck(other) == first


def test_who_is_away_refuses_and_comes_back_at_the_same_address(proxy, client) -> None:
    client.get("/numbers")
    with proxy.away(), pytest.raises(httpx.ConnectError):
        client.get("/numbers")
    assert client.get("/numbers").status_code == 200


def numbers(client: httpx.Client) -> list[int]:
    lines = client.get("/stream").text.splitlines()
    return [int(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("repeat", [0, 0, 1, 2, 3, 4, 5]),
        ("drop", [1, 2, 3, 4, 5]),
        ("swap", [1, 0, 2, 3, 4, 5]),
    ],
)
def test_events_of_a_stream_go_astray(proxy, client, kind, told) -> None:
    proxy.let(kind, "/stream", times=1)
    assert numbers(client) == told
    assert numbers(client) == [0, 1, 2, 3, 4, 5]


def test_a_stream_breaks_off(proxy, client) -> None:
    proxy.let("close", "/stream", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        numbers(client)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("drop", ["1", "2"]), ("repeat", ["0", "0", "1", "2"]), ("swap", ["1", "0", "2"])],
)
def test_frames_of_a_websocket_go_astray(kind, told) -> None:
    def count(socket: ServerConnection) -> None:
        for number in range(int(socket.recv())):
            socket.send(str(number))

    with serve(count, "127.0.0.1", 0) as server, in_thread(server):
        port = server.socket.getsockname()[1]
        with proxy_before(f"http://127.0.0.1:{port}") as proxy:
            for expected in (told, ["0", "1", "2"]):
                proxy.well()
                if expected is told:
                    proxy.let(kind, times=1)
                with connect(f"ws://127.0.0.1:{proxy.port}/x", proxy=None) as socket:
                    socket.send("3")
                    assert list(socket) == expected
