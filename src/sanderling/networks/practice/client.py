"""HTTP to the practice network; knows its addresses and its failures, and no word of the desk's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from sanderling.core.network import (
    NetworkError,
    OutcomeUnknown,
    Refused,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.wire.calling import on_our_clock

CONNECT_S, ANSWER_S, STREAM_S = 3.0, 10.0, 30.0
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
Json = dict[str, Any]


class Client:
    """One account's calls to the practice network at `base_url`; safe to share between threads.

    Every failure is one of the five errors of `core.network`. `answer_s` is how long an answer may
    take, in seconds.
    """

    def __init__(self, base_url: str, token: str, answer_s: float = ANSWER_S) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            trust_env=False,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def me(self) -> Json:
        """The account that the token belongs to."""
        return self._get("/api/me")

    def events(self, since: str | None) -> tuple[Json, bytes]:
        """What happened after `since`, and the answer as it came."""
        response = self._call("GET", "/api/events", params=_since(since))
        return _content(response), response.content

    def stream(self, since: str | None) -> Iterator[tuple[Json, bytes]]:
        """Pages as they happen, until the connection ends, which raises Unreachable."""
        timeout = httpx.Timeout(STREAM_S, connect=CONNECT_S)
        with (
            _translated(sent_is_harmless=True),
            self._http.stream("GET", "/api/stream", params=_since(since), timeout=timeout) as said,
        ):
            if said.is_error:
                said.read()
            _raise_for(said, sent_is_harmless=True)
            for line in said.iter_lines():
                yield _object(line.encode()), line.encode()
        raise Unreachable(later("The practice network has ended the stream."))

    def upload(self, kind: str, held: bytes) -> str:
        """Leave a picture there, to be hung on a post; its path. The same picture is kept once."""
        headers = {"Content-Type": kind}
        answer = self._call("POST", "/api/pictures", content=held, headers=headers)
        return str(_content(answer).get("path", ""))

    def write(self, post: Json, key: str) -> Json:
        """Say something, once for each key."""
        headers = {"Idempotency-Key": key}
        answer = self._call("POST", "/api/posts", harmless=False, json=post, headers=headers)
        try:
            return _content(answer)
        except Unreachable as error:
            raise OutcomeUnknown(str(error)) from error

    def receipt(self, key: str) -> Json | None:
        """The post written under `key`, if there is one; raises KeysNotKept."""
        response = self._request("GET", "/api/receipt", params={"key": key})
        if response.status_code == 404:
            return None
        if response.status_code == 410:
            raise KeysNotKept
        _raise_for(response, sent_is_harmless=True)
        return _content(response)

    def own_posts(self) -> list[Json]:
        """The account's latest posts and messages, newest first."""
        posts: list[Json] = self._get("/api/posts")["posts"]
        return posts

    def like(self, post_id: str) -> None:
        """Like a post; twice is the same as once."""
        self._call("POST", "/api/likes", json={"post": post_id})

    def _get(self, path: str) -> Json:
        return _content(self._call("GET", path))

    def _call(self, method: str, path: str, harmless: bool = True, **more: Any) -> httpx.Response:
        """A call and its answer. `harmless`: nothing is lost if it was taken and we never hear."""
        response = self._request(method, path, harmless, **more)
        _raise_for(response, sent_is_harmless=harmless)
        return response

    def _request(
        self, method: str, path: str, harmless: bool = True, **more: Any
    ) -> httpx.Response:
        with _translated(sent_is_harmless=harmless):
            return self._http.request(method, path, **more)


class KeysNotKept(Exception):
    """This network does not remember under which key a post was written."""


@contextmanager
def _translated(*, sent_is_harmless: bool) -> Iterator[None]:
    """Turn httpx's failures into ours."""
    try:
        yield
    except NOT_SENT as error:
        raise Unreachable(
            later("The practice network does not answer ({error}).").format(error=error)
        ) from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        if sent_is_harmless:
            raise Unreachable(
                later("The practice network broke off ({error}).").format(error=error)
            ) from error
        raise OutcomeUnknown(
            later(
                "The practice network broke off before it said whether it took this ({error})."
            ).format(error=error)
        ) from error


def _raise_for(response: httpx.Response, *, sent_is_harmless: bool) -> None:
    """Raise what an answer other than success means."""
    status = response.status_code
    if status < 300:
        return
    said = _said(response)
    if status == 401:
        raise SignInLost(said)
    if status == 429 and (until := _until(response)):
        raise Throttled(until, said)
    if status >= 500 and status != 503 and not sent_is_harmless:
        raise OutcomeUnknown(said)
    if status >= 500 or status == 429 or status < 400:
        raise Unreachable(said)
    raise Refused(said)


def _said(response: httpx.Response) -> str:
    """The network's own sentence, kept short."""
    try:
        return str(_object(response.content)["error"])[:300]
    except (NetworkError, KeyError):
        return f"The practice network answered {response.status_code} without a reason."


def _until(response: httpx.Response) -> datetime | None:
    """When the network listens again, by our clock, which may differ from the network's."""
    try:
        at = datetime.fromtimestamp(float(response.headers["x-ratelimit-reset"]), UTC)
        return on_our_clock(at, response.headers, _now())
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _content(response: httpx.Response) -> Json:
    return _object(response.content)


def _object(content: bytes) -> Json:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise Unreachable(
            later("The practice network answered something that is not JSON.")
        ) from error
    if not isinstance(found, dict):
        raise Unreachable(later("The practice network answered something else than was asked for."))
    return found


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  what the network's clock shows is compared with ours


def _since(since: str | None) -> dict[str, str]:
    return {"since": since} if since else {}
