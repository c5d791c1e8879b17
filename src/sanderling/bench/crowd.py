"""A public that writes to nine invented brands: real posts at invented times, with incidents.

Who writes and when is invented: a daily and weekly rhythm, hours that are louder by chance, people
who write again, and now and then a brigade: few authors, or many copies. What they write are posts
of public sets. The posts of an incident stand nowhere else in the stream. Topics come in three
sorts: known to the brand (a part of their posts is in its background, which makes an incident of
them hard), never heard before, and crises.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from sanderling.training.sets import held_out, read_lines

SIZES = (12, 30, 100)
LONGEST_H = 3.0

_DAY = 86_400
_BY_HOUR = (
    12,
    8,
    5,
    4,
    4,
    6,
    12,
    22,
    34,
    42,
    46,
    48,
    50,
    50,
    48,
    46,
    48,
    54,
    60,
    64,
    62,
    52,
    36,
    22,
)
_BY_DAY = (1.05, 1.05, 1.0, 1.0, 1.05, 0.9, 0.95)
_LOUDER = 0.25
"""The standard deviation of the logarithm of an hour's loudness."""

_AGAIN = 0.15
"""The share of posts whose author wrote to the brand a short while before."""

_COPIED_WORDS = 8
"""What is copied is so long at least: of fewer words nobody can say that they were copied."""

_KNOWN = 0.4
"""The share of a known topic's posts that are heard at its usual level."""

_GAMES = (
    "Borderlands", "CallOfDuty", "Overwatch", "ApexLegends", "Dota2", "GrandTheftAuto(GTA)",
    "FIFA", "Battlefield", "MaddenNFL", "NBA2K", "RedDeadRedemption(RDR)", "Fortnite",
)  # fmt: skip
_SHOPS = ("Amazon", "HomeDepot", "johnson&johnson")
_TELECOMS = ("Verizon", "Microsoft", "Google", "Facebook")
_SHARES = {
    "bank 1": 0.12, "bank 2": 0.12, "bank 3": 0.12, "airline 1": 0.07, "airline 2": 0.07,
    "music": 0.13, "games": 0.13, "telecom": 0.13, "shop": 0.11,
}  # fmt: skip
"""The brands, and how much of all is written to each."""

_OWN = 0.6
"""The share of a brand's posts that are about it; the rest is what else names it."""


class Written(NamedTuple):
    """A post of the crowd. `to_us`: it names the brand's account. `incident`: -1 is none."""

    at: datetime
    author: str
    brand: str
    text: str
    to_us: bool
    incident: int = -1


class Incident(NamedTuple):
    """What happened: so many posts at a brand about a topic. `hard`: the topic is known there."""

    brand: str
    topic: str
    size: int
    hard: bool
    begins: datetime


class Topic(NamedTuple):
    """Posts about one thing, kept for incidents alone, and who may be hit by it."""

    name: str
    brands: tuple[str, ...]
    hard: bool
    texts: list[str]


class Sets(NamedTuple):
    """The public sets, parted: by brand what is written in the background, what anybody writes,
    and the topics of incidents."""

    own: dict[str, list[str]]
    anybody: list[str]
    topics: list[Topic]


def sets(folder: Path, *, part: int) -> Sets:
    """Read the public sets. Topics of the other `part` (0 or 1) are left out. Raises Missing."""
    rows = {name: list(read_lines(folder / name / "data.jsonl.gz")) for name in _READ}
    banks, bank_topics = _banks(rows["banking77"])
    airlines, air_topics = _airlines(rows["airline_dev"])
    one_each = list({row["id"]: row for row in rows["entity_sentiment"]}.values())
    care = [row["text"] for row in rows["care_dev"] if row["role"] == "client"]
    complaining = [row["text"] for row in rows["complaints"]]
    own = {
        "bank 1": banks, "bank 2": banks, "bank 3": banks,
        "airline 1": airlines, "airline 2": airlines,
        "music": [row["text"] for row in rows["twcs_spotify"]],
        "games": _about(one_each, _GAMES) + care,
        "telecom": _about(one_each, _TELECOMS) + complaining,
        "shop": _about(one_each, _SHOPS) + complaining,
    }  # fmt: skip
    topics = [*bank_topics, *air_topics, *_crises(rows["crisislex_t26"], rows["crisislex_t6"])]
    anybody = [row["text"] for name in _CHATTER for row in rows[name]]
    return Sets(own, anybody, [topic for topic in topics if _part(topic.name) == part])


