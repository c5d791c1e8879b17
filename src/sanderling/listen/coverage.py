"""The proof that nobody was missed: how each post that speaks to us came in, day by day.

A post that came late although a stream or webhook should have told it was repaired. Now and then
everything is read again: what the network lists is compared with what stands here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sanderling.core.network import Page, Post
from sanderling.listen.models import Coverage
from sanderling.listen.ours import Ear
from sanderling.store.sql import as_json, run

LATE = timedelta(seconds=15)
"""A stream may be this much slower than a poll without having lost anything."""

WAYS = {"poll": "polled", "stream": "streamed", "webhook": "pushed", "repair": "repaired"}


def count(*, account_id: int, page: Page, new: Sequence[Post], now: datetime) -> None:
    """Count posts to us that were not known, by the day they were written and how they came."""
    days: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(WAYS.values(), 0))
    for post in new:
        days[_day(post)][WAYS["repair" if _late(page, post, now) else page.way]] += 1
    if days:
        rows = [{"day": day, **found} for day, found in days.items()]
        run("listen/put_coverage", {"account": account_id, "now": now, "rows": as_json(rows)})


def listed(us: Ear, page: Page) -> dict[str, date]:
    """The posts to us on a page of everything, with their days."""
    return {p.remote_id: _day(p) for p in page.posts if us.addressed(p)}


def compare(*, account_id: int, found: dict[str, date]) -> None:
    """Write down how many posts the network listed for each day, and how many of them stand here.

    A reading of fewer posts than an earlier one of that day proves less, and changes nothing.
    """
    rows = [{"remote_id": remote_id, "day": day} for remote_id, day in found.items()]
    if rows:
        run("listen/compare_coverage", {"account": account_id, "rows": as_json(rows)})


def forget(*, before: date) -> int:
    """Drop counts older than a day."""
    return Coverage.objects.filter(day__lt=before).delete()[0]


def _late(page: Page, post: Post, now: datetime) -> bool:
    live = page.live_since
    return page.way == "poll" and live is not None and live < post.created_at < now - LATE


def _day(post: Post) -> date:
    return post.created_at.astimezone(UTC).date()
