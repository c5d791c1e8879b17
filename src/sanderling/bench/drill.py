"""A whole drill without people: simulated agents on a desk that is thrown away afterwards."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from sanderling import drills, wiring
from sanderling.bench import stand
from sanderling.bench.lead import Lead
from sanderling.bench.shift import Shift
from sanderling.core.drilling import score
from sanderling.incidents.drills import drill
from sanderling.networks.practice.connector import LIMITS
from sanderling.networks.practice.hosting import Host
from sanderling.policy.actions import adopt_default
from sanderling.store.sql import run_text

LOOK_S = 0.5


def run(
    *, scenario: str, agents: int, seed: int | None, minutes: int | None, speed: float
) -> dict[str, Any]:
    """Play a drill to its end; its score, its facts, and what the desk took. Raises Refused."""
    with stand.empty_desk() as data, apart(data), working(data):
        adopt_default(now=_now())
        team = stand.agents(agents)
        number = drills.begin(
            scenario=scenario, by=team[0], now=_now(), seed=seed, lasts=minutes, speed=speed
        )
        shift = Shift(team, LIMITS, _now)
        shift.begin()
        try:
            _wait(number, Lead(number, team[0], lambda _: LIMITS, _now))
        finally:
            shift.leave()
            if drill(number).ended_at is None:
                drills.end(by=None, now=_now())
        played, posts = drill(number), run_text("select count(*) from listen_post", {})[0][0]
        facts = drills.facts_of(played)
    found: dict[str, Any] = {"scenario": scenario, "seed": played.seed, "agents": agents}
    if facts is not None:
        worth = score(facts)
        found |= {
            "points": worth.points,
            "parts": {part.name: part.points for part in worth.parts},
            "says": [part.says for part in worth.parts],
            "affected": facts.affected,
            "answered": len(facts.waited),
        }
    return found | {
        "posts": posts,
        "answers": len(shift.answers),
        "not_accepted": len(shift.troubles),
        "claim_p95_ms": _p95(shift.claims),
        "answer_p95_ms": _p95(shift.answers),
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _p95(took: list[float]) -> float | None:
    return stand.share(took, 95) if took else None


@contextmanager
def apart(data: Path) -> Iterator[None]:
    """This process seals and practises where the desk's own processes do."""
    sealed, host = settings.SEAL_KEYS_FILE, wiring.PRACTICE_HERE
    settings.SEAL_KEYS_FILE = data / "seal-keys"
    wiring.PRACTICE_HERE = Host(data / "practice")
    try:
        yield
    finally:
        wiring.PRACTICE_HERE.stop()
        settings.SEAL_KEYS_FILE, wiring.PRACTICE_HERE = sealed, host


@contextmanager
def working(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The worker of the desk, in a process of its own."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "sanderling", "work"], stdin=subprocess.PIPE,
        env=stand.surroundings(data),
    )  # fmt: skip
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(stand.PATIENCE_S)


def _wait(number: int, lead: Lead) -> None:
    """Until the drill has ended, as it does by its time; meanwhile the lead looks around."""
    while (played := drill(number)).ended_at is None:
        if _now() >= played.ends_at + timedelta(seconds=30):
            return
        lead.look()
        time.sleep(LOOK_S)
