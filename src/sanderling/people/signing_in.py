"""Patience with wrong passwords: a pause after a few, for one email address from one place."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sanderling.people.models import WrongPassword

TRIES = 5
PAUSE = timedelta(minutes=10)


def paused_until(*, email: str, address: str, now: datetime) -> datetime | None:
    """When the next try is welcome, or None if it is now."""
    wrong = WrongPassword.objects.filter(
        email=email, address=address, times__gte=TRIES, last_at__gt=now - PAUSE
    ).first()
    return wrong.last_at + PAUSE if wrong else None


@transaction.atomic
def wrong_password(*, email: str, address: str, now: datetime) -> int:
    """Remember a wrong password; returns how many more tries there are before the pause."""
    WrongPassword.objects.filter(last_at__lte=now - PAUSE).delete()
    wrong, _ = WrongPassword.objects.select_for_update().get_or_create(
        email=email, address=address, defaults={"times": 0, "last_at": now}
    )
    wrong.times, wrong.last_at = wrong.times + 1, now
    wrong.save(update_fields=["times", "last_at"])
    return max(0, TRIES - wrong.times)


@transaction.atomic
def right_password(*, email: str, address: str) -> None:
    """Forget what went wrong before."""
    WrongPassword.objects.filter(email=email, address=address).delete()
