"""Queues as agents walk them: the right cases, in order, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions
from sanderling.cases.queries import (
    MOST_AT_RISK,
    Merged,
    NoSuchCase,
    badges,
    case_for,
    earlier_cases,
    queue,
    row,
    timeline,
)
from sanderling.core.timing import NEVER

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
    assert found.why == "Says “no signal”"
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


def test_a_matter_settled_in_private_is_known(desk):
    account, _, _, make = desk
    case, us = make(), factories.identity("Northwind Care")
    answers = {"direction": "ours", "origin": "desk"}
    factories.place(case, factories.post(account, us, "Fixed", room="direct", **answers), "us")
    assert timeline(case.pk).settled_in_private
    public = factories.post(account, us, "All well now", created_at=NOW, **answers)
    factories.place(case, public, "us")
    assert not timeline(case.pk).settled_in_private


def test_other_cases_of_a_customer_are_newest_first(desk):
    account, _, _, make = desk
    case = make()
    others = [factories.case(account, case.requester, state="closed").pk for _ in range(2)]
    assert [e.id for e in earlier_cases(case.requester_id, case.pk)] == others[::-1]
