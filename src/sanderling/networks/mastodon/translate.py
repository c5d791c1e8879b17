"""Between the Mastodon API's JSON and the desk's words. Pure.

Ids are a server's own, so those that leave are "<id>@<host>". A post that not everybody may read
(followers only, direct, or a server's own kind) is in the room DIRECT: what answers it goes to the
person answered and to nobody else. Nothing private is ever answered in public.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec
import regex

from sanderling.core.network import (
    Author,
    Draft,
    Limits,
    Media,
    Post,
    Refused,
    Room,
    Signal,
)
from sanderling.core.words import later
from sanderling.networks.mastodon.html import plain
from sanderling.networks.mastodon.payload import (
    Account,
    Attachment,
    Instance,
    Notification,
    Quote,
    Status,
    Wording,
)

Visibility = Literal["public", "unlisted", "direct"]

NAMED = 32
"""Room in every text for the mention of whom it answers: @, 30 characters of a name, a space."""
READ_BY = later("The administrators of both servers can read direct messages.")
LIMITS = Limits(
    public_length=500 - NAMED,
    direct_length=500 - NAMED,
    counts="characters",
    keeps_keys=False,
    keeps_message_keys=False,
    replies="open",
    messages="open",
    read_by=READ_BY,
    media_bytes=10_000_000,
    repair_s=900,
    recheck_s=3600,
)
"""Where a server does not say otherwise. Not every server keeps keys, so none is relied on.

A text is counted as by Mastodon: a link 23, and @name@server only as @name. The mention that a
reply begins with is added by us and counts too; the lengths leave room for it.
"""

_NAME = r"[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_MENTION = regex.compile(
    rf"(?<![=/\p{{L}}\p{{N}}_])@({_NAME})(?:@([\p{{L}}\p{{N}}.:-]*[\p{{L}}\p{{N}}]))?"
)
_KINDS: dict[str, Literal["picture", "film", "sound"]] = {
    "image": "picture", "gifv": "film", "video": "film", "audio": "sound",
}  # fmt: skip


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Our account on its server: `host` is in every id, `domain` in handles, `me` is our own id."""

    host: str
    domain: str
    me: str

    def id(self, local: str) -> str:
        """An id of this server, as it leaves."""
        return f"{local}@{self.host}"

    def maybe(self, local: str | None) -> str | None:
        """As `id`, of what may be missing."""
        return self.id(local) if local else None

    def local(self, remote_id: str) -> str:
        """An id as the server knows it; raises Refused where it is another server's."""
        local, _, host = remote_id.rpartition("@")
        if host != self.host or not local:
            raise Refused(
                later("This belongs to another server than {server}.").format(server=self.host)
            )
        return local

    def handle(self, acct: str) -> str:
        """A name as Mastodon writes it to anybody: name@server, for those of our server too."""
        return acct if "@" in acct else f"{acct}@{self.domain}"


def to_author(account: Account, home: Home) -> Author:
    """Someone. The API tells neither whether they follow us nor from whom they take messages."""
    return Author(
        id=home.id(account.id),
        handle=home.handle(account.acct),
        name=account.display_name or account.acct.partition("@")[0],
        followers=account.followers_count,
        avatar=account.avatar or "",
    )


def room_of(visibility: str) -> Room:
    """Whether everybody may read it; kinds of visibility that we do not know are not public."""
    return Room.PUBLIC if visibility in ("public", "unlisted") else Room.DIRECT


def to_post(status: Status, home: Home) -> Post:
    """A status, in the desk's words."""
    text, links = _worded(status.content, status.spoiler_text, status, home)
    room = room_of(status.visibility)
    quote_of, quote_of_author = _quoted(status.quote, home)
    pleroma = status.pleroma.conversation_id if status.pleroma else None
    return Post(
        remote_id=home.id(status.id),
        author=to_author(status.account, home),
        text=text,
        created_at=_utc(status.created_at),
        room=room,
        edited_at=_utc(status.edited_at) if status.edited_at else None,
        reply_to=home.maybe(status.in_reply_to_id),
        reply_to_author=home.maybe(status.in_reply_to_account_id),
        quote_of=quote_of,
        quote_of_author=quote_of_author,
        thread=None if pleroma is None else f"conversation {pleroma}@{home.host}",
        counterpart=home.maybe(_counterpart(status, home)) if room is Room.DIRECT else None,
        mentions=tuple(home.id(one.id) for one in status.mentions),
        lang=status.language,
        media=tuple(found for one in status.media_attachments if (found := _media(one))),
        links=links,
        automated=bool(status.account.bot),
        url=_page(status.url),
    )


def to_posts(statuses: Iterable[Status], home: Home) -> tuple[Post, ...]:
    """Statuses in the desk's words, without those that only pass another's on.

    What we wrote for our own followers is to nobody, and no matter of the desk's either.
    """
    posts = (to_post(status, home) for status in statuses if status.reblog is None)
    return tuple(post for post in posts if post.room is Room.PUBLIC or post.counterpart)


def older_wordings(status: Status, history: Iterable[Wording], home: Home) -> tuple[Post, ...]:
    """How `status` read before, each wording a post of its own."""
    now = to_post(status, home)
    found = []
    for wording in history:
        at = _utc(wording.created_at)
        if at >= now.version_at:
            continue
        text, links = _worded(wording.content, wording.spoiler_text, status, home)
        edited_at = at if at > now.created_at else None
        found.append(msgspec.structs.replace(now, text=text, links=links, edited_at=edited_at))
    return tuple(found)


