"""What pages show of an incident's gauge: the reading, the path, who carries it, what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from sanderling.core.gauge import Mark, Reading
from sanderling.core.words import later, say
from sanderling.incidents.models import Alert
from sanderling.store.sql import fetch

MOST_MARKS = 24 * 60
"""Of the path, the last so many minutes are shown."""
MOST_REACHED = 10

TITLES = {
    "suspected": later("Perhaps an incident: {name}"),
    "choppy": later("Choppy: {name}"),
    "storm": later("Storm: {name}"),
}
"""What an alert is about, on the screen and outside."""
ABOUT = {
    "suspected": later("Perhaps an incident"),
    "choppy": later("An incident: choppy sea"),
    "storm": later("An incident: storm"),
}
DRILL = later("Drill. {title}")


class Face(NamedTuple):
    """An author who carries a part of the reach."""

    id: int
    network: str
    handle: str
    name: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Alerted:
    """A step that was reached. `outside`: addresses were, or are to be, told; `trouble` is why some
    were not."""

    id: int
    incident: int
    step: str
    says: str
    at: datetime
    outside: bool
    told_at: datetime | None
    trouble: str


class Reached(NamedTuple):
    """A step that an incident reached, for whom it concerns."""

    id: int
    incident: int
    name: str
    drill: bool
    step: str
    says: str

    @property
    def about(self) -> str:
        """The same without its name, which is made of words of customers."""
        return say(ABOUT.get(self.step, ABOUT["suspected"]))

    @property
    def title(self) -> str:
        """What it is about, in the language of who reads it."""
        title = say(TITLES.get(self.step, TITLES["suspected"]), name=self.name)
        return say(DRILL, title=title) if self.drill else title


def reached(agent_id: int, *, is_lead: bool, since: datetime, after: int = 0) -> list[Reached]:
    """What incidents that stand reached since then, oldest first, of those numbers `after` one: for
    leads, and for who has a role in it."""
    params = {
        "agent": agent_id, "lead": is_lead, "since": since, "after": after, "limit": MOST_REACHED,
    }  # fmt: skip
    return [Reached(*row) for row in reversed(fetch("incidents/alerts_for", params))]


def reading(gauge: Mapping[str, Any]) -> Reading | None:
    """The figures of an incident; None while there are none, or only those of an older version."""
    try:
        return msgspec.convert(gauge, Reading)
    except msgspec.ValidationError:
        return None


def path(incident_id: int) -> list[Mark]:
    """Where the gauge stood, oldest first."""
    rows = fetch("incidents/path", {"incidents": [incident_id], "limit": MOST_MARKS})
    return [Mark(*mark) for _, *mark in rows]


def faces(authors: Sequence[int]) -> dict[int, Face]:
    """The faces of some authors."""
    return {row[0]: Face(*row) for row in fetch("incidents/faces", {"authors": list(authors)})}


def alerted(incident_id: int) -> list[Alerted]:
    """The steps that it reached, newest first."""
    rows = Alert.objects.filter(incident=incident_id).order_by("-at", "-id")
    return [
        Alerted(
            row.pk, row.incident_id, row.step, row.says, row.at,
            outside=row.tries > 0 or row.again_at is not None,
            told_at=row.sent_at, trouble=row.trouble,
        )
        for row in rows
    ]  # fmt: skip
