"""The practice network itself: an append-only log of what happened, and the rules of what may.

Everything the network knows follows from its log, so a world that reads its log again is the same
world. Nothing here knows the time, the wire or the people's minds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

import msgspec

from sanderling.core.text import length

PUBLIC_LENGTH = 280
DIRECT_LENGTH = 10_000

Room = Literal["public", "direct"]
MENTION = re.compile(r"(?<![\w@])@(\w{1,40})")
LINK = re.compile(r"https?://[^\s<>\"]+")


class Refusal(Exception):
    """The network will not do this; the sentence is for people."""


class Character(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a person react as they do.

    `patience` is in seconds of the story's time; `persistence` is how often they ask again before
    they give up; `comes` is how likely an invitation to direct messages is taken up.
    """

    temper: str
    patience: float
    persistence: int
    comes: float
    style: str = "plain"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone with an account. A brand's account has no character: only its owner moves it."""

    id: str
    handle: str
    name: str
    lang: str
    followers: int
    messages: Literal["everyone", "following", "nobody"] = "everyone"
    bio: str = ""
    character: Character | None = None


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What a person of the story meant by a post: their memory of it. Never leaves the server."""

    act: str
    topic: str = ""
    mood: int = 1
    place: str = ""
    line: str = ""
    repair: str | None = None


class Picture(msgspec.Struct, frozen=True):
    """A picture as a path on this server, with its description."""

    path: str
    alt: str


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """What someone wants to say, and where."""

    text: str
    room: Room = "public"
    reply_to: str | None = None
    quote_of: str | None = None
    to: str | None = None
    pictures: tuple[Picture, ...] = ()
    lang: str | None = None


class Moment(msgspec.Struct, frozen=True):
    """When: by the clock on the wall (UTC), and in seconds of the story."""

    at: datetime
    tick: float


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """What was said. `thread` is the first post's id in public, the pair's name in direct."""

    id: str
    author: str
    writing: Writing
    thread: str
    at: datetime
    tick: float
    edited_at: datetime | None = None
    key: str | None = None
    why: Why | None = None


class Began(msgspec.Struct, frozen=True, tag="began"):
    """From here on the story follows this scenario, without its first `skip` minutes."""

    scenario: str
    seed: int
    skip: float = 0.0


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    """Someone opened an account."""

    person: Person


class Followed(msgspec.Struct, frozen=True, tag="followed"):
    """`who` follows `whom`."""

    who: str
    whom: str


class Posted(msgspec.Struct, frozen=True, tag="posted"):
    """Someone said something."""

    post: Post


class Edited(msgspec.Struct, frozen=True, tag="edited"):
    """The author changed the wording. `by_plan`: a person of the story mended a slip."""

    post: str
    text: str
    by_plan: bool = False


class Deleted(msgspec.Struct, frozen=True, tag="deleted"):
    """The author took a post back."""

    post: str


class Liked(msgspec.Struct, frozen=True, tag="liked"):
    """Someone likes a post, or (`undone`) no longer."""

    post: str
    who: str
    undone: bool = False


class Reposted(msgspec.Struct, frozen=True, tag="reposted"):
    """Someone passed a post on, or (`undone`) took that back."""

    post: str
    who: str
    undone: bool = False


What = Began | Joined | Followed | Posted | Edited | Deleted | Liked | Reposted


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log; `seq` counts from 1 without gaps."""

    seq: int
    at: datetime
    tick: float
    what: What


