"""Between the practice network's JSON and the desk's words. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from sanderling.core.network import (
    Author,
    Deletion,
    Draft,
    Media,
    Page,
    Post,
    Receipt,
    Room,
    Signal,
    Unreachable,
)
from sanderling.core.words import later

TAKES: dict[str, Literal["all", "followed", "none"]] = {
    "everyone": "all",
    "following": "followed",
    "nobody": "none",
}


class Account(msgspec.Struct):
    """Someone, as the network describes them to us."""

    id: str
    handle: str
    name: str
    followers: int
    avatar: str
    follows_you: bool
    messages_from: str


class Parent(msgspec.Struct):
    """The post that another replies to."""

    id: str
    author: str


class Picture(msgspec.Struct):
    """A picture with its description."""

    url: str
    alt: str


class Told(msgspec.Struct, kw_only=True):
    """A post, as the network tells it."""

    id: str
    author: Account
    text: str
    created_at: datetime
    edited_at: datetime | None
    room: Room
    conversation: str
    reply_to: Parent | None
    quotes: str | None
    other: str | None = msgspec.field(name="with")
    mentions: tuple[str, ...]
    lang: str | None
    pictures: list[Picture]
    links: tuple[str, ...]


class PostEvent(msgspec.Struct, tag="post"):
    """Someone wrote something."""

    post: Told


class EditEvent(msgspec.Struct, tag="edit"):
    """Someone changed the wording of a post."""

    post: Told


class DeleteEvent(msgspec.Struct, tag="delete"):
    """Someone took a post back."""

    post_id: str
    room: Room
    at: datetime


class LikeEvent(msgspec.Struct, tag="like"):
    """Someone likes a post, or no longer."""

    post_id: str
    by: str
    undone: bool
    at: datetime


class RepostEvent(msgspec.Struct, tag="repost"):
    """Someone passed a post on, or took that back."""

    post_id: str
    by: str
    undone: bool
    at: datetime


class Events(msgspec.Struct):
    """One answer of the network."""

    events: list[PostEvent | EditEvent | DeleteEvent | LikeEvent | RepostEvent]
    cursor: str
    more: bool


def to_page(content: dict[str, Any], raw: bytes) -> Page:
    """What the network told, in the desk's words. Raises Unreachable where it makes no sense."""
    answer = _understood(content, Events)
    told = answer.events
    return Page(
        posts=tuple(_post(e.post) for e in told if isinstance(e, PostEvent | EditEvent)),
        deletions=tuple(
            Deletion(remote_id=e.post_id, room=e.room, at=e.at)
            for e in told
            if isinstance(e, DeleteEvent)
        ),
        signals=tuple(_signal(e) for e in told if isinstance(e, LikeEvent | RepostEvent)),
        cursor=answer.cursor,
        more=answer.more,
        raw=raw,
    )


def to_author(content: dict[str, Any]) -> Author:
    """Someone, in the desk's words. Raises Unreachable where it makes no sense."""
    return _author(_understood(content, Account))


def to_receipt(content: dict[str, Any]) -> Receipt:
    """The proof that a post stands. Raises Unreachable where it makes no sense."""
    told = _understood(content, Told)
    return Receipt(remote_id=told.id, at=told.created_at)


def from_draft(draft: Draft) -> dict[str, Any]:
    """What to send so that the network says `draft`."""
    return {
        "text": draft.text,
        "room": draft.room.value,
        "reply_to": draft.reply_to,
        "to": draft.to,
        "pictures": [{"path": media.url, "alt": media.alt} for media in draft.media],
    }


def says_the_same(content: dict[str, Any], draft: Draft) -> bool:
    """Whether a post of ours is what `draft` wanted: same words, same room, same place in it."""
    told = _understood(content, Told)
    parent = told.reply_to.id if told.reply_to else None
    wanted = (draft.text, draft.room, draft.reply_to, draft.to)
    return (told.text, told.room, parent, told.other) == wanted


def _understood(content: dict[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise Unreachable(
            later("The practice network answered in an unknown way: {error}.").format(error=error)
        ) from error


def _post(told: Told) -> Post:
    return Post(
        remote_id=told.id,
        author=_author(told.author),
        text=told.text,
        created_at=told.created_at,
        room=told.room,
        edited_at=told.edited_at,
        reply_to=told.reply_to.id if told.reply_to else None,
        reply_to_author=told.reply_to.author if told.reply_to else None,
        quote_of=told.quotes,
        thread=told.conversation,
        counterpart=told.other,
        mentions=told.mentions,
        lang=told.lang,
        media=tuple(Media(kind="picture", url=p.url, alt=p.alt) for p in told.pictures),
        links=told.links,
    )


def _author(account: Account) -> Author:
    return Author(
        id=account.id,
        handle=account.handle,
        name=account.name,
        followers=account.followers,
        avatar=account.avatar,
        follows_us=account.follows_you,
        takes_messages=TAKES.get(account.messages_from),
    )


def _signal(event: LikeEvent | RepostEvent) -> Signal:
    kind: Literal["like", "repost"] = "like" if isinstance(event, LikeEvent) else "repost"
    return Signal(
        remote_id=event.post_id, kind=kind, actor=event.by, at=event.at, undone=event.undone
    )
