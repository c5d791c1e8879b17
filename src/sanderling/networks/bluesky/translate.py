"""Between Bluesky's records and the desk's words. Pure.

Whoever writes a record may write anything: what does not fit is left out, one item at a time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar

import msgspec

from sanderling.core.network import (
    Author,
    Deletion,
    Draft,
    Media,
    Post,
    Room,
    Signal,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.bluesky.facets import facets as facets_of
from sanderling.networks.bluesky.records import (
    Convo,
    Knows,
    Message,
    Notification,
    PostView,
    Profile,
    Record,
)
from sanderling.networks.bluesky.wording import Span, span, worded

T = TypeVar("T")
POST, LIKE, REPOST = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"
WEB = "https://bsky.app"
PICTURES = "https://cdn.bsky.app/img/feed_fullsize/plain"
AHEAD = timedelta(minutes=5)
"""Clocks of phones may be this wrong; who claims more wrote when the network saw it."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

TAKES: dict[str, Literal["all", "followed", "none"]] = {
    "all": "all",
    "following": "followed",
    "none": "none",
}
SIGNALS: dict[str, Literal["like", "repost"]] = {"like": "like", "repost": "repost"}
SPEAKS = frozenset({"mention", "reply", "quote"})

_ADDRESS = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]+)")
log = logging.getLogger(__name__)


class Address(msgspec.Struct, frozen=True):
    """The parts of an at:// address of a record."""

    did: str
    collection: str
    rkey: str


def address(uri: str | None) -> Address | None:
    """The parts of `uri`; None if it is no address of a record."""
    found = _ADDRESS.fullmatch(uri or "")
    return Address(*found.groups()) if found else None


def uri_of(did: str, rkey: str) -> str:
    """The address of a post."""
    return f"at://{did}/{POST}/{rkey}"


# Reading


