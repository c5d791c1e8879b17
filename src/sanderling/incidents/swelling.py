"""The slower alarm: far more is written to the brand than usual, though nothing was noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from sanderling.core.cusum import BUCKET, REMEMBERED, Swell, Tide, swell
from sanderling.incidents.models import Incident
from sanderling.incidents.queries import STANDS
from sanderling.store.sql import fetch, run_text

KEY = "brand-"
"""How the keys of what this alarm noticed begin."""
QUIET = timedelta(days=1)
"""What it noticed, and people dismissed, it does not notice again for so long."""


@transaction.atomic
def watch_brand(*, swelled: Callable[[str, Swell], object], now: datetime) -> bool:
    """Count who wrote in the ten minutes that are over, and where that is a swell in which nothing
    stands, tell `swelled` once, with a key for the incident; whether it did. Called more often it
    does nothing, nor while another worker does it."""
    ((mine,),) = run_text("select pg_try_advisory_xact_lock(31, 1)", {})
    ended = now - timedelta(seconds=now.timestamp() % BUCKET.total_seconds())
    if not mine or not fetch("incidents/put_tide", {"at": ended - BUCKET}):
        return False
    tides = [Tide(*row) for row in fetch("incidents/tides", {"since": ended - REMEMBERED})]
    found = swell(tides, ended)
    if found is None or _known(now):
        return False
    swelled(f"{KEY}{found.since:%Y-%m-%dT%H:%MZ}", found)
    return True


def _known(now: datetime) -> bool:
    """Whether something stands that may be why, or this alarm was heard a while ago."""
    real = Incident.objects.filter(drill=None)
    return (
        real.filter(state__in=STANDS).exists()
        or real.filter(key__startswith=KEY, noticed_at__gt=now - QUIET).exists()
    )
