"""WebSub, by which a feed's hub tells its news at once (W3C, January 2018). Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

LEASE_S = 864_000
"""How long we ask a hub to push, and believe it will, at most: ten days (seconds)."""
ASK_AGAIN_S = 3600
"""A hub that did not confirm is asked again after this; a question from it later is not for us."""
DIGESTS = frozenset({"sha256", "sha384", "sha512"})
"""What may sign a push; SHA-1 is in the standard, and broken."""


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """What lies in the vault: the key that signs pushes, and how things stand with the hub.

    `asked`, `since` and `until` are seconds of the epoch: when we last asked, and between when the
    hub pushes, as it confirmed.
    """

    key: str = ""
    hub: str = ""
    topic: str = ""
    asked: int = 0
    since: int = 0
    until: int = 0

    def live_since(self, now: datetime) -> datetime | None:
        """Since when the hub has been pushing; None where it is not."""
        alive = self.since and self.until > now.timestamp()
        return datetime.fromtimestamp(self.since, UTC) if alive else None

    def is_due(self, hub: str, topic: str, now: datetime) -> bool:
        """Whether to ask this hub to push `topic`: never asked, or half the lease is over."""
        if not (self.key and hub and topic):
            return False
        at = now.timestamp()
        if (self.hub, self.topic) != (hub, topic):
            return True
        half_over = at > self.since + (self.until - self.since) / 2
        return half_over and at > self.asked + ASK_AGAIN_S

    def asking(self, hub: str, topic: str, now: datetime) -> Subscription:
        """With the question that is about to be asked; another hub's promises end."""
        same = self if (self.hub, self.topic) == (hub, topic) else Subscription(key=self.key)
        at = int(now.timestamp())
        return msgspec.structs.replace(same, hub=hub, topic=topic, asked=at)

    def confirmed(self, query: Mapping[str, str], now: datetime) -> Subscription | None:
        """With what the hub promises in `query`; None where that is no answer to our question."""
        at = int(now.timestamp())
        lease = query.get("hub.lease_seconds", "")
        asked = (
            query.get("hub.mode") == "subscribe"
            and query.get("hub.topic") == self.topic != ""
            and at - ASK_AGAIN_S <= self.asked <= at
        )
        if not (asked and lease.isascii() and lease.isdecimal() and len(lease) < 12):
            return None
        since = self.since if self.until > at else at
        return msgspec.structs.replace(self, since=since, until=at + min(int(lease), LEASE_S))

    def genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether `body` was signed with our key."""
        digest, _, signature = headers.get("x-hub-signature", "").partition("=")
        if not self.key or digest not in DIGESTS:
            return False
        ours = hmac.new(self.key.encode(), body, digest).hexdigest()
        return hmac.compare_digest(ours.encode(), signature.strip().lower().encode())

    def question(self, callback: str) -> dict[str, str]:
        """The form to send to the hub."""
        return {
            "hub.mode": "subscribe",
            "hub.topic": self.topic,
            "hub.callback": callback,
            "hub.secret": self.key,
            "hub.lease_seconds": str(LEASE_S),
        }


def to_subscription(secret: str) -> Subscription:
    """What the vault holds; nothing where it makes no sense."""
    try:
        return msgspec.json.decode(secret or "{}", type=Subscription)
    except (msgspec.DecodeError, RecursionError):
        return Subscription()


def to_secret(subscription: Subscription) -> str:
    """What to put into the vault."""
    return msgspec.json.encode(subscription).decode()
