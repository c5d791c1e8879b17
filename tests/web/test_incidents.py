"""Incidents on the screen: the list, the room, and which case is part of which."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

import factories
from sanderling.cases.models import Case
from sanderling.incidents import actions
from sanderling.incidents.models import Incident, Member, Role
from sanderling.store.models import Move
from sanderling.web import clock

pytestmark = pytest.mark.django_db
NOW = factories.NOW
SCRIPT = {"X-Desk": "1"}
HOSTILE = "<b>Data</b> \"'> {{ 7 * 7 }}"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def ours():
    return factories.account()


def opened(ada, name="Mobile data, Port Alder west", minutes=60):
    return actions.open_incident(name=name, by=ada.pk, now=NOW - minutes * MINUTE)


def suspected(name="charged twice", **given):
    given = {"began_at": NOW - 20 * MINUTE, "noticed_at": NOW - 6 * MINUTE, **given}
    return Incident.objects.create(state="suspected", name=name, key=name, **given).pk


def put(ours, incident, *texts, minutes=30):
    """Posts of as many people that belong to an incident."""
    posts = [
        factories.post(
            ours, factories.identity(f"Person {n}", followers=1000 - n), text,
            created_at=NOW - (minutes - n) * MINUTE,
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    for post in posts:
        factories.verdict(post)
    actions.put_in(
        incident_id=incident, posts=[p.pk for p in posts], how="detector", by=None, now=NOW
    )
    return posts


def case_of(ours, post):
    made = Case.objects.create(
        account=ours, requester=post.author, about_post=post, state="open", title="x",
        kind="complaint", tone=3, urgency=1, reach=1, opened_at=NOW, last_at=NOW, due_at=NOW,
        due_kind="",
    )  # fmt: skip
    factories.place(made, post)
    return made


def again(incident):
    return Incident.objects.get(pk=incident)


# The list


def test_a_calm_sea_says_what_would_be_here(client, ada):
    page = client.get("/incidents/").text
    assert "Calm sea" in page
    assert "nav__live" not in page


def test_live_ones_come_first_with_their_figures_and_who_leads(client, ada, ours):
    one = opened(ada)
    put(ours, one, "No data", "Still none", "None here")
    Role.objects.create(incident_id=one, role="lead", agent=ada, since=NOW)
    Incident.objects.filter(pk=one).update(level="storm")
    two = suspected()
    page = client.get("/incidents/").text
    assert page.index(f'id="incident-{one}"') < page.index(f'id="incident-{two}"')
    assert "Storm" in page
    assert "Led by Ada Lund" in page
    assert re.search(r"Posts</dt><dd>3</dd>.*Voices</dt><dd>3</dd>", page, re.DOTALL)
    assert "Calm sea" not in page


def test_a_suspected_one_shows_why_and_what_people_write(client, ada, ours):
    one = suspected(why="14 posts by 13 people say “twice”.")
    put(ours, one, "Charged twice for October", "Why is my bill doubled?")
    page = client.get("/incidents/").text
    assert "14 posts by 13 people" in page
    assert "Charged twice for October" in page
    assert 'value="confirm"' in page


def test_the_badge_counts_what_is_live_and_else_what_is_suspected(client, ada):
    suspected()
    assert "1<span" in client.get("/incidents/badge", headers=SCRIPT).text.replace("\n", "")
    opened(ada)
    opened(ada, "Billing")
    assert "2 live" in client.get("/incidents/badge", headers=SCRIPT).text
    assert "2 live" in client.get("/desk/").text


def test_the_way_to_the_incidents_costs_a_page_one_statement(
    client, ada, django_assert_max_num_queries
):
    opened(ada)
    with django_assert_max_num_queries(3) as seen:
        client.get("/incidents/badge", headers=SCRIPT)
    assert sum("incidents_incident" in q["sql"] for q in seen.captured_queries) == 1


def test_what_is_over_is_walked_page_by_page_and_nothing_twice(client, ada):
    for n in range(35):
        Incident.objects.create(
            state="over", name=f"Old {n}", began_at=NOW, noticed_at=NOW - n * MINUTE, ended_at=NOW
        )
    first = client.get("/incidents/").text
    after = re.search(r"\?after=([\d-]+)", first)[1]
    second = client.get(f"/incidents/?after={after}").text
    seen = [re.findall(r'id="incident-(\d+)"', page) for page in (first, second)]
    assert [len(ids) for ids in seen] == [30, 5]
    assert len({*seen[0], *seen[1]}) == 35


def test_a_name_from_outside_stays_text(client, ada, ours):
    one = opened(ada, HOSTILE)
    put(ours, one, HOSTILE, f"{HOSTILE} again")
    for place in ("/incidents/", f"/incidents/{one}/", f"/incidents/{one}/posts/"):
        page = client.get(place).text
        assert "<b>Data</b>" not in page
        assert "&lt;b&gt;Data&lt;/b&gt;" in page
        assert "49" not in re.sub(r"[\w-]*49[\w-]+|[\w-]+49[\w-]*", "", page)


# Opening and moving


def test_an_agent_opens_one_by_hand_and_is_led_into_the_room(client, ada):
    answer = client.post("/incidents/open/", {"name": "Ferry tickets"})
    one = Incident.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/incidents/{one.pk}/")
    assert (one.name, one.state) == ("Ferry tickets", "confirmed")


def test_a_name_that_cannot_be_is_refused_and_not_lost(client, ada):
    name = "x" * 81
    answer = client.post("/incidents/open/", {"name": name})
    assert answer.status_code == 422
    assert name in answer.text
    assert not Incident.objects.exists()


def test_the_moves_of_a_life_are_buttons(client, ada):
    one = suspected()
    for move, state in (
        ("confirm", "confirmed"), ("ease", "eased"), ("flare up", "confirmed"), ("end", "over"),
    ):  # fmt: skip
        assert f'value="{move}"' in client.get(f"/incidents/{one}/").text
        answer = client.post(f"/incidents/{one}/move/", {"move": move}, headers=SCRIPT)
        assert answer.status_code == 200
        assert answer.json()["says"]
        assert again(one).state == state


def test_a_move_that_cannot_be_is_said(client, ada):
    one = opened(ada)
    answer = client.post(f"/incidents/{one}/move/", {"move": "dismiss"}, headers=SCRIPT)
    assert answer.status_code == 409
    assert (
        client.post(f"/incidents/{one}/move/", {"move": "sink"}, headers=SCRIPT).status_code == 422
    )
    assert again(one).state == "confirmed"


def test_what_was_merged_leads_on(client, ada):
    one, two = opened(ada), opened(ada, "The same")
    answer = client.post(f"/incidents/{two}/merge/", {"into": one}, headers=SCRIPT)
    assert answer.json()["to"] == f"/incidents/{one}/"
    there = client.get(f"/incidents/{two}/")
    assert (there.status_code, there.headers["Location"]) == (301, f"/incidents/{one}/")


def test_an_incident_that_is_not_there_is_not_found(client, ada):
    assert client.get("/incidents/77/").status_code == 404
    answer = client.post("/incidents/77/move/", {"move": "confirm"}, headers=SCRIPT)
    assert answer.status_code == 404
    assert "no incident 77" in answer.json()["why"][0]


@pytest.mark.parametrize("place", ["/incidents/", "/incidents/1/", "/incidents/1/room"])
def test_strangers_see_nothing(client, place):
    assert client.get(place).status_code == 302
    assert client.get(place, headers=SCRIPT).status_code == 401


# The room


def phase(page, name):
    return re.search(rf'<li class="([^"]*)"[^>]*><b>{name}</b>', page)[1]


def test_the_phases_say_how_far_it_is(client, ada):
    one = opened(ada)
    page = client.get(f"/incidents/{one}/").text
    assert [phase(page, p) for p in ("Noticed", "Confirmed", "Easing")] == ["is-done", "is-now", ""]
    client.post(f"/incidents/{one}/cause/", {"cause": "The west mast"}, headers=SCRIPT)
    client.post(f"/incidents/{one}/move/", {"move": "ease"}, headers=SCRIPT)
    page = client.get(f"/incidents/{one}/").text
    assert [phase(page, p) for p in ("Cause known", "Easing")] == ["is-done", "is-now"]
    assert "The west mast" in page
    client.post(f"/incidents/{one}/move/", {"move": "flare up"}, headers=SCRIPT)
    page = client.get(f"/incidents/{one}/").text
    assert [phase(page, p) for p in ("Cause known", "Easing")] == ["is-now", ""]


def drawn(page):
    return json.loads(re.search(r"data-points='([^']*)'", page)[1])


def test_the_figure_counts_every_post_once_and_says_the_same_in_its_table(client, ada, ours):
    one = opened(ada)
    put(ours, one, *(f"No data {n}" for n in range(12)))
    page = client.get(f"/incidents/{one}/").text
    points = drawn(page)
    assert sum(posts for _, posts, *_ in points) == 12
    assert [at for at, *_ in points] == sorted({at for at, *_ in points})
    table = re.search(r"as-table__in.*?</table>", page, re.DOTALL)[0]
    counts = [int(n) for n in re.findall(r'</th><td class="n">([\d,]+)</td>', table)]
    assert counts == [posts for _, posts, *_ in points]
    assert "Noticed" in table
    assert 'role="img" aria-label="Noticed at' in page


def test_without_a_post_there_is_no_empty_chart_but_a_word(client, ada):
    page = client.get(f"/incidents/{opened(ada)}/").text
    assert "data-points" not in page
    assert "No post belongs to it yet" in page


def test_the_room_says_who_is_heard_by_most_and_how_they_were_met(client, ada, ours):
    one = opened(ada)
    posts = put(ours, one, "No data at all", "Nothing works at Quayside", "Dead since seven")
    made = case_of(ours, posts[0])
    page = client.get(f"/incidents/{one}/").text
    reach = re.search(r'id="reach-h".*?</section>', page, re.DOTALL)[0]
    assert reach.index("Person 0") < reach.index("Person 1")
    assert f'href="/case/{made.pk}/"' in reach
    assert "waits" in reach
    assert "no case" in reach


def test_a_part_of_the_room_leaves_out_the_crowd_which_has_its_own(client, ada, ours):
    one = opened(ada)
    put(ours, one, "No data at Quayside")
    room = client.get(f"/incidents/{one}/room", headers=SCRIPT).text
    assert '<div class="crowd" id="room-crowd"></div>' in room
    assert "room-head" in room
    assert "No data at Quayside" in client.get(f"/incidents/{one}/crowd", headers=SCRIPT).text


def test_cases_that_look_like_part_of_it_are_taken_in_with_one_click(client, ada, ours):
    one = opened(ada)
    for post in put(ours, one, "No data at all", "Nothing works"):
        case_of(ours, post)
    crowd = client.get(f"/incidents/{one}/crowd", headers=SCRIPT).text
    assert "2 more cases look like part of it." in crowd
    answer = client.post(f"/incidents/{one}/gather/", headers=SCRIPT)
    assert answer.json()["says"] == "2 cases are part of it now."
    assert Case.objects.filter(incident=one).count() == 2
    crowd = client.get(f"/incidents/{one}/crowd", headers=SCRIPT).text
    assert "/gather/" not in crowd


def test_a_post_is_taken_out_and_stays_out(client, ada, ours):
    one = opened(ada)
    wrong, right = put(ours, one, "My parcel is late", "No data")
    answer = client.post(f"/incidents/{one}/take-out/", {"post": wrong.pk}, headers=SCRIPT)
    assert answer.json()["says"] == "Taken out."
    assert again(one).posts == 1
    assert Member.objects.get(post=wrong).out_at
    page = client.get(f"/incidents/{one}/posts/").text
    assert f'id="member-{right.pk}"' in page
    assert f'id="member-{wrong.pk}"' not in page


def test_all_posts_are_walked_page_by_page(client, ada, ours):
    one = opened(ada)
    put(ours, one, *(f"No data {n}" for n in range(60)), minutes=65)
    first = client.get(f"/incidents/{one}/posts/").text
    after = re.search(r"\?after=([\d-]+)", first)[1]
    second = client.get(f"/incidents/{one}/posts/?after={after}").text
    ids = [re.findall(r'id="member-(\d+)"', page) for page in (first, second)]
    assert [len(found) for found in ids] == [50, 10]
    assert len({*ids[0], *ids[1]}) == 60


# Cases


@pytest.fixture
def case(ours):
    return factories.case(ours, factories.identity(), "No data since seven", state="open")


def test_a_case_that_looks_like_it_is_added_by_one_click_and_taken_out_again(
    client, ada, ours, case
):
    one = opened(ada)
    actions.put_in(incident_id=one, posts=[case.about_post_id], how="detector", by=None, now=NOW)
    row = client.get("/desk/rows?q=team", headers=SCRIPT).text
    assert f'data-put="{one}"' in row
    assert "Looks like" in client.get(f"/case/{case.pk}/matters", headers=SCRIPT).text

    put_ = client.post(f"/case/{case.pk}/incident/put/", {"incident": one}, headers=SCRIPT)
    assert put_.json()["case"] == case.pk
    assert Case.objects.get(pk=case.pk).incident_id == one
    row = client.get("/desk/rows?q=incidents", headers=SCRIPT).text
    assert "Part of incident" in row
    assert "Part of incident <a" in client.get(f"/case/{case.pk}/matters", headers=SCRIPT).text
    assert Move.objects.filter(kind="case", row=case.pk, move="join incident").exists()

    client.post(f"/case/{case.pk}/incident/leave/", headers=SCRIPT)
    assert Case.objects.get(pk=case.pk).incident_id is None
    assert "data-put" not in client.get("/desk/rows?q=team", headers=SCRIPT).text


def test_the_queue_of_incidents_holds_cases_of_those_that_stand(client, ada, case):
    one = opened(ada)
    client.post(f"/case/{case.pk}/incident/put/", {"incident": one}, headers=SCRIPT)
    badge = client.get("/badges", headers=SCRIPT).text
    assert re.search(r'id="nav-incidents".*?nav__n">1<', badge, re.DOTALL)
    found = client.get(f"/desk/rows?q=team&f=incident:{one}", headers=SCRIPT).text
    assert f'id="row-{case.pk}"' in found
    client.post(f"/incidents/{one}/move/", {"move": "end"}, headers=SCRIPT)
    assert f'id="row-{case.pk}"' not in client.get("/desk/rows?q=incidents", headers=SCRIPT).text


def test_the_dialog_offers_what_stands_and_finds_what_is_past(client, ada, case):
    one = opened(ada)
    over = Incident.objects.create(
        state="over", name="Ferry tickets", began_at=NOW, noticed_at=NOW, ended_at=NOW
    )
    part = client.get(f"/case/{case.pk}/incident/", headers=SCRIPT).text
    assert f'value="{one}"' in part
    assert "Ferry tickets" not in part
    part = client.get(f"/case/{case.pk}/incident/?find=ferry", headers=SCRIPT).text
    assert f'value="{over.pk}"' in part
    assert f'value="{one}"' in client.get(f"/case/{case.pk}/incident/?find={one}").text
    assert "No incident has this name" in client.get(f"/case/{case.pk}/incident/?find=zz").text


def test_a_dismissed_incident_takes_no_case(client, ada, case):
    one = suspected()
    client.post(f"/incidents/{one}/move/", {"move": "dismiss"}, headers=SCRIPT)
    answer = client.post(f"/case/{case.pk}/incident/put/", {"incident": one}, headers=SCRIPT)
    assert answer.status_code == 409
    assert "dismissed" in answer.json()["why"][0]
    assert client.post(f"/case/{case.pk}/incident/put/", {}, headers=SCRIPT).status_code == 422
