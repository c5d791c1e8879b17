"""X as a `Network` of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from sanderling.core.budget import Pace
from sanderling.core.network import (
    Author,
    Cursor,
    Draft,
    Key,
    Page,
    Receipt,
    Room,
    Unreachable,
    Vault,
)
from sanderling.core.query import Query
from sanderling.core.words import later
from sanderling.networks.wire.calling import ANSWER_S
from sanderling.networks.wire.loop import each, run
from sanderling.networks.x import activity, secret, told, translate
from sanderling.networks.x.calling_back import CallingBack
from sanderling.networks.x.client import Client
from sanderling.networks.x.listening import Listener, Rhythm
from sanderling.networks.x.place import place
from sanderling.networks.x.reading import Reader
from sanderling.networks.x.seeking import sought
from sanderling.networks.x.tiers import TIERS, limits
from sanderling.networks.x.tokens import Tokens
from sanderling.networks.x.writing import Writer

ADDRESS = "https://api.x.com"
_WORD = re.compile(r"[A-Za-z0-9_.~:=+/ -]{1,500}")
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)  # noqa: TID251  tokens end and X's limits begin anew by the clock


class X:
    """One account on X: a Network that Follows, Seeks, Rechecks, Hides, TakesBack and TakesPush.

    `address` is the API's, `callback` where X may call us ("" where it cannot). Safe to share
    between threads; `answer_s` is how long an answer may take (seconds).
    """

    name = "x"

    def __init__(
        self,
        address: str,
        vault: Vault,
        callback: str = "",
        *,
        clock: Clock = now,
        rhythm: Rhythm | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._tokens = Tokens(address, vault, clock)
        self.tier = TIERS[self._tokens.secret.tier]
        self.limits = limits(self.tier)
        self._client = Client(address, self._tokens, clock, answer_s=answer_s)
        self._reader = Reader(self._client, clock)
        self._writer = Writer(self._client, clock)
        calling_back = CallingBack(self._client, self._reachable(callback), clock)
        self._listener = Listener(
            self._client, self._reader, calling_back, rhythm or Rhythm(), clock
        )

    def close(self) -> None:
        """Let go of the connections; nothing may be asked afterwards."""
        run(self._client.close())

    def whoami(self) -> Author:
        """The account that the tokens belong to."""
        return whoever(run(self._client.me()))

    def pull(self, since: Cursor | None) -> Page:
        """What happened after `since`; from None on the newest 200 mentions, 100 own posts and 100
        messages come first, for every one of them is paid for."""
        return run(self._reader.pull(place(since)))

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Pages of X's streams, where the app's bearer token is known, and of asking.

        Raises what asking raises; a stream that breaks off is opened again, and what it may have
        missed is asked for.
        """
        return each(self._listener.follow(place(since)))

    def seek(self, columns: Mapping[int, Query]) -> None:
        """Find posts for these columns, by rules of the filtered stream and by search."""
        run(self._listener.seek(sought(columns, self._tokens.secret.handle, self.tier)))

    def slow(self, pace: Pace) -> None:
        """Read at this pace; where columns must stop, their rules are taken away."""
        run(self._listener.slow(pace))

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft`. X keeps no keys: where it has the text already, that is OutcomeUnknown."""
        return run(self._writer.push(draft))

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """Our latest post that says the same in the same place, not older than the draft."""
        return run(self._writer.find(draft))

    def recheck(self, remote_ids: Sequence[str]) -> Page:
        """How these posts stand now; those that are gone or hidden from the public as deletions."""
        return run(self._reader.recheck(remote_ids))

    def hide(self, remote_id: str, hidden: bool = True) -> None:
        """Hide the reply, or show it again."""
        run(self._writer.hide(remote_id, hidden))

    def take_back(self, remote_id: str, room: Room) -> None:
        """Delete our post; one that is gone already is no error. Raises Refused for a message."""
        run(self._writer.take_back(remote_id, room))

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The answer to X's challenge-response check.

        X signs its calls in the same way, and anybody may ask: what could be such a call is not
        signed.
        """
        token, key = query.get("crc_token", ""), self._tokens.secret.consumer_secret
        if not key or not _WORD.fullmatch(token):
            return None
        said = {"response_token": activity.signature(key, token.encode())}
        return msgspec.json.encode(said).decode()

    def genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether X signed it with one of the app's secrets."""
        known = self._tokens.secret
        return activity.is_signed(body, headers, known.consumer_secret, known.client_secret)

    def understand(self, body: bytes) -> Page:
        """What X tells about this account; posts it does not tell whole are looked up later."""
        try:
            said: Any = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Page(way="webhook")
        return msgspec.structs.replace(run(self._listener.pushed(said)), raw=body)

    def _reachable(self, callback: str) -> str:
        """The address X may call: only where the app's keys for that are known."""
        known = self._tokens.secret
        return callback if known.bearer and known.consumer_secret else ""


class XEnterprise(X):
    """An account of an app with an Enterprise contract: it Likes too."""

    def like(self, remote_id: str) -> None:
        """Like a post; twice is the same as once."""
        run(self._writer.like(remote_id))


def connector(address: str, vault: Vault, callback: str = "") -> X:
    """The connector that fits the plan of the account's app."""
    tier = TIERS[secret.read(vault.read()).tier]
    return (XEnterprise if tier.likes else X)(address, vault, callback)


def whoever(answer: Any) -> Author:
    """The person an answer is about; raises Unreachable where it is about nobody."""
    data = answer.get("data") if isinstance(answer, dict) else None
    person = told.one(data, told.Person)
    if person is None:
        raise Unreachable(later("X did not say who this is."))
    return translate.to_author(person)
