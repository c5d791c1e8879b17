"""One running practice network: world, people, clock, what goes wrong, and who may call."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.delivery import Delivery, Faults
from sanderling.networks.practice.journal import Lines, recall
from sanderling.networks.practice.pictures import Pictures
from sanderling.networks.practice.scenario import load
from sanderling.networks.practice.simulation import Simulation
from sanderling.networks.practice.storm import Storm
from sanderling.networks.practice.wire import Problem
from sanderling.networks.practice.world import Event, Moment

FASTEST = 3600.0
LONGEST_NAP = 5.0
"""Seconds on the wall that people live through at once; after a longer sleep they go on."""
READS_PER_WINDOW, WRITES_PER_WINDOW = 3000, 1000
READ_WINDOW_S, WRITE_WINDOW_S = 900, 3600


@dataclass
class Meter:
    """Calls of one kind in the current window of time."""

    most: int
    window_s: int
    used: int = 0
    ends: float = 0.0

    def count(self, now: float) -> dict[str, str]:
        """Count one call at epoch second `now`; the headers to tell. Raises Problem if over."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.window_s
        self.used += 1
        headers = {
            "x-ratelimit-limit": str(self.most),
            "x-ratelimit-remaining": str(max(0, self.most - self.used)),
            "x-ratelimit-reset": str(int(self.ends) + 1),
        }
        if self.used > self.most:
            raise too_many(now, self.ends, headers)
        return headers


def too_many(now: float, until: float, headers: dict[str, str] | None = None) -> Problem:
    """The answer to a caller who must wait until epoch second `until`."""
    wait = max(1, int(until - now) + 1)
    told = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{until:.3f}"}
    return Problem(
        429, "Too many calls: wait a little.", {**(headers or {}), **told, "retry-after": str(wait)}
    )


@dataclass
class Tokens:
    """The secrets of this network: the brand account's, and the one for those who run it."""

    account: str
    admin: str
    meters: dict[str, Meter] = field(
        default_factory=lambda: {
            "read": Meter(READS_PER_WINDOW, READ_WINDOW_S),
            "write": Meter(WRITES_PER_WINDOW, WRITE_WINDOW_S),
        }
    )


