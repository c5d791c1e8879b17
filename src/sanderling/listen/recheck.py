"""Looking posts up again, for edits and deletions of which no network tells.

A round goes through the customers' public posts of the last `KEEP` days, newest first, a hundred
at a time; where it stands lies in the account's row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sanderling.listen.models import Account, Post

KEEP = timedelta(days=30)
MOST = 100


class Due(NamedTuple):
    """Posts to look up next: their ids on the network, and the lowest of their numbers here."""

    remote_ids: list[str]
    lowest: int | None


def due(account_id: int, *, now: datetime) -> Due | None:
    """The next posts of this round; none are left at its end. None where no round is due yet."""
    account = Account.objects.get(pk=account_id)
    if account.recheck_at and account.recheck_at > now:
        return None
    posts = Post.objects.filter(
        account_id=account_id,
        room="public",
        direction="theirs",
        deleted_at=None,
        created_at__gt=now - KEEP,
    )
    if account.recheck_from is not None:
        posts = posts.filter(pk__lt=account.recheck_from)
    found = list(posts.order_by("-pk").values_list("pk", "remote_id")[:MOST])
    return Due([remote_id for _, remote_id in found], found[-1][0] if found else None)


def done(account_id: int, *, lowest: int | None, every: timedelta, now: datetime) -> None:
    """Posts down to `lowest` were looked up; with none left the next round begins after `every`."""
    Account.objects.filter(pk=account_id).update(
        recheck_from=lowest, recheck_at=None if lowest is not None else now + every
    )