_CHATTER = ("tweeteval_sentiment", "tweeteval_emotion", "tweeteval_irony", "tweeteval_offensive")
_READ = (
    "banking77", "airline_dev", "entity_sentiment", "care_dev", "complaints", "twcs_spotify",
    "crisislex_t26", "crisislex_t6", *_CHATTER,
)  # fmt: skip


def _part(topic: str) -> int:
    """Crises go by their place, so that two sets about one crisis are in one part."""
    return int(held_out(topic.split("_")[0], 2))


def _about(rows: list[dict[str, Any]], brands: Sequence[str]) -> list[str]:
    return [row["text"] for row in rows if row["entity"] in brands and len(row["text"]) > 15]


def _banks(rows: list[dict[str, Any]]) -> tuple[list[str], list[Topic]]:
    """What is asked of all banks every day; intents asked every day, and ones never heard."""
    background, topics = [], []
    brands = ("bank 1", "bank 2", "bank 3")
    for name, texts in _by(rows, "label", "text").items():
        if held_out("heard " + name, 3):
            topics.append(Topic(name, brands, False, texts))
        else:
            known = int(len(texts) * _KNOWN)
            background += texts[:known]
            topics.append(Topic(name, brands, True, texts[known:]))
    return background, topics


def _airlines(rows: list[dict[str, Any]]) -> tuple[list[str], list[Topic]]:
    """What is written to both airlines every day, reasons to complain among it."""
    background = [row["text_deleaked"] for row in rows if row["reason"] in (None, "Can't Tell")]
    topics = []
    for name, texts in _by(rows, "reason", "text_deleaked").items():
        known = int(len(texts) * _KNOWN)
        if name not in ("None", "Can't Tell"):
            background += texts[:known]
            topics.append(Topic(name, ("airline 1", "airline 2"), True, texts[known:]))
    return background, topics


