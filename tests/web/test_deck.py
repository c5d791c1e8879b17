"""The Deck: columns, their posts, and what can be done with both."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

import factories
from harbour import HarbourSignIn, harbour
from sanderling.cases.models import Case
from sanderling.listen.models import Column, Spend
from sanderling.listen.queries import HOURS, volumes
from sanderling.store.models import Move
from sanderling.web import caught, deck
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
        *posts(account, 1, created_at=moment - timedelta(hours=3, minutes=1)),
        *posts(account, 1, created_at=moment - timedelta(hours=25)),
    ]
    column = factories.column("All", "signal", *caught)
    found = volumes([column.pk], moment)[column.pk]
    assert len(found.hours) == HOURS
    assert (found.hours[-1], found.hours[-2], found.hours[-4], sum(found.hours)) == (4, 2, 1, 7)
    assert (found.per_minute, found.lately, found.before) == (0.4, 4, 2)
    assert "7 posts in 24 hours, 4 in the last one" in client.get("/deck/").text


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


class Liker:
    """A network that takes likes."""

    name = "practice"

    def __init__(self):
        self.liked = []

    def like(self, remote_id):
        self.liked.append(remote_id)


def test_a_post_in_no_case_is_liked_and_says_so(client, ada, account, monkeypatch):
    network = Liker()
    for module in (caught, deck):
        monkeypatch.setattr(module, "network_for", lambda account_id: network)
    post, private = posts(account, 1)[0], posts(account, 1, room="direct")[0]
    column = factories.column("All", "signal", post, private)
    before = client.get(f"/deck/columns/{column.pk}").text
    assert before.count('data-do="like"') == 1  # nobody likes a direct message
    assert client.post(f"/deck/posts/{post.pk}/like/", headers=SCRIPT).status_code == 200
    assert network.liked == [post.remote_id]
    assert Move.objects.get(kind="post", row=post.pk, move="like").by_id == ada.pk
    after = client.get(f"/deck/columns/{column.pk}").text
    assert "Liked by us" in after
    assert 'data-do="like"' not in after
    assert client.post(f"/deck/posts/{private.pk}/like/", headers=SCRIPT).status_code == 409


def test_a_post_is_ignored_and_an_author_muted_and_the_editor_lists_both(client, ada, account):
    first, second = posts(account, 2)
    column = factories.column("All", "signal", first, second)
    at = f"/deck/columns/{column.pk}"
    said = client.post(f"{at}/posts/{first.pk}/ignore/", headers=SCRIPT).json()
    assert shown(client.get(at).text) == [second.pk]
    muted = client.post(
        f"{at}/posts/{second.pk}/mute/", {"what": "author", "where": "deck"}, headers=SCRIPT
    ).json()
    assert shown(client.get(at).text) == []
    html = client.get(f"{at}/edit").text
    assert f"@{second.author.handle}" in html
    assert "No signal 0" in html
    for undo in (said["undo"], muted["undo"], muted["undo"]):
        assert client.post(undo, headers=SCRIPT).status_code == 200
    assert shown(client.get(at).text) == [second.pk, first.pk]
    assert client.post(f"{at}/posts/987/ignore/", headers=SCRIPT).status_code == 409
    assert client.post(f"{at}/posts/{first.pk}/mute/", headers=SCRIPT).status_code == 422


def test_the_editor_works_as_a_page_without_a_script(client, ada, account):
    posts(account, 1, created_at=now())
    column = factories.column("All", "signal")
    page = client.get(f"/deck/columns/{column.pk}/edit").text
    assert "<html" in page
    assert "1 post in the last day." in page
    tried = client.get(f"/deck/columns/{column.pk}/edit", {"name": "New", "query": "a ("}).text
    assert 'value="New"' in tried
    assert "<mark>" in tried
    asked = f"/deck/columns/{column.pk}/posts/{posts(account, 1)[0].pk}/mute"
    assert "<html" in client.get(asked).text
    assert client.get(f"/deck/columns/{column.pk}/posts/987/mute").status_code == 404


def test_a_query_is_tried_and_what_is_hostile_is_escaped(client, ada, account):
    posts(account, 1, created_at=now())
    factories.post(account, factories.identity("<i>Sam</i>"), "<b>signal</b> ", created_at=now())
    html = client.get("/deck/try", {"query": "signal"}, headers=SCRIPT).text
    assert "2 posts in the last day." in html
    assert "&lt;b&gt;" in html
    assert "&lt;i&gt;" in html
    wrong = client.get("/deck/try", {"query": "<i> lang:deutsch"}, headers=SCRIPT).text
    assert "<mark>lang:deutsch</mark>" in wrong
    assert "&lt;i&gt;" in wrong
    assert "shown here while you write" in client.get("/deck/try", headers=SCRIPT).text


def test_a_column_is_made_wider_and_keeps_its_width_when_renamed(client, ada):
    column = factories.column("All", "signal")
    at = f"/deck/columns/{column.pk}"
    assert client.post(f"{at}/resize/", {"width": "wide"}, headers=SCRIPT).status_code == 200
    client.post(f"{at}/change/", {"name": "Every", "query": "signal"})
    column.refresh_from_db()
    assert (column.name, column.width) == ("Every", "wide")
    assert client.post(f"{at}/resize/", {"width": "vast"}, headers=SCRIPT).status_code == 422


def test_a_deck_of_one_s_own_is_nobody_else_s(client, ada, account):
    made = client.post("/deck/add/", {"name": "Mine", "shared": "own"}, headers=SCRIPT).json()
    number = made["deck"]
    column = client.post(
        "/deck/columns/", {"deck": number, "name": "a", "query": "signal"}, headers=SCRIPT
    ).json()["column"]
    post = posts(account, 1)[0]
    assert ">Mine</bdi>" in client.get("/deck/").text  # the one looked at last comes first
    client.force_login(factories.agent("Ben Ito"))
    client.cookies["deck"] = str(number)
    assert ">Mine</bdi>" not in client.get("/deck/").text
    at = f"/deck/columns/{column}"
    for path in (f"/deck/{number}/", f"/deck/{number}/columns/new", at, f"{at}/edit"):
        assert client.get(path).status_code == 404, path
    for path in (
        f"/deck/{number}/change/", f"/deck/{number}/remove/", f"{at}/change/", f"{at}/move/",
        f"{at}/remove/", f"{at}/resize/", f"{at}/posts/{post.pk}/ignore/",
        f"{at}/posts/{post.pk}/back/", f"{at}/posts/{post.pk}/mute/",
    ):  # fmt: skip
        assert client.post(path, headers=SCRIPT).status_code == 404, path
    given = {"deck": number, "name": "b", "query": "signal"}
    assert client.post("/deck/columns/", given, headers=SCRIPT).status_code == 404
    assert Column.objects.count() == 1


def test_only_its_owner_or_a_lead_changes_a_shared_deck(client, ada):
    made = client.post("/deck/add/", {"name": "Ours", "shared": "all"}, headers=SCRIPT).json()
    at = f"/deck/{made['deck']}"
    given = {"name": "Theirs", "shared": "all"}
    client.force_login(factories.agent("Ben Ito"))
    assert client.post(f"{at}/change/", given, headers=SCRIPT).status_code == 403
    assert "Rename or share" not in client.get(f"{at}/").text
    client.force_login(factories.agent("Cleo Ray", is_lead=True))
    assert client.post(f"{at}/change/", given, headers=SCRIPT).status_code == 200
    assert ">Theirs</bdi>" in client.get(f"{at}/").text
    assert client.post(f"{at}/remove/")["Location"] == "/deck/"
    assert "Make a deck" in client.get("/deck/").text


def test_a_column_is_hot_if_far_more_is_written_than_before(client, ada, account):
    moment = now()
    quick = posts(account, 110, created_at=moment - timedelta(minutes=4))
    steady = posts(account, 600, created_at=moment - timedelta(minutes=60))
    factories.column("Quick", "signal", *quick, position=1)
    factories.column("Steady", "signal", *quick, *steady, position=2)
    html = client.get("/deck/").text
    assert html.count("col__hot") == 1
    assert html.index(">Quick<") < html.index("col__hot") < html.index(">Steady<")
