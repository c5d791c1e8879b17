"""What an agent wants to be told of while they look elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanderling.core.verdict import Urgency
from sanderling.store.sql import fetch

MOST = 10
LATE = timedelta(minutes=10)
"""How long a network may take to tell of a post that is still new."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something new for an agent. `key` is the same whenever it is read again; `about` is late,
    soon, mentioned, asked, offered or critical; `words` are what somebody wrote."""

    key: str
    about: str
    case_id: int
    at: datetime
    by: str
    due_at: datetime | None
    due_kind: str
    words: str


def notices(agent_id: int, *, about: Collection[str], since: datetime) -> list[Notice]:
    """What is new since then, oldest first, of very much the newest MOST; `about` are the kinds
    that the agent wants: late, asked, critical, offered."""
    params = {
        "agent": agent_id, "about": list(about), "since": since, "late": LATE,
        "critical": int(Urgency.CRITICAL), "limit": MOST,
    }  # fmt: skip
    return [Notice(*row) for row in reversed(fetch("cases/notices", params))]
