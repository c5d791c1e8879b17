"""The X Activity API: what X tells about our account, by stream or webhook. Pure.

Events, their payloads and which of them are private: docs.x.com/x-api/activity, 2026-08-22.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from sanderling.core.budget import Pace
from sanderling.core.network import Deletion, Media, Post, Room, Signal
from sanderling.core.pricing import Act
from sanderling.core.words import later
from sanderling.networks.x import told, translate
from sanderling.networks.x.ids import is_id
from sanderling.networks.x.told import Person

TAG = "sanderling"
"""Marks the subscriptions that are ours; others of the app are left alone."""
SIGNATURE = "x-twitter-webhooks-signature"
MENTIONS = ("post.mention.create", "post.reply.create", "post.quote.create")
MESSAGES = ("dm.received", "dm.sent", "chat.received")
OUR_POSTS = ("post.delete",)
LIKES = ("like.create",)
FREE = frozenset({"dm.sent", "post.delete"})
ENCRYPTED = later(
    "{who} wrote an encrypted message that only X's own app can show: https://x.com/messages"
)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What one event tells. `lost` are posts whose author it does not name, `read` what it costs.

    `encrypted` says who wrote what we cannot read; `revoked`: our permission was taken back.
    """

    posts: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    signals: tuple[Signal, ...] = ()
    people: dict[str, Person] = {}
    lost: tuple[str, ...] = ()
    read: tuple[tuple[Act, str], ...] = ()
    encrypted: str = ""
    revoked: bool = False


class Envelope(msgspec.Struct):
    """What every event comes in."""

    event_type: str
    payload: dict[str, Any] = {}
    filter: dict[str, Any] = {}
    includes: dict[str, Any] = {}


def wanted(pace: Pace) -> dict[str, dict[str, str]]:
    """The events to subscribe to, each with what its filter says beside our account.

    Events of posts cost five times what reading our own mentions does, so they go when we must be
    thrifty; messages never do.
    """
    kinds = [*MESSAGES, *OUR_POSTS]
    if pace.mentions <= 1:
        kinds += MENTIONS
    if pace.signals is not None:
        kinds += LIKES
    return {kind: {"direction": "inbound"} if kind in LIKES else {} for kind in kinds}


def understood(raw: Any, us: str, known: Mapping[str, Person], now: datetime) -> Event:
    """What an event tells about our account; nothing where it is another's or a strange one."""
    inner = raw.get("data") if isinstance(raw, dict) else None
    event = told.one(inner if isinstance(inner, dict) else raw, Envelope)
    if event is None:
        return Event()
    if event.event_type == "oauth.revoke":
        return Event(revoked=event.payload.get("user_id") == us)
    if event.filter.get("user_id") != us:
        return Event()
    made = _event(event, us, known, now)
    return msgspec.structs.replace(
        made, people={**told.includes(_whole(event)).people, **made.people}
    )


