"""Every read of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanderling.core.words import retold, say
from sanderling.incidents.models import Alert, Drill, Incident

STANDS = ("suspected", "confirmed", "eased")
"""States in which an incident is not over."""

SWELL = "brand-"
"""How the keys begin of what no words name, only how much is written."""


class NoSuchIncident(Exception):
    """There is no incident of this number."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An incident as pages show it: its words, figures and where it stands in its life."""

    id: int
    state: str
    name: str
    level: str
    drill: int | None
    began_at: datetime
    noticed_at: datetime
    ended_at: datetime | None
    terms: tuple[str, ...]
    why: str
    cause: str
    gauge: Mapping[str, Any]
    gauged_at: datetime | None
    posts: int
    authors: int
    first_post: int | None
    playbook: int | None
    merged_into: int | None

    @property
    def stands(self) -> bool:
        """Whether it is not over."""
        return self.state in STANDS


def incident(incident_id: int) -> Standing:
    """One incident. Raises NoSuchIncident."""
    row = Incident.objects.filter(pk=incident_id).first()
    if row is None:
        raise NoSuchIncident(say("There is no incident {number}.", number=incident_id))
    return standing_of(row)


def standing() -> list[Standing]:
    """Every incident that is not over, longest known first."""
    rows = Incident.objects.filter(state__in=STANDS).order_by("noticed_at", "pk")
    return [standing_of(row) for row in rows]


def of_drill(drill_id: int) -> list[Standing]:
    """The incidents of a drill, longest known first."""
    rows = Incident.objects.filter(drill=drill_id).order_by("noticed_at", "pk")
    return [standing_of(row) for row in rows]


def levels(incident_id: int) -> list[tuple[str, datetime]]:
    """The steps that were told of an incident, each when it was first reached, in that order."""
    rows = Alert.objects.filter(incident_id=incident_id).order_by("at", "pk")
    found: dict[str, datetime] = {}
    for step, at in rows.values_list("step", "at"):
        found.setdefault(step, at)
    return list(found.items())


def drill_running() -> int | None:
    """The drill that runs now."""
    return Drill.objects.filter(ended_at=None).values_list("pk", flat=True).first()


def standing_of(row: Incident) -> Standing:
    """A row as pages show it."""
    name = retold(row.name) if row.key.startswith(SWELL) else row.name
    return Standing(
        id=row.pk, state=row.state, name=name, level=row.level, drill=row.drill_id,
        began_at=row.began_at, noticed_at=row.noticed_at, ended_at=row.ended_at,
        terms=tuple(row.terms), why=row.why, cause=row.cause, gauge=row.gauge,
        gauged_at=row.gauged_at, posts=row.posts, authors=row.authors,
        first_post=row.first_post_id, playbook=row.playbook_id, merged_into=row.merged_into_id,
    )  # fmt: skip
