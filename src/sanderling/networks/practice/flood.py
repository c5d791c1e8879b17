"""Posts by the thousand without a server: the load generator for benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from sanderling.core.network import Author, Page, Post, Room
from sanderling.networks.practice.cast import CARE, cast
from sanderling.networks.practice.phrases import line_for, slots, texts
from sanderling.networks.practice.scenario import draw, load
from sanderling.networks.practice.world import Person

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
TAKES = {"everyone": "all", "following": "followed", "nobody": "none"}


def flood(n: int, seed: int = 0, *, page: int = 200, scenario: str = "ordinary") -> Iterator[Page]:
    """`n` plausible posts to @NorthwindCare in pages of `page`; the same for the same seed.

    About half of them come from someone who wrote before; 80 % mention us, one in eight replies to
    an earlier post, one in sixteen is a direct message. Remote ids begin with the seed, so that two
    floods with different seeds do not repeat each other.
    """
    writer = _Writer(seed, scenario)
    for start in range(0, n, page):
        posts = tuple(writer.post(i) for i in range(start, min(start + page, n)))
        yield Page(posts=posts, cursor=str(start + len(posts)), more=start + page < n)


class _Writer:
    def __init__(self, seed: int, scenario: str) -> None:
        self.seed, self.rng = seed, Random(f"flood:{seed}")
        self.story = load(scenario)
        self.models = cast(scenario, self.story, seed)
        self.openings = [self._opening(person) for person in self.models for _ in range(8)]
        self.authors: list[Author] = []
        self.recent: list[Post] = []

    def _opening(self, person: Person) -> tuple[Person, str]:
        """Something that a person might write, filled in once: filling in costs most."""
        act = draw({"complain": 55, "ask": 30, "praise": 8, "talk": 7}, self.rng)
        topic = draw(self.story.topics, self.rng)
        line = line_for(person.lang, act, topic, self.rng.randint(1, 3))
        text = self.rng.choice(texts(person.lang)[line])
        filled = text.format_map(slots(person, self.rng.randrange(1_000_000), topic))
        return person, filled

    def post(self, number: int) -> Post:
        rng = self.rng
        person, text = self.openings[int(rng.random() * len(self.openings))]
        author = self._author(person)
        direct = rng.random() < 1 / 16
        parent = self._parent() if not direct and rng.random() < 1 / 8 else None
        remote_id = f"{self.seed}-{number}"
        post = Post(
            remote_id=remote_id,
            author=author,
            text=f"{text} {number % 997}",
            created_at=BEGIN + timedelta(seconds=number),
            room=Room.DIRECT if direct else Room.PUBLIC,
            reply_to=parent.remote_id if parent else None,
            reply_to_author=parent.author.id if parent else None,
            thread=_thread(remote_id, author, direct, parent),
            counterpart=author.id if direct else None,
            mentions=(CARE.id,) if f"@{CARE.handle}" in text else (),
            lang=person.lang,
        )
        if not direct:
            self.recent = [*self.recent[-50:], post]
        return post

    def _author(self, person: Person) -> Author:
        """Somebody new, or half of the time somebody who wrote before."""
        if self.authors and self.rng.random() < 0.5:
            return self.authors[int(self.rng.random() * len(self.authors))]
        number = len(self.authors)
        author = Author(
            id=f"{self.seed}-p{number}",
            handle=f"{person.handle}{number}",
            name=person.name,
            followers=int(self.rng.lognormvariate(5.2, 1.7)),
            follows_us=self.rng.random() < 0.45,
            takes_messages=TAKES[person.messages],  # type: ignore[arg-type]  # the keys are the rules
        )
        self.authors.append(author)
        return author

    def _parent(self) -> Post | None:
        return self.rng.choice(self.recent) if self.recent else None


def _thread(remote_id: str, author: Author, direct: bool, parent: Post | None) -> str:
    if direct:
        return f"direct-{CARE.id}-{author.id}"
    return (parent.thread if parent else None) or remote_id
