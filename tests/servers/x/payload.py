"""People, posts and messages as X writes them, in either spelling and with the fields asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from twitter_text import extract_urls_with_indices, parse_tweet

from servers.x.answers import Request
from servers.x.state import EDIT_WINDOW, EDITS, NAME, Media, Message, Person, Post, World

Spelling = Literal["post", "tweet"]
ALWAYS = {
    "post": {"id", "text", "edit_history_post_ids", "edit_history_tweet_ids"},
    "user": {"id", "name", "username"},
    "dm": {"id", "text", "event_type"},
    "media": {"media_key", "type"},
}
LONG = 280


def time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


@dataclass(frozen=True)
class Wish:
    """What a request wants to see of posts, people and so on; None means everything."""

    post: frozenset[str] | None = frozenset()
    user: frozenset[str] | None = frozenset()
    dm: frozenset[str] | None = frozenset()
    media: frozenset[str] | None = frozenset()
    expansions: frozenset[str] = frozenset()

    @classmethod
    def of(cls, request: Request) -> Wish:
        def named(*names: str) -> frozenset[str]:
            return frozenset(part for name in names for part in request.listed(name))

        expansions = named("expansions")
        # In the spelling of 2.167 some fields are asked for as expansions.
        return cls(
            named("post.fields", "tweet.fields") | expansions,
            named("user.fields") | expansions,
            named("dm_event.fields") | expansions,
            named("media.fields"),
            expansions,
        )


EVERYTHING = Wish(
    None, None, None, None, frozenset({"author_id", "referenced_tweets.id", "sender_id",
                                       "attachments.media_keys", "entities.mentions.username"})
)  # fmt: skip


class Page:
    """One answer in the making: what is in it, and what `includes` must hold for it."""

    def __init__(self, world: World, spelling: Spelling, wish: Wish, viewer: Person | None) -> None:
        self.world, self.spelling, self.wish, self.viewer = world, spelling, wish, viewer
        self._people: dict[str, Person] = {}
        self._posts: dict[str, Post] = {}
        self._media: dict[str, Media] = {}

    def post(self, post: Post) -> dict[str, Any]:
        """A post, and what it names noted for `includes`."""
        self._note_post(post)
        return self._post(post)

    def user(self, person: Person) -> dict[str, Any]:
        shown = self._user(person)
        return _kept(shown, "user", self.wish.user)

    def message(self, message: Message) -> dict[str, Any]:
        if "sender_id" in self.wish.expansions:
            self._people[message.sender.id] = message.sender
        text, entities = _linked(message.text, [], [])
        shown: dict[str, Any] = {
            "id": message.id,
            "event_type": "MessageCreate",
            "text": text,
            "created_at": time(message.at),
            "sender_id": message.sender.id,
            "dm_conversation_id": message.conversation,
            "entities": entities,
        }
        self._attach(shown, message.media)
        return _kept(shown, "dm", self.wish.dm)

    def includes(self) -> dict[str, Any]:
        posts = {f"{self.spelling}s": [self._post(post) for post in self._posts.values()]}
        users = {"users": [self.user(person) for person in self._people.values()]}
        media = {"media": [self._shown_media(each) for each in self._media.values()]}
        return {name: each for name, each in {**users, **posts, **media}.items() if each}

    @property
    def included(self) -> tuple[list[str], list[str]]:
        """The ids of the people and of the posts in `includes`."""
        return list(self._people), list(self._posts)

    def answer(self, data: Any, **more: Any) -> dict[str, Any]:
        said = {"data": data} if data or data == 0 else {}
        included = {"includes": included} if (included := self.includes()) else {}
        return {**said, **included, **{k: v for k, v in more.items() if v}}

    def _note_post(self, post: Post) -> None:
        wants = self.wish.expansions
        if "author_id" in wants:
            self._people[post.author.id] = post.author
        if "entities.mentions.username" in wants:
            self._people.update({p.id: p for p in self.world.mentioned(post)})
        parent = self.world.posts.get(post.reply_to or "")
        if "in_reply_to_user_id" in wants and parent:
            self._people[parent.author.id] = parent.author
        if wants & {"referenced_posts", "referenced_tweets.id"}:
            self._note_referenced(post)

    def _note_referenced(self, post: Post) -> None:
        for each in (post.reply_to, post.quote_of, post.repost_of):
            found = self.world.posts.get(each or "")
            if found and not found.gone:
                self._posts[found.id] = found
                if "referenced_tweets.id.author_id" in self.wish.expansions:
                    self._people[found.author.id] = found.author

    def _post(self, post: Post) -> dict[str, Any]:
        old = self.spelling == "tweet"
        text, entities, note = self._text(post)
        shown: dict[str, Any] = {
            "id": post.id,
            "text": text,
            "author_id": post.author.id,
            "created_at": time(post.at),
            "conversation_id": post.conversation,
            "lang": post.lang,
            "possibly_sensitive": False,
            "reply_settings": "everyone",
            "display_text_range": [len(post.prefix), len(text)],
            f"edit_history_{self.spelling}_ids": list(post.chain),
            "edit_controls": {
                "edits_remaining": EDITS + 1 - len(post.chain),
                "is_edit_eligible": not post.reply_to,
                "editable_until": time(post.at + EDIT_WINDOW),
            },
            "entities": entities,
            f"referenced_{self.spelling}s": self._referenced(post),
            f"note_{self.spelling}": note,
            "public_metrics": {
                "retweet_count" if old else "repost_count": 0,
                "reply_count": self._count(post, "reply_to"),
                "like_count": len(post.likes),
                "quote_count": self._count(post, "quote_of"),
                "bookmark_count": 0,
                "impression_count": 1,
            },
        }
        parent = self.world.posts.get(post.reply_to or "")
        if parent:
            shown["in_reply_to_user_id"] = parent.author.id
        self._attach(shown, post.media)
        return _kept(shown, "post", self.wish.post)

    def _text(self, post: Post) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
        """Text and entities as X gives them, and the whole of a note post."""
        people = self.world.mentioned(post)
        addresses = self._addresses(post)
        whole, entities = _linked(post.whole, addresses, people)
        if parse_tweet(post.text).weightedLength <= LONG:
            return whole, entities, None
        short = post.whole[: LONG - 1].rsplit(" ", 1)[0] + "…"
        text, cut = _linked(short, addresses, people)
        return text, cut, {"text": whole, "entities": entities}

    def _addresses(self, post: Post) -> list[str]:
        """What X appends to a text as links: the quoted post, and pictures."""
        site = "https://x.com/"
        quoted = self.world.posts.get(post.quote_of or "")
        quotes = [f"{site}{quoted.author.username}/status/{quoted.id}"] if quoted else []
        photo = [f"{site}{post.author.username}/status/{post.id}/photo/1"] if post.media else []
        return quotes + photo

    def _referenced(self, post: Post) -> list[dict[str, str]]:
        kinds = {
            "replied_to": post.reply_to,
            "quoted": post.quote_of,
            "retweeted": post.repost_of,
        }
        return [{"type": kind, "id": each} for kind, each in kinds.items() if each]

    def _count(self, post: Post, how: str) -> int:
        return sum(getattr(each, how) in post.chain for each in self.world.current())

    def _attach(self, shown: dict[str, Any], ids: Iterable[str]) -> None:
        found = [self.world.media[each] for each in ids if each in self.world.media]
        if found:
            shown["attachments"] = {"media_keys": [media.key for media in found]}
            if "attachments.media_keys" in self.wish.expansions:
                self._media.update({media.id: media for media in found})

    def _user(self, person: Person) -> dict[str, Any]:
        viewer = self.viewer
        shown: dict[str, Any] = {
            "id": person.id,
            "name": person.name,
            "username": person.username,
            "created_at": time(person.created_at),
            "description": person.description,
            "protected": person.protected,
            "verified": person.verified,
            "verified_type": "blue" if person.verified else "none",
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{person.id}/a_normal.jpg",
            "public_metrics": {
                "followers_count": person.followers,
                "following_count": len(person.follows),
                f"{self.spelling}_count": 1,
                "listed_count": 0,
                "like_count": 0,
                "media_count": 0,
            },
        }
        if viewer and viewer is not person:
            follows, followed = person.id in viewer.follows, viewer.id in person.follows
            shown["connection_status"] = [
                name for name, is_so in (("following", follows), ("followed_by", followed)) if is_so
            ]
            shown["receives_your_dm"] = lets_write(person, viewer)
        return shown

    def _shown_media(self, media: Media) -> dict[str, Any]:
        shown = {
            "media_key": media.key,
            "type": media.kind,
            "url": f"https://pbs.twimg.com/media/{media.id}.png",
            "alt_text": media.alt,
            "width": 8,
            "height": 8,
        }
        if media.kind == "video":
            shown["preview_image_url"] = shown.pop("url")
        return _kept(shown, "media", self.wish.media)


def lets_write(person: Person, sender: Person) -> bool:
    """Whether a person's settings let somebody send them a message."""
    if sender.id in person.blocks:
        return False
    verified = person.dm == "verified" and sender.verified
    return person.dm == "all" or verified or (person.dm != "none" and sender.id in person.follows)


