"""Where the policy sends a case: the team, the skills it takes, and the rule that says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sanderling.cases.ruling import Rulings
from sanderling.people.queries import teams


class Routed(NamedTuple):
    """Why a case stands where it stands: the rule of this version of the policy. `rule` is empty
    where no rule routed it, or where a person has moved it since."""

    policy: int
    rule: str
    skills: Sequence[str]


def routes(posts: Sequence[int], rulings: Rulings) -> list[dict[str, Any]]:
    """The columns of a case that is about each of these posts."""
    policy = rulings.current
    found = [rulings.of(post, policy)[1] for post in posts]
    routed = any(route.team for route in found)
    numbers = {name: number for number, name in teams().items()} if routed else {}
    return [unrouted(numbers.get(f.team), Routed(policy.version, f.rule, f.skills)) for f in found]


def unrouted(team: int | None, route: Routed) -> dict[str, Any]:
    """The columns of a case that stays where it is."""
    return {
        "team": team,
        "policy": route.policy,
        "route": route.rule,
        "skills": list(route.skills),
    }
