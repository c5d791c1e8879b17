"""Throwing away what has served its time, and what a network's rules want gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from sanderling.listen import coverage, showing
from sanderling.store.sql import fetch, run

KEEP_RAW = timedelta(days=14)
KEEP_RAW_FORGETTING = timedelta(hours=20)
"""Where deleted posts must go within a day, raw pages must not outlive them."""
KEEP_COVERAGE = timedelta(days=400)


def tidy(*, forgetting: Sequence[str] = (), now: datetime) -> int:
    """Drop raw pages that are old, a batch at a time; gives how many went.

    `forgetting` names the networks on which a deleted post must be erased here too: there they go
    sooner.
    """
    coverage.forget(before=(now - KEEP_COVERAGE).date())
    return run(
        "listen/drop_raw_pages",
        {
            "before": now - KEEP_RAW,
            "sooner": now - KEEP_RAW_FORGETTING,
            "forgetting": list(forgetting),
        },
    )


def forget_deleted(networks: Sequence[str]) -> list[int]:
    """Erase the words and pictures of deleted posts, of all wordings, a batch at a time; gives
    which posts. `networks` are those whose rules want it. Our copies of their pictures go when the
    transaction is through: who fetches one meanwhile sees by then that the post is gone."""
    posts = [post for (post,) in fetch("listen/forget_deleted", {"networks": list(networks)})]
    transaction.on_commit(partial(showing.drop, posts))
    return posts
