"""Addresses outside are told, each by itself, in bounded time; no secret of theirs comes back."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from aiosmtpd.controller import Controller

from sanderling.networks.alarm.client import Alarm


@dataclass
class Receiver:
    """A server that takes what it is sent; `status` is what it answers, `held` keeps it waiting."""

    port: int = 0
    status: int = 200
    held: threading.Event = field(default_factory=threading.Event)
    taken: list[dict[str, str]] = field(default_factory=list)

    def at(self, path: str = "") -> str:
        """Its address, as Apprise writes it, with a password."""
        return f"json://olga:s3cret@127.0.0.1:{self.port}/{path}"


@contextmanager
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    there.held.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            there.taken.append(
                json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                | {"path": self.path}
            )
            there.held.wait(60)
            self.send_response(there.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there.port = server.server_address[1]
    try:
        yield there
    finally:
        there.held.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


def test_chat_and_mail_are_told_and_what_customers_wrote_stays_text(there):
    letters: list[bytes] = []

    class Box:
        async def handle_DATA(self, server, session, envelope):
            letters.append(envelope.content)
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    post = Controller(Box(), hostname="127.0.0.1", port=port)
    post.start()
    try:
        mail = f"mailto://127.0.0.1:{port}/?from=desk@northwind.example&to=lead@northwind.example"
        told = Alarm([there.at("desk"), mail]).tell(
            "Storm: <b>no data</b>\r\nBcc: x", "38 a minute"
        )
    finally:
        post.stop()
    assert [(one.name, one.trouble) for one in told] == [
        ("Address 1 (JSON)", ""),
        ("Address 2 (E-Mail)", ""),
    ]
    (sent,) = there.taken
    assert (sent["title"], sent["message"], sent["path"]) == (
        "Storm: <b>no data</b> Bcc: x",
        "38 a minute",
        "/desk",
    )
    (letter,) = letters
    assert b"38 a minute" in letter
    assert not [line for line in letter.split(b"\n") if line.startswith(b"Bcc")]


def test_what_goes_wrong_is_told_by_address_without_its_secrets(there):
    there.status = 404
    with receiver() as gone:
        closed = gone.at("closed")
    addresses = [there.at(), closed, "nonsense", "slack://s3cret"]
    told = Alarm(addresses).tell("Storm", "38 a minute")
    assert [one.trouble for one in told] == [
        "Address 1 (JSON) refused it (404).",
        "Address 2 (JSON) does not answer, or refused it.",
        "Address 3 is not written as an address that can be told.",
        "Address 4 is not written as an address that can be told.",
    ]
    assert "s3cret" not in str(told)
    assert len({one.key for one in told}) == 4


def test_who_was_told_before_is_left_out(there):
    alarm = Alarm([there.at("one"), there.at("two")])
    first, second = alarm.look()
    (told,) = alarm.tell("Storm", "38 a minute", but=[first.key])
    assert (told.key, told.name) == (second.key, "Address 2 (JSON)")
    assert [sent["path"] for sent in there.taken] == ["/two"]
    assert alarm.tell("Storm", "38 a minute", but=[first.key, second.key]) == []


def test_one_that_hangs_holds_up_nobody_and_is_given_up(there):
    with receiver() as hangs:
        hangs.held.clear()
        began = monotonic()
        address = hangs.at("?rto=300&cto=300")
        told = Alarm([address, there.at()], whole_s=15).tell("Storm", "38 a minute")
        assert monotonic() - began < 60
        hangs.held.set()
    assert [one.trouble for one in told] == [
        "Address 1 did not answer in time. Whether it was told is not known.",
        "",
    ]


def test_looking_tells_nobody(there):
    looked = Alarm([there.at(), "mailto://"]).look()
    assert [bool(one.trouble) for one in looked] == [False, True]
    assert there.taken == []
