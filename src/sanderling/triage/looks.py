"""Second looks: what the careful judge is asked for, and what comes of it.

A look is a row that waits. Whoever claims it holds the row alone and not the network, so that
intake goes on while the careful judge thinks; a row is gone when its verdict is kept, in the same
transaction. What waited too long is dropped, and the fast verdict stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from sanderling.core.facts import Facts
from sanderling.core.verdict import Kind, Verdict
from sanderling.store.sql import as_json, fetch, run
from sanderling.triage.actions import Decided, Finding, put
from sanderling.triage.models import Look
from sanderling.triage.queries import facts_of

PATIENCE = timedelta(minutes=15)
"""Longer than this nobody waits for a second look."""


class Asked(NamedTuple):
    """A post to look at again, in the wording that stands now."""

    post: int
    account: int
    network: str
    version_at: datetime
    facts: Facts


class Changed(NamedTuple):
    """What counted about a post before, and what counts now."""

    before: Decided
    after: Decided


def claim(*, now: datetime, limit: int) -> list[Asked]:
    """The next posts to look at, held until the transaction ends."""
    rows = fetch("triage/claim_looks", {"since": now - PATIENCE, "limit": limit})
    return [Asked(row[0], row[1], row[2], row[3], facts_of(*row[4:])) for row in rows]


def keep(asked: Sequence[Asked], verdicts: Sequence[Verdict], judge: str) -> dict[int, Changed]:
    """Keep the new verdicts, and give those by which something changed about needing us.

    A post that was edited meanwhile goes on waiting. The caller holds the accounts.
    """
    wordings = [{"post": a.post, "version_at": a.version_at} for a in asked]
    same = {row[0]: row[1:] for row in fetch("triage/still_same", {"rows": as_json(wordings)})}
    found = {a.post: Finding(a.post, a.version_at, v, *same[a.post][3:])
             for a, v in zip(asked, verdicts, strict=True)
             if a.post in same and not same[a.post][0]}  # fmt: skip
    decided = put(found.values(), judge)
    done(list(same))
    changed = {
        post: Changed(
            Decided(same[post][1], Kind(same[post][2])),
            decided.get(post, Decided(finding.verdict.needs_us, finding.verdict.kind)),
        )
        for post, finding in found.items()
    }
    return {post: change for post, change in changed.items() if change.before != change.after}


def done(posts: Sequence[int]) -> None:
    """These posts wait no longer."""
    Look.objects.filter(pk__in=posts).delete()


def drop_late(*, now: datetime) -> int:
    """Drop looks that come too late or are too many, without waiting for anybody."""
    most = settings.CAREFUL_PER_MINUTE * int(PATIENCE.total_seconds() / 60)
    return run("triage/drop_looks", {"since": now - PATIENCE, "most": most})
