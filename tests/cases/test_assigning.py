"""What the desk gives out by itself, and what it offers again when somebody is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

import factories
from outcome import check_tallies
from sanderling.cases import actions, handing
from sanderling.cases.assigning import give_out, offer_again, rules
from sanderling.cases.claiming import claim_next
from sanderling.cases.models import Case
from sanderling.core.assigning import Rules
from sanderling.core.policy import shipped_text
from sanderling.people import presence
from sanderling.policy import actions as policy
from sanderling.store.models import Move

NOW = factories.NOW
LEAST = Rules(way="least loaded")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def make():
    account = factories.account()
    return lambda **given: factories.case(
        account, given.pop("customer", None) or factories.identity(), **given
    )


def here(name="Ada", at=NOW, **given):
    agent = factories.agent(name, **given)
    presence.say(agent_id=agent.pk, state="here", now=at)
    return agent


def owner(case):
    return Case.objects.get(pk=case.pk).owner_id


@pytest.mark.django_db
class TestGivingOut:
    def test_nothing_is_given_where_the_policy_says_off(self, make):
        here()
        make()
        assert give_out(rules=Rules(), now=NOW) == 0

    def test_cases_are_shared_by_who_is_here_up_to_what_they_can_do(self, make):
        ada, ben = here("Ada", capacity=3), here("Ben", capacity=2)
        home = here("Cem")
        presence.say(agent_id=home.pk, state="off", now=NOW)
        cases = [make() for _ in range(7)]
        assert give_out(rules=LEAST, now=NOW) == 5
        owners = [owner(c) for c in cases]
        assert (owners.count(ada.pk), owners.count(ben.pk), owners.count(None)) == (3, 2, 2)
        move = Move.objects.filter(move="give").first()
        assert (move.by_id, move.note in ("Ada", "Ben")) == (None, True)
        check_tallies()

    def test_it_goes_on_when_somebody_has_room_again(self, make):
        ada = here(capacity=1)
        first, second = make(), make()
        assert give_out(rules=LEAST, now=NOW) == 1
        assert give_out(rules=LEAST, now=NOW) == 0
        actions.resolve(case_id=first.pk, outcome="solved", by=ada.pk, now=NOW)
        assert give_out(rules=LEAST, now=NOW) == 1
        assert owner(second) == ada.pk

    def test_nobody_gets_more_at_once_than_the_policy_says(self, make):
        ada = here(capacity=5)
        text = shipped_text().replace("at_most = 8 ", "at_most = 2 ")
        policy.apply(text=text, by=None, note="", now=NOW)
        cases = [make() for _ in range(3)]
        assert give_out(rules=LEAST, now=NOW) == 2
        assert [owner(c) for c in cases].count(ada.pk) == 2

    def test_a_customer_comes_back_to_whom_they_know(self, make):
        here("Ada")
        ben = here("Ben")
        make(owner=ben, state="open")
        customer = factories.identity()
        make(customer=customer, owner=ben, state="closed", due_kind="")
        case = make(customer=customer)
        give_out(rules=LEAST, now=NOW)
        assert owner(case) == ben.pk
        assert Move.objects.get(move="give").note == "Ben, who knows the customer"

    def test_skills_languages_and_teams_must_fit(self, make):
        here("Ada", skills=["billing"], languages=["de"])
        case = make(skills=["roaming"])
        assert give_out(rules=LEAST, now=NOW) == 0
        ben = here("Ben", skills=["roaming", "billing"])
        assert give_out(rules=LEAST, now=NOW) == 1
        assert owner(case) == ben.pk

    def test_who_gave_no_sign_of_life_gets_nothing(self, make):
        here()
        make()
        assert give_out(rules=LEAST, now=NOW + timedelta(minutes=16)) == 0

    def test_what_is_offered_to_somebody_is_not_given_to_another(self, make):
        ada, ben = here("Ada"), here("Ben")
        case = make()
        handing.offer(case_id=case.pk, to=ben.pk, note="for you", by=ada.pk, now=NOW)
        assert give_out(rules=LEAST, now=NOW) == 0


@pytest.mark.django_db
def test_the_rules_are_those_of_the_policy_that_holds(make):
    assert rules() == Rules()
    text = shipped_text().replace('way = "off"', 'way = "longest idle"')
    policy.apply(text=text, by=None, note="", now=NOW)
    assert rules() == Rules(way="longest idle")


@pytest.mark.django_db
class TestOfferingAgain:
    def test_work_of_who_went_home_is_for_others_after_a_while(self, make):
        ada = here()
        case = make(owner=ada, state="open")
        presence.say(agent_id=ada.pk, state="off", now=NOW)
        assert offer_again(rules=Rules(), now=NOW + timedelta(minutes=29)) == 0
        assert offer_again(rules=Rules(), now=NOW + timedelta(minutes=30)) == 1
        left = Case.objects.get(pk=case.pk)
        assert (left.owner_id, left.last_owner_id, left.state) == (None, ada.pk, "open")
        move = Move.objects.get(row=case.pk)
        assert (move.move, move.by_id, move.note) == ("offer again", None, "Ada went home")
        check_tallies()

    def test_work_of_who_fell_silent_is_for_others_too_and_that_of_who_is_there_is_not(self, make):
        ada, ben = here("Ada"), here("Ben", at=LATER)
        silent, theirs = make(owner=ada, state="open"), make(owner=ben, state="open")
        assert offer_again(rules=Rules(), now=LATER) == 1
        assert (owner(silent), owner(theirs)) == (None, ben.pk)
        assert "gave no sign of life" in Move.objects.get(row=silent.pk).note

    def test_what_waits_for_the_customer_or_sleeps_stays_with_who_had_it(self, make):
        ada = here()
        make(owner=ada, state="waiting", due_kind="")
        make(owner=ada, state="open", snoozed=True, wake_at=LATER)
        make(owner=ada, state="resolved", due_kind="")
        assert offer_again(rules=Rules(), now=LATER) == 0

    def test_work_of_who_left_the_desk_is_for_others_at_once(self, make):
        make(owner=factories.agent(is_active=False), state="open")
        assert offer_again(rules=Rules(), now=NOW) == 1

    def test_nobody_is_taken_anything_who_was_never_seen(self, make):
        make(owner=factories.agent(), state="open")
        assert offer_again(rules=Rules(), now=LATER) == 0

    def test_what_they_offered_before_they_went_has_its_time_to_be_accepted(self, make):
        ada, ben = here("Ada"), factories.agent("Ben")
        case = make(owner=ada, state="open")
        offer = handing.offer(
            case_id=case.pk, to=ben.pk, note="yours", by=ada.pk, now=LATER - timedelta(minutes=9)
        )
        assert offer_again(rules=Rules(), now=LATER) == 0
        handing.accept(offer_id=offer, by=ben.pk, now=LATER)
        assert owner(case) == ben.pk


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_ten_agents_at_once_give_no_case_twice_and_nobody_too_much(make):
    workers = [here(f"W{n}", capacity=2) for n in range(5)]
    hunters = [factories.agent(f"H{n}") for n in range(10)]
    for _ in range(30):
        make()
    start = Barrier(12)

    def do(act):
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=20)
            return act()

    acts = [lambda: give_out(rules=LEAST, now=NOW)] * 2
    acts += [lambda h=h: claim_next(by=h.pk, now=NOW).case_id for h in hunters]
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(do, acts))
    give_out(rules=LEAST, now=NOW)  # what agents took from under the workers is made good
    owners = list(Case.objects.exclude(owner=None).values_list("owner_id", flat=True))
    assert all(owners.count(h.pk) == 1 for h in hunters)
    assert all(owners.count(w.pk) == 2 for w in workers)
    check_tallies()


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_gives_out_another_does_not_count_the_same_room_again(make):
    here()
    make()
    counting, done = Event(), Event()

    def other_worker():
        with closing(connection), transaction.atomic():
            give_out(rules=LEAST, now=NOW + timedelta(days=1))  # by then nobody is here
            counting.set()
            done.wait(timeout=20)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(other_worker)
        counting.wait(timeout=20)
        during = give_out(rules=LEAST, now=NOW)
        done.set()
        running.result(timeout=20)
    assert (during, give_out(rules=LEAST, now=NOW)) == (0, 1)