class World:
    """Who is there and what was said. `born` makes post ids differ from those of any other world.

    Acts raise Refusal where the network's rules forbid them. `listeners` hear every new event, the
    journal first.
    """

    def __init__(self, born: int, listeners: Iterable[Callable[[Event], None]] = ()) -> None:
        self.born = born
        self.listeners = list(listeners)
        self.log: list[Event] = []
        self.people: dict[str, Person] = {}
        self.handles: dict[str, str] = {}
        self.posts: dict[str, Post] = {}
        self.deleted: set[str] = set()
        self.public: list[str] = []
        self.replies: defaultdict[str, list[str]] = defaultdict(list)
        self.threads: defaultdict[str, list[str]] = defaultdict(list)
        self.follows: set[tuple[str, str]] = set()
        self.likes: defaultdict[str, set[str]] = defaultdict(set)
        self.reposts: defaultdict[str, set[str]] = defaultdict(set)
        self.keys: dict[tuple[str, str], str] = {}
        self.wrote_to: set[tuple[str, str]] = set()
        self.began: tuple[Began, float] | None = None

    def apply(self, event: Event) -> None:
        """Let the world be as after `event`: the only place where it changes."""
        self.log.append(event)
        match event.what:
            case Began():
                self.began = (event.what, event.tick)
            case Joined(person):
                self.people[person.id] = person
                self.handles[person.handle.casefold()] = person.id
            case Followed(who, whom):
                self.follows.add((who, whom))
            case Posted(post):
                self._keep(post)
            case Edited(post_id, text):
                post = self.posts[post_id]
                writing = msgspec.structs.replace(post.writing, text=text)
                self.posts[post_id] = msgspec.structs.replace(
                    post, writing=writing, edited_at=event.at
                )
            case Deleted(post_id):
                self.deleted.add(post_id)
            case Liked(post_id, who, undone):
                _mark(self.likes[post_id], who, undone)
            case Reposted(post_id, who, undone):
                _mark(self.reposts[post_id], who, undone)

    def _keep(self, post: Post) -> None:
        self.posts[post.id] = post
        self.threads[post.thread].append(post.id)
        if post.writing.room == "public":
            self.public.append(post.id)
        if post.writing.reply_to:
            self.replies[post.writing.reply_to].append(post.id)
        if post.writing.to:
            self.wrote_to.add((post.author, post.writing.to))
        if post.key:
            self.keys[post.author, post.key] = post.id

    def _happen(self, what: What, when: Moment) -> Event:
        event = Event(seq=len(self.log) + 1, at=when.at, tick=when.tick, what=what)
        self.apply(event)
        for listener in self.listeners:
            listener(event)
        return event

    # What people may do

    def begin(self, scenario: str, seed: int, when: Moment, *, skip: float = 0.0) -> None:
        """Let the story follow another scenario from now on, without its first minutes."""
        self._happen(Began(scenario, seed, skip), when)

    def join(self, person: Person, when: Moment) -> None:
        """Open an account; one that exists already stays as it is."""
        if person.id not in self.people:
            self._happen(Joined(person), when)

    def follow(self, who: str, whom: str, when: Moment) -> None:
        """Let `who` follow `whom`; twice is the same as once."""
        if (who, whom) not in self.follows:
            self._happen(Followed(who, whom), when)

    def write(
        self,
        who: str,
        writing: Writing,
        when: Moment,
        key: str | None = None,
        why: Why | None = None,
    ) -> Post:
        """Say something. A `key` used before by the same account answers with its first post."""
        if key and (known := self.keys.get((who, key))):
            return self.posts[known]
        self._check(who, writing)
        post_id = str(self.born * 1_000_000 + len(self.log) + 1)
        post = Post(
            id=post_id,
            author=who,
            writing=writing,
            thread=self._thread(who, writing) or post_id,
            at=when.at,
            tick=when.tick,
            key=key,
            why=why,
        )
        self._happen(Posted(post), when)
        return post

    def edit(self, who: str, post_id: str, text: str, when: Moment, by_plan: bool = False) -> Post:
        """Change the wording of one's own post."""
        post = self._own(who, post_id)
        _check_text(text, post.writing.room)
        self._happen(Edited(post_id, text, by_plan), when)
        return self.posts[post_id]

    def delete(self, who: str, post_id: str, when: Moment) -> None:
        """Take one's own post back."""
        self._own(who, post_id)
        self._happen(Deleted(post_id), when)

    def like(self, who: str, post_id: str, when: Moment, undone: bool = False) -> None:
        """Like a post or take that back; twice is the same as once."""
        self.readable(who, post_id)
        if (who in self.likes[post_id]) == undone:
            self._happen(Liked(post_id, who, undone), when)

    def repost(self, who: str, post_id: str, when: Moment, undone: bool = False) -> None:
        """Pass a public post on or take that back; twice is the same as once."""
        if self.readable(who, post_id).writing.room == "direct":
            raise Refusal("A direct message cannot be reposted.")
        if (who in self.reposts[post_id]) == undone:
            self._happen(Reposted(post_id, who, undone), when)

    # What can be asked

    def person(self, name: str) -> Person:
        """Whom an id or a handle (with or without @) means; raises Refusal."""
        known = self.people.get(name) or self.people.get(
            self.handles.get(name.removeprefix("@").casefold(), "")
        )
        if not known:
            raise Refusal(f"There is nobody called {name[:60]} here.")
        return known

    def readable(self, who: str | None, post_id: str) -> Post:
        """The post, if it stands and `who` may read it; raises Refusal."""
        post = self.posts.get(post_id)
        if not post or post_id in self.deleted or not may_read(who, post):
            raise Refusal("This post is gone, or never was.")
        return post

    def may_message(self, who: str, whom: str) -> bool:
        """May `who` write a direct message to `whom`? Whoever wrote first may be answered."""
        if (whom, who) in self.wrote_to:
            return True
        rule = self.people[whom].messages
        return rule == "everyone" or (rule == "following" and (whom, who) in self.follows)

    def mentions(self, text: str) -> list[str]:
        """Ids of the people whose handles stand in `text`, each once."""
        found = (self.handles.get(handle.casefold()) for handle in MENTION.findall(text))
        return list(dict.fromkeys(person for person in found if person))

    def _thread(self, who: str, writing: Writing) -> str | None:
        if writing.to:
            return "direct-" + "-".join(sorted((who, writing.to)))
        return self.posts[writing.reply_to].thread if writing.reply_to else None

    def _own(self, who: str, post_id: str) -> Post:
        post = self.readable(who, post_id)
        if post.author != who:
            raise Refusal("Only its author may change or delete a post.")
        return post

    def _check(self, who: str, writing: Writing) -> None:
        _check_text(writing.text, writing.room)
        if (writing.room == "direct") != bool(writing.to):
            raise Refusal("A direct message needs someone to go to, and a public post has nobody.")
        if len(writing.pictures) > 4:
            raise Refusal("A post can carry four pictures.")
        for other in filter(None, (writing.reply_to, writing.quote_of)):
            self._check_other(who, other, writing)
        if writing.to:
            self._check_message(who, writing.to)

    def _check_other(self, who: str, post_id: str, writing: Writing) -> None:
        other = self.posts.get(post_id)
        if not other or post_id in self.deleted or not may_read(who, other):
            raise Refusal("The post that this one refers to is gone.")
        if other.writing.room != writing.room:
            raise Refusal("What was said in direct messages cannot be answered in public.")

    def _check_message(self, who: str, whom: str) -> None:
        person = self.person(whom)
        if person.id == who:
            raise Refusal("Nobody can write a direct message to themselves.")
        if not self.may_message(who, person.id):
            rule = {"following": "only takes messages from accounts they follow"}
            raise Refusal(f"@{person.handle} {rule.get(person.messages, 'takes no messages')}.")


def may_read(who: str | None, post: Post) -> bool:
    """Everyone reads public posts; a direct message only its two people."""
    return post.writing.room == "public" or who in (post.author, post.writing.to)


def _check_text(text: str, room: Room) -> None:
    if not text.strip():
        raise Refusal("There is nothing to say here: the text is empty.")
    if room == "public" and length(text, "weighted") > PUBLIC_LENGTH:
        raise Refusal(f"A public post can have {PUBLIC_LENGTH} characters; this one has more.")
    if len(text) > DIRECT_LENGTH:
        raise Refusal(f"A direct message can have {DIRECT_LENGTH:,} characters; this one has more.")


def _mark(people: set[str], who: str, undone: bool) -> None:
    if undone:
        people.discard(who)
    else:
        people.add(who)
