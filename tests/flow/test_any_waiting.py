"""Whatever is asked, answered, put aside and written, in any order: nobody waits unseen.

The same desk as in test_any_acts.py, whose invariants hold here too, with colleagues who are asked
and third parties that are waited for.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from flow.test_any_acts import ANY, REFUSED, Desk
from sanderling.cases import asking, promising
from sanderling.cases.models import Ask, Case, Clock, Promise
from sanderling.cases.watching import watch_clocks

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HOURS = st.sampled_from([0.5, 2, 30, 24 * 60])


class Waiting(Desk):
    """A desk on which cases wait on others."""

    @Desk.has_cases
    @rule(which=ANY, agent=st.integers(0, 1), hours=HOURS)
    def agent_asks_the_other(self, which: int, agent: int, hours: float) -> None:
        with suppress(*REFUSED, ValueError), transaction.atomic():
            asking.ask(
                case_id=self.case(which), to=self.agents[1 - agent], question="Do you know?",
                remind=hours * HOUR, by=self.agents[agent], now=self.now,
            )  # fmt: skip

    @precondition(lambda self: Ask.objects.exists())
    @rule(which=ANY, withdrawn=st.booleans())
    def question_is_settled(self, which: int, withdrawn: bool) -> None:
        asked = Ask.objects.order_by("pk")[which % Ask.objects.count()]
        with suppress(asking.NotAsked), transaction.atomic():
            if withdrawn:
                asking.withdraw(ask_id=asked.pk, by=asked.by_id, now=self.now)
            else:
                asking.answer(ask_id=asked.pk, text="Yes.", by=asked.to_id, now=self.now)
            case = Case.objects.get(pk=asked.case_id)
            assert case.waits_on != "colleague" or withdrawn, "an answer wakes the case"

    @Desk.has_cases
    @rule(which=ANY, hours=HOURS)
    def agent_waits_on_a_third_party(self, which: int, hours: float) -> None:
        with suppress(*REFUSED), transaction.atomic():
            asking.wait_on_third_party(
                case_id=self.case(which), whom="the courier", until=self.now + hours * HOUR,
                by=self.agents[0], now=self.now,
            )  # fmt: skip

    @Desk.has_cases
    @rule(which=ANY, hours=HOURS)
    def agent_promises(self, which: int, hours: float) -> None:
        promising.keep(
            case_id=self.case(which), text="We call.", due=self.now + hours * HOUR,
            by=self.agents[0], now=self.now,
        )  # fmt: skip

    @rule()
    def the_worker_watches_the_clocks(self) -> None:
        watch_clocks(now=self.now)

    @rule()
    def the_worker_reminds(self) -> None:
        asking.remind_due(every=4 * HOUR, now=self.now)
        promising.warn_due(ahead=HOUR, now=self.now)
        assert not Ask.objects.filter(remind_at__lte=self.now).exists()
        late = Promise.objects.filter(due_at__lte=self.now + HOUR, kept_at=None, dropped_at=None)
        assert not late.filter(warned_at=None).exists()

    @invariant()
    def who_rests_wakes_in_time(self) -> None:
        if not hasattr(self, "cleanup"):
            return
        running = Clock.objects.filter(met_at=None, void_at=None, next_at__isnull=False)
        for case in Case.objects.filter(snoozed=True):
            assert case.state in ("new", "open", "waiting")
            assert case.wake_at is not None
            looks = running.filter(case_id=case.pk).values_list("next_at", flat=True)
            assert case.wake_at <= min([case.wake_at, *looks]), "it sleeps past a clock"

    @invariant()
    def only_who_rests_waits_on_others(self) -> None:
        if hasattr(self, "cleanup"):
            assert not Case.objects.exclude(waits_on="").filter(snoozed=False).exists()
            asked = Case.objects.filter(waits_on="colleague").values_list("pk", flat=True)
            for case in asked:
                assert Ask.objects.filter(
                    case_id=case, answered_at=None, withdrawn_at=None, remind_at__isnull=False
                ).exists(), "it waits on nobody"

    @invariant()
    def nobody_is_asked_about_what_ended(self) -> None:
        if hasattr(self, "cleanup"):
            ended = Ask.objects.filter(case__state__in=["resolved", "closed"])
            assert not ended.filter(answered_at=None, withdrawn_at=None).exists()


def test_nobody_waits_unseen_whatever_happens():
    run_state_machine_as_test(
        Waiting,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
