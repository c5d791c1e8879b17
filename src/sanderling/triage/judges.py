"""Which judges are in use: the fast one for every post, and the careful one for a second look.

What the company's own agents taught lies on top of both, as the layer that is live.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Protocol

from sanderling.core.facts import Facts
from sanderling.core.judging import weights
from sanderling.core.judging.fast import Fast
from sanderling.core.judging.layer import Layer
from sanderling.core.verdict import Verdict
from sanderling.triage import queries

log = logging.getLogger(__name__)

LOOK_S = 30
"""After so many seconds a layer that went live, or was rolled back, counts everywhere."""


class Judge(Protocol):
    """Whoever finds a verdict for each post, in their order, and never raises for what it says."""

    @property
    def name(self) -> str:
        """Kept beside its verdicts."""

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post."""


def fast() -> Judge:
    """The judge of every post, with the layer that is live."""
    return _with(_live_now())


@cache
def careful() -> Judge:
    """The judge of second looks, who mixes in what the live layer says; raises Unavailable."""
    return _Careful()


class _Careful:
    """The shipped encoders beside the fast judge as it is now."""

    def __init__(self) -> None:
        from sanderling.core.judging.careful import careful  # noqa: PLC0415 -- onnxruntime is slow

        self._shipped = careful()

    @property
    def name(self) -> str:
        """Of the encoders, and of the layer."""
        return self._shipped.name + "".join(fast().name.partition("+")[1:])

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post."""
        return self._shipped.beside(_with(_live_now())).judge(facts)


def look_again() -> None:
    """Forget which layer was live, because that has just changed."""
    _live.cache_clear()


def _live_now() -> int | None:
    return _live(int(time.monotonic() // LOOK_S))


@lru_cache(maxsize=1)
def _live(period: int) -> int | None:
    return queries.live_layer_id()


@lru_cache(maxsize=2)
def _with(layer_id: int | None) -> Fast:
    judge = weights.fast()
    live = queries.live_layer() if layer_id is not None else None
    if live is None:
        return judge
    if live.base != judge.name:
        log.warning("triage.layer %s was learnt for %s and rests", live.id, live.base)
        return judge
    return Fast(Layer.unpack(live.weights).on(judge.model), f"{judge.name}+{live.id}")
