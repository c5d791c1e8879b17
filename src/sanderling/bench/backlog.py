"""A desk with a past: as many cases as one likes, with all that stands around them.

A tenth of the cases wait for us: most belong to nobody, the others to one of the agents. The rest
wait for their customer, sleep, or are over. Every row that a page joins is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sanderling.bench import corpus
from sanderling.core.timing import NEVER
from sanderling.store import sql

POSTS = 2
"""How many posts a case has on average; a few of the open ones have above a hundred."""
TABLES = (
    *("matters", "identities", "posts", "verdicts", "cases", "placements", "clocks", "moves"),
    *("tallies", "numbers"),
)
"""In an order that keys allow."""


def long_cases(cases: int) -> list[int]:
    """Which of so many cases are long: some of the open ones."""
    step = max(10, cases // 200)
    return [n for n in range(cases * 9 // 10 + 1, cases + 1) if n % step == 9]


def build(*, cases: int, account: int, agents: Sequence[int], now: datetime) -> None:
    """Fill an empty desk with `cases`, at least 2,000, by one statement a table."""
    facts = {
        "cases": cases, "account": account, "agents": list(agents), "now": now, "never": NEVER,
        "texts": ["@NorthwindCare " + text for text in corpus.posts(500, seed=9)],
    }  # fmt: skip
    for table in TABLES:
        sql.run(f"bench/build_{table}", facts)
    sql.run_text("drop table matter", {})
    sql.run_text("vacuum analyze", {})
