"""The next case: the right one, for one agent only, and nobody waits for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

import factories
from outcome import check_tallies
from sanderling.cases import actions, claiming
from sanderling.cases.claiming import claim_next, priority_of
from sanderling.cases.models import Case, Handover
from sanderling.core.timing import NEVER
from sanderling.people.models import Membership, Team
from sanderling.store.models import Move
from sanderling.triage.models import Verdict

NOW = factories.NOW


@pytest.fixture
def make():
    """A way to make cases: due after some minutes, by a customer with so many followers."""
    account = factories.account()

    def case(minutes=30, followers=0, **given):
        customer = factories.identity(followers=followers)
        return factories.case(
            account, customer, due_at=NOW + timedelta(minutes=minutes), **{"tone": 1, **given}
        )

    return case


def team(name, *agents):
    row = Team.objects.create(name=name)
    for agent in agents:
        Membership.objects.create(agent=agent, team=row)
    return row


def taken(agent):
    found = claim_next(by=agent.pk, now=NOW)
    return found and found.case_id


@pytest.mark.django_db
class TestWhich:
    def test_a_broken_promise_goes_before_one_that_can_still_be_kept(self, make):
        make(40)
        late = make(-12)
        ada = factories.agent("Ada")
        found = claim_next(by=ada.pk, now=NOW)
        assert found.case_id == late.pk
        assert found.why.parts[0].says == "late by 12 min"
        mine = Case.objects.get(pk=late.pk)
        assert (mine.owner_id, mine.owned_at, mine.state) == (ada.pk, NOW, "open")
        assert Move.objects.get(row=late.pk, move="take").note == str(found.why)
        check_tallies()

    def test_who_is_furious_and_heard_by_many_goes_before_who_is_due_a_little_sooner(self, make):
        make(50)
        fire = make(55, followers=20_000, tone=5)
        assert taken(factories.agent()) == fire.pk

    def test_owned_waiting_snoozed_and_ended_cases_are_nobodys_next(self, make):
        ben = factories.agent("Ben")
        make(owner=ben, state="open")
        make(state="waiting")
        make(snoozed=True, wake_at=NOW)
        make(state="resolved", wake_at=NOW)
        assert taken(factories.agent("Ada")) is None

    def test_an_agent_in_teams_takes_theirs_and_what_has_none_and_others_take_all(self, make):
        ada, ben, cem = (factories.agent(n) for n in ("Ada", "Ben", "Cem"))
        billing, network = team("Billing", ada), team("Network", ben)
        theirs, free = make(5, team=network), make(20)
        assert taken(ada) == free.pk
        assert taken(ada) is None
        assert taken(cem) == theirs.pk
        assert billing.pk != network.pk

    def test_skills_and_languages_fit_but_what_nobody_can_is_for_all(self, make):
        ada = factories.agent("Ada", skills=["billing"], languages=["en"])
        ben = factories.agent("Ben", skills=["billing", "roaming"], languages=["de"])
        roaming, german, greek = make(5, skills=["roaming"]), make(10), make(15)
        Verdict.objects.filter(post=german.about_post_id).update(lang="de")
        Verdict.objects.filter(post=roaming.about_post_id).update(lang="de")
        Verdict.objects.filter(post=greek.about_post_id).update(lang="el")
        assert taken(ada) == greek.pk
        assert taken(ada) is None
        assert {taken(ben), taken(ben)} == {roaming.pk, german.pk}

    def test_what_is_offered_to_somebody_else_is_left_to_them(self, make):
        ada, ben, cem = (factories.agent(n) for n in ("Ada", "Ben", "Cem"))
        case = make()
        Handover.objects.create(case=case, by=cem, to=ben, note="", state="offered", at=NOW)
        assert taken(ada) is None
        assert taken(ben) == case.pk
        assert Handover.objects.get().state == "accepted"

    def test_what_has_no_deadline_is_reached_behind_any_number_that_have_one(
        self, make, monkeypatch
    ):
        monkeypatch.setattr(claiming, "MOST_DUE", 3)
        waiting = make(0, due_kind="", last_at=NOW - timedelta(days=9))
        Case.objects.filter(pk=waiting.pk).update(due_at=NEVER)
        for n in range(6):
            make(50 + n, opened_at=NOW)
        assert taken(factories.agent()) == waiting.pk

    def test_the_page_can_say_why_as_long_as_the_case_waits_for_us(self, make):
        case = make(-12)
        assert priority_of(case.pk, NOW).parts[0].says == "late by 12 min"
        actions.resolve(case_id=case.pk, outcome="solved", by=factories.agent().pk, now=NOW)
        assert priority_of(case.pk, NOW) is None

    def test_a_case_overtakes_all_that_come_after_it_if_it_waits_long_enough(self, make):
        calm = make(240, opened_at=NOW, kind="question")
        ada, now = factories.agent(), NOW
        for _ in range(60):
            now += timedelta(minutes=30)
            make(
                (now - NOW) / timedelta(minutes=1) + 5, opened_at=now, followers=2_000_000, tone=5,
                urgency=3,
            )  # fmt: skip
            if claim_next(by=ada.pk, now=now).case_id == calm.pk:
                break
        assert Case.objects.get(pk=calm.pk).owner_id == ada.pk, "starved"


def at_once(agents):
    """Every agent claims at the same moment, each on a connection of their own."""
    start = Barrier(len(agents))

    def claim(agent):
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=20)
            return claim_next(by=agent.pk, now=NOW)

    with ThreadPoolExecutor(len(agents)) as threads:
        return list(threads.map(claim, agents))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cases", [70, 50], ids=["more than enough", "exactly enough"])
def test_fifty_agents_at_once_get_fifty_different_cases(make, cases):
    agents = [factories.agent(f"A{n}") for n in range(50)]
    for n in range(cases):
        make(n - 20)
    found = at_once(agents)
    assert None not in found, "somebody got nothing"
    assert len({f.case_id for f in found}) == 50, "a case was given twice"
    owners = dict(Case.objects.exclude(owner=None).values_list("pk", "owner_id"))
    assert owners == {f.case_id: a.pk for f, a in zip(found, agents, strict=True)}
    check_tallies()


@pytest.mark.django_db(transaction=True)
def test_the_only_case_is_waited_for_while_the_worker_changes_it(make):
    case, ada = make(), factories.agent()
    locked, free = Event(), Event()

    def worker():
        with closing(connection), transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            locked.set()
            free.wait(timeout=20)

    def claim():
        with closing(connection):
            return claim_next(by=ada.pk, now=NOW)

    with ThreadPoolExecutor(2) as threads:
        placing = threads.submit(worker)
        locked.wait(timeout=20)
        claiming_ = threads.submit(claim)
        with pytest.raises(TimeoutError):
            claiming_.result(timeout=0.3)
        free.set()
        placing.result(timeout=20)
        assert claiming_.result(timeout=20).case_id == case.pk


@pytest.mark.django_db(transaction=True)
def test_of_more_agents_than_cases_each_case_has_one_and_the_others_hear_that_none_is_left(make):
    agents = [factories.agent(f"A{n}") for n in range(12)]
    for n in range(5):
        make(n)
    found = [f.case_id for f in at_once(agents) if f]
    assert len(found) == len(set(found)) == 5
    check_tallies()
