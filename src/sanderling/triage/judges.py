"""Which judges are in use: the fast one for every post, and the careful one for a second look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from sanderling.core.facts import Facts
from sanderling.core.judging import weights
from sanderling.core.verdict import Verdict


class Judge(Protocol):
    """Whoever finds a verdict for each post, in their order, and never raises for what it says."""

    name: str

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post."""


@cache
def fast() -> Judge:
    """The judge of every post."""
    return weights.fast()


@cache
def careful() -> Judge:
    """The judge of second looks; raises Unavailable."""
    from sanderling.core.judging.careful import careful  # noqa: PLC0415 -- onnxruntime is for it alone

    return careful()
