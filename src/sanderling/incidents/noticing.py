"""What an agent wants to be told of in incidents while they look elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanderling.store.sql import fetch


@dataclass(frozen=True, slots=True)
class Notice:
    """Something new for an agent. `key` is the same whenever it is read again; `about` is late (a
    step) or offered (a role, `by` a colleague); `words` are the step, or their note."""

    key: str
    about: str
    incident_id: int
    name: str
    words: str
    at: datetime
    due_at: datetime | None
    by: str


def notices(agent_id: int, *, is_lead: bool, since: datetime) -> list[Notice]:
    """What is new in incidents since then, oldest first, ten at most."""
    params = {"agent": agent_id, "is_lead": is_lead, "since": since}
    return [Notice(*row) for row in fetch("incidents/notices", params)]