def to_posts_and_signals(
    told: Iterable[Notification], home: Home
) -> tuple[tuple[Post, ...], tuple[Signal, ...]]:
    """What happened to us: what was written, and who liked or passed on what we wrote."""
    posts, signals = [], []
    for one in told:
        if one.status is None:
            continue
        if one.type in ("mention", "status", "update", "quote", "quoted_update"):
            posts.append(one.status)
        elif one.type in ("favourite", "reblog") and one.account:
            signals.append(_signal(one, one.status, one.account, home))
    return to_posts(posts, home), tuple(signals)


def to_limits(instance: Instance) -> Limits:
    """What the server allows."""
    of = instance.configuration
    longest = of.statuses.max_characters or instance.max_toot_chars or 500
    longest = min(max(longest, NAMED + 1), 1_000_000) - NAMED
    types = tuple(t for t in of.media_attachments.supported_mime_types or () if len(t) < 100)
    return msgspec.structs.replace(
        LIMITS,
        public_length=longest,
        direct_length=longest,
        media=min(max(of.statuses.max_media_attachments or LIMITS.media, 0), 100),
        media_types=types[:100] or LIMITS.media_types,
        media_bytes=max(of.media_attachments.image_size_limit or LIMITS.media_bytes, 0),
    )


# What we say


def visibility(room: Room, parent: str | None) -> Visibility:
    """How visible an answer in `room` to a status of visibility `parent` is: never more than it.

    Followers only ("private") is none for an answer: it would show it to our followers, who are not
    theirs.
    """
    if room is Room.DIRECT or (parent is not None and room_of(parent) is Room.DIRECT):
        return "direct"
    return "unlisted" if parent == "unlisted" else "public"


def addressed(text: str, acct: str, home: Home) -> str:
    """`text` with a mention of `acct`, unless it names them already."""
    return text if _is_named(text, acct, home) else f"@{acct} {text}"


def others_named(text: str, acct: str, own: str, home: Home) -> list[str]:
    """Whom `text` names besides `acct` and ourselves: a direct message would go to them too."""
    known = {home.handle(acct).casefold(), home.handle(own).casefold()}
    return [name for name in _named(text, home) if name.casefold() not in known]


def says_the_same(status: Status, draft: Draft, home: Home) -> bool:
    """Whether a status of ours is what `draft` wanted: words, room, and what or whom it answers."""
    if draft.room is Room.DIRECT and room_of(status.visibility) is Room.PUBLIC:
        return False
    if draft.room is Room.PUBLIC and status.visibility == "direct" and draft.reply_to is None:
        return False
    post = to_post(status, home)
    if draft.to is not None and draft.to not in post.mentions:
        return False
    # A message without a place of its own is put into the conversation by `push`.
    free = draft.room is Room.DIRECT and draft.reply_to is None
    return (free or post.reply_to == draft.reply_to) and _bare(post.text) == _bare(draft.text)


def _named(text: str, home: Home) -> list[str]:
    return [home.handle(f"{m[1]}@{m[2]}" if m[2] else m[1]) for m in _MENTION.finditer(text)]


def _is_named(text: str, acct: str, home: Home) -> bool:
    return home.handle(acct).casefold() in [name.casefold() for name in _named(text, home)]


def _bare(text: str) -> list[str]:
    """The words of a text, without the mentions it begins with and without servers of others."""
    words = _MENTION.sub(lambda m: f"@{m[1]}", text).casefold().split()
    while words and words[0].startswith("@"):
        words.pop(0)
    return words


# What they said


def _worded(
    content: str | None, warning: str | None, status: Status, home: Home
) -> tuple[str, tuple[str, ...]]:
    people = {one.url: home.handle(one.acct) for one in status.mentions if one.url and one.acct}
    text, links = plain(content or "", people)
    return (f"{warning.strip()}\n\n{text}".strip() if warning else text), links


def _counterpart(status: Status, home: Home) -> str | None:
    if status.account.id != home.me:
        return status.account.id
    others = (one.id for one in status.mentions if one.id != home.me)
    return next(others, status.in_reply_to_account_id)


def _quoted(quote: Quote | None, home: Home) -> tuple[str | None, str | None]:
    if quote is None:
        return None, None
    inner = quote.quoted_status or quote
    who = (inner.account or {}).get("id")
    author = home.id(who) if isinstance(who, str) else None
    return home.maybe(inner.id or quote.quoted_status_id), author


def _media(one: Attachment) -> Media | None:
    kind, url = _KINDS.get(one.type), _page(one.url or one.preview_url)
    if not kind or not url:
        return None
    if kind == "picture":
        return Media(kind=kind, url=url, alt=one.description or "")
    return Media(
        kind=kind, url=url, alt=one.description or "", poster=_page(one.preview_url),
        seconds=_lasts(one.meta),
    )  # fmt: skip


def _lasts(meta: object) -> float | None:
    """How long it plays, where the server tells."""
    original = meta.get("original") if isinstance(meta, dict) else None
    lasts = original.get("duration") if isinstance(original, dict) else None
    return float(lasts) if isinstance(lasts, int | float) else None


def _signal(told: Notification, status: Status, actor: Account, home: Home) -> Signal:
    return Signal(
        remote_id=home.id(status.id),
        kind="like" if told.type == "favourite" else "repost",
        actor=home.id(actor.id),
        at=_utc(told.created_at),
    )


def _page(url: str | None) -> str:
    return url if url and url.startswith(("https://", "http://")) else ""


def _utc(at: datetime) -> datetime:
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return datetime(1970, 1, 1, tzinfo=UTC)
