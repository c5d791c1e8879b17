"""Questions to a company's register of customers: one call, bounded in time and size, never tried
again by itself.

    -> {"customers": [{"network": "x", "handle": "olga", "email": ""}]}
    <- {"customers": [{"network": "x", "handle": "olga", "reference": "C-7", "plan": "gold"}]}
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx

from sanderling.core.customers import Customers, Sought, answered
from sanderling.core.network import Refused, SignInLost
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller, Json
from sanderling.networks.wire.loop import run

WHOLE_S = 5.0
"""For the whole answer, however its bytes drip."""


class Register:
    """The register at exactly `url`; `key` may be empty.

    The address is the operator's own, set where the desk is installed and nowhere else, so one
    inside a private network is as good as any, as with a language model. No redirect is followed.
    """

    def __init__(self, url: str, key: str = "") -> None:
        self.name = urlsplit(url).hostname or url
        self._url = url
        self._caller = _Caller(url, self.name, key)

    def close(self) -> None:
        """Let go of the connections."""
        run(self._caller.close())

    def look_up(self, sought: Sequence[Sought]) -> Customers:
        """What the register knows of these people; see `core.customers.answered`.

        Raises Unreachable, Throttled or Refused, in words that are not the server's.
        """
        question = {"customers": [s._asdict() for s in sought]}
        try:
            told = run(self._caller.within(WHOLE_S, self._url, question))
        except SignInLost as error:
            raise Refused(
                later("{server} does not accept the desk's key.").format(server=self.name)
            ) from error
        return answered(told, sought)


class _Caller(Caller):
    """Where the server's own words are hidden: they may tell of customers."""

    def __init__(self, url: str, name: str, key: str) -> None:
        super().__init__(url, name)
        self._key = key

    async def authorise(self) -> dict[str, str]:
        """The key, where there is one."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def said(self, response: httpx.Response) -> str:
        """What a refusal means, by its number alone."""
        return later("{server} refused to answer ({status}).").format(
            server=self.name, status=response.status_code
        )

    async def within(self, seconds: float, url: str, question: Json) -> Json:
        """What a POST to `url` gives, in so many seconds."""
        with self.translated(harmless=True):
            async with asyncio.timeout(seconds):
                return await self.tell(url, harmless=True, json=question)
