"""What networks send to our webhooks: kept first, answered at once, led down the river later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sanderling.core.timing import pause
from sanderling.listen.models import Account, Push

LEASE = timedelta(seconds=60)
MOST_TRIES = 20


def keep(*, account_id: int, body: bytes, now: datetime) -> None:
    """Keep a genuine push; the network may be told that we have it."""
    network = Account.objects.values_list("network", flat=True).get(pk=account_id)
    Push.objects.create(network=network, received_at=now, next_at=now, body=body)


@transaction.atomic
def claim(*, now: datetime) -> Push | None:
    """The next push to lead down the river, held for LEASE; `done` or `later` ends it."""
    row = (
        Push.objects.select_for_update(skip_locked=True)
        .filter(next_at__lte=now)
        .order_by("next_at")
        .first()
    )
    if row:
        row.tries, row.next_at = row.tries + 1, now + LEASE
        row.save(update_fields=["tries", "next_at"])
    return row


def accounts_of(push: Push) -> list[int]:
    """Our accounts that it may be about: one webhook can serve several."""
    live = Account.objects.filter(network=push.network, archived_at=None).exclude(address="")
    return list(live.values_list("pk", flat=True))


def done(push: Push) -> None:
    """It is in the river."""
    push.delete()


def later(push: Push, *, now: datetime) -> None:
    """It stumbled: wait longer, and give up in the end; polling finds what it told."""
    if push.tries >= MOST_TRIES:
        push.delete()
        return
    push.next_at = now + pause(push.tries)
    push.save(update_fields=["next_at"])
