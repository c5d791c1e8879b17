"""Between X's JSON and the desk's words. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from sanderling.core.network import (
    Author,
    Deletion,
    Draft,
    Media,
    OutcomeUnknown,
    Post,
    Receipt,
    Room,
    Signal,
)
from sanderling.core.words import later
from sanderling.networks.x import told
from sanderling.networks.x.ids import born, is_id
from sanderling.networks.x.told import Entities, Includes, Message, Person, Shown, Told

LEADING = re.compile(r"^(?:@[A-Za-z0-9_]{1,15}(?:\s+|$))+")
"""The people a reply goes to: X puts them before its text and does not count them."""
EDITABLE = timedelta(hours=2)
"""No edit is later than this (an hour, by X's documents; twice that to be sure)."""
LANGS = {"iw": "he", "in": "id"}
"""Names of languages that X spells in the old way."""
NO_LANGS = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Posts and signals of one answer; `lost` are ids of posts whose author X did not tell."""

    posts: tuple[Post, ...] = ()
    signals: tuple[Signal, ...] = ()
    lost: tuple[str, ...] = ()


def to_posts(answer: Any, us: str, known: Mapping[str, Person] | None = None) -> Heard:
    """The public posts of a REST answer or a stream's line. `us` is the id of our account.

    `known` are people met before, for events that do not tell who wrote.
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    around = told.includes(answer)
    around.people = {**(known or {}), **around.people}
    found = told.each(data if isinstance(data, list) else [data] if data else [], Told)
    written = [post for post in found if not post.refers("retweeted")]
    made = [(post, _post(post, around, us)) for post in written]
    return Heard(
        posts=tuple(post for _, post in made if post),
        signals=tuple(s for post in found if (s := _repost(post, around))),
        lost=tuple(raw.id for raw, post in made if post is None),
    )


def to_messages(answer: Any, us: str) -> tuple[Post, ...]:
    """The direct messages of a REST answer."""
    around = told.includes(answer)
    found = told.each(answer.get("data") if isinstance(answer, dict) else None, Message)
    made = (_message(message, around, us) for message in found)
    return tuple(post for post in made if post)


def to_author(person: Person) -> Author:
    """Someone, in the desk's words."""
    ties = person.connection_status
    return Author(
        id=person.id,
        handle=person.username,
        name=person.name,
        followers=person.public_metrics.followers_count,
        avatar=person.profile_image_url,
        follows_us=None if ties is None else "followed_by" in ties,
        takes_messages=_takes(person.receives_your_dm),
    )


def to_deletions(answer: Any, at: datetime) -> tuple[Deletion, ...]:
    """Posts asked for by id that are gone, or that nobody but their followers may see any more.

    X's rules want both gone here within a day.
    """
    problems = told.each(answer.get("errors") if isinstance(answer, dict) else None, told.Problem)
    gone = ("resource-not-found", "not-authorized-for-resource", "resource-unavailable")
    return tuple(
        Deletion(remote_id=id, room=Room.PUBLIC, at=at)
        for problem in problems
        if problem.type.endswith(gone) and is_id(id := problem.resource_id or problem.value)
    )


def from_draft(draft: Draft, media: list[str]) -> dict[str, Any]:
    """What to send so that X says `draft`, with media that were uploaded before."""
    if draft.room is Room.DIRECT:
        body: dict[str, Any] = {"text": draft.text} if draft.text else {}
        return {**body, "attachments": [{"media_id": id} for id in media]} if media else body
    body = {"text": draft.text}
    if draft.reply_to:
        body["reply"] = {"in_reply_to_tweet_id": draft.reply_to}
    if media:
        body["media"] = {"media_ids": media}
    return body


def to_receipt(answer: Any, now: datetime) -> Receipt:
    """The proof that X took it. Raises OutcomeUnknown where the answer does not say so."""
    data = answer.get("data") if isinstance(answer, dict) else None
    data = data if isinstance(data, dict) else {}
    id = data.get("dm_event_id") or data.get("id")
    if not isinstance(id, str) or not is_id(id):
        raise OutcomeUnknown(later("X did not say under which id it took this."))
    made = born(id)
    plausible = made is not None and abs(made - now) < timedelta(days=1)
    return Receipt(remote_id=id, at=made if made and plausible else now)


def says_the_same(post: Post, draft: Draft) -> bool:
    """Whether a post of ours is what `draft` wanted: same words, same room, same place in it."""
    if (post.room, plain(post.text)) != (draft.room, plain(draft.text)):
        return False
    if draft.room is Room.DIRECT:
        return post.counterpart == draft.to
    return post.reply_to == draft.reply_to


def plain(text: str) -> str:
    """A text without what X adds or takes: whom it answers, spaces, and how letters are composed.

    Links compare without their scheme: X gives one to those that were typed without.
    """
    words = unicodedata.normalize("NFC", LEADING.sub("", text.strip())).split()
    return " ".join(re.sub(r"^https?://", "", word).rstrip("/") for word in words)


def worded(text: str, entities: Entities, *, hide: str | None = None) -> str:
    """A text as people see it: whole links, no links to its own media or to the post it quotes."""
    text = html.unescape(text)
    for link in entities.urls:
        if link.url:
            text = text.replace(link.url, "" if _is_own(link, hide) else _target(link))
    return text.strip()


def links(entities: Entities, *, hide: str | None = None) -> tuple[str, ...]:
    """Where the links of a text lead, without those to its own media or to the post it quotes."""
    return tuple(_target(link) for link in entities.urls if not _is_own(link, hide))


def conversation(one: str, other: str) -> str:
    """The name of a conversation of two, whoever of them it is told of."""
    return "-".join(sorted((one, other), key=lambda id: (len(id), id)))


def _post(post: Told, around: Includes, us: str) -> Post | None:
    writer = around.people.get(post.author_id)
    if writer is None or post.created_at is None:
        return None
    text, entities = (post.note.text, post.note.entities) if post.note else (post.text, None)
    entities = entities or post.entities
    quoted = post.refers("quoted")
    words = worded(text, entities, hide=quoted)
    parent = post.refers("replied_to")
    if post.author_id == us and parent:
        words = LEADING.sub("", words)
    first, edited = _versions(post)
    mentions = tuple(dict.fromkeys(who.id for who in post.entities.mentions if who.id))
    return Post(
        remote_id=post.history[0],
        author=to_author(writer),
        text=words,
        created_at=first,
        edited_at=edited,
        room=Room.PUBLIC,
        reply_to=_first(parent, around),
        reply_to_author=post.in_reply_to_user_id if parent else None,
        quote_of=_first(quoted, around),
        thread=post.conversation_id,
        mentions=mentions,
        lang=_lang(post.lang),
        media=_media(post.attachments.media_keys, around),
        links=links(entities, hide=quoted),
        closed=post.reply_settings != "everyone" and us not in mentions,
        url=f"https://x.com/i/web/status/{post.id}",
    )


def _versions(post: Told) -> tuple[datetime, datetime | None]:
    """When a post was first written, and when this wording of it, if that is another.

    X does not say which of the two `created_at` is after an edit; the ids tell both.
    """
    assert post.created_at is not None
    if post.id == post.history[0]:
        return post.created_at, None
    first, latest = (_near(post.created_at, id) for id in (post.history[0], post.id))
    return first, latest


def _near(at: datetime, id: str) -> datetime:
    """When a wording was made by its id, if that is near `at`; else `at`."""
    made = born(id)
    return made if made and abs(made - at) <= EDITABLE else at


def _first(id: str | None, around: Includes) -> str | None:
    """The id under which the desk knows a post: that of its first version."""
    known = around.posts.get(id or "")
    return known.history[0] if known else id


def _repost(post: Told, around: Includes) -> Signal | None:
    passed_on = post.refers("retweeted")
    if not passed_on or not post.author_id or post.created_at is None:
        return None
    remote_id = _first(passed_on, around) or passed_on
    return Signal(remote_id=remote_id, kind="repost", actor=post.author_id, at=post.created_at)


def _message(message: Message, around: Includes, us: str) -> Post | None:
    other = counterpart(message.dm_conversation_id, us)
    if message.event_type != "MessageCreate" or message.created_at is None or other is None:
        return None
    sender = around.people.get(message.sender_id) or Person(id=message.sender_id, username="")
    if not sender.username and message.sender_id != us:
        return None
    return Post(
        remote_id=message.id,
        author=to_author(sender),
        text=worded(message.text, message.entities),
        created_at=message.created_at,
        room=Room.DIRECT,
        counterpart=other,
        thread=conversation(us, other),
        media=_media(message.attachments.media_keys, around),
        links=links(message.entities),
        url=f"https://x.com/messages/{conversation(us, other)}",
    )


def counterpart(conversation_id: str, us: str) -> str | None:
    """Who else is in a conversation of two; None for groups, where no answer would be private."""
    one, _, other = conversation_id.partition("-")
    if us not in (one, other) or not is_id(one) or not is_id(other):
        return None
    return one if other == us else other


def _media(keys: list[str], around: Includes) -> tuple[Media, ...]:
    shown = (around.media.get(key) for key in keys)
    made = (_shown(one) for one in shown if one)
    return tuple(media for media in made if media.url)


def _shown(shown: Shown) -> Media:
    if shown.type == "photo":
        return Media(kind="picture", url=shown.url or shown.preview_image_url, alt=shown.alt_text)
    return Media(
        kind="film", url=shown.url or shown.preview_image_url, alt=shown.alt_text,
        poster=shown.preview_image_url, seconds=_seconds(shown.duration_ms),
    )  # fmt: skip


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _is_own(link: told.Link, quoted: str | None) -> bool:
    """Whether a link only stands for the post's own media, or for the post it quotes."""
    if link.media_key or re.search(r"/status/\d+/(?:photo|video)/\d", link.expanded_url):
        return True
    if link.expanded_url.startswith(("https://twitter.com/messages/", "https://ton.twitter.com/")):
        return True
    return bool(quoted and link.expanded_url.split("?")[0].endswith(f"/status/{quoted}"))


def _target(link: told.Link) -> str:
    return link.expanded_url or link.unwound_url or link.url


def _lang(lang: str | None) -> str | None:
    """X's name of a language as BCP 47; None where X found none."""
    return None if lang is None or lang in NO_LANGS else LANGS.get(lang, lang)


def _takes(receives: bool | None) -> Literal["all", "none"] | None:
    return None if receives is None else "all" if receives else "none"