def _crises(recent: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[Topic]:
    """Reposts are no posts here, only counted, so they are left out."""
    related = [row for row in recent if row["label"].startswith("Related")]
    related += [row for row in more if row["label"] == "on-topic"]
    said = [row for row in related if not row["text"].startswith("RT ")]
    return [
        Topic(name[5:], tuple(_SHARES), False, texts)
        for name, texts in _by(said, "event", "text").items()
    ]


def _by(rows: list[dict[str, Any]], name: str, said: str) -> dict[str, list[str]]:
    """Different texts by the value of a column, each list in an order of its own."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        found.setdefault(str(row[name]), {})[row[said]] = None
    rng = random.Random(5)
    return {name: rng.sample(list(texts), len(texts)) for name, texts in sorted(found.items())}


class Crowd:
    """A stream of so many days. The first `quiet` ones have no incidents in them."""

    def __init__(self, sets: Sets, first: datetime, *, days: int, quiet: int, seed: int) -> None:
        self._sets, self._first, self._days, self._quiet = sets, first, days, quiet
        self._rng = random.Random(seed)
        self.incidents: list[Incident] = []

    def write(self, *, a_day: int, each: int) -> list[Written]:
        """All posts in order of time; `each`: incidents of each size, hard and not."""
        posts = [post for brand in _SHARES for post in self._background(brand, a_day)]
        posts += self._brigades()
        for hard in (True, False):
            for size in SIZES:
                for number in range(each):
                    posts += self._incident(size, hard=hard, number=number)
        return sorted(posts)

    def _background(self, brand: str, a_day: int) -> Iterator[Written]:
        own, anybody = self._endless(self._sets.own[brand]), self._endless(self._sets.anybody)
        lately: list[str] = []
        for at in self._times(a_day * _SHARES[brand]):
            about = self._rng.random() < _OWN
            text = next(own) if about else next(anybody)
            yield Written(
                at, self._author(brand, lately), brand, text, about or self._rng.random() < 0.2
            )

    def _times(self, a_day: float) -> Iterator[datetime]:
        mean = sum(_BY_HOUR)
        for hour in range(self._days * 24):
            day, clock = divmod(hour, 24)
            loud = _BY_DAY[day % 7] * self._rng.lognormvariate(0, _LOUDER)
            expected = a_day * _BY_HOUR[clock] / mean * loud
            count = round(self._rng.gauss(expected, expected**0.5))
            for second in sorted(self._rng.random() * 3_600 for _ in range(count)):
                yield self._first + timedelta(hours=hour, seconds=second)

    def _author(self, brand: str, lately: list[str]) -> str:
        if lately and self._rng.random() < _AGAIN:
            return self._rng.choice(lately)
        author = f"{brand} {self._rng.randrange(30_000)}"
        lately.append(author)
        del lately[:-20]
        return author

    def _endless(self, texts: list[str]) -> Iterator[str]:
        """All texts in some order, and again in another."""
        while True:
            yield from self._rng.sample(texts, len(texts))

    def _brigades(self) -> Iterator[Written]:
        """Every day one of few authors, or of many who copy."""
        for day in range(self._days):
            brand = self._rng.choice(list(_SHARES))
            begins = self._first + timedelta(days=day, hours=self._rng.uniform(7, 21))
            authors = self._rng.choice((3, 25))
            said = next(
                text
                for text in self._endless(self._sets.own[brand])
                if len(text.split()) >= _COPIED_WORDS
            )
            for _ in range(25):
                at = begins + timedelta(minutes=self._rng.uniform(0, 60))
                words = said.split()
                words.insert(
                    self._rng.randrange(len(words) + 1), self._rng.choice(("!", "pls", ""))
                )
                author = f"brigade {day} {self._rng.randrange(authors)}"
                yield Written(at, author, brand, " ".join(words), to_us=True)

    def _incident(self, size: int, *, hard: bool, number: int) -> list[Written]:
        fitting = [
            topic for topic in self._sets.topics
            if topic.hard == hard and len(topic.texts) >= size
            and (hard or (len(topic.brands) > 3) == bool(number % 2))
        ]  # fmt: skip
        topic = self._rng.choice(fitting)
        brand, begins = self._free(topic.brands)
        lasts = self._rng.uniform(LONGEST_H / 3, LONGEST_H) * 3_600
        self.incidents.append(Incident(brand, topic.name, size, hard, begins))
        return [
            Written(
                begins + timedelta(seconds=self._rng.uniform(0, lasts)),
                f"hit {len(self.incidents)} {self._rng.randrange(50 * size)}",
                brand,
                text,
                len(topic.brands) < 4 or self._rng.random() < 0.5,
                len(self.incidents) - 1,
            )
            for text in self._rng.sample(topic.texts, size)
        ]

    def _free(self, brands: Sequence[str]) -> tuple[str, datetime]:
        """A brand and a time at which nothing else happens to it within six hours."""
        hours = range(self._quiet * 24, self._days * 24 - 6)
        weights = list(accumulate(_BY_HOUR[hour % 24] for hour in hours))
        while True:
            brand = self._rng.choice(brands)
            hour = self._rng.choices(hours, cum_weights=weights)[0]
            begins = self._first + timedelta(hours=hour, minutes=self._rng.uniform(0, 60))
            if all(
                other.brand != brand or abs(other.begins - begins) > timedelta(hours=6)
                for other in self.incidents
            ):
                return brand, begins