def understood(content: Any, kind: type[T]) -> T:
    """`content` as a `kind`; raises Unreachable where it makes no sense."""
    try:
        return msgspec.convert(content, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Unreachable(
            later("Bluesky answered in an unknown way: {error}.").format(error=error)
        ) from error


def each(content: Any, field: str, kind: type[T]) -> list[T]:
    """The items of a list that can be understood; raises Unreachable where there is no list."""
    items = content.get(field) if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise Unreachable(
            later("Bluesky answered something else than {field}.").format(field=field)
        )
    return [item for item in (maybe(item, kind) for item in items) if item is not None]


def maybe(content: Any, kind: type[T]) -> T | None:
    """`content` as a `kind`, or None, named in the log, where it makes no sense."""
    try:
        return msgspec.convert(content, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        log.info("bluesky.skipped %s %s", kind.__name__, error)
        return None


def text_of(content: Any, field: str) -> str:
    """A field that is a text, "" where it is anything else."""
    found = content.get(field) if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""


def time(text: Any) -> datetime | None:
    """A time as the network writes it; None where it is none."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def author(profile: Profile) -> Author:
    """Someone, in the desk's words."""
    return Author(
        id=profile.did,
        handle=profile.handle or profile.did,
        name=profile.display_name or "",
        followers=profile.followers_count,
        avatar=profile.avatar or "",
        follows_us=_follows_us(profile.viewer),
        takes_messages=_takes_messages(profile),
    )


def automated(profile: Profile) -> bool:
    """Whether they say of themselves that they are a bot."""
    return any(
        text_of(label, "val") == "bot" and text_of(label, "src") == profile.did
        for label in _list(profile.labels)
    )


def post(
    uri: str, record: Record, by: Author, *, seen_at: datetime, view: PostView | None = None
) -> Post | None:
    """A post as its record tells it, with what only the network knows where it gave its view.

    None where `uri` is no address of a post. `seen_at` is when the network first saw it.
    """
    at = address(uri)
    if at is None or at.collection != POST:
        return None
    parent = address(record.reply.parent.uri) if record.reply else None
    quote = quoted(record.embed)
    quoted_of = address(quote)
    return Post(
        remote_id=uri,
        author=by,
        text=worded(record.text, _spans(record.facets)),
        created_at=_written(record.created_at, seen_at),
        room=Room.PUBLIC,
        reply_to=record.reply.parent.uri if record.reply and parent else None,
        reply_to_author=parent.did if parent else None,
        quote_of=quote,
        quote_of_author=quoted_of.did if quoted_of else None,
        thread=record.reply.root.uri if record.reply and parent else uri,
        mentions=mentioned(record.facets),
        lang=next((x for x in _list(record.langs) if isinstance(x, str)), None),
        media=tuple(_shown(view.embed) if view and view.embed else _written_media(at.did, record)),
        links=linked(record.facets, record.embed),
        automated=_says_bot(record.labels),
        closed=_closed(view),
        url=f"{WEB}/profile/{at.did}/post/{at.rkey}",
    )


def message(told: Message, convo: Convo, by: Author, us: str) -> Post | Deletion | None:
    """A direct message, or its deletion; None where it is no conversation of two."""
    other, at = convo.counterpart(us), time(told.sent_at)
    if other is None or at is None:
        return None
    if told.deleted:
        return Deletion(remote_id=f"{convo.id}/{told.id}", room=Room.DIRECT, at=at)
    answered = text_of(told.reply_to, "id") or text_of(told.reply_to, "messageId")
    return Post(
        remote_id=f"{convo.id}/{told.id}",
        author=by,
        text=worded(told.text or "", _spans(told.facets)),
        created_at=at,
        room=Room.DIRECT,
        reply_to=f"{convo.id}/{answered}" if answered else None,
        reply_to_author=other.did if by.id == us else us,
        quote_of=quoted(told.embed),
        thread=convo.id,
        counterpart=other.did,
        mentions=mentioned(told.facets),
        links=tuple(dict.fromkeys(_links(told.facets))),
        url=f"{WEB}/messages/{convo.id}",
    )


def signal(told: Notification) -> Signal | None:
    """A like or repost of a post; None where it is neither."""
    kind = SIGNALS.get(told.reason)
    subject = text_of(_field(told.record, "subject"), "uri") or told.reason_subject
    at, about = time(told.indexed_at), address(subject)
    if not kind or not at or not about or about.collection != POST:
        return None
    return Signal(remote_id=str(subject), kind=kind, actor=told.author.did, at=at)


def mentioned(found: Any) -> tuple[str, ...]:
    """Ids of the people whom facets mention, each once."""
    dids = (text_of(feature, "did") for feature in _features(found, "#mention"))
    return tuple(dict.fromkeys(did for did in dids if did))


def linked(facets: Any, embed: Any) -> tuple[str, ...]:
    """The links of a post: those in its text, and the one that hangs on it."""
    cards = (_field(embed, "external"), _field(_field(embed, "media"), "external"))
    hung = [text_of(card, "uri") for card in cards]
    return tuple(dict.fromkeys(link for link in (*_links(facets), *hung) if link))


def quoted(embed: Any) -> str | None:
    """The post that an embed quotes, if it does."""
    record = _field(embed, "record")
    for uri in (text_of(record, "uri"), text_of(_field(record, "record"), "uri")):
        if (at := address(uri)) and at.collection == POST:
            return uri
    return None


# Writing


def record(
    draft: Draft, dids: Mapping[str, str], now: datetime, parent: PostView | None = None
) -> dict[str, Any]:
    """The record that says `draft`; `parent` is what it replies to, `dids` whom handles mean."""
    made: dict[str, Any] = {"$type": POST, "text": draft.text, "createdAt": _stamp(now)}
    if found := facets_of(draft.text, dids):
        made["facets"] = found
    if parent:
        root = parent.record.reply.root if parent.record.reply else parent
        made["reply"] = {
            "root": {"uri": root.uri, "cid": root.cid},
            "parent": {"uri": parent.uri, "cid": parent.cid},
        }
    return made


def with_pictures(record: dict[str, Any], blobs: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    """The record with pictures: pairs of what the upload gave, and the description."""
    pictures = [{"image": blob, "alt": alt} for blob, alt in blobs]
    if not pictures:
        return record
    return {**record, "embed": {"$type": "app.bsky.embed.images", "images": pictures}}


def like(view: PostView, now: datetime) -> dict[str, Any]:
    """The record that says we like a post."""
    subject = {"uri": view.uri, "cid": view.cid}
    return {"$type": LIKE, "subject": subject, "createdAt": _stamp(now)}


# Parts


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(claimed: str, seen_at: datetime) -> datetime:
    """When it was written, as its author says, if that can be."""
    at = time(claimed)
    return seen_at if at is None or at < EARLIEST or at > seen_at + AHEAD else at


def _follows_us(viewer: Knows | None) -> bool | None:
    return None if viewer is None else viewer.followed_by is not None


def _takes_messages(profile: Profile) -> Literal["all", "followed", "none"]:
    """Who never chose takes messages from those they follow: the network's own default."""
    chat = profile.associated.chat if profile.associated else None
    return TAKES.get(chat.allow_incoming, "followed") if chat else "followed"


def _closed(view: PostView | None) -> bool:
    if view is None:
        return False
    disabled = view.viewer is not None and view.viewer.reply_disabled
    blocked = view.author.viewer is not None and view.author.viewer.blocked_by
    return bool(disabled or blocked)


def _says_bot(labels: Any) -> bool:
    return any(text_of(label, "val") == "bot" for label in _list(_field(labels, "values")))


def _shown(embed: Any) -> Iterable[Media]:
    """The media of an embed as the network shows it."""
    for part in (embed, _field(embed, "media")):
        for picture in (*_list(_field(part, "images")), *_list(_field(part, "items"))):
            if url := text_of(picture, "fullsize"):
                yield Media(kind="picture", url=url, alt=text_of(picture, "alt"))
        if url := text_of(part, "playlist"):
            poster = text_of(part, "thumbnail")
            yield Media(kind="film", url=url, alt=text_of(part, "alt"), poster=poster)


def _written_media(did: str, record: Record) -> Iterable[Media]:
    """The media of a record that the network has not shown us yet."""
    for part in (record.embed, _field(record.embed, "media")):
        for picture in (*_list(_field(part, "images")), *_list(_field(part, "items"))):
            if cid := _content(_field(picture, "image")):
                url = f"{PICTURES}/{did}/{cid}@jpeg"
                yield Media(kind="picture", url=url, alt=text_of(picture, "alt"))
        if cid := _content(_field(part, "video")):
            at = f"https://video.bsky.app/watch/{did}/{cid}"
            url, poster = f"{at}/playlist.m3u8", f"{at}/thumbnail.jpg"
            yield Media(kind="film", url=url, alt=text_of(part, "alt"), poster=poster)


def _content(blob: Any) -> str:
    cid = text_of(_field(blob, "ref"), "$link")
    return cid if cid.isalnum() else ""


def _links(found: Any) -> list[str]:
    return [link for f in _features(found, "#link") if (link := text_of(f, "uri"))]


def _spans(found: Any) -> Iterable[Span]:
    """Which parts of a text are links."""
    for facet in _list(found):
        for uri in _links([facet]):
            if there := span(_field(facet, "index"), uri):
                yield there


def _features(found: Any, kind: str) -> Iterable[Any]:
    for facet in _list(found):
        for feature in _list(_field(facet, "features")):
            if text_of(feature, "$type").endswith(kind):
                yield feature


def _field(content: Any, name: str) -> Any:
    return content.get(name) if isinstance(content, dict) else None


def _list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []
