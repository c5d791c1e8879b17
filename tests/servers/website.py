"""A small website on this machine that answers as it is told, honestly or not.

with website() as site:
    site.put("/feed", body, kind="application/rss+xml")    # with an ETag, answers 304 to it
    site.on("/slow", drip)                                  # a function of the request's handler
    site.asked                                              # [("GET", "/feed", headers), ...]
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Website:
    """`asked` are the requests so far: method, path, headers with lower-case names."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes, kind: str = "text/xml", **headers: str) -> str:
        """Let a document lie at `path`; gives its address."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}

        def give(request: BaseHTTPRequestHandler) -> None:
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            known = request.headers.get("If-None-Match") == etag
            everything = {"Content-Type": kind, "ETag": etag, **told}
            answer(request, 304 if known else 200, b"" if known else body, everything)

        return self.on(path, give)

    def lead(self, path: str, to: str, status: int = 302) -> str:
        """Let `path` redirect to `to`."""
        return self.on(path, lambda request: answer(request, status, b"", {"Location": to}))

    def on(self, path: str, page: Page) -> str:
        """Let `page` answer at `path`; gives its address."""
        self.pages[path] = page
        return self.url + path


def answer(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str]
) -> None:
    """A whole answer."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def website() -> Iterator[Website]:
    """A website on a free port of this machine."""
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.command, self.path, headers))
            page = site.pages.get(path)
            try:
                if page:
                    page(self)
                else:
                    answer(self, 404, b"not here", {})
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # who asked has had enough

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
