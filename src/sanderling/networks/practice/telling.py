"""The practice network's JSON: how it tells its events, posts and people to one of its accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanderling.networks.practice.world import (
    LINK,
    Deleted,
    Edited,
    Event,
    Liked,
    Person,
    Post,
    Posted,
    Reposted,
    World,
)

Json = dict[str, Any]


class Teller:
    """Tells the world as account `me` may see it; addresses begin with `base`."""

    def __init__(self, world: World, me: str, base: str) -> None:
        self.world, self.me, self.base = world, me, base

    def event(self, event: Event) -> Json:
        """One event, as it was when it happened."""
        match event.what:
            case Posted(post):
                return {"type": "post", "post": self.post(post)}
            case Edited(post_id, text):
                post = self.world.posts[post_id]
                return {"type": "edit", "post": self.post(post, text, event.at)}
            case Deleted(post_id):
                room = self.world.posts[post_id].writing.room
                return {"type": "delete", "post_id": post_id, "room": room, "at": event.at}
            case Liked(post_id, who, undone):
                return self._mark("like", post_id, who, undone) | {"at": event.at}
            case Reposted(post_id, who, undone):
                return self._mark("repost", post_id, who, undone) | {"at": event.at}
            case _:
                raise ValueError(f"{type(event.what).__name__} is not told to accounts")

    def _mark(self, kind: str, post_id: str, who: str, undone: bool) -> Json:
        return {"type": kind, "post_id": post_id, "by": who, "undone": undone}

    def post(self, post: Post, text: str | None = None, edited_at: datetime | None = None) -> Json:
        """A post in the wording `text`, or its latest."""
        writing = post.writing
        text = writing.text if text is None else text
        parent = self.world.posts.get(writing.reply_to or "")
        return {
            "id": post.id,
            "author": self.person(self.world.people[post.author]),
            "text": text,
            "created_at": post.at,
            "edited_at": edited_at,
            "room": writing.room,
            "conversation": post.thread,
            "reply_to": parent and {"id": parent.id, "author": parent.author},
            "quotes": writing.quote_of,
            "with": self._other(post),
            "mentions": self.world.mentions(text),
            "lang": writing.lang,
            "pictures": [{"url": self.base + p.path, "alt": p.alt} for p in writing.pictures],
            "links": [link.rstrip(".,;:!?)") for link in LINK.findall(text)],
        }

    def person(self, person: Person) -> Json:
        """An account, as this one sees it."""
        return {
            "id": person.id,
            "handle": person.handle,
            "name": person.name,
            "followers": person.followers,
            "avatar": f"{self.base}/avatars/{person.id}.png",
            "follows_you": (person.id, self.me) in self.world.follows,
            "messages_from": person.messages,
        }

    def _other(self, post: Post) -> str | None:
        if post.writing.room == "public":
            return None
        return post.writing.to if post.author == self.me else post.author
