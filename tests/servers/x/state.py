"""What the stand-in knows: people, posts, messages, pictures, and who is told of what happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

EPOCH_MS = 1_288_834_974_657
NAME = re.compile(r"(?<![A-Za-z0-9_@])@([A-Za-z0-9_]{1,15})\b")
EDITS, EDIT_WINDOW = 5, timedelta(hours=1)


@dataclass(eq=False)
class Person:
    id: str
    username: str
    name: str
    created_at: datetime
    dm: Literal["all", "followed", "verified", "none"] = "followed"
    verified: bool = False
    premium: bool = False
    protected: bool = False
    description: str = ""
    followers: int = 0
    follows: set[str] = field(default_factory=set)
    blocks: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Media:
    id: str
    owner: str
    key: str
    kind: str = "photo"
    mime: str = "image/png"
    alt: str = ""
    parts: dict[int, bytes] = field(default_factory=dict)
    ready: bool = False

    @property
    def content(self) -> bytes:
        return b"".join(self.parts[n] for n in sorted(self.parts))


@dataclass(eq=False)
class Post:
    """One wording of a post; `chain` holds the ids of all its wordings, oldest first."""

    id: str
    author: Person
    text: str
    at: datetime
    chain: list[str]
    prefix: str = ""
    conversation: str = ""
    reply_to: str | None = None
    quote_of: str | None = None
    repost_of: str | None = None
    media: tuple[str, ...] = ()
    lang: str = "en"
    made_by_app: bool = False
    hidden: bool = False
    gone: bool = False
    likes: set[str] = field(default_factory=set)

    @property
    def whole(self) -> str:
        """The text with the names that X puts before a reply."""
        return self.prefix + self.text


@dataclass(eq=False)
class Message:
    id: str
    sender: Person
    to: Person
    text: str
    at: datetime
    media: tuple[str, ...] = ()
    gone_for: set[str] = field(default_factory=set)

    @property
    def conversation(self) -> str:
        return "-".join(sorted((self.sender.id, self.to.id), key=int))


@dataclass(frozen=True)
class Happening:
    """Something that streams and webhooks tell: `kind` is X's name of the event, `of` whose."""

    kind: str
    of: Person
    thing: Any
    by: Person


class World:
    """Everything that was written, and the acts of people. Not for two threads at once."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.messages: dict[str, Message] = {}
        self.media: dict[str, Media] = {}
        self.listeners: list[Callable[[Happening], None]] = []
        self.new_posts: list[Callable[[Post], None]] = []
        self._last_id = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def new_id(self, at: datetime | None = None) -> str:
        """An id that carries its time, as X's do, and is never given twice."""
        made = (int((at or self.now()).timestamp() * 1000) - EPOCH_MS) << 22
        while str(made) in self.posts or (at is None and made <= self._last_id):
            made = max(made, self._last_id) + 1 if at is None else made + 1
        self._last_id = max(made, self._last_id)
        return str(made)

    def person(self, username: str, **more: Any) -> Person:
        person_id = more.pop("id", None) or self.new_id()
        made = Person(person_id, username, more.pop("name", username.title()), self.now(), **more)
        self.people[made.id] = made
        return made

    def named(self, username: str) -> Person | None:
        wanted = username.lower()
        return next((p for p in self.people.values() if p.username.lower() == wanted), None)

    def post(self, author: Person, text: str, **more: Any) -> Post:
        """Write a post; `reply_to`, `quote_of`, `repost_of` are ids, `at` is when (now)."""
        at = more.pop("at", None)
        post_id = self.new_id(at)
        prefix = self._prefix(author, text, more.get("reply_to"))
        made = Post(post_id, author, text, at or self.now(), [post_id], prefix, **more)
        parent = self.posts.get(made.reply_to or "")
        made.conversation = parent.conversation if parent else post_id
        self.posts[post_id] = made
        self._tell_of(made)
        return made

    def edit(self, post: Post, text: str) -> Post:
        """A new wording under a new id; the earlier ones stay findable by theirs."""
        new = Post(
            self.new_id(), post.author, text, post.at, post.chain, post.prefix, post.conversation,
            post.reply_to, post.quote_of, media=post.media, lang=post.lang, likes=post.likes,
        )  # fmt: skip
        post.chain.append(new.id)
        self.posts[new.id] = new
        self._tell_of(new)
        return new

    def newest(self, post: Post) -> Post:
        return self.posts[post.chain[-1]]

    def current(self) -> list[Post]:
        """The latest wording of every post that stands, newest first."""
        standing = (p for p in self.posts.values() if p.chain[-1] == p.id and not p.gone)
        return sorted(standing, key=lambda post: int(post.id), reverse=True)

    def delete(self, post: Post) -> None:
        for each in post.chain:
            self.posts[each].gone = True
        self._tell("post.delete", post.author, post, post.author)

    def like(self, person: Person, post: Post) -> None:
        if person.id not in post.likes:
            post.likes.add(person.id)
            self._tell("like.create", post.author, post, person)

    def follow(self, person: Person, whom: Person, undone: bool = False) -> None:
        (person.follows.discard if undone else person.follows.add)(whom.id)
        whom.followers += -1 if undone else 1
        self._tell("follow.unfollow" if undone else "follow.follow", whom, whom, person)

    def send(self, sender: Person, to: Person, text: str, **more: Any) -> Message:
        at = more.pop("at", None)
        made = Message(self.new_id(at), sender, to, text, at or self.now(), **more)
        self.messages[made.id] = made
        self._tell("dm.received", to, made, sender)
        self._tell("dm.sent", sender, made, sender)
        return made

    def mentioned(self, post: Post) -> list[Person]:
        """The people a post names, each once."""
        named = (self.named(name) for name in NAME.findall(post.whole))
        return list({person.id: person for person in named if person}.values())

    def whole(self, author: Person, text: str, reply_to: str | None) -> str:
        """The text as X would show it: a reply begins with the names of those it goes to."""
        return self._prefix(author, text, reply_to) + text

    def has_written_to(self, sender: Person, to: Person) -> bool:
        return any(m.sender is sender and m.to is to for m in self.messages.values())

    def _prefix(self, author: Person, text: str, reply_to: str | None) -> str:
        parent = self.posts.get(reply_to or "")
        if not parent:
            return ""
        names = [parent.author, *self.mentioned(parent)]
        already = {name.lower() for name in NAME.findall(text)} | {author.username.lower()}
        fresh = dict.fromkeys(p.username for p in names if p.username.lower() not in already)
        return "".join(f"@{name} " for name in fresh)

    def _tell_of(self, post: Post) -> None:
        self._tell("post.create", post.author, post, post.author)
        for person in self.mentioned(post):
            if person is not post.author:
                self._tell("post.mention.create", person, post, post.author)
        parent, quoted = self.posts.get(post.reply_to or ""), self.posts.get(post.quote_of or "")
        if parent and parent.author is not post.author:
            self._tell("post.reply.create", parent.author, post, post.author)
        if quoted and quoted.author is not post.author:
            self._tell("post.quote.create", quoted.author, post, post.author)
        for hear in self.new_posts:
            hear(post)

    def _tell(self, kind: str, of: Person, thing: Any, by: Person) -> None:
        for hear in self.listeners:
            hear(Happening(kind, of, thing, by))
