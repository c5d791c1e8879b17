"""Fetching pictures from addresses that strangers chose: public, bounded, and nothing told of us.

No cookie is kept, no page is named, no sign-in is sent: whoever owns the server learns that a desk
asked, not which agent looks, nor when, for a picture is fetched once.
"""

from __future__ import annotations

import asyncio
from http.cookiejar import DefaultCookiePolicy

import httpx

from sanderling.core.network import Refused, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller, TooLong
from sanderling.networks.wire.loop import run
from sanderling.networks.wire.reachable import PublicOnly

MOST_BYTES = 8_000_000
MOST_S = 10.0
"""For all hops and the whole answer, however slowly the bytes drip (seconds)."""
MOST_HOPS = 3
ACCEPT = "image/jpeg, image/png, image/webp, image/gif"
_LEADS = (301, 302, 303, 307, 308)


class Pictures:
    """Fetches pictures. `allow_private` is for intranets and for a server of our own.

    Private addresses are checked at every hop, after the name is resolved (see `PublicOnly`).
    """

    def __init__(self, *, allow_private: bool = False) -> None:
        self._caller = _Caller(allow_private=allow_private)

    def close(self) -> None:
        """Let go of the connections."""
        run(self._caller.close())

    def fetch(self, url: str, *, within: str = "") -> bytes:
        """What lies at `url`; where `within` is given, it and all it leads to must begin so.

        Raises Unreachable or Refused, in words for people that quote nothing of the server's.
        """
        return run(self._caller.get(url, within))


class _Caller(Caller):
    def __init__(self, *, allow_private: bool) -> None:
        super().__init__(
            "",
            later("Its server"),
            headers={
                "User-Agent": "Sanderling (customer care desk)",
                "Accept": ACCEPT,
                "Accept-Encoding": "identity",
            },
            transport=PublicOnly(allow_private=allow_private),
        )
        self.http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def get(self, url: str, within: str) -> bytes:
        try:
            async with asyncio.timeout(MOST_S):
                for _ in range(MOST_HOPS + 1):
                    found = await self._hop(_fit(url, within))
                    if isinstance(found, bytes):
                        return found
                    url = found
        except TimeoutError as error:
            raise Unreachable(later("Its server takes too long to answer.")) from error
        raise Refused(later("Its server leads on and on to other addresses."))

    async def _hop(self, url: str) -> bytes | str:
        """What lies there, or the address that it is said to lie at."""
        with self.translated(harmless=True):
            async with self.http.stream("GET", url) as response:
                if response.status_code in _LEADS:
                    return str(response.url.join(response.headers.get("location", "")))
                if response.status_code != 200:
                    raise Refused(_why_not(response.status_code))
                return await _body(response)


def _fit(url: str, within: str) -> str:
    """`url` where it may be asked for; raises Refused."""
    try:
        parts = httpx.URL(url)
        usual = parts.scheme in ("http", "https") and parts.host and not parts.userinfo
    except (httpx.InvalidURL, ValueError):
        usual = False
    if not usual or len(url) > 2_000 or not url.startswith(within):
        raise Refused(later("Its address is none that the desk asks for pictures."))
    return url


def _why_not(status: int) -> str:
    if status in (401, 403):
        return later("Its server shows it only to those who are signed in there.")
    if status in (404, 410):
        return later("It is not there any more.")
    if status == 429:
        return later("Its server does not want to be asked so often. Look again later.")
    return later("Its server did not give it ({status}).").format(status=status)


async def _body(response: httpx.Response) -> bytes:
    """The whole body as it came; a picture that is packed once more is none we asked for."""
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(later("Its server packed it in a way that the desk did not ask for."))
    parts, size = [], 0
    try:
        async for part in response.aiter_raw():
            size += len(part)
            if size > MOST_BYTES:
                raise TooLong("more bytes than a picture may have")
            parts.append(part)
    except TooLong as error:
        raise Refused(later("It is larger than 8 MB.")) from error
    return b"".join(parts)
