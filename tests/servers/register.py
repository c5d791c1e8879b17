"""A small register of customers that answers honestly or not.

with register() as crm:
    crm.knows(x={"olga": {"plan": "gold"}})    # by network and handle
    crm.answers(b"{", status=200)              # or any bytes, however slowly
    crm.asked                                  # [(headers, body), ...]
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from servers.model import send

PATH = "/desk/customers?v=1"
Reply = Callable[[BaseHTTPRequestHandler, Any], None]


@dataclass
class CustomerRegister:
    """`asked` are the calls so far: headers with lower-case names, and the body as JSON."""

    url: str = ""
    asked: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    reply: Reply = lambda request, body: send(request, 200, b'{"customers": []}')

    def knows(self, **networks: dict[str, dict[str, Any]]) -> None:
        """Answer about whoever is asked about and known, by network and handle."""

        def reply(request: BaseHTTPRequestHandler, body: Any) -> None:
            who = [(c["network"], c["handle"]) for c in body["customers"]]
            found = [
                {"network": network, "handle": handle, **networks[network][handle]}
                for network, handle in who
                if handle in networks.get(network, {})
            ]
            send(request, 200, json.dumps({"customers": found}).encode())

        self.reply = reply

    def says(self, *customers: Any) -> None:
        """Answer with these customers, whoever is asked about."""
        self.answers(json.dumps({"customers": customers}).encode())

    def answers(self, held: bytes, status: int = 200) -> None:
        """Answer with these bytes."""
        self.reply = lambda request, _: send(request, status, held)

    def questions(self) -> list[list[str]]:
        """The handles of each question."""
        return [[c["handle"] for c in body["customers"]] for _, body in self.asked]


@contextmanager
def register() -> Iterator[CustomerRegister]:
    """A register on a free port of this machine."""
    crm = CustomerRegister()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path != PATH:
                return send(self, 404, b"{}")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            crm.asked.append(({k.lower(): v for k, v in self.headers.items()}, body))
            return crm.reply(self, body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    crm.url = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    try:
        yield crm
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
