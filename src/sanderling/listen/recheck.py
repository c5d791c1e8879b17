"""Looking posts up again, for edits and deletions of which no network tells.

A round goes through the customers' public posts of the last `KEEP` days, newest first, a hundred
at a time; where it stands lies in the account's row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sanderling.listen.models import Account, Post

KEEP = timedelta(days=30)
MOST = 100


def next_ones(account_id: int, *, now: datetime) -> list[str]:
    """The ids on the network of the next posts of this round; empty where none is due."""
    account = Account.objects.get(pk=account_id)
    if account.recheck_at and account.recheck_at > now:
        return []
    posts = Post.objects.filter(
        account_id=account_id,
        room="public",
        direction="theirs",
        deleted_at=None,
        created_at__gt=now - KEEP,
    )
    if account.recheck_from is not None:
        posts = posts.filter(pk__lt=account.recheck_from)
    return list(posts.order_by("-pk").values_list("remote_id", flat=True)[:MOST])


def done(account_id: int, ids: Sequence[str], *, every: timedelta, now: datetime) -> None:
    """These were looked up; with none left the next round begins after `every`."""
    account = Account.objects.get(pk=account_id)
    lowest = (
        Post.objects.filter(network=account.network, scope=0, remote_id__in=ids)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    account.recheck_from = lowest
    account.recheck_at = None if lowest else now + every
    account.save(update_fields=["recheck_from", "recheck_at"])
