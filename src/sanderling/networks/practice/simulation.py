"""The story goes on: who does what next, and doing it.

Two things make the network move: arrivals (someone opens a matter, or a bystander joins in) and
the intentions of those who are in the middle of something. Both follow from the log and the seed,
so a story that is told again, or goes on after a stop, is the same story.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from random import Random

from sanderling.networks.practice.acting import Matter, Saying, go_on, join_in, open_matter
from sanderling.networks.practice.cast import BRAND, CARE, cast
from sanderling.networks.practice.people import HOUR, Intention, Mind, intend, remember
from sanderling.networks.practice.phrases import Book
from sanderling.networks.practice.scenario import Phase, Scenario, draw, load
from sanderling.networks.practice.world import (
    Began,
    Deleted,
    Edited,
    Event,
    Joined,
    Liked,
    Moment,
    Picture,
    Post,
    Posted,
    Refusal,
    World,
    Writing,
)

Stamp = Callable[[float], datetime]
REST = 2 * HOUR
FOLLOWERS_OF_CARE = 0.45
RECENT = 80
JOINING = ("echo", "quote", "like", "repost")


class Simulation:
    """The people of a world, and what they are about to do. `tick` is the second of the story."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tick = 0.0
        self.minds: dict[str, Mind] = {}
        self.plans: dict[str, Intention] = {}
        self._arrival: tuple[float, int | Phase] | None = None
        for event in world.log:
            self._hear(event)
        world.listeners.append(self._hear)
        while self._arrival and self._arrival[0] <= self.tick:
            self._arrival = next(self._arrivals, None)

    def begin(self, name: str, seed: int | None, when: Moment, *, skip: float = 0.0) -> None:
        """Tell the scenario called `name` from now on, without its first `skip` minutes; its people
        join those already there."""
        scenario = load(name)
        seed = scenario.seed if seed is None else seed
        self.world.begin(name, seed, when, skip=skip)
        rng = Random(f"{seed}:{name}:follows")
        for person in (*BRAND, *cast(name, scenario, seed)):
            self.world.join(person, when)
            if person.character and rng.random() < FOLLOWERS_OF_CARE:
                self.world.follow(person.id, CARE.id, when)

    def run(self, until: float, stamp: Stamp) -> None:
        """Let everything happen that is due by second `until`; `stamp` says when on the wall."""
        while (due := self._next()) and due[0] <= until:
            self.tick = max(self.tick, due[0])
            due[1](Moment(stamp(self.tick), self.tick))
        self.tick = max(self.tick, until)

    def let_open(self, who: str, matter: Matter, when: Moment, text: str = "") -> Post:
        """Let someone of the story open a matter now, in their own words or in `text`."""
        person = self.world.person(who)
        mind = self.minds.get(person.id)
        if mind is None:
            raise Refusal(f"@{person.handle} belongs to the brand: nobody moves it but its owner.")
        rng = Random(f"{self.seed}:{person.id}:{mind.matters}:let")
        try:
            saying = open_matter(mind, matter, self.book, rng)
        except KeyError as error:
            raise Refusal(f"Nobody knows what to write: {error.args[0]}.") from None
        if text:
            saying = Saying(Writing(text=text, lang=person.lang), saying.why)
        return self._say(person.id, saying, when)

    # What happens in the heads

    def _hear(self, event: Event) -> None:
        self.tick = max(self.tick, event.tick)
        match event.what:
            case Began():
                self._turn_to(event.what, event.tick)
            case Joined(person) if person.character:
                self.minds[person.id] = Mind(person=person)
            case Posted(post) if post.why and post.writing.lang:
                self.book.used[f"{post.writing.lang}.{post.why.line}"] += 1
        for mind in self._concerned(event):
            remember(mind, event)
            self._plan(mind)

    def _turn_to(self, began: Began, tick: float) -> None:
        self.name, self.seed, self.begun = began.scenario, began.seed, tick
        self.scenario: Scenario = load(began.scenario).after(began.skip)
        self.book = Book(began.seed)
        self._arrivals = self._arriving()
        self._arrival = next(self._arrivals, None)

    def _concerned(self, event: Event) -> Iterator[Mind]:
        """Whose memory this belongs to: the one who acted, and whom the brand spoke to."""
        match event.what:
            case Posted(post):
                ids = [post.author] if post.author in self.minds else self._spoken_to(post)
            case Edited(post_id) | Deleted(post_id):
                ids = [self.world.posts[post_id].author]
            case Liked(_, who):
                ids = [who]
            case _:
                ids = []
        return (self.minds[person] for person in ids if person in self.minds)

    def _spoken_to(self, post: Post) -> list[str]:
        if post.writing.to:
            return [post.writing.to]
        if post.writing.reply_to:
            return [self.world.posts[post.writing.reply_to].author]
        return self.world.mentions(post.writing.text)

    def _plan(self, mind: Mind) -> None:
        intention = intend(mind, self.seed)
        if intention:
            self.plans[mind.person.id] = intention
        else:
            self.plans.pop(mind.person.id, None)

    # What happens next

    def _next(self) -> tuple[float, Callable[[Moment], None]] | None:
        """The earliest thing to come, as its tick and what to do then."""
        who = min(self.plans, key=lambda person: self.plans[person].tick, default=None)
        if self._arrival and (not who or self._arrival[0] < self.plans[who].tick):
            return self._arrival[0], self._arrive
        if who:
            return self.plans[who].tick, lambda when: self._carry_out(who, when)
        return None

    def _arriving(self) -> Iterator[tuple[float, int | Phase]]:
        """Everybody who comes by, in order: numbers are people, phases let the brand speak."""
        said = sorted((p.start * 60, p) for p in self.scenario.phases if p.says)
        tick: float | None = 0.0
        number = 0
        while tick is not None:
            tick = self.scenario.next_arrival(tick, self.seed, number)
            while said and (tick is None or said[0][0] < tick):
                at, phase = said.pop(0)
                yield self.begun + at, phase
            if tick is not None:
                yield self.begun + tick, number
            number += 1

    def _arrive(self, when: Moment) -> None:
        """Let the next one who comes by do what they came for."""
        assert self._arrival is not None  # only called for an arrival
        who = self._arrival[1]
        self._arrival = next(self._arrivals, None)
        if isinstance(who, Phase):
            self._announce(who, when)
            return
        rng = Random(f"{self.seed}:{self.name}:act:{who}")
        phase = self.scenario.phase(when.tick - self.begun)
        act = draw((phase and phase.acts) or self.scenario.acts, rng)
        topic = draw((phase and phase.topics) or self.scenario.topics, rng)
        post = self._talked_about(act, when, rng) if act in JOINING else None
        mind = self._anyone(when, rng, post)
        if mind and post:
            self._join_in(mind, act, post, topic, when)
        elif mind and act not in JOINING:
            place = phase.place if phase and topic == "outage" else ""
            saying = open_matter(mind, Matter(act, topic, place), self.book, rng)
            self._say(mind.person.id, saying, when)

    def _announce(self, phase: Phase, when: Moment) -> None:
        speech = phase.says
        assert speech is not None  # only phases that say something are waited for
        pictures = (Picture("/pictures/brand.png", speech.alt),) if speech.alt else ()
        author = self.world.person(speech.by)
        self.world.write(author.id, Writing(text=speech.text, pictures=pictures, lang="en"), when)

    def _join_in(self, mind: Mind, act: str, post: Post, topic: str, when: Moment) -> None:
        who = mind.person.id
        if act == "like":
            self.world.like(who, post.id, when)
        elif act == "repost":
            self.world.repost(who, post.id, when)
        else:
            rng = Random(f"{self.seed}:{who}:{post.id}:{act}")
            why = post.why
            matter = Matter(act, why.topic, why.place) if why else Matter(act, topic)
            self._say(who, join_in(mind, matter, post, self.book, rng), when)

    def _carry_out(self, who: str, when: Moment) -> None:
        """Let someone do what they meant to. What the network refuses is simply left undone."""
        mind, act = self.minds[who], self.plans.pop(who).act
        with suppress(Refusal):
            if act == "mend" and mind.repair:
                self.world.edit(who, *mind.repair, when, by_plan=True)
            elif act == "like" and mind.heard:
                self.world.like(who, mind.heard.id, when)
            elif act == "delete" and mind.opening:
                self.world.delete(who, mind.opening.id, when)
            elif act not in ("mend", "like", "delete"):
                rng = Random(f"{self.seed}:{who}:{mind.acts}:{act}")
                self._say(who, go_on(mind, act, self.world, self.book, rng), when)

    def _say(self, who: str, saying: Saying, when: Moment) -> Post:
        return self.world.write(who, saying.writing, when, why=saying.why)

    def _anyone(self, when: Moment, rng: Random, post: Post | None) -> Mind | None:
        """Someone with nothing under way: for a `post` rather one who speaks its language."""
        free = [
            mind
            for who, mind in self.minds.items()
            if who not in self.plans
            and mind.stage != "played"
            and (not mind.acts or when.tick - mind.since > REST)
            and not (post and who == post.author)
        ]
        near = [mind for mind in free if post and mind.person.lang == post.writing.lang]
        return rng.choice(near or free) if free else None

    def _talked_about(self, act: str, when: Moment, rng: Random) -> Post | None:
        """A recent public post that others join in on: the more likes and reach, the likelier."""
        latest = (self.world.posts[post] for post in self.world.public[-RECENT:])
        wanted = [
            post
            for post in latest
            if post.id not in self.world.deleted
            and not post.writing.reply_to
            and when.tick - post.tick < 2 * REST
            and (act in ("like", "repost") or not post.why or post.why.act == "complain")
        ]
        return rng.choices(wanted, [self._pull(post) for post in wanted])[0] if wanted else None

    def _pull(self, post: Post) -> float:
        """How much a post draws others in."""
        liked = len(self.world.likes[post.id]) + 2 * len(self.world.reposts[post.id])
        reach = math.log10(10 + self.world.people[post.author].followers)
        return (1 + liked) * reach