def legacy_message(message: Message, world: World, viewer: Person) -> dict[str, Any]:
    """A message as the activity events of X carry it."""
    page = Page(world, "tweet", EVERYTHING, viewer)
    event = {
        "type": "message_create",
        "id": message.id,
        "created_timestamp": str(int(message.at.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": message.to.id},
            "sender_id": message.sender.id,
            "message_data": {
                "text": _escaped(message.text),
                "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
            },
        },
    }
    users = {p.id: {"data": page.user(p)} for p in (message.sender, message.to)}
    return {"direct_message_events": [event], "users": users}


def _kept(shown: dict[str, Any], kind: str, wanted: frozenset[str] | None) -> dict[str, Any]:
    full = {k: v for k, v in shown.items() if v not in (None, {}, []) or k == "connection_status"}
    return full if wanted is None else {k: full[k] for k in full if k in ALWAYS[kind] | wanted}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _short(address: str) -> str:
    return "https://t.co/" + hashlib.sha256(address.encode()).hexdigest()[:10]


def _linked(text: str, more: list[str], people: list[Person]) -> tuple[str, dict[str, Any]]:
    """The text with t.co links and HTML escapes, and entities by the places in that text."""
    urls: list[dict[str, Any]] = []
    pieces, at = "", 0
    for found in extract_urls_with_indices(text):
        start, end = found["indices"]
        pieces += _escaped(text[at:start])
        address = found["url"] if "://" in found["url"] else f"http://{found['url']}"
        urls.append(_link(address, len(pieces)))
        pieces += urls[-1]["url"]
        at = end
    pieces += _escaped(text[at:])
    for address in more:
        pieces += " " if pieces else ""
        urls.append(_link(address, len(pieces)))
        pieces += urls[-1]["url"]
    entities = {"urls": urls, "mentions": _mentions(pieces, people)}
    return pieces, {name: each for name, each in entities.items() if each}


def _link(address: str, start: int) -> dict[str, Any]:
    url = _short(address)
    return {
        "start": start,
        "end": start + len(url),
        "url": url,
        "expanded_url": address,
        "display_url": address.split("://", 1)[1][:27],
    }


def _mentions(text: str, people: list[Person]) -> list[dict[str, Any]]:
    ids = {person.username.lower(): person.id for person in people}
    return [
        {"start": m.start(), "end": m.end(), "username": m[1], "id": ids[m[1].lower()]}
        for m in NAME.finditer(text)
        if m[1].lower() in ids
    ]
