"""Queues as agents walk them: the right cases, in order, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from sanderling.cases import actions
from sanderling.cases.queries import (
    MOST_AT_RISK,
    SORTED_QUEUES,
    SORTS,
    Merged,
    NoSuchCase,
    badges,
    case_for,
    earlier_cases,
    key_text,
    queue,
    row,
    sorted_key_from,
    timeline,
)
from sanderling.core.timing import NEVER
from sanderling.people.models import Membership, Team

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def desk():
    """An account, two agents, and a way to make cases that are due after some minutes."""
    account, ada, ben = factories.account(), factories.agent("Ada"), factories.agent("Ben")

    def make(minutes=30, **given):
        return factories.case(
            account, factories.identity(), due_at=NOW + timedelta(minutes=minutes), **given
        )

    return account, ada, ben, make


def ids(name, agent, **more):
    return [r.id for r in queue(name, agent.pk, **more).rows]


def test_team_shows_what_waits_for_us_first_due_first(desk):
    _, ada, ben, make = desk
    late, soon = make(-5, owner=ben, state="open"), make(3)
    never = make(0, due_kind="")
    never.due_at = NEVER
    never.save()
    make(1, state="waiting")
    make(1, snoozed=True, wake_at=NOW)
    make(1, state="resolved", wake_at=NOW)
    assert ids("team", ada) == [late.pk, soon.pk, never.pk]


def test_mine_and_unassigned_part_the_team(desk):
    _, ada, ben, make = desk
    mine, his, nobodys = make(owner=ada), make(owner=ben), make()
    assert ids("mine", ada) == [mine.pk]
    assert ids("mine", ben) == [his.pk]
    assert ids("unassigned", ada) == [nobodys.pk]


def test_waiting_snoozed_and_resolved_have_orders_of_their_own(desk):
    _, ada, _, make = desk
    ago = [make(state="waiting", last_at=NOW - timedelta(hours=h)).pk for h in (1, 3, 2)]
    wakes = [make(snoozed=True, wake_at=NOW + timedelta(hours=h)).pk for h in (5, 4)]
    ended = [make(state="resolved", wake_at=NOW + timedelta(hours=h)).pk for h in (70, 71)]
    assert ids("waiting", ada) == [ago[1], ago[2], ago[0]]
    assert ids("snoozed", ada) == wakes[::-1]
    assert ids("resolved", ada) == ended[::-1]


@pytest.mark.parametrize("name", ["team", "unassigned", "waiting", "snoozed", "resolved"])
def test_paging_shows_every_case_once_even_where_times_are_equal(desk, name):
    _, ada, _, make = desk
    given = {
        "waiting": {"state": "waiting"},
        "snoozed": {"snoozed": True, "wake_at": NOW},
        "resolved": {"state": "resolved", "wake_at": NOW},
    }.get(name, {})
    made = {make(10 * (i % 3), **given).pk for i in range(13)}
    seen, after = [], None
    while True:
        page = queue(name, ada.pk, after, limit=4)
        seen += [r.id for r in page.rows]
        if page.after is None:
            break
        after = page.after
    assert len(seen) == len(made)
    assert set(seen) == made


def walked(name, agent, sort, limit=3):
    """Every page of a list, as its links lead there."""
    seen, text = [], ""
    while True:
        page = queue(name, agent.pk, sorted_key_from(text, sort), limit, sort)
        seen += [r.id for r in page.rows]
        if page.after is None:
            return seen
        text = key_text(page.after)


def test_a_list_is_sorted_by_the_last_word_or_by_reach(desk):
    _, ada, _, make = desk
    made = [
        make(last_at=NOW - timedelta(hours=h), reach=r)
        for h, r in ((1, 40), (3, 0), (2, 5_000_000))
    ]
    a, b, c = (case.pk for case in made)
    assert ids("team", ada, sort="longest") == [b, c, a]
    assert ids("team", ada, sort="newest") == [a, c, b]
    assert ids("team", ada, sort="reach") == [c, a, b]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12),
    st.sampled_from(SORTS), st.sampled_from(SORTED_QUEUES), st.integers(1, 5),
)  # fmt: skip
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_sort_walks_each_case_once_and_in_order(desk, facts, sort, name, limit):
    _, ada, ben, make = desk
    with transaction.atomic():
        for n, (hours, reach) in enumerate(facts):
            owner = (ada, ben, None)[n % 3]
            make(last_at=NOW - timedelta(hours=hours), reach=reach, owner=owner)
        whole = [r.id for r in queue(name, ada.pk, limit=200, sort=sort).rows]
        assert walked(name, ada, sort, limit) == whole
        assert sorted(whole) == sorted(ids(name, ada, limit=200))
        transaction.set_rollback(True)


def test_a_key_of_another_sort_begins_anew(desk):
    assert sorted_key_from("1790000000000000-7", "reach") is None
    assert sorted_key_from("r", "reach") is None
    assert sorted_key_from("4-7", "reach") == (4, 7)


def test_teams_hold_in_every_sort(desk):
    _, ada, ben, make = desk
    billing = Team.objects.create(name="Billing")
    Membership.objects.create(agent=ben, team=Team.objects.create(name="Sales"))
    theirs, free = make(team=billing), make()
    for sort in SORTS:
        assert set(ids("team", ada, sort=sort)) == {theirs.pk, free.pk}
        assert ids("team", ben, sort=sort) == [free.pk]


def test_a_case_that_comes_in_between_is_neither_shown_twice_nor_hides_another(desk):
    _, ada, _, make = desk
    first = [make(m).pk for m in (10, 20, 30, 40)]
    page = queue("team", ada.pk, limit=2)
    make(5)
    later = make(25).pk
    assert [r.id for r in page.rows] == first[:2]
    assert ids("team", ada, after=page.after) == [later, *first[2:]]


def test_badges_count_by_the_kept_counters_and_say_what_is_at_risk(desk):
    _, ada, ben, make = desk
    mine, free = make(3, owner=ada, state="open"), make(40)
    make(-9)
    make(state="waiting", owner=ada)
    found = badges(ada.pk, NOW)
    assert {k: (b.n, b.at_risk) for k, b in found.items()} == {
        "mine": (1, 1), "unassigned": (2, 1), "team": (3, 2), "waiting": (1, 0), "snoozed": (0, 0),
        "incidents": (0, 0),
    }  # fmt: skip
    actions.claim(case_id=free.pk, by=ben.pk, now=NOW)
    actions.snooze(case_id=mine.pk, until=NOW, by=ada.pk, now=NOW)
    found = badges(ada.pk, NOW)
    assert (found["mine"].n, found["unassigned"].n, found["snoozed"].n) == (0, 1, 1)


def test_the_number_at_risk_is_counted_no_further_than_its_bound(desk):
    _, ada, _, make = desk
    for _ in range(3):
        make(1)
    assert badges(ada.pk, NOW)["team"].at_risk == 3 <= MOST_AT_RISK


def test_a_row_says_who_what_and_why(desk):
    _, ada, _, make = desk
    case = make(7, owner=ada)
    found = row(case.pk)
    assert found.customer.name == "Jonas Veld"
    assert found.why == "Says: “no signal”"
    assert found.owner.name == "Ada"
    assert found.standing.due_from == NOW - timedelta(minutes=20)
    with pytest.raises(NoSuchCase):
        row(case.pk + 1)


def test_a_case_that_was_merged_leads_to_the_other(desk):
    _, ada, _, make = desk
    kept, gone = make(), make(state="merged")
    gone.merged_into = kept
    gone.save()
    with pytest.raises(Merged) as merged:
        case_for(ada.pk, gone.pk)
    assert merged.value.into == kept.pk
    assert case_for(ada.pk, kept.pk).customer.who.name == "Jonas Veld"


def test_a_timeline_has_both_rooms_in_the_order_of_time(desk):
    account, _, _, make = desk
    case = make()
    later = factories.post(
        account, case.requester, "In private", room="direct", created_at=NOW - timedelta(minutes=1)
    )
    factories.place(case, later)
    told = timeline(case.pk)
    assert [p.room for p in told.posts] == ["public", "direct"]
    assert told.newest_theirs == later.pk
    assert told.last_room == "direct"
    assert not told.cut


def test_other_cases_of_a_customer_are_newest_first(desk):
    account, _, _, make = desk
    case = make()
    others = [factories.case(account, case.requester, state="closed").pk for _ in range(2)]
    assert [e.id for e in earlier_cases(case.requester_id, case.pk)] == others[::-1]


def test_who_is_in_teams_sees_theirs_and_what_has_none_and_the_badges_agree(desk):
    _, ada, ben, make = desk
    billing, network = Team.objects.create(name="Billing"), Team.objects.create(name="Network")
    Membership.objects.create(agent=ada, team=billing)
    lea = factories.agent("Lea", is_lead=True)
    Membership.objects.create(agent=lea, team=network)
    theirs, others = make(1, team=billing), make(2, team=network)
    free, owned = make(3), make(4, team=network, owner=ben, state="open")
    seen = {a: ids("team", a) for a in (ada, ben, lea)}
    everything = [theirs.pk, others.pk, free.pk, owned.pk]
    assert seen == {ada: [theirs.pk, free.pk], ben: everything, lea: everything}
    assert ids("unassigned", ada) == [theirs.pk, free.pk]
    assert ids("mine", ben) == [owned.pk]
    for agent, team in seen.items():
        found = badges(agent.pk, NOW)
        assert (found["team"].n, found["team"].at_risk) == (len(team), len(team))
        free_ones = ids("unassigned", agent)
        assert (found["unassigned"].n, found["unassigned"].at_risk) == (
            len(free_ones), len(free_ones),
        )  # fmt: skip
    assert row(theirs.pk).team == case_for(ada.pk, theirs.pk).routing.team == "Billing"


def test_other_cases_are_found_over_all_identities_of_a_person(desk):
    _, _, _, make = desk
    case, elsewhere = make(), make(state="closed")
    assert earlier_cases(case.requester_id, case.pk) == []
    found = earlier_cases(case.requester_id, case.pk, [elsewhere.requester_id])
    assert [e.id for e in found] == [elsewhere.pk]
