"""How a feed is connected: by its address, or that of the page it belongs to."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urljoin, urlsplit

import msgspec

from sanderling.core.network import Asked, Connected, Elsewhere, Refused, Step
from sanderling.core.words import later
from sanderling.networks.feed.client import Answer, Client
from sanderling.networks.feed.reading import Told, read
from sanderling.networks.feed.translate import source
from sanderling.networks.feed.websub import Subscription, to_secret
from sanderling.networks.wire import loop
from sanderling.networks.wire.reachable import web_address

FEEDS = ("application/atom+xml", "application/rss+xml", "application/feed+json")
_LINK = re.compile(r"<link\s([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![a-z])([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE
)
MOST_PAGE = 300_000
"""Bytes of a page in which the link to its feed is looked for."""


class FeedSignIn:
    """Connects a feed; `allow_private` is for tests and intranets."""

    asks: tuple[Asked, ...] = (
        Asked(
            name="address",
            label=later("Address of the page or feed"),
            help=later("A blog, forum, status or review page. Its feed is found from the page."),
            kind="url",
        ),
    )

    def __init__(self, *, allow_private: bool = False) -> None:
        self._allow_private = allow_private

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected | Elsewhere:
        """Find the feed and read it once."""
        typed = given.get("address", "").strip()
        address = web_address(typed, allow_http=True)
        if typed.endswith("/"):
            address += "/"  # with and without it may be two feeds
        return loop.run(self._connect(address))

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Never needed: a feed asks for nobody's yes."""
        raise Refused(later("A feed is connected in one step. Begin again."))

    async def _connect(self, address: str) -> Connected:
        host = urlsplit(address).hostname or address
        client = Client(host, allow_private=self._allow_private)
        try:
            answer = await client.get(address)
            if found := next(_feeds_of(answer), None):
                answer = await client.get(found)
        finally:
            await client.close()
        told = await _read(answer)
        who = msgspec.structs.replace(source(told, answer.url), name=told.title or host)
        return Connected(
            who=who,
            address=answer.url,
            secret=to_secret(Subscription(key=secrets.token_urlsafe(32))),
            steps=tuple(_steps(told, answer)),
        )


async def _read(answer: Answer) -> Told:
    try:
        return await asyncio.to_thread(read, answer.body or b"", answer.kind, answer.url)
    except Refused as error:
        raise Refused(
            later(
                "There is no feed at this address, and the page names none."
                " Look on the page for “RSS”, “Atom” or “Feed”, and give the address of that."
            )
        ) from error


def _steps(told: Told, answer: Answer) -> Iterator[Step]:
    yield Step(
        ok=True, words=later("Found the feed “{name}”").format(name=told.title or answer.url)
    )
    yield Step(ok=bool(told.entries), words=_counted(told))
    if answer.hub or told.hub:
        yield Step(ok=True, words=later("Pushes its news by WebSub"))
    else:
        yield Step(ok=True, words=later("Pushes no news: it is asked every few minutes"))


def _counted(told: Told) -> str:
    """How many entries there are, and how new."""
    n = len(told.entries)
    dates = [date for entry in told.entries if (date := entry.created or entry.updated)]
    if not dates:
        some = later("1 entry") if n == 1 else later("{n} entries")
        return some.format(n=n) if n else later("No entries")
    newest = f"{max(dates):%d %B %Y}"
    some = (
        later("1 entry, newest from {day}") if n == 1 else later("{n} entries, newest from {day}")
    )
    return some.format(n=n, day=newest)


def _feeds_of(answer: Answer) -> Iterator[str]:
    """The addresses of feeds that an HTML page names, in its order."""
    page = (answer.body or b"")[:MOST_PAGE].decode("utf-8", "replace")
    for link in _LINK.finditer(page) if "<html" in page.lower() else ():
        told = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(link[1])}
        kind = told.get("type", "").split(";")[0].strip().lower()
        if "alternate" in told.get("rel", "").lower().split() and kind in FEEDS:
            yield urljoin(answer.url, unescape(told.get("href", "")))
