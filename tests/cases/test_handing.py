"""Handing over: theirs who gave it until somebody accepts, whatever else happens meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

import factories
from outcome import check_tallies
from river import connected, hear, minutes, says
from sanderling.cases import actions, handing
from sanderling.cases.handing import CannotHand, offer_of, offered_to
from sanderling.cases.models import Case, Handover
from sanderling.people.models import Membership, Team
from sanderling.store.models import Move
from sanderling.store.moves import Overtaken

NOW = factories.NOW


@pytest.fixture
def agents():
    return [factories.agent(name) for name in ("Ada", "Ben", "Cem")]


@pytest.fixture
def case(agents):
    return factories.case(
        factories.account(), factories.identity(), owner=agents[0], state="open", owned_at=NOW
    )


def team(name, *members):
    row = Team.objects.create(name=name)
    for agent in members:
        Membership.objects.create(agent=agent, team=row)
    return row


def offered(case, by, to=None, team=None, note="He needs a new SIM"):
    return handing.offer(
        case_id=case.pk, to=to and to.pk, team=team and team.pk, note=note, by=by.pk, now=NOW
    )


def again(case):
    return Case.objects.get(pk=case.pk)


def moves(case):
    return list(
        Move.objects.filter(kind="case", row=case.pk).order_by("id").values_list("move", "note")
    )


@pytest.mark.django_db
class TestOffering:
    def test_until_it_is_accepted_the_giver_has_the_case(self, agents, case):
        ada, ben, cem = agents
        number = offered(case, ada, ben)
        assert again(case).owner_id == ada.pk
        assert [o.id for o in offered_to(ben.pk)] == [number]
        assert offered_to(cem.pk) == offered_to(ada.pk) == []
        assert offer_of(case.pk).note == "He needs a new SIM"
        assert handing.accept(offer_id=number, by=ben.pk, now=NOW) == case.pk
        mine = again(case)
        assert (mine.owner_id, mine.last_owner_id, mine.owned_at) == (ben.pk, ada.pk, NOW)
        assert moves(case) == [("offer", "Ben: “He needs a new SIM”"), ("take over", "from Ada")]
        assert offer_of(case.pk) is None
        check_tallies()

    def test_accepting_twice_is_accepting_once(self, agents, case):
        number = offered(case, agents[0], agents[1])
        for _ in range(2):
            handing.accept(offer_id=number, by=agents[1].pk, now=NOW)
        assert len(moves(case)) == 2

    def test_a_new_case_that_is_accepted_is_being_worked_on(self, agents):
        case = factories.case(factories.account(), factories.identity())
        number = offered(case, agents[0], agents[1])
        handing.accept(offer_id=number, by=agents[1].pk, now=NOW)
        assert (again(case).state, again(case).owner_id) == ("open", agents[1].pk)
        check_tallies()

    def test_declined_it_stays_with_the_giver_who_reads_why(self, agents, case):
        ada, ben, _ = agents
        number = offered(case, ada, ben)
        with pytest.raises(CannotHand, match="Say why"):
            handing.decline(offer_id=number, why=" ", by=ben.pk, now=NOW)
        handing.decline(offer_id=number, why="I go home", by=ben.pk, now=NOW)
        assert again(case).owner_id == ada.pk
        assert moves(case)[-1] == ("decline", "I go home")
        with pytest.raises(Overtaken, match="declined already"):
            handing.accept(offer_id=number, by=ben.pk, now=NOW)

    def test_only_the_receiver_decides_and_only_the_giver_or_a_lead_withdraws(self, agents, case):
        ada, ben, cem = agents
        number = offered(case, ada, ben)
        with pytest.raises(CannotHand, match="somebody else"):
            handing.accept(offer_id=number, by=cem.pk, now=NOW)
        with pytest.raises(CannotHand, match="somebody else"):
            handing.decline(offer_id=number, why="no", by=cem.pk, now=NOW)
        with pytest.raises(CannotHand, match="Ada has this case"):
            handing.withdraw(offer_id=number, by=cem.pk, now=NOW)
        handing.withdraw(offer_id=number, by=factories.agent("Lea", is_lead=True).pk, now=NOW)
        with pytest.raises(Overtaken, match="withdrawn already"):
            handing.accept(offer_id=number, by=ben.pk, now=NOW)

    def test_a_colleagues_case_is_not_mine_to_give(self, agents, case):
        with pytest.raises(CannotHand, match="Ada has this case"):
            offered(case, agents[1], agents[2])

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({}, "Choose one"),
            ({"note": " "}, "receiver must know"),
            ({"note": "x" * 1001}, "1,001"),
        ],
    )
    def test_an_offer_names_one_receiver_and_says_something(self, agents, case, given, why):
        ada, ben, _ = agents
        to = ben if given else None
        with pytest.raises(CannotHand, match=why):
            offered(case, ada, to, **given)

    def test_it_is_not_offered_to_who_has_it_or_who_left(self, agents, case):
        ada, ben, _ = agents
        with pytest.raises(CannotHand, match="has the case already"):
            offered(case, ada, ada)
        ben.is_active = False
        ben.save()
        with pytest.raises(CannotHand, match="not at the desk any more"):
            offered(case, ada, ben)

    def test_a_second_offer_takes_the_first_back(self, agents, case):
        ada, ben, cem = agents
        offered(case, ada, ben)
        offered(case, ada, cem)
        assert offered_to(ben.pk) == []
        assert len(offered_to(cem.pk)) == 1

    def test_of_a_team_the_first_who_accepts_has_it_and_it_is_the_teams(self, agents, case):
        ada, ben, cem = agents
        billing = team("Billing", ben, cem)
        number = offered(case, ada, team=billing)
        assert offered_to(ben.pk) == offered_to(cem.pk) != []
        handing.accept(offer_id=number, by=cem.pk, now=NOW)
        assert (again(case).owner_id, again(case).team_id) == (cem.pk, billing.pk)
        with pytest.raises(Overtaken):
            handing.accept(offer_id=number, by=ben.pk, now=NOW)
        check_tallies()

    def test_who_takes_what_was_offered_to_them_accepts_it(self, agents, case):
        ada, ben, _ = agents
        offered(case, ada, ben)
        actions.assign(case_id=case.pk, to=ben.pk, by=ben.pk, now=NOW)
        assert Handover.objects.get().state == "accepted"
        assert moves(case)[-1][0] == "take over"

    def test_given_to_a_third_or_ended_it_is_offered_no_longer(self, agents, case):
        ada, ben, cem = agents
        offered(case, ada, ben)
        actions.assign(case_id=case.pk, to=cem.pk, by=ada.pk, now=NOW)
        offered(case, cem, ben)
        actions.resolve(case_id=case.pk, outcome="solved", by=cem.pk, now=NOW)
        assert set(Handover.objects.values_list("state", flat=True)) == {"withdrawn"}
        with pytest.raises(Overtaken, match="still being worked on"):
            offered(case, cem, ben)

    def test_an_offer_of_a_case_that_became_part_of_another_is_an_offer_of_that_one(
        self, agents, case
    ):
        ada, ben, _ = agents
        number = offered(case, ada, ben)
        other = factories.case(case.account, case.requester, owner=ada, state="open")
        Case.objects.filter(pk=case.pk).update(state="merged", merged_into=other)
        assert handing.accept(offer_id=number, by=ben.pk, now=NOW) == other.pk
        assert again(other).owner_id == ben.pk
        assert Handover.objects.get().state == "accepted"


def at_once(*acts):
    """All of it in threads with connections of their own; what was refused as an exception."""
    start = Barrier(len(acts))

    def do(act):
        with closing(connection):
            connection.ensure_connection()
            start.wait(timeout=20)
            try:
                return act()
            except (CannotHand, Overtaken, actions.AlreadyTaken) as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_accepted_or_withdrawn_but_never_both(self, agents, case):
        ada, ben, _ = agents
        for _ in range(8):
            actions.assign(case_id=case.pk, to=ada.pk, by=ada.pk, now=NOW)
            n = offered(case, ada, ben)
            at_once(
                lambda n=n: handing.accept(offer_id=n, by=ben.pk, now=NOW),
                lambda n=n: handing.withdraw(offer_id=n, by=ada.pk, now=NOW),
            )
            made = Handover.objects.get(pk=n)
            assert made.state in ("accepted", "withdrawn")
            assert again(case).owner_id == (ben if made.state == "accepted" else ada).pk
        check_tallies()

    def test_of_a_whole_team_that_accepts_exactly_one_has_it(self, agents, case):
        members = [factories.agent(f"M{n}") for n in range(8)]
        n = offered(case, agents[0], team=team("Billing", *members))
        at_once(*(lambda m=m: handing.accept(offer_id=n, by=m.pk, now=NOW) for m in members))
        made = Handover.objects.get(pk=n)
        assert (made.state, made.decided_by_id) == ("accepted", again(case).owner_id)
        assert [m for m, _ in moves(case)].count("take over") == 1
        check_tallies()

    def test_accepted_or_resolved_first_the_case_is_settled_and_offered_no_longer(
        self, agents, case
    ):
        ada, ben, _ = agents
        n = offered(case, ada, ben)
        at_once(
            lambda: handing.accept(offer_id=n, by=ben.pk, now=NOW),
            lambda: actions.resolve(case_id=case.pk, outcome="solved", by=ada.pk, now=NOW),
        )
        assert again(case).state == "resolved"
        state = Handover.objects.get(pk=n).state
        assert (state, again(case).owner_id) in (("accepted", ben.pk), ("withdrawn", ada.pk))
        check_tallies()

    def test_a_customer_who_writes_meanwhile_is_heard_and_the_receiver_has_the_case(self, agents):
        account = connected()
        hear(account, says("1"), now=minutes(1))
        ada, ben, _ = agents
        case = Case.objects.get()
        actions.claim(case_id=case.pk, by=ada.pk, now=minutes(2))
        n = offered(case, ada, ben)
        at_once(
            lambda: handing.accept(offer_id=n, by=ben.pk, now=minutes(4)),
            lambda: hear(account, says("2", at=3, reply_to="1"), now=minutes(4)),
        )
        mine = again(case)
        assert (mine.owner_id, mine.state, mine.last_at) == (ben.pk, "open", minutes(3))
        check_tallies()

    def test_an_offer_and_a_claim_of_what_nobody_has_leave_one_owner(self, agents):
        ada, ben, cem = agents
        case = factories.case(factories.account(), factories.identity())
        at_once(
            lambda: offered(case, ada, ben),
            lambda: actions.claim(case_id=case.pk, by=cem.pk, now=NOW),
        )
        for made in Handover.objects.filter(state="offered"):
            with pytest.raises(CannotHand):
                handing.accept(offer_id=made.pk, by=cem.pk, now=NOW + timedelta(1))
        assert again(case).owner_id == cem.pk
        check_tallies()
