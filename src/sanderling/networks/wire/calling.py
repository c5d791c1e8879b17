"""HTTP calls to a network's server: bounded, and every failure one of the five errors of the door.

Knows no network: a connector's client derives from `Caller` and adds its addresses.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from sanderling.core.network import (
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.words import later

CONNECT_S, ANSWER_S = 5.0, 15.0
"""Well under the lease a sender holds on a post (60 s), so that nobody looks for it meanwhile."""
WHOLE_S = 25.0
"""No call takes longer, however slowly the bytes drip: a few senders serve all accounts."""
LONGEST_WAIT = timedelta(days=1)
A_WAIT = 1e9
"""Servers name a reset as a time of the epoch or as seconds from now; in 2001 both were as long."""
MOST_BYTES = 8_000_000
"""No answer of a server may be longer."""
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
Json = Any


class Caller:
    """Calls to one server at `base_url`. `name` is what people call it in messages.

    Everything here runs in the networks' loop (see `loop`). Override `authorise` for tokens that
    change, and `said` and `until` where the server words its refusals and limits differently.
    """

    def __init__(
        self,
        base_url: str,
        name: str,
        *,
        headers: Mapping[str, str] | None = None,
        answer_s: float = ANSWER_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self.http = httpx.AsyncClient(
            base_url=base_url,
            headers=dict(headers or {}),
            timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self.http.aclose()

    async def authorise(self) -> dict[str, str]:
        """The headers that say who is calling; asked before every call."""
        return {}

    def said(self, response: httpx.Response) -> str:
        """The server's own sentence about a refusal, kept short."""
        found = _content(response)
        words = found.get("error_description") or found.get("message") or found.get("error")
        if isinstance(words, str) and words:
            return words[:300]
        return later("{server} answered {status} without a reason.").format(
            server=self.name, status=response.status_code
        )

    def until(self, response: httpx.Response) -> datetime:
        """When the server will listen again, by its headers; in a minute where it does not tell.

        That is a time of our clock: where the server's differs, so do the times it names. Never
        more than a day away: a server that errs must not silence an account.
        """
        now = _now()
        until = _until(response.headers, now) or now
        return min(until, now + LONGEST_WAIT) if until > now else now + timedelta(minutes=1)

    def raise_for(self, response: httpx.Response, *, harmless: bool) -> None:
        """Raise what an answer other than success means; override to know more of a server.

        `harmless`: nothing is lost if the server did it although it answered otherwise.
        """
        status = response.status_code
        if status < 300:
            return
        said = self.said(response)
        if status == 401:
            raise SignInLost(said)
        if status == 429:
            raise Throttled(self.until(response), said)
        if status >= 500 and status != 503 and not harmless:
            raise OutcomeUnknown(said)
        if status >= 500 or status < 400:
            raise Unreachable(said)
        raise Refused(said)

    async def call(
        self, method: str, path: str, *, harmless: bool = True, **more: Any
    ) -> httpx.Response:
        """A call and its whole answer, or one of the five errors.

        `harmless`: nothing is lost if it was taken and we never hear of it, so that a lost answer
        is Unreachable and not OutcomeUnknown. The rest is as in httpx (`params`, `json`, ...).
        """
        headers = {**await self.authorise(), **more.pop("headers", {})}
        with self.translated(harmless=harmless):
            request = self.http.build_request(method, path, headers=headers, **more)
            async with asyncio.timeout(WHOLE_S):
                response = await self.http.send(request, stream=True)
                try:
                    await _read(response)
                finally:
                    await response.aclose()
        self.raise_for(response, harmless=harmless)
        return response

    async def ask(self, path: str, **params: Any) -> Json:
        """What a GET gives, as JSON; parameters that are None are left out."""
        given = {name: value for name, value in params.items() if value is not None}
        return self.content(await self.call("GET", path, params=given))

    async def tell(self, path: str, *, harmless: bool = False, **more: Any) -> Json:
        """What a POST gives, as JSON; {} where it gives nothing."""
        response = await self.call("POST", path, harmless=harmless, **more)
        if not response.content:
            return {}
        try:
            return self.content(response)
        except Unreachable as error:
            if harmless:
                raise
            raise OutcomeUnknown(str(error)) from error

    @asynccontextmanager
    async def streamed(
        self, path: str, *, idle_s: float, **more: Any
    ) -> AsyncIterator[httpx.Response]:
        """A GET whose answer goes on; silence of `idle_s` seconds is Unreachable."""
        headers = {**await self.authorise(), **more.pop("headers", {})}
        timeout = httpx.Timeout(idle_s, connect=CONNECT_S)
        with self.translated(harmless=True):
            async with self.http.stream(
                "GET", path, headers=headers, timeout=timeout, **more
            ) as response:
                if response.status_code >= 300:
                    await _read(response)
                    self.raise_for(response, harmless=True)
                yield response

    def content(self, response: httpx.Response) -> Json:
        """The JSON of an answer; raises Unreachable where it is none."""
        try:
            return msgspec.json.decode(response.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreachable(
                later("{server} answered something that is not JSON.").format(server=self.name)
            ) from error

    @contextmanager
    def translated(self, *, harmless: bool) -> Iterator[None]:
        """Turn httpx's failures into the door's."""
        try:
            yield
        except (httpx.LocalProtocolError, UnicodeEncodeError):
            # Its words quote the header, which may be a token: they are told to nobody.
            raise Refused(
                later(
                    "{server} cannot be asked: a letter in this account's keys or "
                    "settings cannot be sent. Connect the account again."
                ).format(server=self.name)
            ) from None
        except (*NOT_SENT, httpx.InvalidURL) as error:
            raise Unreachable(
                later("{server} does not answer ({why}).").format(server=self.name, why=_why(error))
            ) from error
        except (httpx.TransportError, httpx.DecodingError, TimeoutError, TooLong) as error:
            if harmless:
                raise Unreachable(
                    later("{server} broke off ({why}).").format(server=self.name, why=_why(error))
                ) from error
            raise OutcomeUnknown(
                later("{server} broke off before it said whether it took this ({why}).").format(
                    server=self.name, why=_why(error)
                )
            ) from error


class TooLong(Exception):
    """An answer is longer than any answer needs to be."""


async def _read(response: httpx.Response, most: int = MOST_BYTES) -> None:
    """Read the answer whole, so that `content` works afterwards; raises TooLong."""
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            raise TooLong(f"an answer of more than {most:,} bytes")
        parts.append(part)
    response._content = b"".join(parts)


def _content(response: httpx.Response) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def on_our_clock(at: datetime, headers: Mapping[str, str], now: datetime) -> datetime:
    """When it will be `at` of the server's clock, by ours, which shows `now`.

    The server tells its time as `Date`, in whole seconds: what comes of it may be a second late,
    never early. Where it does not tell, its clock counts as right.
    """
    try:
        theirs = _http_date(headers["date"])
    except (KeyError, ValueError, TypeError):
        return at
    return at + (now - theirs)


def _until(headers: httpx.Headers, now: datetime) -> datetime | None:
    """The reset time that a server names: seconds of the epoch, ISO 8601, or a wait in seconds."""
    try:
        if after := headers.get("retry-after"):
            if after.isdecimal():
                return now + timedelta(seconds=min(int(after), 86_400))
            return on_our_clock(_http_date(after), headers, now)
        for name in ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"):
            if not (reset := headers.get(name)):
                continue
            if not reset.replace(".", "", 1).isdecimal():
                at = datetime.fromisoformat(reset).astimezone(UTC)
            elif (seconds := float(reset)) < A_WAIT:
                return now + timedelta(seconds=seconds)
            else:
                at = datetime.fromtimestamp(seconds, UTC)
            return on_our_clock(at, headers, now)
    except (ValueError, OverflowError, OSError, TypeError):
        pass
    return None


def _http_date(text: str) -> datetime:
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _why(error: Exception) -> str:
    """What went wrong, without the number that the system gives it."""
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error))[:200] or type(error).__name__


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a server's "in 30 seconds" counts from when it said so
