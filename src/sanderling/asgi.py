"""The web server's entry: pages by Django's WSGI path, files, pictures, the live stream beside.

docs/decisions.md has the figures behind this split.
"""

from __future__ import annotations

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGISendCallable,
    LifespanScope,
    Scope,
)
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanderling.settings")
wsgi = get_wsgi_application()

import sanderling.urls  # noqa: E402, F401  pages know their structs before threads are many
from sanderling.core.structs import make_ready  # noqa: E402  Django is set up by now
from sanderling.web.live import live  # noqa: E402  Django is set up by now
from sanderling.web.media import media  # noqa: E402  Django is set up by now
from sanderling.web.static import files  # noqa: E402  Django is set up by now

THREADS = 8
"""Pages that are made at the same time in one process; each has its own database connection."""

pages = cast(ASGI3Application, WSGIMiddleware(cast(Any, wsgi), workers=THREADS))


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Send each request to the part that answers it."""
    if scope["type"] == "lifespan":
        await _live_through(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/media/"):
        await media(scope, send)
    elif scope["type"] == "http" and scope["path"].startswith("/static/"):
        await files().answer(scope, send)
    else:
        await pages(scope, receive, send)


async def _live_through(
    scope: LifespanScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    await receive()
    make_ready()
    files()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
