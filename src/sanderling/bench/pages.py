"""What the desk's pages cost: the time of the server, and the bytes on the line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import cycle

import httpx

from sanderling.bench import backlog, stand
from sanderling.bench.stand import Site, steady
from sanderling.bench.weighing import BROWSER, fetched, first_load
from sanderling.store import sql

OPEN = 2_000
CASES = 10 * OPEN
"""A tenth of the cases waits for us."""
AGENTS = 8
COLUMNS = 6
WARM = 30
ROUNDS = 5
PAGES = 100
"""In each round."""
SCRIPT = {"X-Desk": "1"}
CASE_PARTS = ("head", "timeline", "why", "matters")


def run() -> dict[str, float]:
    """Measure on a desk of OPEN open cases; times are whole answers by HTTP, one at a time."""
    with stand.empty_desk() as data:
        account, agents = stand.our_account(), stand.agents(AGENTS)
        stand.add_columns(COLUMNS)
        backlog.build(cases=CASES, account=account, agents=agents, now=datetime.now(UTC))
        sql.run("bench/build_caught", {})
        sql.run_text("analyze listen_columnpost", {})
        stand.settle(data)
        first = CASES - OPEN + 1
        column = sql.run_text("select min(id) from listen_column", {})[0][0]
        with stand.serving(data) as site:
            return {
                "open": OPEN,
                **_times(site, first, column),
                **_first_loads(site, first),
                **_live_changes(site, first, column),
            }


def _times(site: Site, first: int, column: int) -> dict[str, float]:
    """Milliseconds until an answer is here; cases differ from one to the next."""
    cases = cycle(range(first, first + OPEN))
    ask: Mapping[str, tuple[Callable[[], str], Mapping[str, str]]] = {
        "desk": (lambda: "/desk/?q=team", {}),
        "case": (lambda: f"/case/{next(cases)}/?q=team", {}),
        "deck": (lambda: "/deck/", {}),
        "rows_part": (lambda: "/desk/rows?q=team&n=50", SCRIPT),
        "case_part": (lambda: f"/case/{next(cases)}/pane?q=team", SCRIPT),
        "column_part": (lambda: f"/deck/columns/{column}?n=20", SCRIPT),
    }
    found: dict[str, float] = {}
    for name, (address, headers) in ask.items():
        for _ in range(WARM):
            _took(site.client, address(), headers)
        took = [
            [_took(site.client, address(), headers) for _ in range(PAGES)] for _ in range(ROUNDS)
        ]
        found |= {f"{name}_p50_ms": steady(took, 50), f"{name}_p95_ms": steady(took, 95)}
    return found


def _took(client: httpx.Client, address: str, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    with client.stream("GET", address, headers={**BROWSER, **headers}) as answer:
        answer.raise_for_status()
        for _ in answer.iter_raw():
            pass
    return 1e3 * (time.perf_counter() - began)


def _first_loads(site: Site, first: int) -> dict[str, float]:
    """Kilobytes (of 1,000 bytes) of a page with an empty cache."""
    pages = {"desk": "/desk/?q=team", "case": f"/case/{first}/?q=team", "deck": "/deck/"}
    found: dict[str, float] = {}
    for name, address in pages.items():
        weights = first_load(site.client, address)
        found[f"{name}_first_load_kb"] = _kb([sum(weights.values())])
        found |= {f"{name}_{kind}_kb": _kb([size]) for kind, size in sorted(weights.items())}
    return found


def _live_changes(site: Site, first: int, column: int) -> dict[str, float]:
    """Kilobytes that a page fetches when one thing changed: all that its script asks for."""
    asked = {
        "desk": ("/desk/rows?q=team&n=50", "/badges?page=desk&q=team", "/desk/offers?q=team"),
        "case": [f"/case/{first}/{part}?q=team" for part in CASE_PARTS],
        "deck": [f"/deck/columns/{column}?n=20"],
    }
    return {
        f"{name}_live_change_kb": _kb([fetched(site.client, a, **SCRIPT)[1] for a in addresses])
        for name, addresses in asked.items()
    }


def _kb(sizes: Sequence[int]) -> float:
    return round(sum(sizes) / 1000, 1)
