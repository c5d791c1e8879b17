"""The slower alarm: far more is written to the brand than usual, though nothing was noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sanderling.core.cusum import BUCKET, REMEMBERED, Swell, Tide, swell
from sanderling.core.noticing import Noticed
from sanderling.core.words import later
from sanderling.incidents.actions import suspect
from sanderling.incidents.models import Incident
from sanderling.incidents.queries import STANDS, SWELL
from sanderling.store.sql import fetch, run_text

QUIET = timedelta(days=1)
"""What it noticed, and people dismissed, it does not notice again for so long."""
MOST_POSTS = 500
"""So many of the posts that came since then stand in the incident, the last ones."""

_NAME = later("Far more posts than usual")
_WHY = later(
    "{authors} people wrote to us within {minutes} min, where about {usual} are usual;"
    " they have no words in common."
)


@transaction.atomic
def watch_brand(*, now: datetime) -> int | None:
    """Count who wrote in the ten minutes that are over, and where that is a swell in which nothing
    stands, suspect an incident with what was written; gives its number. Called more often it does
    nothing, nor while another worker does it."""
    ((mine,),) = run_text("select pg_try_advisory_xact_lock(31, 1)", {})
    ended = now - timedelta(seconds=now.timestamp() % BUCKET.total_seconds())
    if not mine or not fetch("incidents/put_tide", {"at": ended - BUCKET}):
        return None
    tides = [Tide(*row) for row in fetch("incidents/tides", {"since": ended - REMEMBERED})]
    found = swell(tides, ended)
    if found is None or _known(now):
        return None
    return suspect(noticed=_noticed(found, ended), now=now)


def _noticed(found: Swell, ended: datetime) -> Noticed:
    given = {"since": found.since, "most": MOST_POSTS}
    posts = sorted(post for (post,) in fetch("incidents/swollen", given))
    minutes = (ended - found.since) / timedelta(minutes=1)
    return Noticed(
        key=f"{SWELL}{found.since:%Y-%m-%dT%H:%MZ}", brand="", at=ended, name=_NAME, terms=(),
        first_post=posts[0] if posts else 0, posts=tuple(posts), authors=found.authors,
        rate=found.authors / minutes, expected=found.usual / minutes, score=0.0,
        why=_WHY.format(
            authors=found.authors, minutes=round(minutes), usual=round(found.usual)
        ),
    )  # fmt: skip


def _known(now: datetime) -> bool:
    """Whether something stands that may be why, or this alarm was heard a while ago."""
    real = Incident.objects.filter(drill=None)
    return (
        real.filter(state__in=STANDS).exists()
        or real.filter(key__startswith=SWELL, noticed_at__gt=now - QUIET).exists()
    )
