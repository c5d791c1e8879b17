"""A storm on the practice network: so many posts within so much time, evenly, by people who come
for it and then say no more. It measures a desk; nobody in it reacts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sanderling.core.network import Post, Room
from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.flood import flood
from sanderling.networks.practice.world import Moment, Person, World, Writing

FIRST = 3_000_000_000
"""Ids of those who come in a storm begin here, above those of the stories."""


class Storm:
    """`posts` of them within `seconds` from `begun` on."""

    def __init__(
        self, world: World, *, posts: int, seconds: float, begun: datetime, scenario: str
    ) -> None:
        self.posts, self.written = posts, 0
        self._world, self._seconds, self._begun = world, seconds, begun
        pages = flood(posts, seed=len(world.log), scenario=scenario)
        self._waiting: Iterator[Post] = (post for page in pages for post in page.posts)
        self._known: dict[str, str] = {}
        self._people: dict[str, str] = {}

    def blow(self, when: Moment) -> None:
        """Write everything that is due at this moment."""
        passed = (when.at - self._begun).total_seconds() / self._seconds
        due = min(self.posts, int(self.posts * passed))
        while self.written < due:
            self._write(next(self._waiting), when)
            self.written += 1

    def _write(self, post: Post, when: Moment) -> None:
        direct = post.room is Room.DIRECT
        writing = Writing(
            text=post.text,
            room="direct" if direct else "public",
            reply_to=self._known.get(post.reply_to or ""),
            to=CARE.id if direct else None,
            lang=post.lang,
        )
        self._known[post.remote_id] = self._world.write(self._who(post, when), writing, when).id

    def _who(self, post: Post, when: Moment) -> str:
        """Whoever writes it, who joins with their first post."""
        author = post.author
        if author.id not in self._people:
            who = Person(
                id=str(FIRST + len(self._world.people)), handle=author.handle, name=author.name,
                lang=post.lang or "en", followers=author.followers or 0,
            )  # fmt: skip
            self._world.join(who, when)
            self._people[author.id] = who.id
        return self._people[author.id]
