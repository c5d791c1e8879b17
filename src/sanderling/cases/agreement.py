"""How far people and judges agree: what was found in posts that somebody dealt with, and stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanderling.core.verdict import Aspect
from sanderling.people.queries import teams
from sanderling.store.sql import fetch


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one aspect, for the accounts of one team (None: accounts without a team).

    `seen` verdicts on posts in cases that somebody acted on, or that somebody corrected; of those
    `corrected` were given another value in the end.
    """

    team: int | None
    name: str
    aspect: Aspect
    seen: int
    corrected: int

    @property
    def stood(self) -> float:
        """The share that nobody corrected, from 0 to 1."""
        return 1 - self.corrected / self.seen


def agreement(*, since: datetime, now: datetime) -> list[Agreement]:
    """Agreement from `since` until `now`, by team in the order of names, then by aspect.

    A team is that of the account a post belongs to. What nobody saw has no row.
    """
    names, aspects = teams(), list(Aspect)
    order: list[int | None] = [*names, None]
    rows = fetch(
        "cases/agreement", {"since": since, "now": now, "aspects": [a.value for a in aspects]}
    )
    found = [
        Agreement(team, "" if team is None else names[team], Aspect(name), *counts)
        for team, name, *counts in rows
    ]
    return sorted(found, key=lambda a: (order.index(a.team), aspects.index(a.aspect)))
