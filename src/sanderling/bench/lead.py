"""A simulated lead: sees that it is one incident, tells everybody, lets everybody be acknowledged.

As the agents of `shift.py` it calls what the pages call.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sanderling.cases.belonging import belong
from sanderling.incidents.actions import move, open_incident
from sanderling.incidents.queries import Standing, of_drill
from sanderling.listen.queries import accounts
from sanderling.respond.broadcasting import post_status
from sanderling.respond.queries import LimitsFor
from sanderling.respond.rounds import LIVE, NotReady, begin, prepare
from sanderling.respond.status import LABELS, Status
from sanderling.respond.statuses import told_of
from sanderling.store.sql import run_text

SUSPICIOUS = 8
"""Cases at which the lead opens an incident, if the desk suspected none before."""

STATUS = (
    "Many of you write that something does not work. We see it too and are working on it. We say"
    " more here within the half hour; there is no need to write again."
)
WORDS = (
    "[Hello|Hi|Good day|Hey] {name}, [we see it|we know of it|we have seen it|we are aware of it]"
    " [and are on it|and work on it|and mend it now|and look for the cause]."
    " [Thank you for telling us|Thanks for writing|Sorry for the trouble]."
)


@dataclass(frozen=True)
class Lead:
    """Who leads through a drill on a desk where nothing else is."""

    drill: int
    agent: int
    limits_for: LimitsFor
    clock: Callable[[], datetime]

    def look(self) -> None:
        """Look around once, and do what has to be done next."""
        found = next((one for one in of_drill(self.drill) if one.stands), None)
        if found is None:
            self._open()
            return
        if found.state == "suspected":
            move(incident_id=found.id, move="confirm", by=self.agent, now=self.clock())
        self._gather(found)
        if not told_of(found.id, self.agent):
            self._speak(found)
        self._acknowledge(found)

    def _open(self) -> None:
        if len(_loose()) >= SUSPICIOUS:
            open_incident(
                name="Many write about one thing", by=self.agent, now=self.clock(), drill=self.drill
            )

    def _gather(self, it: Standing) -> None:
        if loose := _loose():
            belong(case_ids=loose, incident_id=it.id, by=self.agent, now=self.clock())

    def _speak(self, it: Standing) -> None:
        everywhere = tuple(account.id for account in accounts())
        status = Status(incident=it.id, label=LABELS[0], text=STATUS, accounts=everywhere)
        post_status(status=status, by=self.agent, now=self.clock(), limits_for=self.limits_for)

    def _acknowledge(self, it: Standing) -> None:
        """Whoever joined since the last round was done is in the next one."""
        if _one_runs(it.id):
            return
        with suppress(NotReady), transaction.atomic():
            number = prepare(
                incident_id=it.id, kind="acknowledge", text=WORDS, by=self.agent, now=self.clock(),
                limits_for=self.limits_for,
            )  # fmt: skip
            begin(round_id=number, by=self.agent, now=self.clock(), limits_for=self.limits_for)


def _one_runs(incident: int) -> bool:
    """Whether a round that acknowledges is on its way there."""
    params = {"incident": incident, "live": list(LIVE)}
    return bool(run_text(
        "select 1 from respond_round where incident_id = %(incident)s and kind = 'acknowledge'"
        " and state = any(%(live)s)", params,
    ))  # fmt: skip


def _loose() -> list[int]:
    """The open cases that are part of no incident."""
    rows = run_text(
        "select id from cases_case where incident_id is null and state <> 'closed' order by id", {}
    )
    return [number for (number,) in rows]
