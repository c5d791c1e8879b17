"""The list of incidents: those that stand, and those that are past; and the number on the badge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from sanderling.incidents.models import Incident, Role
from sanderling.incidents.queries import STANDS, Standing, standing, standing_of
from sanderling.store.sql import fetch

STEP = timedelta(minutes=5)
STEPS = 24
"""The line of a row: so many steps, up to now."""
LATELY = timedelta(minutes=10)
"""Over how long the rate is taken."""
PAGE = 30


class Badge(NamedTuple):
    """How many incidents people work on, and how many are only suspected."""

    live: int
    suspected: int


class Face(NamedTuple):
    """Who leads an incident."""

    id: int
    name: str
    initials: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An incident as a row. `line` are the posts of each of the last STEPS steps, oldest first;
    `rate` is posts a minute by now."""

    it: Standing
    lead: Face | None
    line: tuple[int, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Past:
    """A page of what is over, newest first; `after` is where the next one goes on, if there is
    more."""

    rows: list[Standing]
    after: tuple[datetime, int] | None


def badge() -> Badge:
    """The number on the way to the incidents; one statement over the few that stand."""
    found = Incident.objects.filter(state__in=STANDS).aggregate(
        all=Count("pk"), suspected=Count("pk", filter=Q(state="suspected"))
    )
    return Badge(found["all"] - found["suspected"], found["suspected"])


def listed(these: Sequence[Standing], *, now: datetime) -> list[Listed]:
    """Incidents as rows, in the same order."""
    ids = [one.id for one in these]
    leads, lines = _leads(ids), _lines(ids, now)
    steps = LATELY // STEP
    minutes = LATELY / timedelta(minutes=1)
    return [
        Listed(one, leads.get(one.id), lines[one.id], sum(lines[one.id][-steps:]) / minutes)
        for one in these
    ]


def past(after: tuple[datetime, int] | None = None, limit: int = PAGE) -> Past:
    """Incidents that are over or were dismissed, last noticed first, going on after that key."""
    rows = Incident.objects.filter(state__in=("over", "dismissed")).order_by("-noticed_at", "-pk")
    if after:
        at, number = after
        rows = rows.filter(Q(noticed_at__lt=at) | Q(noticed_at=at, pk__lt=number))
    found = [standing_of(row) for row in rows[: limit + 1]]
    shown = found[:limit]
    more = len(found) > limit
    return Past(shown, (shown[-1].noticed_at, shown[-1].id) if more else None)


def named(text: str, limit: int = 20) -> list[Standing]:
    """Incidents whose name holds `text`, or whose number it is, newest first; those that stand
    where it is empty."""
    if not text:
        return list(reversed(standing()))[:limit]
    meant = Q(name__icontains=text)
    if text.isascii() and text.isdecimal() and len(text) < 10:
        meant |= Q(pk=int(text))
    rows = Incident.objects.filter(meant).exclude(state="merged").order_by("-noticed_at", "-pk")
    return [standing_of(row) for row in rows[:limit]]


def _leads(ids: list[int]) -> dict[int, Face]:
    held = Role.objects.filter(incident__in=ids, role="lead", until=None)
    fields = ("incident_id", "agent_id", "agent__name", "agent__initials", "agent__avatar")
    return {row[0]: Face(*row[1:]) for row in held.values_list(*fields)}


def _lines(ids: list[int], now: datetime) -> dict[int, tuple[int, ...]]:
    since = now - STEPS * STEP
    lines = {one: [0] * STEPS for one in ids}
    step = STEP.total_seconds()
    for one, place, n in fetch("incidents/lately", {"ids": ids, "since": since, "step": step}):
        lines[one][min(place, STEPS - 1)] += n
    return {one: tuple(line) for one, line in lines.items()}
