"""Which judges are in use: the fast one for every post, and the careful one for a second look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from sanderling.core.facts import Facts
from sanderling.core.judging import JUDGE
from sanderling.core.judging import judge as by_rules
from sanderling.core.verdict import Verdict


class Judge(Protocol):
    """Whoever finds a verdict for each post, in their order, and never raises for what it says."""

    name: str

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post."""


class Unavailable(Exception):
    """The judge cannot be had here; the sentence says why."""


class _Rules:
    name = JUDGE

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        return by_rules(facts)


@cache
def fast() -> Judge:
    """The judge of every post."""
    return _Rules()


@cache
def careful() -> Judge:
    """The judge of second looks; raises Unavailable."""
    raise Unavailable("This version comes without a careful judge.")
