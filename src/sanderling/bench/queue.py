"""What a desk with a million cases takes to show: lists, pages of lists, and cases."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sanderling.bench import backlog, stand
from sanderling.bench.stand import Site, steady
from sanderling.cases import queries
from sanderling.store import sql

AGENTS = 8
WALKS = 3
WARM = 40
ROUNDS = 5
PAGES = 120
"""In each round."""


def run(*, cases: int) -> dict[str, float]:
    """Measure on a desk of so many cases, a tenth of them open; pages are whole answers by HTTP."""
    with stand.empty_desk() as data:
        account, agents = stand.our_account(), stand.agents(AGENTS)
        began = time.perf_counter()
        backlog.build(cases=cases, account=account, agents=agents, now=datetime.now(UTC))
        built = time.perf_counter() - began
        stand.settle(data)
        walks = [_walk(agents[0]) for _ in range(WALKS)]
        open_, size = sql.run_text(
            "select count(*) filter (where state in ('new', 'open') and not snoozed),"
            " pg_database_size(current_database()) / 2^20 from cases_case", {},
        )[0]  # fmt: skip
        with stand.serving(data) as site:
            pages = _pages(site, data, random.Random(6), walks[0][1], cases)
    return {
        "cases": cases,
        "open": open_,
        "list_sql_p50_ms": steady([took for took, _ in walks], 50),
        "list_sql_p95_ms": steady([took for took, _ in walks], 95),
        **pages,
        "lists": len(walks[0][0]),
        "build_s": round(built),
        "database_mb": round(size),
    }


def _walk(agent: int) -> tuple[list[float], list[str]]:
    """Every page of every queue, as deep as it goes: what each took, in ms, and its address."""
    took, addresses = [], []
    for name in queries.QUEUES:
        after, more = None, ""
        while True:
            began = time.perf_counter()
            found = queries.queue(name, agent, after)
            took.append(1e3 * (time.perf_counter() - began))
            addresses.append(f"/desk/?q={name}{more}")
            after = found.after
            if after is None:
                break
            more = f"&after={queries.key_text(after)}"
    return took, addresses


def _pages(
    site: Site, data: Path, chance: random.Random, lists: Sequence[str], cases: int
) -> dict[str, float]:
    tops = [f"/desk/?q={name}" for name in queries.QUEUES]
    first_open = cases * 9 // 10 + 1
    long = backlog.long_cases(cases)
    ask: dict[str, Callable[[], str]] = {
        # As many first pages as pages from anywhere in a queue.
        "list_page": lambda: chance.choice(chance.choice((tops, lists))),
        "rows_part": lambda: "/desk/rows" + chance.choice(tops).removeprefix("/desk/"),
        "case_page": lambda: f"/case/{chance.randint(first_open, cases)}/?q=team",
        "case_part": lambda: f"/case/{chance.randint(first_open, cases)}/pane",
        "long_case_page": lambda: f"/case/{chance.choice(long)}/?q=team",
    }
    found: dict[str, float] = {}
    for name, address in ask.items():
        for _ in range(WARM):
            _get(site, address())
        own, database = stand.cpu_s(site.process), stand.database_cpu_s(data)
        took = [[_get(site, address()) for _ in range(PAGES)] for _ in range(ROUNDS)]
        own, database = stand.cpu_s(site.process) - own, stand.database_cpu_s(data) - database
        found |= {
            f"{name}_p50_ms": steady(took, 50),
            f"{name}_p95_ms": steady(took, 95),
            f"{name}_cpu_ms": round(1e3 * own / (ROUNDS * PAGES), 1),
            f"{name}_database_cpu_ms": round(1e3 * database / (ROUNDS * PAGES), 1),
        }
    return found


def _get(site: Site, address: str) -> float:
    began = time.perf_counter()
    site.client.get(address).raise_for_status()
    return 1e3 * (time.perf_counter() - began)
