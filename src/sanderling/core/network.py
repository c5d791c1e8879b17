"""The one small door between the desk and every network.

A network is anything with three verbs: `pull`, `push` and `find`. What differs between networks is
data (`Limits`); what only some can do is a tiny protocol of its own (`Follows`, `Seeks`, ...),
asked for with isinstance. The five errors are part of the door, each with exactly one consequence:

    NetworkError
    ├── Throttled(until)   ask again at `until`, not before
    ├── Unreachable        nothing was done; try again with growing pauses
    ├── Refused            the network said no to this act; a person must decide
    ├── SignInLost         the account must be connected again; stop calling
    └── OutcomeUnknown     it may have happened; look with `find` before doing anything else
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

import msgspec

from sanderling.core.budget import Pace
from sanderling.core.pricing import Charge, Prices
from sanderling.core.query import Query
from sanderling.core.words import later


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
    """A picture or film that hangs on a post; `alt` is its author's description.

    On a draft, `url` is a `data:` address that holds it. `poster` is a picture of a film, `seconds`
    how long it or a sound plays, where the network tells.
    """

    kind: Literal["picture", "film", "sound"]
    url: str
    alt: str = ""
    poster: str = ""
    seconds: float | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What someone wrote on a network, as one network event tells it.

    An edit is the same `remote_id` again with a later `edited_at` and the whole new text.
    `thread` is the network's own name for the conversation, if it has one.
    `answers` are ids of posts known to reply to this one: a hint that recordings carry.
    `counterpart` is the stable id of the other person in a direct conversation.
    `closed`: the network would not let us reply to it. `url` is where a browser shows it, built
    from stable ids or as the network gave it.
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
    quote_of_author: str | None = None
    thread: str | None = None
    answers: tuple[str, ...] = ()
    counterpart: str | None = None
    mentions: tuple[str, ...] = ()
    lang: str | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    automated: bool = False
    closed: bool = False
    url: str = ""

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
    `way` is how it came: we asked, a stream was open, the network called us, or the desk read all
    again. On a page that we
    asked for, `live_since` says since when a stream or webhook has been telling the same: what it
    ought to have told, and did not, was repaired. `charges` is what reading it cost.
    `warning` says in words what does not work although the rest does ("Direct messages cannot be
    read: ..."), a sentence on a line; empty where all is well again,
    None where this page does not tell.
    """

    posts: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    signals: tuple[Signal, ...] = ()
    cursor: str | None = None
    more: bool = False
    raw: bytes = b""
    way: Literal["poll", "stream", "webhook", "repair"] = "poll"
    live_since: datetime | None = None
    charges: tuple[Charge, ...] = ()
    warning: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What we want a network to say for us. `to` is the stable id of who gets a direct message.

    `at` is when it was written: the same at every try, unlike the time of the try.
    """

    room: Room
    text: str
    reply_to: str | None = None
    to: str | None = None
    media: tuple[Media, ...] = ()
    at: datetime | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that the network took a post."""

    remote_id: str
    at: datetime


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a network allows, as data.

    `public_length` and `direct_length` count in units of `counts` (see `core.text.length`).
    `public_bytes` bounds a public text in UTF-8 as well, where the network does.
    `keeps_keys` is true where pushing the same key twice makes one post, so that `find` is sure;
    `keeps_message_keys` says the same of direct messages.
    `replies`: to whom we may answer in public: anyone, only who mentioned us or quoted us
    ("summoned"), or nobody, where a network is only read. `messages`: to whom we may write
    directly: anyone who lets us, only who wrote to us first ("answers"), or nobody.
    `message_link` is where a click writes to us directly, with {id} and {handle} of our account in
    it; empty where the network has no such place.
    `read_by` says who else can read direct messages, for an agent's eyes; empty where nobody can.
    `closed` says why nothing can be sent just now, whatever the network allows; empty if it can.
    `forgets` is true where the network's rules want a deleted post erased here too, within a day.
    `media` pictures hang on a public post at most, `direct_media` on a direct message (None: as
    many), each of `media_types` and `media_bytes`.
    `practises`: nobody real reads there, and drills are played on it.
    `repair_s`: how often everything is read again, for what push may have lost (seconds; 0: never).
    `recheck_s`: how often posts are looked up again for edits and deletions that nothing tells.
    """

    public_length: int
    direct_length: int
    counts: Literal["weighted", "graphemes", "characters"]
    keeps_keys: bool
    keeps_message_keys: bool = True
    public_bytes: int | None = None
    replies: Literal["open", "summoned", "none"] = "open"
    messages: Literal["open", "answers", "none"] = "open"
    message_link: str = ""
    read_by: str = ""
    closed: str = ""
    forgets: bool = False
    media: int = 4
    direct_media: int | None = None
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif", "image/webp")
    media_bytes: int = 1_000_000
    writes_per_hour: int | None = None
    repair_s: int = 0
    recheck_s: int = 0
    prices: Prices | None = None
    practises: bool = False

    @property
    def announces(self) -> bool:
        """Whether something can be said to everybody that answers nobody."""
        return self.public_length > 0

    def keeps(self, room: Room) -> bool:
        """Whether a key pushed twice makes one post in this room."""
        return self.keeps_keys and (room is Room.PUBLIC or self.keeps_message_keys)

    def pictures(self, room: Room) -> int:
        """How many pictures may hang on a post in this room."""
        direct = room is Room.DIRECT and self.direct_media is not None
        return self.direct_media or 0 if direct else self.media


Cursor = str
Key = str


@runtime_checkable
class Network(Protocol):
    """What the desk needs of a network, and nothing more."""

    name: str

    @property
    def limits(self) -> Limits:
        """What the network allows this account; known without a call."""

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
        """Yield pages from `since` on; an empty page now and then is a heartbeat.

        Where the stream can lose something, the same iterator asks from time to time as `pull`
        does: the stream is quick, asking is the truth. Closing the iterator ends both.
        """


@runtime_checkable
class Seeks(Protocol):
    """A network that can find posts which do not name us."""

    def seek(self, columns: Mapping[int, Query]) -> None:
        """From now on find public posts that these queries ask for; the keys are columns' ids.

        Replaces what was sought before, while following too. What the network cannot express may
        bring too much, never too little; the desk matches again.
        """


@runtime_checkable
class Thrifty(Protocol):
    """A network on which reading costs money."""

    def slow(self, pace: Pace) -> None:
        """Read no faster than this from now on."""


@runtime_checkable
class Rechecks(Protocol):
    """A network that does not tell of every edit and deletion: posts must be looked up again."""

    def recheck(self, remote_ids: Sequence[str]) -> Page:
        """How these public posts stand now: new wordings and deletions; at most 100 ids."""


@runtime_checkable
class TakesPush(Protocol):
    """A network that calls us: a webhook at the `callback` address given to the connector.

    `headers` have lower-case names. None of these calls the network.
    """

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The answer that proves the address is ours; None where the question is not for us."""

    def genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether the network itself sent this; compared in constant time."""

    def understand(self, body: bytes) -> Page:
        """What a genuine body tells about this account; an empty page where it is another's."""


