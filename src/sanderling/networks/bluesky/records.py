"""The shapes of what Bluesky tells, by its lexicons: only what we read, and nothing required that
the desk can do without. Anything a stranger wrote freely (embeds, labels) stays plain JSON.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Told(msgspec.Struct, rename="camel", kw_only=True):
    """Something the network tells; unknown fields are left aside."""


class Ref(Told):
    """A record by its address, and by its content where `cid` is given."""

    uri: str
    cid: str = ""


class ReplyRef(Told):
    """Where in a conversation a post stands."""

    root: Ref
    parent: Ref


class Record(Told):
    """app.bsky.feed.post: a post as its author wrote it."""

    text: str = ""
    created_at: str = ""
    reply: ReplyRef | None = None
    facets: Any = None
    embed: Any = None
    langs: Any = None
    labels: Any = None


class Chat(Told):
    """From whom someone takes messages."""

    allow_incoming: str = ""


class Associated(Told):
    """What else belongs to a profile."""

    chat: Chat | None = None


class Knows(Told):
    """How somebody stands to us; addresses of the records that say so."""

    followed_by: str | None = None
    blocked_by: bool | None = None


class Profile(Told):
    """app.bsky.actor.defs: someone; `followers_count` only in the detailed view."""

    did: str
    handle: str = ""
    display_name: str | None = None
    avatar: str | None = None
    followers_count: int | None = None
    associated: Associated | None = None
    viewer: Knows | None = None
    labels: Any = None


class MayWe(Told):
    """What we did to a post, and may do."""

    like: str | None = None
    reply_disabled: bool | None = None


class PostView(Told):
    """app.bsky.feed.defs#postView: a post with all that belongs to it."""

    uri: str
    author: Profile
    record: Record
    cid: str = ""
    indexed_at: str = ""
    embed: Any = None
    viewer: MayWe | None = None


class FeedItem(Told):
    """A post in a feed; `reason` says if it is there for a repost."""

    post: PostView
    reason: Any = None


class Notification(Told):
    """app.bsky.notification.listNotifications#notification; `record` is the post, like, ..."""

    uri: str
    author: Profile
    reason: str
    indexed_at: str
    cid: str = ""
    record: Any = None
    reason_subject: str | None = None


class Sender(Told):
    """Who sent a message."""

    did: str


class Message(Told):
    """chat.bsky.convo.defs#messageView, or a deleted one, which has no text."""

    id: str
    sender: Sender
    sent_at: str
    rev: str = ""
    text: str | None = None
    kind: str = msgspec.field(default="", name="$type")
    facets: Any = None
    embed: Any = None
    reply_to: Any = None

    @property
    def deleted(self) -> bool:
        """Whether only the trace of the message is left."""
        return self.kind.endswith("#deletedMessageView") or self.text is None


class Convo(Told):
    """chat.bsky.convo.defs#convoView: a conversation."""

    id: str
    members: list[Profile]
    rev: str = ""
    status: str = ""
    kind: Any = None
    last_message: Any = None

    def counterpart(self, us: str) -> Profile | None:
        """The other person, where there is exactly one."""
        others = [member for member in self.members if member.did != us]
        named = self.kind.get("$type", "") if isinstance(self.kind, dict) else ""
        return others[0] if len(others) == 1 and not str(named).endswith("#groupConvo") else None


class Logged(Told):
    """One event of chat.bsky.convo.getLog; those without a message do not concern us."""

    convo_id: str
    rev: str
    kind: str = msgspec.field(default="", name="$type")
    message: Any = None
