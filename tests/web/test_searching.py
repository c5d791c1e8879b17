"""The search page, the filter of the Desk, saved views, and what an agent did."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from sanderling.cases import actions
from sanderling.cases.models import View
from sanderling.cases.queries import key_text, queue
from sanderling.listen import words
from sanderling.people.models import Membership, Team
from sanderling.store.models import Move
from sanderling.store.moves import remember
from sanderling.web import clock

pytestmark = pytest.mark.django_db
NOW = factories.NOW
SCRIPT = {"X-Desk": "1"}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def make(ada):
    account = factories.account()

    def one(text="No signal at all", **given):
        who = given.pop("who", None) or factories.identity()
        found = factories.case(account, who, text, **given)
        words.read_all()
        return found

    return one


@pytest.mark.parametrize("path", ["/search/", "/search/words", "/views/", "/history/"])
def test_the_pages_are_for_agents(client, ada, path):
    assert client.get(path).status_code == 200
    client.logout()
    assert client.get(path).status_code == 302


def test_without_a_text_the_page_says_what_can_be_typed(client, ada):
    page = client.get("/search/").text
    assert "What you can type" in page
    assert "<code>tone:</code>" in page


def test_cases_posts_and_people_are_found_and_hits_are_marked(client, ada, make):
    case = make("The <b>refund</b> never came", who=factories.identity("Refunda Vey"))
    page = client.get("/search/", {"q": "refund"}).text
    assert f'id="row-{case.pk}"' in page
    assert f'id="hit-{case.about_post_id}"' in page
    assert f'id="face-{case.requester_id}"' in page
    assert "&lt;b&gt;<mark>refund</mark>&lt;/b&gt;" in page


def test_one_kind_goes_on_where_it_ended(client, ada, make):
    cases = [make("refund") for _ in range(10)]
    first = client.get("/search/", {"q": "refund"}).text
    assert f'id="row-{cases[9].pk}"' in first
    assert f'id="row-{cases[1].pk}"' not in first
    assert f"in=cases&amp;before={cases[2].pk}" not in first  # all kinds begin anew
    rest = client.get("/search/", {"q": "refund", "in": "cases", "before": cases[2].pk}).text
    assert f'id="row-{cases[1].pk}"' in rest
    assert f'id="row-{cases[2].pk}"' not in rest
    assert 'id="hit-' not in rest
    assert "Nothing found" in client.get("/search/", {"q": "xyzzy"}).text


def test_a_problem_marks_its_place_and_offers_what_was_meant(client, ada):
    page = client.get("/search/", {"q": "<i> is:opne"}).text
    assert "&lt;i&gt; is:<mark>opne</mark>" in page
    assert "/search/?q=%3Ci%3E%20is%3Aopen" in page
    assert 'aria-invalid="true"' in page


def test_what_may_be_typed_is_told_to_the_script(client, ada):
    Team.objects.create(name="Billing")
    told = {f["name"]: f for f in client.get("/search/words", headers=SCRIPT).json()["filters"]}
    assert told["owner"]["values"][:3] == ["me", "none", "Ada Lund"]
    assert "Billing" in told["team"]["values"]
    assert "late" in told["is"]["values"]


def test_a_queue_shows_only_what_meets_the_filter(client, ada, make):
    late, calm = make(due_at=NOW - HOUR), make(due_at=NOW + HOUR)
    for path in ("/desk/", "/desk/rows"):
        page = client.get(path, {"q": "team", "f": "is:late"}).text
        assert f'id="row-{late.pk}"' in page
        assert f'id="row-{calm.pk}"' not in page
        assert 'data-filter="is:late"' in page
        assert f'href="/case/{late.pk}/?q=team&amp;f=is%3Alate"' in page
    assert f'id="row-{calm.pk}"' not in client.get(f"/case/{late.pk}/?q=team&f=is:late").text


def test_a_filtered_queue_is_walked_on_with_its_filter(client, ada, make):
    for n in range(52):
        factories.case(factories.account(), factories.identity(), due_at=NOW + HOUR + n * HOUR / 60)
    after = key_text(queue("team", ada.pk).after)
    page = client.get("/desk/", {"f": "is:new"}).text
    assert f"/desk/?q=team&amp;f=is%3Anew&amp;after={after}" in page


def test_a_filter_that_finds_nothing_or_is_wrong_is_said_in_the_list(client, ada, make):
    case = make()
    page = client.get("/desk/", {"f": "is:late"}).text
    assert "No case in Team meets the filter." in page
    page = client.get("/desk/", {"f": "is:lat e"}).text
    assert "is:<mark>lat</mark> e" in page
    assert f'id="row-{case.pk}"' not in page


def keep(client, **changes):
    given = {"name": "Late ones", "query": "is:late", "queue": "team", "shared": ""}
    return client.post("/views/save/", {**given, **changes})


def test_a_view_is_kept_and_stands_in_the_sidebar(client, ada):
    answer = keep(client, query="IS:late   owner:me")
    assert (answer.status_code, answer.url) == (303, "/desk/?q=team&f=is%3Alate+owner%3Ame")
    page = client.get("/desk/").text
    assert 'href="/desk/?q=team&amp;f=is%3Alate+owner%3Ame"' in page
    assert "Late ones" in page
    assert Move.objects.filter(kind="view", move="save", by=ada).exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": " "}, "name of at most"), ({"name": "x" * 61}, "name of at most"),
        ({"query": ""}, "nothing to keep"), ({"query": "is:opne"}, "knows no"),
        ({"queue": "x"}, "no such queue"), ({"shared": "x"}, "with whom"),
        ({"shared": "team"}, "with whom"), ({"shared": "team-999"}, "your own teams"),
    ],
)  # fmt: skip
def test_a_view_that_cannot_be_kept_is_refused_in_words(client, ada, changes, why):
    answer = keep(client, **changes)
    assert answer.status_code == 422
    assert why in answer.text
    assert not View.objects.exists()


def test_views_are_seen_by_those_they_are_shared_with(client, ada):
    team, other = Team.objects.create(name="Billing"), Team.objects.create(name="Field")
    mate, stranger = factories.agent("Ben"), factories.agent("Cleo")
    Membership.objects.create(agent=ada, team=team)
    Membership.objects.create(agent=mate, team=team)
    Membership.objects.create(agent=stranger, team=other)
    keep(client, name="Private one")
    keep(client, name="Team one", shared=f"team-{team.pk}")
    keep(client, name="Common one", shared="all")
    seen = {}
    for agent in (ada, mate, stranger):
        client.force_login(agent)
        page = client.get("/views/").text
        seen[agent] = [n for n in ("Private one", "Team one", "Common one") if n in page]
    assert seen[ada] == ["Private one", "Team one", "Common one"]
    assert seen[mate] == ["Team one", "Common one"]
    assert seen[stranger] == ["Common one"]


def test_a_view_is_changed_and_deleted_by_its_maker_or_a_lead_where_it_is_shared(client, ada):
    keep(client, shared="all")
    view = View.objects.get()
    changed = {"name": "Other", "query": "is:new", "queue": "", "shared": "all"}
    client.force_login(factories.agent("Ben"))
    assert client.post(f"/views/{view.pk}/change/", changed).status_code == 404
    assert client.post(f"/views/{view.pk}/delete/").status_code == 404
    client.force_login(factories.agent("Lea", is_lead=True))
    assert client.post(f"/views/{view.pk}/change/", changed).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.query, view.queue) == ("Other", "is:new", "")
    client.force_login(ada)
    assert client.post(f"/views/{view.pk}/delete/").status_code == 303
    assert not View.objects.exists()
    assert list(Move.objects.filter(kind="view").values_list("move", flat=True)) == [
        "save", "change", "delete",
    ]  # fmt: skip


def test_a_private_view_is_not_even_a_leads_to_change(client, ada):
    keep(client)
    client.force_login(factories.agent("Lea", is_lead=True))
    assert client.post(f"/views/{View.objects.get().pk}/delete/").status_code == 404


def test_what_you_did_leads_to_its_cases_and_shows_nobody_elses(client, ada, make):
    mine, other = make(), make()
    actions.write_note(case_id=mine.pk, text="mine", by=ada.pk, now=NOW)
    remember("cause", 1, "rename", by=ada.pk, now=NOW, note="<b>Roaming</b>")
    ben = factories.agent("Ben")
    actions.write_note(case_id=other.pk, text="not mine", by=ben.pk, now=NOW)
    page = client.get("/history/").text
    assert f'href="/case/{mine.pk}/"' in page
    assert "Wrote a note" in page
    assert "&lt;b&gt;Roaming" in page
    assert f'href="/case/{other.pk}/"' not in page
    assert "Today" in page


def test_what_you_did_goes_on_where_it_ended(client, ada, make):
    case = make()
    for n in range(101):
        remember("case", case.pk, "note", by=ada.pk, now=NOW, note=f"n{n:03}")
    first = client.get("/history/").text
    assert "n100" in first
    assert "n000" not in first
    oldest = Move.objects.get(note="n001").pk
    assert f"/history/?before={oldest}" in first
    rest = client.get(f"/history/?before={oldest}").text
    assert "n000" in rest
    assert "n001" not in rest
