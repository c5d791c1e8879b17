"""Many agents take the next case and answer it, at a human pace made short: how long does a claim
take, and does anybody get a case that another has, or none?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sanderling.bench import backlog, stand
from sanderling.store import sql

AGENTS = 200
PROCESSES = 2
"""Of the desk's pages."""
OPEN = 5_000
CASES = OPEN * 100 // 6
"""Of the tenth that waits for us, six in ten are nobody's."""
THINK_S = (2.0, 5.0)
SECONDS = 20.0


def run() -> dict[str, float]:
    """Let AGENTS work for SECONDS on a desk where OPEN cases are nobody's."""
    with stand.empty_desk() as data:
        account, owners = stand.our_account(), stand.agents(1)
        backlog.build(cases=CASES, account=account, agents=owners, now=datetime.now(UTC))
        agents = [row[0] for row in sql.fetch("bench/claiming_agents", {"count": AGENTS})]
        stand.settle(data)
        found = _work(data, agents)
    claims, answers = ([ms for one in found for ms in one[of]] for of in ("claims", "answers"))
    claimed = Counter(case for one in found for case in one["cases"])
    return {
        "agents": AGENTS,
        "open": OPEN,
        "claims": len(claims),
        "claims_per_s": round(len(claims) / SECONDS, 1),
        "claim_p50_ms": stand.share(claims, 50),
        "claim_p95_ms": stand.share(claims, 95),
        "claim_max_ms": round(max(claims), 2),
        "answer_p50_ms": stand.share(answers, 50),
        "answer_p95_ms": stand.share(answers, 95),
        "deadlocks": sum(one["deadlocks"] for one in found),
        "doubled": sum(claimed.values()) - len(claimed),
        "empty": sum(one["empty"] for one in found),
        "starved": sum(not one["cases"] for one in found),
    }


def _work(data: Path, agents: Sequence[int]) -> list[dict[str, Any]]:
    told = [str(SECONDS), *map(str, THINK_S)]
    desks = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sanderling.bench.claiming",
                *told,
                *map(str, agents[n::PROCESSES]),
            ],
            stdout=subprocess.PIPE,
            env=stand.surroundings(data),
        )
        for n in range(PROCESSES)
    ]
    found = [(desk.communicate()[0], desk.returncode) for desk in desks]
    if any(code for _, code in found):
        raise RuntimeError("A process of agents broke down; its words stand above.")
    return [one for said, _ in found for one in json.loads(said)]