@runtime_checkable
class Hides(Protocol):
    """A network on which we can hide a reply under a post of ours."""

    def hide(self, remote_id: str, hidden: bool = True) -> None:
        """Hide the reply, or show it again; doing it twice is the same as once."""


@runtime_checkable
class TakesBack(Protocol):
    """A network on which a post of ours can be deleted."""

    def take_back(self, remote_id: str, room: Room) -> None:
        """Delete our post; one that is gone already is no error."""


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
        super().__init__(
            message
            or later("The network asks us to wait until {time} UTC.").format(
                time=f"{until:%H:%M:%S}"
            )
        )


class Unreachable(NetworkError):
    """No connection, or a failure on the network's side before it took anything."""


class Refused(NetworkError):
    """The network will not do this; the message is fit for an agent's eyes."""


class SignInLost(NetworkError):
    """The account's permission is gone; someone must connect it again."""


class OutcomeUnknown(NetworkError):
    """The answer was lost on the way: the post may stand or not. Ask `find`."""


class Vault(Protocol):
    """Where an account's secret lies: a text only its connector understands, encrypted at rest."""

    def read(self) -> str:
        """The secret as it is now."""

    def renew(self, stale: str, make: Callable[[str], str]) -> str:
        """Replace the secret by `make(secret)` and give it; one at a time among all processes.

        Where the secret is no longer `stale`, somebody else has renewed it: that one is given and
        `make` is not called. What `make` raises passes through and leaves the secret as it was.
        """


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Something that connecting an account needs to know, as a form asks it."""

    name: str
    label: str
    help: str = ""
    kind: Literal["text", "password", "url", "number", "choice"] = "text"
    value: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing tried while connecting: `words` for people ("Signed in", "Cannot message: ...")."""

    ok: bool
    words: str


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """An account that works; `address` and `secret` are what its connector is made of later."""

    who: Author
    address: str
    secret: str
    steps: tuple[Step, ...] = ()


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """The person must say yes on the network's own page first.

    `url` is that page; `keep` goes back to `finish`, with what the network appends to the callback
    address (`code`, `state`, ...), and is as secret as a password. `paste` is true where the page
    shows a code to copy instead of leading back.
    """

    url: str
    keep: str
    paste: bool = False


class SignIn(Protocol):
    """How an account on a network is connected, step by step. Raises the errors of the door."""

    @property
    def asks(self) -> tuple[Asked, ...]:
        """What the form asks, in its order."""

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected | Elsewhere:
        """Try what was given; `back_to` is where the network shall lead back to ("" if nowhere).

        Raises Refused, with a sentence that says what to mend, for anything that was not right.
        """

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Complete what `begin` sent elsewhere; `answer` is the query that came back."""
