"""The life of a case, whatever happens to it: nobody is forgotten, and the books are true.

The desk of test_any_acts.py, with all that agents can do and what must hold at any time. A new act
is a line in ACTS; what it may refuse with is named in REFUSED.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from flow.test_any_acts import ANY, REFUSED, Desk
from sanderling.cases import actions
from sanderling.cases.models import Case, Clock, Placement
from sanderling.cases.queries import queue
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db

OPEN = ("new", "open", "waiting")
HOUR = timedelta(hours=1)

# By name: what an agent `by` does to a case; `other` is a colleague of theirs.
ACTS: dict[str, Callable[[int, int, int, object], object]] = {
    "note": lambda c, by, other, now: actions.write_note(case_id=c, text="Hm.", by=by, now=now),
    "take up": lambda c, by, other, now: actions.take_up(case_id=c, by=by, now=now),
    "pass on": lambda c, by, other, now: actions.assign(case_id=c, to=other, by=by, now=now),
    "nap": lambda c, by, other, now: actions.snooze(case_id=c, until=now + HOUR, by=by, now=now),
    "not answered": lambda c, by, other, now: actions.not_answered(case_id=c, by=by, now=now),
    "settle": lambda c, by, other, now: actions.resolve(
        case_id=c, outcome="told we cannot", by=by, now=now
    ),
    "again": lambda c, by, other, now: actions.reopen(case_id=c, by=by, now=now),
}


class CaseLife(Desk):
    """Any act of ACTS, by either of two agents, on any case."""

    @rule(which=ANY, agent=st.integers(0, 1), what=st.sampled_from(sorted(ACTS)))
    def somebody_acts(self, which: int, agent: int, what: str) -> None:
        if not Case.objects.exists():
            return
        self.at += 1
        by, other = self.agents[agent], self.agents[1 - agent]
        with suppress(*REFUSED), transaction.atomic():
            ACTS[what](self.case(which), by, other, self.now)

    def _open(self) -> bool:
        return hasattr(self, "cleanup")

    @invariant()
    def what_is_put_aside_wakes_and_all_else_is_in_a_queue(self) -> None:
        if not self._open():
            return
        assert not Case.objects.filter(snoozed=True, wake_at=None).exists()
        assert not Case.objects.filter(state="resolved", wake_at=None).exists()
        seen = {
            name: {row.id for row in queue(name, self.agents[0], None).rows}
            for name in ("team", "waiting", "snoozed", "resolved")
        }
        for case in Case.objects.filter(state__in=(*OPEN, "resolved")):
            place = {"new": "team", "open": "team"}.get(case.state, case.state)
            place = "snoozed" if case.snoozed else place
            where = {name for name, ids in seen.items() if case.pk in ids}
            assert where == {place}, f"{case} is {case.state} and stands in {where}"

    @invariant()
    def no_clock_runs_where_all_is_settled(self) -> None:
        if not self._open():
            return
        running = Clock.objects.filter(met_at=None, void_at=None).exclude(kind="follow up")
        assert not running.filter(case__state__in=["resolved", "closed", "merged"]).exists()
        assert not running.filter(due_at__lt=F("started_at")).exists()

    @invariant()
    def one_conversation_has_one_open_case(self) -> None:
        if not self._open():
            return
        names: defaultdict[tuple[int, object], set[int]] = defaultdict(set)
        mine = Placement.objects.filter(role="requester", case__state__in=OPEN, needs__gt=0)
        for place in mine:
            for name in place.names or ():
                names[place.customer_id, name].add(place.case_id)
        shared = {name: cases for name, cases in names.items() if len(cases) > 1}
        assert not shared, f"a conversation in several open cases: {shared}"

    @invariant()
    def the_history_leads_to_where_a_case_stands(self) -> None:
        if not self._open():
            return
        last: dict[int, str] = {}
        gave: set[int] = set()
        for move in Move.objects.filter(kind="case").order_by("id"):
            assert last.get(move.row, move.was) == move.was, f"{move} does not follow"
            last[move.row] = move.now
            if move.by_id or move.move == "not answered":
                gave.add(move.row)
        for case in Case.objects.filter(pk__in=last):
            assert last[case.pk] == case.state, f"{case} is {case.state}, and was {last[case.pk]}"
        heirs = Case.objects.exclude(merged_into=None).values_list("merged_into_id", flat=True)
        for case in Case.objects.exclude(owner=None).exclude(pk__in=heirs):
            assert case.pk in gave, f"nobody gave {case} to its owner"


def test_whatever_happens_to_cases_nobody_is_forgotten_and_the_books_are_true() -> None:
    run_state_machine_as_test(
        CaseLife,
        settings=settings(max_examples=20, stateful_step_count=30, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
