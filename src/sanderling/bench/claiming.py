"""A process of agents for bench/claims.py: each claims, thinks, answers, thinks, until time is up.

    python -m sanderling.bench.claiming SECONDS LEAST MOST AGENT...

Tells as one JSON object what they came to. Their acts are done by THREADS threads with a database
connection each, as pages are; waiting for one of them counts. Nothing leaves: answers wait in the
outbox.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanderling.settings")
django.setup()

from django.db import OperationalError  # noqa: E402  Django is set up by now

from sanderling.cases.claiming import claim_next  # noqa: E402  Django is set up by now
from sanderling.core.network import Room  # noqa: E402  Django is set up by now
from sanderling.networks.practice.connector import LIMITS  # noqa: E402  Django is set up by now
from sanderling.respond.actions import propose  # noqa: E402  Django is set up by now
from sanderling.respond.interlock import newest_post  # noqa: E402  Django is set up by now
from sanderling.respond.queries import answerability  # noqa: E402  Django is set up by now

THREADS = 8
"""As in asgi.py."""
DEADLOCK = "40P01"


class Came(msgspec.Struct):
    """What one agent came to; times are milliseconds. `empty`: how often there was no case."""

    claims: list[float] = []
    answers: list[float] = []
    cases: list[int] = []
    deadlocks: int = 0
    empty: int = 0


def work(agents: Sequence[int], seconds: float, think_s: tuple[float, float]) -> list[Came]:
    """Let every agent work until the time is up."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(THREADS) as pages, ThreadPoolExecutor(len(agents)) as people:
        return list(people.map(lambda agent: _agent(agent, end, think_s, pages), agents))


def _agent(agent: int, end: float, think_s: tuple[float, float], pages: ThreadPoolExecutor) -> Came:
    chance, came = random.Random(agent), Came()
    time.sleep(chance.uniform(0, think_s[1]))
    while time.monotonic() < end:
        try:
            case_id = _timed(pages, came.claims, partial(_claim, agent, came))
            time.sleep(chance.uniform(*think_s))
            if case_id:
                _timed(pages, came.answers, partial(_answer, case_id, agent))
                time.sleep(chance.uniform(*think_s))
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                raise
            came.deadlocks += 1
    return came


def _timed(pages: ThreadPoolExecutor, took: list[float], act: Callable[[], int]) -> int:
    began = time.perf_counter()
    done = pages.submit(act).result()
    took.append(1e3 * (time.perf_counter() - began))
    return done


def _claim(agent: int, came: Came) -> int:
    taken = claim_next(by=agent, now=datetime.now(UTC))
    if taken is None:
        came.empty += 1
        return 0
    came.cases.append(taken.case_id)
    return taken.case_id


def _answer(case_id: int, agent: int) -> int:
    ways = answerability(case_id, agent_id=agent, limits_for=lambda _: LIMITS)
    room = Room.PUBLIC if ways.public.may else Room.DIRECT
    return propose(
        case_id=case_id, room=room, text="We look into it at once.", reply_to_post=None,
        then="wait", seen=newest_post(case_id), by=agent, now=datetime.now(UTC),
        limits_for=lambda _: LIMITS, confirmed=("same to many",),
    )  # fmt: skip


if __name__ == "__main__":
    for_s, least_s, most_s, *who = sys.argv[1:]
    told = work([int(agent) for agent in who], float(for_s), (float(least_s), float(most_s)))
    sys.stdout.write(msgspec.json.encode(told).decode())