def signature(secret: str, said: bytes) -> str:
    """How X proves that it speaks, and how we prove that an address is ours."""
    digest = hmac.new(secret.encode(), said, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def is_signed(
    body: bytes, headers: Mapping[str, str], consumer_secret: str, client_secret: str = ""
) -> bool:
    """Whether X signed this very body with one of the app's secrets: the consumer's, as ever, or
    the OAuth 2 client's, in a header of its own (docs.x.com/x-api/webhooks/introduction)."""
    old = _proves(headers.get(SIGNATURE, ""), consumer_secret, body)
    new = _proves(headers.get(f"{SIGNATURE}-oauth2", ""), client_secret, body)
    return old or new


def _proves(given: str, secret: str, body: bytes) -> bool:
    right = hmac.compare_digest(given.encode("utf-8", "replace"), signature(secret, body).encode())
    return right and bool(secret)


def _event(event: Envelope, us: str, known: Mapping[str, Person], now: datetime) -> Event:
    kind = event.event_type
    if kind == "post.delete":
        return _deleted(event.payload, now)
    if kind.startswith("post."):
        heard = translate.to_posts(_whole(event), us, known)
        id = event.payload.get("id")
        read = ((Act.READ_POST, id),) if isinstance(id, str) else ()
        return Event(posts=heard.posts, signals=heard.signals, lost=heard.lost, read=read)
    if kind in ("dm.received", "dm.sent"):
        return _messages(event, us, known)
    if kind == "like.create":
        return _liked(event, us)
    if kind == "chat.received":
        sender = str(event.payload.get("sender_id") or "")
        if sender == us:
            return Event()
        who = f"@{known[sender].username}" if sender in known else "Somebody"
        id = str(event.payload.get("id") or "")
        return Event(encrypted=ENCRYPTED.format(who=who), read=((Act.READ_MESSAGE, id),))
    return Event()


def _whole(event: Envelope) -> dict[str, Any]:
    return {"data": event.payload, "includes": event.includes}


def _deleted(payload: dict[str, Any], now: datetime) -> Event:
    id = payload.get("id")
    if not isinstance(id, str) or not is_id(id):
        return Event()
    return Event(deletions=(Deletion(remote_id=id, room=Room.PUBLIC, at=now),))


class Liked(msgspec.Struct):
    """A like, as an event tells it: of whom, it says only among what it includes."""

    id: str
    liked_tweet_id: str
    created_at: datetime
    liked_tweet_author_id: str = ""
    tweet_author_id: str = ""


def _liked(event: Envelope, us: str) -> Event:
    like = told.one(event.payload, Liked)
    if like is None or (like.liked_tweet_author_id or like.tweet_author_id) != us:
        return Event()
    others = [id for id in told.includes(_whole(event)).people if id != us]
    actor = others[0] if others else f"like {like.id}"
    signal = Signal(
        remote_id=like.liked_tweet_id, kind="like", actor=actor, at=_utc(like.created_at)
    )
    return Event(signals=(signal,), read=((Act.READ_LIKE, like.id),))


class _Target(msgspec.Struct):
    recipient_id: str


class _Attached(msgspec.Struct):
    media: dict[str, Any] = {}


class _Said(msgspec.Struct):
    text: str = ""
    entities: told.Entities = msgspec.field(default_factory=told.Entities)
    attachment: _Attached | None = None


class _Written(msgspec.Struct):
    target: _Target
    sender_id: str
    message_data: _Said


class Legacy(msgspec.Struct):
    """A direct message, as events tell it: in the words of X's first API."""

    id: str
    created_timestamp: str
    message_create: _Written


def _messages(event: Envelope, us: str, known: Mapping[str, Person]) -> Event:
    users = event.payload.get("users")
    people = told.people(users.values() if isinstance(users, dict) else [])
    around = {**known, **people}
    found = told.each(event.payload.get("direct_message_events"), Legacy)
    posts = tuple(post for message in found if (post := _message(message, us, around)))
    read = tuple((Act.READ_MESSAGE, message.id) for message in found)
    paid = () if event.event_type in FREE else read
    return Event(posts=posts, people=people, read=paid)


def _message(message: Legacy, us: str, people: Mapping[str, Person]) -> Post | None:
    written = message.message_create
    pair = {written.sender_id, written.target.recipient_id}
    sender = people.get(written.sender_id)
    if us not in pair or len(pair) != 2 or not all(map(is_id, pair)) or sender is None:
        return None
    (other,) = pair - {us}
    made = _moment(message.created_timestamp)
    if made is None:
        return None
    said = written.message_data
    thread = translate.conversation(us, other)
    return Post(
        remote_id=message.id,
        author=translate.to_author(sender),
        text=translate.worded(said.text, said.entities),
        created_at=made,
        room=Room.DIRECT,
        counterpart=other,
        thread=thread,
        media=_media(said.attachment),
        links=translate.links(said.entities),
        url=f"https://x.com/messages/{thread}",
    )


def _media(attached: _Attached | None) -> tuple[Media, ...]:
    found = attached.media if attached else {}
    url = found.get("media_url_https")
    if not isinstance(url, str) or not url:
        return ()
    return (Media(kind="picture" if found.get("type") == "photo" else "film", url=url),)


def _moment(milliseconds: str) -> datetime | None:
    """The REST calls tell the same message to the millisecond."""
    if not milliseconds.isdecimal() or len(milliseconds) > 14:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
