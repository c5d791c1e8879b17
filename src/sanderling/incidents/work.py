"""What the worker runs: noticing, dismissing what nobody confirmed, seeing what flares up again."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from sanderling.core.lifecycle import Impossible
from sanderling.core.lives import INCIDENT
from sanderling.core.words import later
from sanderling.incidents import actions
from sanderling.incidents.actions import WrongIncident
from sanderling.incidents.detecting import AT_ONCE, notice_some
from sanderling.incidents.models import Incident
from sanderling.store.moves import Overtaken
from sanderling.store.sql import fetch

LATELY = timedelta(minutes=10)
BEFORE = timedelta(hours=1)
FLARES_AUTHORS, FLARES_POSTS, FLARES_TIMES = 5, 10, 2.0
"""So many authors and posts within LATELY, and so many times as many as usual in the hour before,
are a flare-up."""
STILL_WARM = timedelta(hours=24)
"""So long after its end an incident flares up again; later it is a new one."""


def notice(*, practising: Collection[str], now: datetime, limit: int = AT_ONCE) -> int:
    """Tell the detector of all posts that it does not know yet, a batch a transaction; gives how
    many. Nothing happens while another process does it."""
    told = 0
    while (some := notice_some(practising=practising, now=now, limit=limit)) is not None:
        told += some
        if some < limit:
            break
    return told


def dismiss_due(*, now: datetime) -> int:
    """Dismiss what nobody confirmed in time; gives how many."""
    due = Incident.objects.filter(wake_at__lte=now, state=INCIDENT.first).order_by("wake_at")
    note = later("nobody confirmed it")
    numbers = list(due.values_list("pk", flat=True))
    return sum(_moved(number, "dismiss", note, now) for number in numbers)


def flare_up(*, now: datetime) -> int:
    """Take up again what had eased, or ended lately, and is written about anew; gives how many."""
    params = {
        "lately": now - LATELY, "before": now - LATELY - BEFORE, "over_since": now - STILL_WARM,
    }  # fmt: skip
    flaring = [number for number, *how in fetch("incidents/flaring", params) if flares(*how)]
    note = later("it is written about anew")
    return sum(_moved(number, "flare up", note, now) for number in flaring)


def flares(posts: int, authors: int, before: int) -> bool:
    """Whether so much within LATELY is a flare-up after so many posts in the time BEFORE."""
    usual = before * (LATELY / BEFORE)
    return authors >= FLARES_AUTHORS and posts >= max(FLARES_POSTS, FLARES_TIMES * usual)


def _moved(incident_id: int, move: str, note: str, now: datetime) -> bool:
    with suppress(Impossible, Overtaken, WrongIncident):  # an agent acted a moment ago
        actions.move(incident_id=incident_id, move=move, by=None, now=now, note=note)
        return True
    return False
