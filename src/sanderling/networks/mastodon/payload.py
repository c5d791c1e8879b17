"""What servers that speak the Mastodon API send, as far as it is read. Pure.

Tolerant: what is unknown is passed over, and what only some servers send may be missing.
https://docs.joinmastodon.org/entities/
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from sanderling.core.network import Unreachable
from sanderling.core.words import later

log = logging.getLogger(__name__)
Thing = TypeVar("Thing")


class Account(msgspec.Struct, kw_only=True):
    """Someone. `acct` is their name, with @server where they are from another one."""

    id: str
    acct: str
    url: str | None = None
    display_name: str | None = None
    followers_count: int | None = None
    avatar: str | None = None
    bot: bool | None = None


class Mentioned(msgspec.Struct, kw_only=True):
    """Someone whom a status names."""

    id: str
    acct: str = ""
    url: str | None = None


class Attachment(msgspec.Struct, kw_only=True):
    """A picture, film or sound."""

    type: str = "unknown"
    url: str | None = None
    preview_url: str | None = None
    description: str | None = None
    meta: Any = None


class Quoted(msgspec.Struct, kw_only=True):
    """A quoted status; of its account only the id is read."""

    id: str | None = None
    account: dict[str, Any] | None = None


class Quote(Quoted, kw_only=True):
    """A quote: Mastodon wraps the quoted status, Akkoma gives it itself."""

    quoted_status: Quoted | None = None
    quoted_status_id: str | None = None


class Pleroma(msgspec.Struct, kw_only=True):
    """What Pleroma and Akkoma say besides."""

    conversation_id: int | str | None = None


class Status(msgspec.Struct, kw_only=True):
    """A post, as the server tells it."""

    id: str
    account: Account
    created_at: datetime
    visibility: str = "direct"
    content: str | None = ""
    spoiler_text: str | None = ""
    edited_at: datetime | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    reblog: Any = None
    language: str | None = None
    url: str | None = None
    mentions: list[Mentioned] = []
    media_attachments: list[Attachment] = []
    quote: Quote | None = None
    pleroma: Pleroma | None = None


class Notification(msgspec.Struct, kw_only=True):
    """Something that happened to us."""

    id: str
    type: str
    created_at: datetime
    account: Account | None = None
    status: Status | None = None


class Conversation(msgspec.Struct, kw_only=True):
    """A direct conversation and its latest status."""

    accounts: list[Mentioned] = []
    last_status: Status | None = None


class Wording(msgspec.Struct, kw_only=True):
    """A status as it once read."""

    created_at: datetime
    content: str | None = ""
    spoiler_text: str | None = ""


class OfStatuses(msgspec.Struct, frozen=True, kw_only=True):
    """How long and of what a status may be."""

    max_characters: int | None = None
    max_media_attachments: int | None = None


class OfMedia(msgspec.Struct, frozen=True, kw_only=True):
    """Which files it takes, and how large (bytes)."""

    supported_mime_types: list[str] | None = None
    image_size_limit: int | None = None


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where else to ask."""

    streaming: str | None = None


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """What it allows."""

    statuses: OfStatuses = OfStatuses()
    media_attachments: OfMedia = OfMedia()
    urls: Addresses = Addresses()


class OldAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where else to ask, in the older form."""

    streaming_api: str | None = None


class Instance(msgspec.Struct, kw_only=True):
    """What a server says of itself, in the newer or the older form."""

    domain: str | None = None
    uri: str | None = None
    title: str | None = None
    configuration: Configuration = Configuration()
    urls: OldAddresses = OldAddresses()
    max_toot_chars: int | None = None

    @property
    def streaming(self) -> str:
        """Where it says that it streams; "" where it does not say."""
        return self.configuration.urls.streaming or self.urls.streaming_api or ""

    @property
    def server(self) -> str:
        """The name that its people's handles end in; "" where it does not say."""
        name = (self.domain or self.uri or "").strip()
        name = name.partition("://")[2].partition("/")[0] if "://" in name else name
        return name if len(name) < 254 and name.isprintable() and " " not in name else ""


def understood(content: Any, kind: type[Thing]) -> Thing:
    """`content` as `kind`; raises Unreachable where it makes no sense."""
    try:
        return msgspec.convert(content, kind, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unreachable(
            later("The server answered in an unknown way: {error}.").format(error=error)
        ) from error


def each(contents: Iterable[Any], kind: type[Thing]) -> list[Thing]:
    """Those of `contents` that make sense; the others are named in the log."""
    found = []
    for content in contents:
        try:
            found.append(understood(content, kind))
        except Unreachable as error:
            log.warning("mastodon.not_understood %s %.500r", error, content)
    return found
