"""Simulated agents at work: each takes the next case, thinks, answers, and sometimes is slow.

They call what the pages call, so they load a desk as people do, but never get tired.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from sanderling.cases.claiming import claim_next
from sanderling.core.network import Limits, Room
from sanderling.respond.actions import propose
from sanderling.respond.interlock import News
from sanderling.respond.minding import Objections
from sanderling.store.sql import run_text

ANSWERS = (
    "Sorry about this. We see it too and are working on it; we tell you here once it is fixed.",
    "Thank you for telling us, and sorry: our engineers are on it, and we keep you posted here.",
    "You are right to ask. We are looking into it right now and come back to you in this thread.",
    "Sorry for the trouble this makes. It is not only you; we are working on it and report back.",
)
SLOW = 0.1
"""The share of answers over which somebody takes several times as long."""

REST_S = 0.3
"""How long to wait where no case waits."""


@dataclass
class Shift:
    """So many `agents` at work until `leave`. Times are in milliseconds.

    `think_s` is what they take for an answer, on average.
    """

    agents: Sequence[int]
    limits: Limits
    clock: Callable[[], datetime]
    think_s: float = 4.0
    claims: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    _left: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Everybody begins to work."""
        for number, agent in enumerate(self.agents):
            thread = threading.Thread(target=self._work, args=[agent, number], daemon=True)
            thread.start()
            self._threads.append(thread)

    def leave(self) -> None:
        """Everybody finishes what they do, and goes."""
        self._left.set()
        for thread in self._threads:
            thread.join()

    def _work(self, agent: int, number: int) -> None:
        chance = random.Random(number)
        with closing(connection):
            while not self._left.is_set():
                try:
                    case = self._claim(agent)
                    if case is None:
                        self._left.wait(REST_S)
                    else:
                        slow = 4 if chance.random() < SLOW else 1
                        self._left.wait(slow * chance.lognormvariate(0, 0.5) * self.think_s)
                        self._answer(case, agent, chance.choice(ANSWERS))
                except (News, Objections) as error:  # a person would look again and go on
                    self.troubles.append(str(error))

    def _claim(self, agent: int) -> int | None:
        began = time.perf_counter()
        claimed = claim_next(by=agent, now=self.clock())
        self.claims.append(1e3 * (time.perf_counter() - began))
        return claimed.case_id if claimed else None

    def _answer(self, case: int, agent: int, text: str) -> None:
        seen = run_text(
            "select coalesce(max(post_id), 0) from cases_placement where case_id = %(case)s",
            {"case": case},
        )[0][0]  # fmt: skip
        began = time.perf_counter()
        propose(
            case_id=case, room=Room.PUBLIC, text=text, reply_to_post=None, then="wait", seen=seen,
            by=agent, now=self.clock(), limits_for=lambda _: self.limits,
        )  # fmt: skip
        self.answers.append(1e3 * (time.perf_counter() - began))
