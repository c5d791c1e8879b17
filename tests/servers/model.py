"""A small server that speaks as OpenAI's chat completions do, honestly or not.

with language_model() as model:
    model.says("We are on it, {name}.")       # whatever it is asked
    model.answers(b"{", status=200)           # or any bytes, however slowly
    model.asked                               # [(headers, body), ...]
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, Any], None]


@dataclass
class LanguageModel:
    """`asked` are the calls so far: headers with lower-case names, and the body as JSON."""

    url: str = ""
    asked: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    reply: Reply = lambda request, body: None

    def says(self, text: str) -> None:
        """Answer every question with `text`."""
        self.with_(lambda _: text)

    def with_(self, say: Callable[[Any], str]) -> None:
        """Answer with what `say` makes of the question."""

        def reply(request: BaseHTTPRequestHandler, body: Any) -> None:
            message = {"role": "assistant", "content": say(body)}
            told = {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}
            send(request, 200, json.dumps(told).encode())

        self.reply = reply

    def answers(self, held: bytes, status: int = 200) -> None:
        """Answer with these bytes."""
        self.reply = lambda request, _: send(request, status, held)


def send(request: BaseHTTPRequestHandler, status: int, held: bytes) -> None:
    """A whole answer."""
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(held)))
    request.end_headers()
    with suppress(OSError):  # the caller had enough of it
        request.wfile.write(held)


@contextmanager
def language_model() -> Iterator[LanguageModel]:
    """A model on a free port of this machine; its `url` ends before /chat/completions."""
    model = LanguageModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path != "/v1/chat/completions":
                return send(self, 404, b"{}")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(({k.lower(): v for k, v in self.headers.items()}, body))
            return model.reply(self, body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
