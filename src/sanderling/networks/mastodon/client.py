"""HTTP to a server that speaks the Mastodon API; knows its addresses, and no word of the desk's.

Servers differ (Mastodon, GoToSocial, Pleroma, ...): what one does not offer it answers with 404,
which is remembered, so that it is asked once. https://docs.joinmastodon.org/methods/
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from sanderling.core.network import Refused, Throttled, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.calling import ANSWER_S, Caller, Json
from sanderling.networks.wire.reachable import PublicOnly

PAGE = 40
"""As many as every list gives at once."""
SPARED = 30
"""Calls of every window that reading leaves to answering: most servers allow 300 in 5 minutes."""
LOOKED_UP_AT_ONCE = 20
MEDIA_READY_S = 10


class Gone(Refused):
    """There is no such thing: it was deleted, is not for us, or the server does not offer it."""


class Listed(NamedTuple):
    """A page of a list, newest first; `older` names the next page ("" where there is none)."""

    items: list[Json]
    older: str
    raw: bytes


class Client(Caller):
    """One account's calls to the server at `address`; without a `token`, anybody's.

    `host` is the server's name with its port, as ids carry it. `allow_private`: the address may lie
    in a private network.
    """

    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        allow_private: bool = False,
        answer_s: float = ANSWER_S,
    ) -> None:
        url = httpx.URL(address)
        self.host = url.netloc.decode()
        self.token = token
        self._missing: set[str] = set()
        self._read_again: datetime | None = None
        super().__init__(
            address,
            url.host,
            headers={"User-Agent": "Sanderling"},
            answer_s=answer_s,
            transport=PublicOnly(allow_private=allow_private),
        )

    async def authorise(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def raise_for(self, response: httpx.Response, *, harmless: bool) -> None:
        left = response.headers.get("x-ratelimit-remaining", "")
        # Writing has windows of its own, which say nothing about reading.
        if left.isdecimal() and response.request.method == "GET":
            few = int(left[:9]) < min(SPARED, _allowed(response) // 10)
            self._read_again = self.until(response) if few else None
        if response.status_code in (404, 410):
            raise Gone(self.said(response))
        super().raise_for(response, harmless=harmless)

    def spare(self) -> None:
        """Raise Throttled where so few calls are left that they are kept for answering."""
        if self._read_again and self._read_again > now():
            raise Throttled(self._read_again)

    # Who we are, and what the server is

    async def instance(self) -> Json:
        """What the server says of itself; the older form where it knows no other."""
        found = await self._if_offered("/api/v2/instance")
        return await self.ask("/api/v1/instance") if found is None else self.content(found)

    async def me(self) -> Json:
        """The account that the token belongs to."""
        return await self.ask("/api/v1/accounts/verify_credentials")

    async def account(self, account_id: str) -> Json:
        """An account; raises Refused where there is none."""
        return await self.ask(f"/api/v1/accounts/{_in_path(account_id)}")

    # Reading

    async def notifications(self, *, since: str = "", before: str = "", most: int = PAGE) -> Listed:
        """What happened to us, also what the account's own filters hold back.

        Mastodon filters direct messages of strangers by default; a desk must see them.
        """
        params = _page(since, before) | {"limit": str(most), "include_filtered": "true"}
        return self._listed(await self.call("GET", "/api/v1/notifications", params=params))

    async def statuses_of(self, account_id: str, *, since: str = "", before: str = "") -> Listed:
        """What an account wrote, as far as we may see it."""
        path = f"/api/v1/accounts/{_in_path(account_id)}/statuses"
        return self._listed(await self.call("GET", path, params=_page(since, before)))

    async def conversations(self, *, before: str = "") -> Listed:
        """Our direct conversations, each with its latest status; none where not offered."""
        return self._listed(
            await self._if_offered("/api/v1/conversations", params=_page("", before))
        )

    async def tagged(self, tag: str, *, since: str = "", before: str = "") -> Listed:
        """Public statuses with a hashtag; none where the server does not follow it."""
        path = f"/api/v1/timelines/tag/{_in_path(tag)}"
        return self._listed(await self._unless_gone(path, params=_page(since, before)))

    async def search(self, words: str) -> Listed:
        """Public statuses with these words, as far as the server searches."""
        params = {"q": words, "type": "statuses", "limit": str(PAGE)}
        response = await self._if_offered("/api/v2/search", params=params)
        if response is None:
            return Listed([], "", b"")
        found = self.content(response)
        statuses = found.get("statuses") if isinstance(found, dict) else None
        return Listed(statuses if isinstance(statuses, list) else [], "", response.content)

    async def status(self, status_id: str) -> Json | None:
        """A status, or None where it is gone or not for us."""
        response = await self._unless_gone(f"/api/v1/statuses/{_in_path(status_id)}")
        return None if response is None else self.content(response)

    async def statuses(self, ids: Sequence[str]) -> list[Json]:
        """Those of the statuses that still stand; many in one call where that is offered."""
        found: list[Json] = []
        for start in range(0, len(ids), LOOKED_UP_AT_ONCE):
            found += await self._some_statuses(ids[start : start + LOOKED_UP_AT_ONCE])
        return found

    async def history(self, status_id: str) -> list[Json]:
        """The wordings of a status, oldest first; none where the server keeps them not."""
        response = await self._unless_gone(f"/api/v1/statuses/{_in_path(status_id)}/history")
        return [] if response is None else self._items(response)

    # Writing

    async def post(self, status: Mapping[str, Any], key: str) -> Json:
        """Post a status; where the server keeps keys, once for each."""
        headers = {"Idempotency-Key": key}
        return await self.tell("/api/v1/statuses", json=status, headers=headers)

    async def delete(self, status_id: str) -> None:
        """Delete a status of ours, if it still stands."""
        await self._unless_gone(f"/api/v1/statuses/{_in_path(status_id)}", method="DELETE")

    async def favourite(self, status_id: str) -> None:
        """Like a status; twice is the same as once."""
        await self.tell(f"/api/v1/statuses/{_in_path(status_id)}/favourite", harmless=True)

    async def upload(self, content: bytes, media_type: str, alt: str) -> str:
        """Store a picture or film with its description, wait until it is ready; its id."""
        files = {"file": (f"file.{media_type.partition('/')[2]}", content, media_type)}
        told = await self.tell(
            "/api/v2/media", harmless=True, files=files, data={"description": alt}
        )
        media_id = told.get("id") if isinstance(told, dict) else None
        if not isinstance(media_id, str):
            raise Unreachable(
                later("{server} did not say under which id it keeps the file.").format(
                    server=self.name
                )
            )
        for _ in range(MEDIA_READY_S if not told.get("url") else 0):
            response = await self.call("GET", f"/api/v1/media/{_in_path(media_id)}")
            if response.status_code == 200:
                break
            await asyncio.sleep(1)
        return media_id

    # Signing in

    async def register(self, redirect: str, scopes: str) -> Json:
        """Make this installation known to the server as an application."""
        app = {"client_name": "Sanderling", "redirect_uris": redirect, "scopes": scopes}
        return await self.tell("/api/v1/apps", harmless=True, json=app)

    async def proves_keys(self) -> bool:
        """Whether the server takes a proof (PKCE, S256) that who began is who finishes."""
        response = await self._if_offered("/.well-known/oauth-authorization-server")
        found = {} if response is None else self.content(response)
        methods = found.get("code_challenge_methods_supported") if isinstance(found, dict) else None
        return isinstance(methods, list) and "S256" in methods

    async def trade(self, given: Mapping[str, str]) -> Json:
        """The access token for a code."""
        return await self.tell("/oauth/token", harmless=True, data=dict(given))

    # How

    def _listed(self, response: httpx.Response | None) -> Listed:
        if response is None:
            return Listed([], "", b"")
        return Listed(self._items(response), _older(response), response.content)

    async def _some_statuses(self, ids: Sequence[str]) -> list[Json]:
        path = "/api/v1/statuses"
        if path not in self._missing:
            try:
                response = await self.call("GET", path, params={"id[]": list(ids)})
                return self._items(response)
            except Refused:  # only newer servers look up many at once
                self._missing.add(path)
        return [found for one in ids if (found := await self.status(one)) is not None]

    async def _if_offered(self, path: str, **more: Any) -> httpx.Response | None:
        """What a GET gives, or None where the server has no such thing at all."""
        if path in self._missing:
            return None
        response = await self._unless_gone(path, **more)
        if response is None:
            self._missing.add(path)
        return response

    async def _unless_gone(
        self, path: str, method: str = "GET", **more: Any
    ) -> httpx.Response | None:
        try:
            return await self.call(method, path, **more)
        except Gone:
            return None

    def _items(self, response: httpx.Response) -> list[Json]:
        found = self.content(response)
        if not isinstance(found, list):
            raise Unreachable(
                later("{server} answered something else than was asked for.").format(
                    server=self.name
                )
            )
        return found


def _page(since: str, before: str) -> dict[str, str]:
    asked = {"limit": str(PAGE), "since_id": since, "max_id": before}
    return {name: value for name, value in asked.items() if value}


def _older(response: httpx.Response) -> str:
    """The place of the next page, out of the Link header: only the id, never the address."""
    try:
        return httpx.URL(response.links["next"]["url"]).params.get("max_id") or ""
    except (KeyError, httpx.InvalidURL, ValueError):
        return ""


def _allowed(response: httpx.Response) -> int:
    said = response.headers.get("x-ratelimit-limit", "")
    return int(said[:9]) if said.isdecimal() else 300


def _in_path(part: str) -> str:
    return quote(part, safe="")


def now() -> datetime:
    """The time, which limits of a server and the age of what it tells count from."""
    return datetime.now(UTC)  # noqa: TID251  a network's windows are windows of real time
