"""GET /media/<sealed>/: pictures and faces from strangers' servers, out of the desk's own hands.

Beside the pages, as the live stream is: a server that lets us wait must never hold up a page. One
fetch serves all who ask meanwhile, and what failed is not tried again for a while.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from asgiref.typing import ASGISendCallable, HTTPScope
from django.db import DatabaseError, close_old_connections

from sanderling.listen import showing
from sanderling.listen.showing import Copy, Fetch, NotShown, Sight
from sanderling.web.live import signed_in
from sanderling.wiring import fetching

RESTS_S = 300.0
"""How long a picture that could not be had is not asked for again (seconds)."""
MOST_FAILURES = 1_000
HEADERS = (
    # A picture is data here, whatever is in it: nothing in it runs, and nobody guesses what it is.
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)
KEEPS = b"private, max-age=86400"
GONE = "It does not hang on this post any more."

_looking = ThreadPoolExecutor(4, thread_name_prefix="media-look")
_waiting = ThreadPoolExecutor(16, thread_name_prefix="media-wait")
"""For strangers' servers, and nothing else: when all of them are slow, only pictures wait."""


class Desk:
    """What this process is fetching, and what it could not have lately."""

    def __init__(self) -> None:
        self._going: dict[Sight, asyncio.Task[Copy]] = {}
        self._failed: dict[Sight, tuple[float, str]] = {}

    async def get(self, sight: Sight, fetch: Fetch) -> Copy:
        """A fresh copy, fetched once however many ask meanwhile. Raises NotShown."""
        until, why = self._failed.get(sight, (0.0, ""))
        if monotonic() < until:
            raise NotShown(why)
        if sight not in self._going:
            self._going[sight] = asyncio.create_task(self._take(sight, fetch))
        return await asyncio.shield(self._going[sight])

    async def _take(self, sight: Sight, fetch: Fetch) -> Copy:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(_waiting, showing.take, sight, fetch)
            if not await loop.run_in_executor(_looking, _still_hangs, sight):
                raise NotShown(GONE)
        except NotShown as error:
            self._failed.pop(next(iter(self._failed)) if self._full() else sight, None)
            self._failed[sight] = (monotonic() + RESTS_S, str(error))
            raise
        else:
            return found
        finally:
            del self._going[sight]

    def _full(self) -> bool:
        return len(self._failed) >= MOST_FAILURES


DESK = Desk()


async def media(scope: HTTPScope, send: ASGISendCallable, desk: Desk = DESK) -> None:
    """The picture for whoever is signed in; else 401, or 404 with the reason in words."""
    if scope["method"] not in ("GET", "HEAD"):
        return await _answer(send, 405, "Pictures are only looked at.")
    cookies = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"cookie"), "")
    word = scope["path"].removeprefix("/media/").rstrip("/")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.run_in_executor(_looking, _look, cookies, word)
        if found is None:
            return await _answer(send, 401, "Sign in to see pictures.")
        copy = found if isinstance(found, Copy) else await desk.get(*found)
    except NotShown as error:
        return await _answer(send, 404, str(error))
    except DatabaseError:
        return await _answer(send, 503, "The desk cannot look it up just now.")
    return await _show(send, copy, scope["method"] == "GET")


def _look(cookies: str, word: str) -> Copy | tuple[Sight, Fetch] | None:
    """Our copy, or what is to be fetched and how; None for who is not signed in.

    Raises NotShown, and DatabaseError.
    """
    close_old_connections()
    if not signed_in(cookies):
        return None
    sight = showing.opened(word)
    if not showing.hangs(sight):
        raise NotShown(GONE)
    return showing.kept(sight) or (sight, fetching(sight.url))


def _still_hangs(sight: Sight) -> bool:
    """Whether it hangs there after it was fetched; where its post was erased, so is the copy."""
    close_old_connections()
    if showing.hangs(sight):
        return True
    showing.drop([sight.post])
    return False


async def _answer(send: ASGISendCallable, status: int, why: str) -> None:
    headers = ((b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"))
    await _send(send, status, headers, why.encode())


async def _show(send: ASGISendCallable, copy: Copy, whole: bool) -> None:
    headers = ((b"content-type", copy.type.encode()), (b"cache-control", KEEPS))
    await _send(send, 200, headers, copy.held, whole=whole)


async def _send(
    send: ASGISendCallable,
    status: int,
    headers: tuple[tuple[bytes, bytes], ...],
    body: bytes,
    *,
    whole: bool = True,
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*HEADERS, *headers, length],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": body if whole else b"", "more_body": False})
