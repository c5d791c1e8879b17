"""Who works at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from sanderling.people.models import Agent


@dataclass(frozen=True)
class Colleague:
    """An agent as others see them."""

    id: int
    name: str
    initials: str
    avatar: str
    is_lead: bool


def colleagues() -> list[Colleague]:
    """Everyone who may own a case, by name."""
    return [
        Colleague(a.pk, a.name, a.initials, a.avatar, a.is_lead)
        for a in Agent.objects.filter(is_active=True).order_by("name")
    ]
