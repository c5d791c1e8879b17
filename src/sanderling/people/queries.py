"""Who works at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from sanderling.people.models import Agent, Team


@dataclass(frozen=True)
class Colleague:
    """An agent as others see them."""

    id: int
    name: str
    initials: str
    avatar: str
    is_lead: bool


def colleague(agent_id: int) -> Colleague | None:
    """Someone who works at the desk, or None if they do not any more."""
    a = Agent.objects.filter(pk=agent_id, is_active=True).first()
    return Colleague(a.pk, a.name, a.initials, a.avatar, a.is_lead) if a else None


def colleagues() -> list[Colleague]:
    """Everyone who may own a case, by name."""
    return [
        Colleague(a.pk, a.name, a.initials, a.avatar, a.is_lead)
        for a in Agent.objects.filter(is_active=True).order_by("name")
    ]


def teams() -> dict[int, str]:
    """The names of teams by their ids, in the order of names."""
    return dict(Team.objects.order_by("name").values_list("id", "name"))
