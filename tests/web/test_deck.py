"""The Deck: columns, their posts, and what can be done with both."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

import factories
from harbour import HarbourSignIn, harbour
from sanderling.cases.models import Case
from sanderling.listen.models import Column, Spend
from sanderling.listen.queries import STEPS, volumes
from sanderling.wiring import NETWORKS

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def account():
    return factories.account()


def now():
    return datetime.now(UTC)


def posts(account, n, **given):
    return [
        factories.post(account, factories.identity("Sam Oduya"), f"No signal {i}", **given)
        for i in range(n)
    ]


def shown(html):
    return [int(n) for n in re.findall(r'data-post="(\d+)"', html)]


def test_columns_stand_in_their_order_newest_posts_first(client, ada, account):
    caught = posts(account, 3)
    factories.column("Second", "b", position=2)
    factories.column("First", "a", *caught, position=1)
    html = client.get("/deck/").text
    assert html.index(">First</h2>") < html.index(">Second</h2>")
    assert shown(html) == [p.pk for p in reversed(caught)]
    assert "Nothing has matched this query yet." in html


def test_a_deck_without_columns_says_what_a_column_is(client, ada):
    assert "A column follows one query" in client.get("/deck/").text


def test_reading_down_goes_on_by_key(client, ada, account):
    caught = posts(account, 40)
    column = factories.column("All", "signal", *caught)
    first = shown(client.get(f"/deck/columns/{column.pk}").text)
    rest = shown(client.get(f"/deck/columns/{column.pk}?before={first[-1]}").text)
    assert first + rest == [p.pk for p in reversed(caught)]


def test_a_column_that_is_gone_is_said(client, ada):
    assert client.get("/deck/columns/5").status_code == 404


def test_a_post_that_is_in_a_case_says_in_which_and_whose(client, ada, account):
    case = factories.case(account, factories.identity(), owner=ada, state="open")
    column = factories.column("All", "signal", case.about_post)
    html = client.get(f"/deck/columns/{column.pk}").text
    assert f"Case #{case.pk}" in html
    assert "Ada Lund" in html
    assert "Make a case" not in html


def test_a_column_is_added_changed_moved_and_removed(client, ada):
    made = client.post("/deck/columns/", {"name": "Outage", "query": "outage"}, headers=SCRIPT)
    number = made.json()["column"]
    client.post("/deck/columns/", {"name": "Praise", "query": "thanks"})
    change = {"name": "Down", "query": '"no signal"'}
    client.post(f"/deck/columns/{number}/change/", change)
    client.post(f"/deck/columns/{number}/move/", {"to": "1"})
    order = [c.name for c in Column.objects.order_by("position", "id")]
    assert order == ["Praise", "Down"]
    assert client.post(f"/deck/columns/{number}/remove/")["Location"] == "/deck/"
    assert [c.name for c in Column.objects.all()] == ["Praise"]


def test_a_query_that_cannot_be_read_is_pointed_at(client, ada):
    answer = client.post("/deck/columns/", {"name": "Outage", "query": "outage ("}, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["at"] == 8
    assert answer.json()["why"][0]
    assert not Column.objects.exists()


def test_a_column_needs_a_name(client, ada):
    answer = client.post("/deck/columns/", {"name": " ", "query": "outage"}, headers=SCRIPT)
    assert answer.status_code == 422
    assert answer.json()["why"] == ["A column needs a name."]


def test_the_pulse_counts_posts_by_when_they_were_written(client, ada, account):
    moment = now()
    caught = [
        *posts(account, 4, created_at=moment - timedelta(minutes=2)),
        *posts(account, 2, created_at=moment - timedelta(minutes=61)),
        *posts(account, 1, created_at=moment - timedelta(hours=3)),
    ]
    column = factories.column("All", "signal", *caught)
    steps = volumes(moment)[column.pk].steps
    assert len(steps) == STEPS
    assert (steps[-1], steps[-13], sum(steps)) == (4, 2, 6)
    assert volumes(moment)[column.pk].per_minute == 0.4


def test_a_post_becomes_a_case_of_the_agent_who_asked(client, ada, account):
    post = posts(account, 1, to_us=False)[0]
    factories.verdict(post, needs_us=False)
    from_deck = client.post(f"/deck/posts/{post.pk}/case/", headers=SCRIPT)
    assert from_deck.status_code == 200, from_deck.text
    case = Case.objects.get(pk=from_deck.json()["case"])
    assert case.owner_id == ada.pk
    assert client.post("/deck/posts/987654/case/", headers=SCRIPT).status_code == 409


def test_a_column_says_what_it_cost_this_month(client, ada, monkeypatch):
    monkeypatch.setitem(NETWORKS, "harbour", harbour(HarbourSignIn()))
    a, b = factories.account(network="harbour"), factories.account(network="harbour")
    dear, free = factories.column("Dear", "a"), factories.column("Free", "b")
    today = now().date()
    for account, day, micros in (
        (a, today, 1_000_000),
        (b, today, 200_000),
        (a, today.replace(day=1) - timedelta(days=1), 5_000_000),
    ):
        Spend.objects.create(
            account=account, day=day, act="read a post", column_id=dear.pk, count=1, micros=micros
        )
    assert client.get("/deck/").text.count("$1.20 this month") == 1
    assert "$1.20 this month" in client.get(f"/deck/columns/{dear.pk}").text
    assert "this month" not in client.get(f"/deck/columns/{free.pk}").text
