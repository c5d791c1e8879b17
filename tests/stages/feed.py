"""A blog's feed as a stage: it is only read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import ClassVar
from xml.sax.saxutils import escape

import httpx

from sanderling.networks.feed.connector import Feed
from sanderling.networks.feed.websub import Subscription, to_secret
from servers.kept import Kept
from servers.proxy import Proxy, proxy_before
from servers.website import Website, website
from stages.stage import Stage

READ_ONLY = "a feed is only read"
SECRET = to_secret(Subscription(key="a key that only we and the hub know"))
ENTRY = """<entry><id>tag:blog,{n}</id><title>{text}</title><author><name>{by}</name></author>
<published>{at}</published><updated>{updated}</updated><content>{text}</content></entry>"""


class FeedStage(Stage):
    """A website of ours, whose people write for a blog that we read."""

    name = "feed"
    cannot: ClassVar = {
        "answer": READ_ONLY, "message": READ_ONLY, "native": READ_ONLY, "like": READ_ONLY,
        "repost": READ_ONLY, "undo": READ_ONLY, "thread": READ_ONLY, "mention": READ_ONLY,
        "authors": "a feed's people have names and no accounts",
        "delete": "a feed forgets its older entries, so that nothing is told by one missing",
        "pages": "a feed is one document",
        "stream": "a feed is asked once a minute at most; its own tests turn the clock",
    }  # fmt: skip
    many = 60
    proxy: Proxy
    us = "nobody"
    people = ("Anna", "Ben", "Cleo")

    def __init__(self, site: Website, proxy: Proxy) -> None:
        self.site, self.proxy = site, proxy
        self._address = f"{proxy.url}/feed"
        self._entries: dict[str, dict[str, object]] = {}
        self._made: list[Feed] = []
        self._tell()

    def make(self, answer_s: float = 10) -> Feed:
        made = Feed(self._address, Kept(SECRET), allow_private=True)
        made._client.http.timeout = httpx.Timeout(answer_s)
        self._made.append(made)
        return made

    def ask(self, text: str = "my bill is wrong", by: int = 0) -> str:
        n = len(self._entries)
        post = self._hash(f"tag:blog,{n}")
        at = datetime.now(UTC) - timedelta(seconds=30)
        self._entries[post] = {"n": n, "text": text, "by": self.people[by], "at": at, "updated": at}
        self._tell()
        return post

    def edit(self, post: str, text: str, by: int = 0) -> None:
        self._entries[post] |= {"text": text, "updated": datetime.now(UTC)}
        self._tell()

    def ours(self) -> list[str]:
        return []

    def later(self, cursor: str | None) -> str | None:
        return cursor and _due(cursor)

    def sign_out(self) -> None:
        self.proxy.let("answer", status=410)

    def close(self) -> None:
        for made in self._made:
            made.close()

    def _tell(self) -> None:
        entries = "".join(
            ENTRY.format(**{k: escape(_written(v)) for k, v in entry.items()})
            for entry in reversed(self._entries.values())
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{entries}</feed>'
        self.site.put("/feed", feed.encode(), kind="application/atom+xml")

    def _hash(self, name: str) -> str:
        return sha256(f"{self._address}\n{name}".encode()).hexdigest()[:32]


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _due(cursor: str) -> str:
    """The cursor when the feed may be asked again."""
    try:
        place = json.loads(cursor)
    except ValueError:
        return cursor
    return json.dumps({**place, "due": 0}) if "due" in place else cursor


@contextmanager
def feed() -> Iterator[FeedStage]:
    """A stage of its own for each test."""
    with website() as site, proxy_before(site.url) as proxy:
        stage = FeedStage(site, proxy)
        try:
            yield stage
        finally:
            stage.close()
