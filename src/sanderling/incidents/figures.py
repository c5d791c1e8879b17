"""An incident in figures: its volume over time, and what its posts are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

from sanderling.incidents.models import Incident
from sanderling.store.sql import fetch

MOST_STEPS = 600
"""Steps of a chart; where more are asked for, the oldest are left out."""


class Step(NamedTuple):
    """What was written in a step of time from `at` on, by how many. `expected`: so many posts are
    usual about such a thing, and up to `usual` are no surprise (two standard deviations of a
    Poisson count above)."""

    at: datetime
    posts: int
    authors: int
    expected: float
    usual: float


class Share(NamedTuple):
    """So many posts of an incident have this name in common."""

    name: str
    posts: int


@dataclass(frozen=True, slots=True)
class Shares:
    """An incident's posts by topic, language (of two or three letters, empty where nobody knows)
    and network, each the most first. A post without a topic counts under none."""

    topics: Sequence[Share]
    languages: Sequence[Share]
    networks: Sequence[Share]


def minutes(incident_id: int, since: datetime, until: datetime, step: timedelta) -> list[Step]:
    """An incident's volume from `since` on, in steps that begin before `until`; each step is told,
    also where nothing was written."""
    since = max(since, until - MOST_STEPS * step)
    if since >= until:
        return []
    params = {
        "incident": incident_id, "since": since, "last": until - timedelta(microseconds=1),
        "step": step,
    }  # fmt: skip
    rates = Incident.objects.filter(pk=incident_id).values_list("expected", flat=True)
    expected = (rates.first() or 0) * step.total_seconds() / 60
    usual = expected + 2 * sqrt(expected)
    return [
        Step(at, posts, authors, expected, usual)
        for at, posts, authors in fetch("incidents/volume", params)
    ]


def shares(incident_id: int) -> Shares:
    """What an incident's posts are about, and where they were written."""
    found: dict[str, list[Share]] = {"topic": [], "lang": [], "network": []}
    for what, name, posts in fetch("incidents/shares", {"incident": incident_id}):
        found[what].append(Share(name, posts))
    return Shares(found["topic"], found["lang"], found["network"])
