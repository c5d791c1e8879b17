"""Bytes of a feed -> what it tells: RSS and Atom by feedparser, JSON Feed by its own shape. Pure.

feedparser is given bytes and nothing else: left to itself it would open files and addresses.
"""

from __future__ import annotations

import logging
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]  # it has no types
import msgspec

from sanderling.core.network import Media, Refused
from sanderling.core.words import later
from sanderling.networks.wire.plain import clean, plain

log = logging.getLogger(__name__)
MOST_ENTRIES = 500
MOST_TEXT = 20_000
"""Characters of an entry's text."""
KINDS: dict[str, Literal["picture", "film", "sound"]] = {
    "image": "picture",
    "video": "film",
    "audio": "sound",
}
HARMLESS = feedparser.exceptions.ThingsNobodyCaresAboutButMe
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a feed tells, in plain words; what it does not tell is empty or None."""

    id: str
    title: str
    body: str
    link: str = ""
    author: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    stars: str = ""
    media: tuple[Media, ...] = ()
    lang: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A feed. `every` is how often it wants to be asked, in seconds (0: it does not say).

    `whole` is false where it breaks off or is written wrongly, so that there may be more to it.
    """

    title: str
    entries: tuple[Entry, ...]
    hub: str = ""
    topic: str = ""
    every: int = 0
    whole: bool = True


class _JsonAuthor(msgspec.Struct):
    name: str = ""


class _JsonAttachment(msgspec.Struct):
    url: str = ""
    mime_type: str = ""
    title: str = ""


class _JsonItem(msgspec.Struct):
    id: str | int | float = ""
    url: str = ""
    external_url: str = ""
    title: str = ""
    content_text: str = ""
    content_html: str = ""
    summary: str = ""
    image: str = ""
    date_published: str = ""
    date_modified: str = ""
    language: str = ""
    author: _JsonAuthor = msgspec.field(default_factory=_JsonAuthor)
    authors: list[_JsonAuthor] = msgspec.field(default_factory=list)
    attachments: list[_JsonAttachment] = msgspec.field(default_factory=list)


class _JsonHub(msgspec.Struct):
    url: str = ""


class _JsonFeed(msgspec.Struct):
    version: str
    title: str = ""
    feed_url: str = ""
    language: str = ""
    hubs: list[_JsonHub] = msgspec.field(default_factory=list)
    items: list[msgspec.Raw] = msgspec.field(default_factory=list)


def read(body: bytes, kind: str = "", url: str = "") -> Told:
    """What the feed in `body` tells; `kind` is its content type and `url` where it lay.

    Raises Refused where it is no feed. An entry that makes no sense is left out.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json(body, url)
    headers = {"content-type": kind or "application/xml", "content-location": url}
    try:
        found = feedparser.parse(
            BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # a parser of everything stumbles over anything
        raise Refused(later("The feed cannot be read: it is broken.")) from error
    if not found.get("version"):
        raise Refused(later("There is no feed at this address, but something else."))
    return _xml(found, url)


def _xml(found: Mapping[str, Any], url: str) -> Told:
    feed = found["feed"]
    links = {link.get("rel"): _web(link.get("href"), url) for link in feed.get("links", [])}
    return Told(
        title=_words(feed.get("title_detail"), 200) or clean(str(feed.get("title", "")), 200),
        entries=tuple(_entries(found["entries"], feed.get("language"), url)),
        hub=links.get("hub", ""),
        topic=links.get("self", ""),
        every=_every(feed),
        whole=isinstance(found.get("bozo_exception"), HARMLESS | None),
    )


def _entries(found: list[Any], lang: object, url: str) -> Iterator[Entry]:
    for entry in found[:MOST_ENTRIES]:
        try:
            yield _entry(entry, lang, url)
        except (AttributeError, TypeError, ValueError, KeyError, OverflowError) as error:
            log.warning("feed.entry.senseless %s %s", url, error)


def _entry(entry: dict[str, Any], lang: object, url: str) -> Entry:
    bodies = [*entry.get("content", []), entry.get("summary_detail")]
    body = max((_words(body, MOST_TEXT) for body in bodies), key=len)
    author = entry.get("author_detail", {})
    return Entry(
        id=str(entry.get("id", ""))[:2000],
        title=_words(entry.get("title_detail"), 500),
        body=body,
        link=_web(entry.get("link"), url),
        author=clean(author.get("name") or author.get("email") or entry.get("author", ""), 200),
        created=_when(entry.get("published_parsed") or entry.get("created_parsed")),
        updated=_when(dict.get(entry, "updated_parsed")),  # its own get would give `published`
        stars=_stars(entry),
        media=tuple(_media(entry, url))[:10],
        lang=_lang(lang),
    )


def _words(detail: Mapping[str, Any] | None, most: int) -> str:
    """The plain text of what feedparser calls a detail."""
    if not detail:
        return ""
    value = str(detail.get("value", ""))
    return clean(value, most) if detail.get("type") == "text/plain" else plain(value, most)


def _when(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _media(entry: Mapping[str, Any], url: str) -> Iterator[Media]:
    enclosures = [link for link in entry.get("links", []) if link.get("rel") == "enclosure"]
    seen = set[str]()
    for item in [*enclosures, *entry.get("media_content", [])]:
        kind = KINDS.get(item.get("medium") or str(item.get("type", "")).split("/")[0])
        address = _web(item.get("href") or item.get("url"), url)
        if kind and address and address not in seen:
            seen.add(address)
            yield Media(kind=kind, url=address, alt=clean(str(item.get("title", "")), 500))


def _stars(entry: Mapping[str, Any]) -> str:
    """A reviewer's rating as "★★☆☆☆"; empty where there is none of up to five stars."""
    for name in ("im_rating", "g_rating", "gd_rating", "review_rating", "rating"):
        found = entry.get(name)
        given = found.get("value") if isinstance(found, Mapping) else found
        try:
            stars = round(float(str(given)))
        except (ValueError, OverflowError):
            continue
        if 1 <= stars <= 5:
            return "★" * stars + "☆" * (5 - stars)
    return ""


