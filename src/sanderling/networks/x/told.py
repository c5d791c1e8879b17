"""What X tells, as msgspec structs: in both spellings, every field but the ids optional.

Posts come with `referenced_posts` or `referenced_tweets`, `note_post` or `note_tweet`,
`edit_history_post_ids` or `edit_history_tweet_ids`; people come bare or inside a `data`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

log = logging.getLogger(__name__)
T = TypeVar("T")


class Link(msgspec.Struct):
    """A shortened address in a text, and where it leads."""

    url: str = ""
    expanded_url: str = ""
    unwound_url: str = ""
    media_key: str = ""


class Named(msgspec.Struct):
    """A mention in a text."""

    username: str = ""
    id: str = ""


class Entities(msgspec.Struct):
    """What X recognised in a text."""

    urls: list[Link] = []
    mentions: list[Named] = []


class Note(msgspec.Struct):
    """The whole text of a long post."""

    text: str
    entities: Entities = msgspec.field(default_factory=Entities)


class Reference(msgspec.Struct):
    """Another post that this one answers, quotes or passes on."""

    id: str
    type: str = ""


class Attached(msgspec.Struct):
    """The keys of pictures and films."""

    media_keys: list[str] = []


class Counts(msgspec.Struct):
    """How many follow a person."""

    followers_count: int | None = None


class Person(msgspec.Struct):
    """Someone on X."""

    id: str
    username: str
    name: str = ""
    profile_image_url: str = ""
    public_metrics: Counts = msgspec.field(default_factory=Counts)
    connection_status: list[str] | None = None
    receives_your_dm: bool | None = None


class Shown(msgspec.Struct):
    """A picture or film."""

    media_key: str
    type: str = ""
    url: str = ""
    preview_image_url: str = ""
    duration_ms: int | None = None
    alt_text: str = ""


class Told(msgspec.Struct, kw_only=True):
    """A post."""

    id: str
    text: str = ""
    author_id: str = ""
    created_at: datetime | None = None
    conversation_id: str | None = None
    in_reply_to_user_id: str | None = None
    lang: str | None = None
    reply_settings: str = "everyone"
    display_text_range: list[int] = []
    entities: Entities = msgspec.field(default_factory=Entities)
    attachments: Attached = msgspec.field(default_factory=Attached)
    referenced_posts: list[Reference] = []
    referenced_tweets: list[Reference] = []
    edit_history_post_ids: list[str] = []
    edit_history_tweet_ids: list[str] = []
    note_post: Note | None = None
    note_tweet: Note | None = None

    @property
    def history(self) -> list[str]:
        """The ids of all its versions, oldest first; its own where X does not tell."""
        return self.edit_history_post_ids or self.edit_history_tweet_ids or [self.id]

    @property
    def note(self) -> Note | None:
        """Its whole text, if it is a long one."""
        return self.note_post or self.note_tweet

    def refers(self, kind: str) -> str | None:
        """The id of the post it has `replied_to`, `quoted` or `retweeted`."""
        found = self.referenced_posts or self.referenced_tweets
        return next((other.id for other in found if other.type == kind), None)


class Message(msgspec.Struct, kw_only=True):
    """A direct message, as the REST calls tell it."""

    id: str
    event_type: str = "MessageCreate"
    text: str = ""
    sender_id: str = ""
    dm_conversation_id: str = ""
    created_at: datetime | None = None
    entities: Entities = msgspec.field(default_factory=Entities)
    attachments: Attached = msgspec.field(default_factory=Attached)


class Includes(msgspec.Struct, kw_only=True):
    """What hangs on an answer's posts, by id."""

    people: dict[str, Person] = {}
    media: dict[str, Shown] = {}
    posts: dict[str, Told] = {}


class Problem(msgspec.Struct):
    """Something asked for that X does not give."""

    type: str = ""
    resource_id: str = ""
    resource_type: str = ""
    value: str = ""


class Meta(msgspec.Struct):
    """Where a list goes on."""

    next_token: str = ""


def each(found: Any, kind: type[T]) -> list[T]:
    """The items of a list that can be understood; another is left out, and logged."""
    items = found if isinstance(found, list) else []
    return [item for item in (one(raw, kind) for raw in items) if item is not None]


def one(raw: Any, kind: type[T]) -> T | None:
    """`raw` understood, or None."""
    try:
        return msgspec.convert(_given(raw), kind)
    except (msgspec.ValidationError, RecursionError) as error:
        log.warning("x.told.skipped kind=%s %s", kind.__name__, error)
        return None


def includes(answer: Any) -> Includes:
    """What an answer's `includes` hold; posts may be called tweets."""
    found = answer.get("includes") if isinstance(answer, dict) else None
    found = found if isinstance(found, dict) else {}
    people = each([_bare(person) for person in _list(found.get("users"))], Person)
    posts = each(_list(found.get("posts")) + _list(found.get("tweets")), Told)
    return Includes(
        people={person.id: person for person in people},
        media={shown.media_key: shown for shown in each(found.get("media"), Shown)},
        posts={post.id: post for post in posts},
    )


def people(found: Iterable[Any]) -> dict[str, Person]:
    """People by id, each bare or inside a `data`."""
    return {person.id: person for person in each([_bare(raw) for raw in found], Person)}


def _bare(raw: Any) -> Any:
    inner = raw.get("data") if isinstance(raw, dict) else None
    return inner if isinstance(inner, dict) else raw


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _given(raw: Any) -> Any:
    """`raw` without what is null: X says null where it might say nothing."""
    if isinstance(raw, dict):
        return {name: _given(value) for name, value in raw.items() if value is not None}
    if isinstance(raw, list):
        return [_given(value) for value in raw if value is not None]
    return raw
