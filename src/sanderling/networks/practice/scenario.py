"""Scenarios, as data: how busy the network is, what people write about, what happens when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from random import Random

import msgspec

from sanderling.networks.practice.journal import CannotServe

FOLDER = Path(__file__).parent / "scenarios"
HOUR = 3600.0
STEP = 60.0
LOOK_AHEAD = 7 * 24 * HOUR


class Speech(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one of the brand's own accounts says when a phase begins."""

    by: str
    text: str
    alt: str = ""


class Phase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of the story, in minutes after it began, that is not like the rest of the day.

    `times` multiplies the day's rate, reached over `rise` minutes and left the same way; `acts`,
    `topics` and `place` replace the scenario's own while it lasts.
    """

    name: str
    start: float
    end: float
    times: float = 1.0
    rise: float = 1.0
    acts: dict[str, float] = {}
    topics: dict[str, float] = {}
    place: str = ""
    says: Speech | None = None

    def strength(self, minute: float) -> float:
        """From 0 (not yet, or over) to 1 (in full) at `minute`."""
        rising = (minute - self.start) / self.rise
        falling = (self.end - minute) / self.rise
        return max(0.0, min(1.0, rising, falling))


class Drill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a story is played as a drill: from minute `skip` of it on, at `speed`, for so many
    `minutes` on the wall. It is `about` these topics, which nobody else writes about."""

    minutes: int
    speed: float
    skip: float
    about: tuple[str, ...]


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A story that the practice network can tell.

    `opens_at` is the hour of the day at which it begins; `rates` are arrivals an hour, for each
    hour of the day; `history_minutes` of it have already happened when a new network opens.
    `drill`: people can practise on it.
    """

    title: str
    seed: int
    people: int
    opens_at: float
    history_minutes: float
    rates: tuple[float, ...]
    languages: dict[str, float]
    tempers: dict[str, float]
    acts: dict[str, float]
    topics: dict[str, float]
    phases: tuple[Phase, ...] = ()
    drill: Drill | None = None

    def __post_init__(self) -> None:
        if len(self.rates) != 24:
            raise ValueError("rates must name all 24 hours of the day")

    def after(self, minutes: float) -> Scenario:
        """The same story without its first minutes."""
        replace = msgspec.structs.replace
        phases = (replace(p, start=p.start - minutes, end=p.end - minutes) for p in self.phases)
        return replace(self, opens_at=self.opens_at + minutes / 60, phases=tuple(phases))

    def rate(self, tick: float) -> float:
        """Arrivals an hour at second `tick` of the story."""
        hour = self.opens_at + tick / HOUR
        before, share = int(hour), hour % 1
        day = self.rates[before % 24] * (1 - share) + self.rates[(before + 1) % 24] * share
        factor = 1.0
        for phase in self.phases:
            factor += (phase.times - 1) * phase.strength(tick / 60)
        return day * factor

    def phase(self, tick: float) -> Phase | None:
        """The phase that colours what is written at `tick`; the strongest if there are several."""
        minute = tick / 60
        strong = max(self.phases, key=lambda phase: phase.strength(minute), default=None)
        return strong if strong and strong.strength(minute) > 0 else None

    def next_arrival(self, after: float, seed: int, number: int) -> float | None:
        """When the `number`-th arrival comes, given that the one before came at `after`.

        None: nobody comes any more for a week.
        """
        wanted = -math.log(1 - Random(f"{seed}:arrival:{number}").random())
        tick = after
        while tick < after + LOOK_AHEAD:
            gained = self.rate(tick) * STEP / HOUR
            if gained >= wanted:
                return tick + STEP * wanted / gained
            wanted -= gained
            tick += STEP
        return None


def load(name: str) -> Scenario:
    """The scenario called `name`; raises CannotServe with the names there are."""
    path = FOLDER / f"{name}.toml"
    if name not in scenarios():
        known = ", ".join(sorted(scenarios()))
        raise CannotServe(f"There is no scenario called {name}. There are: {known}.")
    return msgspec.toml.decode(path.read_bytes(), type=Scenario)


def drills() -> dict[str, Drill]:
    """Every scenario on which people can practise."""
    found = {name: load(name).drill for name in scenarios()}
    return {name: drill for name, drill in found.items() if drill}


def scenarios() -> dict[str, str]:
    """Every scenario's name and title."""
    return {
        path.stem: msgspec.toml.decode(path.read_bytes(), type=Scenario).title
        for path in sorted(FOLDER.glob("*.toml"))
    }


def draw(weights: Mapping[str, float], rng: Random) -> str:
    """One of the keys, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]