def _every(feed: Mapping[str, Any]) -> int:
    """How often the feed wants to be asked: RSS's `ttl`, or the syndication module's period."""
    ttl = str(feed.get("ttl", ""))
    if ttl.isascii() and ttl.isdecimal():
        return min(int(ttl[:6]) * 60, PERIODS["weekly"])
    period = PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0)
    times = str(feed.get("sy_updatefrequency", "1")).strip()[:6]
    return period // max(1, int(times) if times.isascii() and times.isdecimal() else 1)


def _json(body: bytes, url: str) -> Told:
    try:
        feed = msgspec.json.decode(body.lstrip(b"\xef\xbb\xbf"), type=_JsonFeed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(later("There is no feed at this address, but something else.")) from error
    if "jsonfeed.org" not in feed.version:
        raise Refused(later("There is no feed at this address, but something else."))
    return Told(
        title=clean(feed.title, 200),
        entries=tuple(_json_entries(feed, url)),
        hub=_web(feed.hubs[0].url, url) if feed.hubs else "",
        topic=_web(feed.feed_url, url),
    )


def _json_entries(feed: _JsonFeed, url: str) -> Iterator[Entry]:
    for raw in feed.items[:MOST_ENTRIES]:
        try:
            item = msgspec.json.decode(raw, type=_JsonItem)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning("feed.entry.senseless %s %s", url, error)
            continue
        body = item.content_text or plain(item.content_html, MOST_TEXT) or item.summary
        who = [author.name for author in [*item.authors, item.author] if author.name]
        yield Entry(
            id=str(item.id)[:2000],
            title=clean(item.title, 500),
            body=clean(body, MOST_TEXT),
            link=_web(item.url or item.external_url, url),
            author=clean(who[0], 200) if who else "",
            created=_iso(item.date_published),
            updated=_iso(item.date_modified),
            media=tuple(_json_media(item, url))[:10],
            lang=_lang(item.language or feed.language),
        )


def _json_media(item: _JsonItem, url: str) -> Iterator[Media]:
    if image := _web(item.image, url):
        yield Media(kind="picture", url=image)
    for attachment in item.attachments:
        kind = KINDS.get(attachment.mime_type.split("/")[0])
        if kind and (address := _web(attachment.url, url)):
            yield Media(kind=kind, url=address, alt=clean(attachment.title, 500))


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _web(address: object, url: str) -> str:
    """`address` made whole by `url`; empty where it is not on the web."""
    try:
        whole = urljoin(url, str(address or "").strip()) if address else ""
        parts = urlsplit(whole)
    except ValueError:
        return ""
    on_the_web = parts.scheme in ("http", "https") and parts.netloc
    return whole if on_the_web and len(whole) <= 2000 and whole.isprintable() else ""


def _lang(told: object) -> str | None:
    """The language's short name, as "de" of "de-AT"."""
    short = str(told or "").strip().split("-")[0].lower()
    return short if 2 <= len(short) <= 3 and short.isascii() and short.isalpha() else None
