"""Chat completions over HTTP: one call, bounded in time and size, never tried again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import Any

import httpx
import msgspec

from sanderling.core.machine import Message
from sanderling.core.network import Refused, SignInLost, Throttled, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.calling import Caller
from sanderling.networks.wire.loop import run

AT_ONCE = 2
"""Calls under way in one process: pages must not wait behind a slow model."""
ANSWER_S = 22.0
MOST_TOKENS = 800


class _Text(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Text


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class Chat:
    """The model `name` at `url`, the address that ends before /chat/completions.

    `key` may be empty, for models at home.
    """

    def __init__(self, url: str, name: str, key: str = "") -> None:
        self.name = name
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._caller = _Caller(url, name, headers=headers, answer_s=ANSWER_S)
        self._free = BoundedSemaphore(AT_ONCE)

    def close(self) -> None:
        """Let go of the connections."""
        run(self._caller.close())

    def complete(self, messages: Sequence[Message]) -> str:
        """What the model answers. Raises Unreachable, Throttled or Refused, in words."""
        if not self._free.acquire(blocking=False):
            raise Unreachable(
                later("{server} is busy with others. Try again in a moment.").format(
                    server=self.name
                )
            )
        try:
            body = self._body(messages)
            told = run(self._caller.tell("chat/completions", harmless=True, json=body))
        except SignInLost as error:
            raise Refused(
                later("{server} does not accept the desk's key. Tell your administrator.").format(
                    server=self.name
                )
            ) from error
        except Throttled as error:
            words = later("{server} has been asked too often. Wait a little.").format(
                server=self.name
            )
            raise Throttled(error.until, words) from error
        finally:
            self._free.release()
        return self._text(told)

    def _body(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "temperature": 0.2,
            "max_tokens": MOST_TOKENS,
            "stream": False,
        }

    def _text(self, told: Any) -> str:
        try:
            said = msgspec.convert(told, _Completion).choices
        except msgspec.ValidationError as error:
            raise Unreachable(
                later("{server} answered in a way the desk does not know.").format(server=self.name)
            ) from error
        text = said[0].message.content if said else None
        if not text or not text.strip():
            raise Refused(later("{server} had nothing to say about this.").format(server=self.name))
        return text


class _Caller(Caller):
    """Where the server's own words are hidden: they may quote what was sent."""

    def said(self, response: httpx.Response) -> str:
        """What a refusal means, by its number alone."""
        return f"{self.name} refused to answer ({response.status_code})."
