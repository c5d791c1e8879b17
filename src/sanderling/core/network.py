"""The one small door between the desk and every network.

A network is anything with three verbs: `pull`, `push` and `find`. What differs between networks is
data (`Limits`); what only some can do is a tiny protocol of its own (`Follows`, ...), asked for
with isinstance. The five errors are part of the door, and each has exactly one consequence:

    NetworkError
    ├── Throttled(until)   ask again at `until`, not before
    ├── Unreachable        nothing was done; try again with growing pauses
    ├── Refused            the network said no to this act; a person must decide
    ├── SignInLost         the account must be connected again; stop calling
    └── OutcomeUnknown     it may have happened; look with `find` before doing anything else
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

import msgspec


class Room(StrEnum):
    """Who can read a post. There is no default anywhere: every post and draft says it."""

    PUBLIC = "public"
    DIRECT = "direct"


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """An account of a person on a network, as the network describes it today.

    `takes_messages` says whom they let write to them; None where the network does not tell.
    """

    id: str
    handle: str
    name: str = ""
    followers: int | None = None
    avatar: str = ""
    follows_us: bool | None = None
    takes_messages: Literal["all", "followed", "none"] | None = None


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or film that hangs on a post; `alt` is its author's description."""

    kind: Literal["picture", "film", "sound"]
    url: str
    alt: str = ""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What someone wrote on a network, as one network event tells it.

    An edit is the same `remote_id` again with a later `edited_at` and the whole new text.
    `thread` is the network's own name for the conversation, if it has one.
    `answers` are ids of posts known to reply to this one: a hint that recordings carry.
    `counterpart` is the stable id of the other person in a direct conversation.
    All text is hostile until escaped; all times are UTC.
    """

    remote_id: str
    author: Author
    text: str
    created_at: datetime
    room: Room
    edited_at: datetime | None = None
    reply_to: str | None = None
    reply_to_author: str | None = None
    quote_of: str | None = None
    thread: str | None = None
    answers: tuple[str, ...] = ()
    counterpart: str | None = None
    mentions: tuple[str, ...] = ()
    lang: str | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    automated: bool = False

    @property
    def version_at(self) -> datetime:
        """When this wording came into being: the later wording of a post wins."""
        return self.edited_at or self.created_at


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """The network says that a post is gone. May arrive before the post itself."""

    remote_id: str
    room: Room
    at: datetime


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """A like or repost: a number on a post, never a piece of work. `undone` takes it back."""

    remote_id: str
    kind: Literal["like", "repost"]
    actor: str
    at: datetime
    undone: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a network: events in any order, possibly seen before.

    `cursor` is where the next pull goes on, None where this page must not move it.
    `more` says that the next page is waiting already. `raw` is the payload as received.
    """

    posts: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    signals: tuple[Signal, ...] = ()
    cursor: str | None = None
    more: bool = False
    raw: bytes = b""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What we want a network to say for us. `to` is the stable id of who gets a direct message."""

    room: Room
    text: str
    reply_to: str | None = None
    to: str | None = None
    media: tuple[Media, ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that the network took a post."""

    remote_id: str
    at: datetime


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a network allows, as data.

    `public_length` and `direct_length` count in units of `counts` (see `core.text.length`).
    `keeps_keys` is true where pushing the same key twice makes one post, so that `find` is sure.
    `repair_s`: how often everything is read again, for what push may have lost (seconds; 0: never).
    """

    public_length: int
    direct_length: int
    counts: Literal["weighted", "graphemes", "characters"]
    keeps_keys: bool
    media: int = 4
    writes_per_hour: int | None = None
    repair_s: int = 0


Cursor = str
Key = str


@runtime_checkable
class Network(Protocol):
    """What the desk needs of a network, and nothing more."""

    name: str
    limits: Limits

    def pull(self, since: Cursor | None) -> Page:
        """What happened after `since` (None: from as far back as the network keeps)."""

    def push(self, draft: Draft, key: Key) -> Receipt:
        """Post `draft` once. Where keys are kept, a known key gives its first receipt."""

    def find(self, key: Key, draft: Draft) -> Receipt | None:
        """The receipt of what was pushed under `key`, or None if it is surely not there."""


@runtime_checkable
class Follows(Protocol):
    """A network with a stream: pages arrive as they happen, until the caller stops."""

    def follow(self, since: Cursor | None) -> Iterator[Page]:
        """Yield pages from `since` on; an empty page now and then is a heartbeat."""


@runtime_checkable
class Likes(Protocol):
    """A network on which we can like a post."""

    def like(self, remote_id: str) -> None:
        """Like the post; liking twice is the same as once."""


class NetworkError(Exception):
    """Something a network answered, or did not."""


class Throttled(NetworkError):
    """The network wants fewer calls; `until` is when it will listen again (UTC)."""

    def __init__(self, until: datetime, message: str = "") -> None:
        self.until = until
        super().__init__(message or f"The network asks us to wait until {until:%H:%M:%S} UTC.")


class Unreachable(NetworkError):
    """No connection, or a failure on the network's side before it took anything."""


class Refused(NetworkError):
    """The network will not do this; the message is fit for an agent's eyes."""


class SignInLost(NetworkError):
    """The account's permission is gone; someone must connect it again."""


class OutcomeUnknown(NetworkError):
    """The answer was lost on the way: the post may stand or not. Ask `find`."""
