"""Style sheets, scripts, pictures and fonts, from memory, by the bare ASGI part.

The hash of everything stands in every address, so browsers keep files for ever and a new version is
fetched at once; addresses inside style sheets and scripts may stay relative.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
from pathlib import Path
from typing import NamedTuple

from asgiref.typing import ASGISendCallable, HTTPScope

from sanderling.web import trimming

FOLDER = Path(__file__).parent / "static"
SHEETS = (
    *("tokens", "reset", "base", "layout", "button", "marks", "menu", "dialog", "toast", "row"),
    *(
        "composer",
        "suggestions",
        "pictures",
        "timeline",
        "media",
        "desk",
        "deck",
        "columns",
        "signin",
        "welcome",
        "drills",
        "networks",
        "people",
        "settings",
        "judging",
        "policy",
        "playbooks",
        "waiting",
        "rooms",
        "approvals",
        "gauge",
        "templates",
        "many",
        "rounds",
        "choosing",
        "helping",
        "status",
        "states",
        "stopped",
        "small",
        "palette",
        "live",
        "searching",
        "chart",
        "incidents",
        "direction",
        "utilities",
    ),
    "forced",
)
"""The style sheets in the order of their cascade; pages load them as one, css/app.css."""


class File(NamedTuple):
    """A file ready to be sent, squeezed where that helps."""

    kind: str
    body: bytes
    squeezed: bytes | None


class Files:
    """Every static file, by its path. `version` changes when any of them does."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        bodies = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        bodies["css/app.css"] = b"".join(bodies.pop(f"css/{name}.css") for name in SHEETS)
        bodies |= {path: _trimmed(path, body) for path, body in bodies.items()}
        self.names = frozenset(bodies)
        self.version = hashlib.sha256(repr(sorted(bodies.items())).encode()).hexdigest()[:12]
        self._files = {path: _file(path, body) for path, body in bodies.items()}

    def address(self, path: str) -> str:
        """Where a page finds a file; raises KeyError for one that is not there."""
        if path not in self._files:
            raise KeyError(f"There is no static file {path}.")
        return f"/static/{self.version}/{path}"

    async def answer(self, scope: HTTPScope, send: ASGISendCallable) -> None:
        """Send the file that the request's path names, or 404."""
        version, _, path = scope["path"].removeprefix("/static/").partition("/")
        file = self._files.get(path)
        if file is None:
            await _send(send, 404, [(b"content-type", b"text/plain")], b"There is no such file.")
            return
        asked = next((v for k, v in scope["headers"] if k == b"accept-encoding"), b"")
        keep = b"public, max-age=31536000, immutable" if version == self.version else b"no-cache"
        headers = [
            (b"content-type", file.kind.encode()),
            (b"cache-control", keep),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"accept-encoding"),
        ]
        if file.squeezed and b"gzip" in asked:
            await _send(send, 200, [*headers, (b"content-encoding", b"gzip")], file.squeezed)
        else:
            await _send(send, 200, headers, file.body)


@functools.cache
def files() -> Files:
    """The files of this installation, read once."""
    return Files()


def _trimmed(path: str, body: bytes) -> bytes:
    if path.endswith(".css"):
        return trimming.style(body.decode()).encode()
    if path.endswith(".js"):
        return trimming.script(body.decode()).encode()
    return body


def _file(path: str, body: bytes) -> File:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if path.endswith(".js"):
        kind = "text/javascript"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    squeezed = gzip.compress(body, mtime=0)
    return File(kind, body, squeezed if len(squeezed) < 0.9 * len(body) else None)


async def _send(
    send: ASGISendCallable, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    size = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, size],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
