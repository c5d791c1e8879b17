"""Policies for tests, as short as they can be."""

from __future__ import annotations

from datetime import UTC, datetime

from sanderling.core.policy import Checked, Policy, check

GOAL = """
[[goals]]
name = "Everything"
when = "true"
acknowledge = "1h"
answer = "4h"
"""
OFFICE = """
[hours.office]
zone = "Europe/Berlin"
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
"""


def looked_at(*parts: str) -> Checked:
    """What `check` makes of a policy with a name and these parts."""
    return check('name = "Test"\n' + "\n".join(parts))


def policy(*parts: str) -> Policy:
    """A policy with a name and these parts, which must fit."""
    found = looked_at(*parts)
    assert found.policy, "\n".join(map(str, found.problems))
    return found.policy


def problems(*parts: str) -> list[str]:
    """What is wrong with a policy of these parts, as people read it."""
    return [str(problem) for problem in looked_at(*parts).problems]


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
