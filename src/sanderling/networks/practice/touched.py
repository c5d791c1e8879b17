"""Whom a drill touched, as the network itself knows it: for its score, and for nobody before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sanderling.core.drilling import Truth
from sanderling.networks.practice.simulation import Simulation
from sanderling.networks.practice.world import Posted

NEED_US = ("complain", "ask")
"""What somebody does who waits for an answer; others only talk about it."""


def touched(simulation: Simulation, about: Collection[str], since: datetime) -> Iterator[Truth]:
    """Everybody who wrote to us about one of these topics `since` then, each once."""
    seen = set()
    for event in simulation.world.log:
        if event.at < since or not isinstance(event.what, Posted):
            continue
        post, mind = event.what.post, simulation.minds.get(event.what.post.author)
        why = post.why
        if mind is None or why is None or why.act not in NEED_US or why.topic not in about:
            continue
        if post.author not in seen:
            seen.add(post.author)
            yield Truth(who=post.author, first_at=post.at, upset=why.mood, now=mind.mood)
