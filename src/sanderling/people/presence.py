"""Being at work: what agents say themselves, and the signs of life of their pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, get_args

from django.db import transaction

from sanderling.people.models import Presence
from sanderling.people.queries import attendance
from sanderling.store import announce

State = Literal["here", "away", "off"]
EVERY = timedelta(minutes=1)
"""How exact `seen_at` is: a busy page does not write more often."""


@transaction.atomic
def say(*, agent_id: int, state: str, now: datetime) -> None:
    """Come to work, take a break, or go home. Raises ValueError for anything else."""
    if state not in get_args(State):
        raise ValueError("One is here, away or off.")
    there = attendance(agent_id)
    fields: dict[str, object] = {"seen_at": now}
    if there is None or there.state != state:
        fields |= {"state": state, "since": now}
    Presence.objects.update_or_create(agent_id=agent_id, defaults=fields)
    announce.announce([announce.PEOPLE])


def seen(*, agent_id: int, now: datetime) -> None:
    """A page of theirs was used. Whoever was never seen comes to work by it."""
    written = Presence.objects.filter(pk=agent_id, seen_at__gt=now - EVERY).exists()
    if not written and not Presence.objects.filter(pk=agent_id).update(seen_at=now):
        say(agent_id=agent_id, state="here", now=now)
