"""Watching clocks: a warning before a promise is broken, and the fact when it is, each once.

clocks whose time has come | warned or broken | facts, and the pages are told
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sanderling.cases import actions
from sanderling.core.clocks import Clock
from sanderling.core.words import later
from sanderling.store import announce
from sanderling.store.sql import as_json, fetch

BATCH = 500


@transaction.atomic
def watch_clocks(*, now: datetime, limit: int = BATCH) -> int:
    """Say what there is to say about the next clocks; gives how many it looked at.

    A case that was put aside comes back: nobody waits unseen.
    """
    found = fetch("cases/clocks_to_watch", {"now": now, "limit": limit})
    if not found:
        return 0
    rows = [_said(row[0], Clock(*row[1:-1]), now) for row in found]
    alerted = {case for (case,) in fetch("cases/alert", {"rows": as_json(rows), "now": now})}
    for case_id in sorted({row[0] for row in found if row[-1]} & alerted):
        actions.wake(case_id=case_id, now=now, why=later("a clock runs short"))
    if alerted:
        announce.announce({*map(announce.case, alerted), announce.QUEUES, announce.ALERTS})
    return len(found)


def _said(case_id: int, clock: Clock, now: datetime) -> dict[str, Any]:
    broken = clock.due_at <= now
    return {
        **clock._asdict(),
        "case_id": case_id,
        "fact": "broken" if broken else "warned",
        "next_at": None if broken else clock.due_at,
    }
