"""Letting people in, and naming their teams."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from sanderling.people.models import Agent, Team

LONGEST_TEAM = 60


@transaction.atomic
def add_agent(
    *, email: str, name: str, initials: str, password: str, is_lead: bool = False, avatar: str = ""
) -> int:
    """Add an agent, or give a known one a new name and password; gives their id.

    Raises ValidationError, in words, for a password that is too weak.
    """
    validate_password(password)
    agent = Agent.objects.filter(email__iexact=email).first() or Agent(email=email.lower())
    agent.name, agent.initials, agent.avatar, agent.is_lead = name, initials, avatar, is_lead
    agent.is_active = True
    agent.set_password(password)
    agent.save()
    return agent.pk


def team_named(name: str) -> int | None:
    """The id of the team of this name, made where there is none yet; None for no name."""
    name = " ".join(name.split())[:LONGEST_TEAM]
    return Team.objects.get_or_create(name=name)[0].pk if name else None