class Service:
    """A practice network in the folder `data`, brought to life at `now` (UTC).

    `speed` is how many seconds of the story pass in one on the wall; 0 lets the people stand still.
    `close` lets go of the folder.
    Raises CannotServe where the folder is in use or damaged, or the scenario is not known.
    """

    def __init__(self, data: Path, scenario: str, seed: int | None, now: datetime) -> None:
        self.data = data
        self.news = asyncio.Event()
        self.pictures = Pictures(data / "uploads")
        self.speed = 0.0
        self.faults = Faults()
        self.throttled_until = 0.0
        self._now = now
        self.storm: Storm | None = None
        with ExitStack() as opened:
            journal = opened.enter_context(closing(Lines(data / "journal.jsonl")))
            told = opened.enter_context(closing(Lines(data / "delivered.log")))
            self.world = recall(journal, born=int(now.timestamp()))
            self.rng = Random(self.world.born)
            self.delivery = Delivery(self.world, told, self.faults, self.rng)
            self.simulation = Simulation(self.world)
            self._start_story(scenario, seed, now)
            self.close = opened.pop_all().close
        self.world.listeners.append(self._wake)
        self.tokens = self._known_tokens()

    def _start_story(self, scenario: str, seed: int | None, now: datetime) -> None:
        """Begin the scenario unless it is under way; a new network has some history already."""
        story = load(scenario)
        wanted = (scenario, story.seed if seed is None else seed)
        began = self.world.began
        if began and (began[0].scenario, began[0].seed) == wanted:
            return
        history = 0.0 if self.world.log else story.history_minutes * 60
        start = now - timedelta(seconds=history)
        tick = self.simulation.tick
        self.simulation.begin(scenario, seed, Moment(start, tick))
        self.simulation.run(tick + history, lambda then: start + timedelta(seconds=then - tick))

    def _known_tokens(self) -> Tokens:
        try:
            known = json.loads((self.data / "practice.json").read_text("utf-8"))
            return Tokens(account=str(known["token"]), admin=str(known["admin"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Tokens(account=secrets.token_urlsafe(24), admin=secrets.token_urlsafe(24))

    def write_card(self, url: str) -> None:
        """Leave `practice.json`, readable by its owner only: how to connect to this network."""
        card = {
            "url": url,
            "token": self.tokens.account,
            "account": {"id": CARE.id, "handle": CARE.handle, "name": CARE.name},
            "admin": self.tokens.admin,
        }
        half = self.data / "practice.json.new"
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(card, file, indent=2)
        half.rename(self.data / "practice.json")

    # Time

    def set_speed(self, speed: float, now: datetime) -> None:
        """From `now` on a second on the wall is `speed` seconds of the story."""
        if not 0 <= speed <= FASTEST:
            raise Problem(422, f"The speed must be between 0 and {FASTEST:.0f}.")
        self.catch_up(now)
        self.speed = speed

    def catch_up(self, now: datetime) -> None:
        """Let everything happen that is due by `now`."""
        passed = min(max(0.0, (now - self._now).total_seconds()), LONGEST_NAP)
        self._now = now
        if self.speed:
            until = self.simulation.tick + passed * self.speed
            speed = self.speed
            self.simulation.run(until, lambda tick: now - timedelta(seconds=(until - tick) / speed))
        if self.storm:
            self.storm.blow(Moment(now, self.simulation.tick))
        if self.delivery.release(now):
            self._wake(None)

    def blow(self, posts: int, seconds: float, scenario: str, now: datetime) -> None:
        """Let so many posts come within so many seconds, besides all that happens anyway."""
        load(scenario)
        self.storm = Storm(self.world, posts=posts, seconds=seconds, begun=now, scenario=scenario)

    def turn_to(
        self, scenario: str, now: datetime, *, seed: int | None = None, skip: float = 0.0
    ) -> None:
        """From `now` on tell another scenario, with its own people besides those already there,
        and without its first `skip` minutes."""
        self.simulation.begin(scenario, seed, self.moment(now), skip=skip)

    def advance(self, seconds: float, now: datetime) -> None:
        """Let `seconds` of the story pass at once, all of it stamped `now`."""
        self.catch_up(now)
        self.simulation.run(self.simulation.tick + seconds, lambda tick: now)

    def moment(self, now: datetime) -> Moment:
        """`now` as a moment of this world, with everything due before it done."""
        self.catch_up(now)
        return Moment(now, self.simulation.tick)

    # What goes wrong

    def set_faults(self, faults: Faults, now: datetime) -> None:
        """From `now` on these things go wrong, and no others."""
        self.faults = self.delivery.faults = faults
        self.throttled_until = now.timestamp() + faults.throttle_s if faults.throttle_s else 0.0
        self.delivery.release(now)
        self._wake(None)

    def _wake(self, _: Event | None) -> None:
        """Wake every stream that waits for news."""
        self.news.set()
        self.news = asyncio.Event()

    def happens(self, share: float) -> bool:
        """Whether something with this chance happens now."""
        return self.rng.random() < share

    def admit(self, kind: str, token: str, now: datetime) -> dict[str, str]:
        """Let the account's call pass, and say how many more may; raises Problem."""
        epoch = now.timestamp()
        if self.faults.unreachable:
            raise Problem(503, "The network is down for the moment.")
        if self.faults.sign_in_lost or not secrets.compare_digest(token, self.tokens.account):
            raise Problem(401, "This token is not, or no longer, valid.")
        if epoch < self.throttled_until:
            raise too_many(epoch, self.throttled_until)
        return self.tokens.meters[kind].count(epoch)

    def admit_admin(self, token: str) -> None:
        """Let only those pass who run this network; raises Problem."""
        if not secrets.compare_digest(token, self.tokens.admin):
            raise Problem(401, "Only who runs this network may do this: see practice.json.")
