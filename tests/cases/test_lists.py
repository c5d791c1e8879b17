"""Work lists: the right cases, the longest first, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases.lists import LISTS, counts, worklist
from sanderling.cases.models import Placement

pytestmark = pytest.mark.django_db
NOW = factories.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def make():
    account = factories.account()

    def one(**given):
        return factories.case(account, factories.identity(), **given)

    return one


def ids(name, **more):
    return [i.case.id for i in worklist(name, now=NOW, **more).items]


def test_invited_shows_who_was_invited_long_ago_and_never_came(make):
    late = make(state="waiting", invited_at=NOW - 8 * DAY)
    later = make(state="open", invited_at=NOW - 9 * DAY)
    make(state="waiting", invited_at=NOW - 2 * DAY)
    make(state="waiting", invited_at=NOW - 8 * DAY, came_at=NOW - 2 * DAY)
    make(state="resolved", invited_at=NOW - 8 * DAY)
    make(state="waiting")
    assert ids("invited") == [later.pk, late.pk]
    assert worklist("invited", now=NOW).items[0].since == NOW - 9 * DAY


def test_owed_shows_ended_cases_too_until_the_public_was_told(make):
    closed = make(state="closed", owed_at=NOW - 5 * DAY)
    open_again = make(state="open", owed_at=NOW - HOUR)
    make(state="resolved", owed_at=NOW - DAY, followed_at=NOW)
    assert ids("owed") == [closed.pk, open_again.pk]


def test_silent_shows_whose_turn_waits_for_more_than_a_day(make):
    long, short = make(opened_at=NOW - 2 * DAY), make(opened_at=NOW - 23 * HOUR)
    asleep = make(opened_at=NOW - 3 * DAY, snoozed=True, wake_at=NOW + DAY, state="open")
    make(opened_at=NOW - 3 * DAY, state="waiting")
    assert ids("silent") == [asleep.pk, long.pk]
    assert short.pk not in ids("silent")


def test_silence_begins_anew_with_every_answer_and_not_with_every_post(make):
    case = make(opened_at=NOW - 4 * DAY, state="open", last_at=NOW)
    us = factories.identity("Northwind Care")

    def says(who, role, ago, **given):
        post = factories.post(case.account, who, "Hm", created_at=NOW - ago, **given)
        factories.place(case, post, role)

    says(case.requester, "requester", HOUR)  # they ask again: they have waited for four days
    assert worklist("silent", now=NOW).items[0].since == NOW - 4 * DAY
    says(us, "us", 3 * DAY, direction="ours", origin="desk")
    assert ids("silent") == []
    says(case.requester, "requester", 2 * DAY)
    assert worklist("silent", now=NOW).items[0].since == NOW - 2 * DAY


def test_an_acknowledgement_does_not_end_the_silence(make):
    case = make(opened_at=NOW - 2 * DAY, state="open")
    us = factories.identity("Northwind Care")
    post = factories.post(
        case.account, us, "We look", created_at=NOW - DAY, direction="ours", origin="desk"
    )
    factories.place(case, post, "us")
    Placement.objects.filter(post=post).update(ends=False)
    assert ids("silent") == [case.pk]


GIVEN = {
    "invited": lambda i: {"state": "waiting", "invited_at": NOW - (8 + i % 3) * DAY},
    "owed": lambda i: {"state": "closed", "owed_at": NOW - (1 + i % 3) * DAY},
    "silent": lambda i: {"opened_at": NOW - (2 + i % 3) * DAY},
}


@pytest.mark.parametrize("name", LISTS)
def test_paging_shows_every_case_once_and_the_number_says_how_many(make, name):
    made = {make(**GIVEN[name](i)).pk for i in range(11)}
    seen, after = [], None
    while True:
        page = worklist(name, now=NOW, after=after, limit=4)
        seen += [i.case.id for i in page.items]
        if page.after is None:
            break
        after = page.after
    assert len(seen) == len(made)
    assert set(seen) == made
    assert counts(NOW)[name] == 11
