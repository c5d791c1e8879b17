"""Fetching a feed from an address that strangers chose: public, bounded, only what changed."""

from __future__ import annotations

import asyncio
import re
import zlib

import httpx
import msgspec

from sanderling.core.network import Refused, SignInLost, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller, TooLong
from sanderling.networks.wire.reachable import PublicOnly

MOST_BYTES = 2_000_000
"""No feed is longer, unpacked."""
MOST_HOPS = 5
MOST_S = 30.0
"""A fetch takes no longer, however slowly the bytes drip (seconds)."""
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.5"
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A fetched document. `body` is None where it is as it was; `kind` is its content type.

    `url` is where it lay in the end. `max_age` is how long it may be kept, in seconds.
    """

    url: str
    body: bytes | None = None
    kind: str = ""
    etag: str = ""
    modified: str = ""
    max_age: int = 0
    hub: str = ""
    topic: str = ""


class Client(Caller):
    """Fetches documents and asks hubs; `allow_private` is for tests and intranets."""

    def __init__(self, name: str, *, allow_private: bool = False) -> None:
        super().__init__(
            "",
            name,
            headers={
                "User-Agent": "Sanderling (customer care desk)",
                "Accept": ACCEPT,
                "Accept-Encoding": "gzip",
            },
            transport=PublicOnly(allow_private=allow_private),
        )

    async def get(self, url: str, etag: str = "", modified: str = "") -> Answer:
        """The document at `url`, unless it is still the one that `etag` and `modified` name."""
        asked = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in asked.items() if value}
        try:
            async with asyncio.timeout(MOST_S):
                for _ in range(MOST_HOPS + 1):
                    answer = await self._hop(url, headers)
                    if isinstance(answer, Answer):
                        return answer
                    url = answer
        except TimeoutError as error:
            raise Unreachable(
                later("{server} takes too long to answer.").format(server=self.name)
            ) from error
        raise Refused(
            later("{server} leads on and on to other addresses. Check the address.").format(
                server=self.name
            )
        )

    async def subscribe(self, hub: str, form: dict[str, str]) -> None:
        """Ask a WebSub hub for something; it answers by calling us."""
        await self.call("POST", _address(hub), data=form)

    async def _hop(self, url: str, headers: dict[str, str]) -> Answer | str:
        """The document, or the address that it is said to lie at."""
        with self.translated(harmless=True):
            async with self.http.stream("GET", _address(url), headers=headers) as response:
                if response.status_code in (301, 302, 303, 307, 308):
                    return str(response.url.join(response.headers.get("location", "")))
                self._check(response)
                known = response.status_code == 304
                return _answer(response, None if known else await _body(response))

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 410:
            raise SignInLost(
                later("{server} is gone for good. Take the account away.").format(server=self.name)
            )
        if status == 503 and "retry-after" in response.headers:
            response.status_code = 429  # it names a time, so it is a wait and no failure
        if status != 304:
            response._content = b""
            self.raise_for(response, harmless=True)


def _address(url: str) -> str:
    """`url` where it is one of the web; raises Refused."""
    try:
        if len(url) <= 2000 and httpx.URL(url).scheme in ("http", "https"):
            return url
    except (httpx.InvalidURL, ValueError):
        pass
    raise Refused(
        later("The address leads to something that is not on the web. Check the address.")
    )


async def _body(response: httpx.Response) -> bytes:
    """The body, unpacked no further than it may be long; raises TooLong or httpx.DecodingError."""
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip"):
        raise httpx.DecodingError(later("packed in an unknown way ({how})").format(how=packed[:40]))
    unpack = zlib.decompressobj(wbits=31) if packed.endswith("gzip") else None
    parts, size = [], 0
    async for raw in response.aiter_raw():
        part = _unpacked(unpack, raw, MOST_BYTES + 1 - size) if unpack else raw
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise TooLong(f"more than {MOST_BYTES:,} bytes")
    if unpack and not unpack.eof:
        raise httpx.DecodingError(later("packed, and cut short"))
    return b"".join(parts)


def _unpacked(unpack: zlib._Decompress, raw: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(raw, most)
    except zlib.error as error:
        raise httpx.DecodingError(later("packed wrongly")) from error


def _answer(response: httpx.Response, body: bytes | None) -> Answer:
    age = _MAX_AGE.search(response.headers.get("cache-control", ""))
    links = {rel: link.get("url", "") for rel, link in response.links.items() if rel}
    return Answer(
        url=str(response.url),
        body=body,
        kind=response.headers.get("content-type", "")[:200],
        etag=response.headers.get("etag", "")[:500],
        modified=response.headers.get("last-modified", "")[:100],
        max_age=int(age[1]) if age else 0,
        hub=links.get("hub", ""),
        topic=links.get("self", ""),
    )
