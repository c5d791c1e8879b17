"""Where an outgoing post belongs: to a case as an answer, or to an incident as a public status."""

from __future__ import annotations

from sanderling.core.words import say
from sanderling.respond.models import Broadcast, Outgoing
from sanderling.store import announce


class NoAnswer(Exception):
    """This is a public status, and what was to be done can be done to answers only."""


def case_of(row: Outgoing) -> int:
    """The case that an answer is in. Raises NoAnswer."""
    if row.case_id is None:
        raise NoAnswer(say("This is a public status. Decide about it in its incident."))
    return row.case_id


def broadcast_of(row: Outgoing) -> int:
    """The broadcast that a public status is a post of."""
    if row.broadcast_id is None:
        raise LookupError(f"outgoing post {row.pk} is an answer")
    return row.broadcast_id


def incident_of(row: Outgoing) -> int:
    """The incident that a public status is about."""
    return Broadcast.objects.values_list("incident_id", flat=True).get(pk=broadcast_of(row))


def topic(row: Outgoing) -> str:
    """What pages follow that show this post."""
    if row.case_id is not None:
        return announce.case(row.case_id)
    return announce.incident(incident_of(row))
