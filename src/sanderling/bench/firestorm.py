"""A firestorm, whole: the practice network writes, the worker hears, judges and places, pages are
asked for, and agents answer meanwhile; each in processes as on a real desk."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil

from sanderling import wiring
from sanderling.bench import stand
from sanderling.bench.drill import apart, working
from sanderling.bench.shift import Shift
from sanderling.listen.actions import connect
from sanderling.networks.practice.connector import LIMITS
from sanderling.policy.actions import adopt_default
from sanderling.store.sql import run_text

AGENTS = 2
ASK_S = 0.5
"""How often the first page of the queue is asked for."""

PATIENCE_S = 900.0
"""How long, at most, the desk may still take in what came, once the storm is over."""

PAGES = ("/desk/?q=team", "/desk/?q=mine", "/desk/?q=unassigned")


def run(*, posts: int = 100_000, minutes: float = 10.0) -> dict[str, Any]:
    """So many posts within so many minutes; `lost` counts those that the desk never knew.

    Times are whole answers by HTTP while it storms, and what claiming and answering took.
    """
    with stand.empty_desk() as data, apart(data), working(data) as worker:
        adopt_default(now=_now())
        team = stand.agents(AGENTS)
        found = wiring.PRACTICE_HERE.connect("quiet", speed=0)
        connect(network="practice", who=found.who, address=found.address, secret=found.secret,
                now=_now())  # fmt: skip
        shift = Shift(team, LIMITS, _now)
        with closing(_Storm(data)) as storm, stand.serving(data) as site:
            before = _known()
            storm.blow(posts, 60 * minutes)
            began = time.monotonic()
            shift.begin()
            pages, peaks = _ask(site, storm, psutil.Process(worker.pid), posts)
            stormed = time.monotonic() - began
            shift.leave()
            heard = _settled(before + posts)
            took = time.monotonic() - began
            left = _left()
    return {
        "posts": posts,
        "minutes": minutes,
        "heard": heard - before,
        "lost": before + posts - heard,
        "storm_s": round(stormed, 1),
        "heard_all_after_s": round(took, 1),
        "queue_page_p50_ms": stand.share(pages, 50),
        "queue_page_p95_ms": stand.share(pages, 95),
        "queue_pages": len(pages),
        "answers": len(shift.answers),
        "answers_that_stand": left.get("sent", 0),
        "answers_held_for_news": left.get("held", 0),
        "not_accepted": len(shift.troubles),
        "claim_p95_ms": stand.share(shift.claims, 95),
        "answer_p95_ms": stand.share(shift.answers, 95),
        "worker_peak_mb": peaks["worker"],
        "web_peak_mb": peaks["web"],
    }


class _Storm:
    """The practice network, as who runs it asks it."""

    def __init__(self, data: Path) -> None:
        card = msgspec.json.decode((data / "practice" / "practice.json").read_bytes())
        self._http = httpx.Client(
            base_url=card["url"], headers={"Authorization": f"Bearer {card['admin']}"},
            timeout=stand.PATIENCE_S, trust_env=False,
        )  # fmt: skip
        self.close = self._http.close

    def blow(self, posts: int, seconds: float) -> None:
        """Let it begin."""
        wish = {"posts": posts, "seconds": seconds, "scenario": "outage"}
        self._http.post("/api/admin/storm", json=wish).raise_for_status()

    def written(self) -> int:
        """How many were written so far."""
        return int(self._http.get("/api/admin/storm").raise_for_status().json()["written"])


def _ask(
    site: stand.Site, storm: _Storm, worker: psutil.Process, posts: int
) -> tuple[list[float], dict[str, float]]:
    """Ask for the queue until the storm is over: what each page took in ms, and the most memory
    that worker and pages used, in MiB."""
    took: list[float] = []
    peaks = {"worker": 0.0, "web": 0.0}
    while storm.written() < posts:
        for page in PAGES:
            began = time.perf_counter()
            site.client.get(page).raise_for_status()
            took.append(1e3 * (time.perf_counter() - began))
        for name, process in (("worker", worker), ("web", site.process)):
            peaks[name] = max(peaks[name], round(process.memory_info().rss / 2**20, 1))
        time.sleep(ASK_S)
    return took, peaks


def _settled(expected: int) -> int:
    """How many posts of customers stand once all do, or nothing has come for long."""
    end = time.monotonic() + PATIENCE_S
    while (known := _known()) < expected and time.monotonic() < end:
        time.sleep(1)
    return known


def _left() -> dict[str, int]:
    """How many answers stand, and how many wait because their customer wrote again meanwhile, once
    none is on its way any more."""
    end = time.monotonic() + stand.PATIENCE_S
    while True:
        found = run_text("select state, count(*) from respond_outgoing group by state", {})
        counts = {str(state): int(n) for state, n in found}
        if not counts.keys() & {"queued", "sending", "unsure"} or time.monotonic() > end:
            return counts
        time.sleep(1)


def _known() -> int:
    found = run_text("select count(*) from listen_post where direction = 'theirs'", {})
    return int(found[0][0])


def _now() -> datetime:
    return datetime.now(UTC)
