"""Who has a case before them, and what they do there. It informs; the interlock protects.

A row a case and agent, renewed by the page while it is open. A page that dies without a word is
forgotten by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sanderling.cases.models import Here
from sanderling.cases.queries import NoSuchCase, Owner
from sanderling.core.words import say
from sanderling.store import announce
from sanderling.store.sql import fetch

FRESH = timedelta(seconds=45)
"""How long a row counts; pages renew it every 20 seconds."""

DOING = ("reading", "public", "direct", "note")
"""What an agent may do at a case: read it, or write in one of its rooms."""


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who has the case before them."""

    agent: Owner
    doing: str


@transaction.atomic
def here(*, case_id: int, agent_id: int, doing: str, now: datetime) -> None:
    """An agent has the case before them; pages hear of it when that is new.

    Raises ValueError for something that nobody does, and NoSuchCase.
    """
    if doing not in DOING:
        raise ValueError(say("Nobody at a case is {doing}.", doing=doing[:20]))
    params = {"case": case_id, "agent": agent_id, "doing": doing, "now": now, "since": now - FRESH}
    found = fetch("cases/put_here", params)
    if not found:
        raise NoSuchCase(say("There is no case {number}.", number=case_id))
    was = found[0][0]
    if was is None:
        Here.objects.filter(agent_id=agent_id, at__lte=now - FRESH).delete()
    if was != doing:
        announce.announce([announce.here(case_id)])


@transaction.atomic
def gone(*, case_id: int, agent_id: int) -> None:
    """An agent has left the case; leaving twice is the same as once."""
    if Here.objects.filter(case_id=case_id, agent_id=agent_id).delete()[0]:
        announce.announce([announce.here(case_id)])


def others(case_id: int, *, agent_id: int, now: datetime) -> list[Present]:
    """The colleagues of an agent who have this case before them now, by name."""
    found = (
        Here.objects.filter(case_id=case_id, at__gt=now - FRESH)
        .exclude(agent_id=agent_id)
        .order_by("agent__name", "agent_id")
        .values_list("agent_id", "agent__name", "agent__initials", "agent__avatar", "doing")
    )
    return [Present(Owner(*row[:4]), row[4]) for row in found]
