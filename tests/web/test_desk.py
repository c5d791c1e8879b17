"""The Desk: what its pages and parts hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import factories
from harbour import HarbourSignIn, harbour
from river import connected, hear, says
from sanderling.cases.models import Case, Note
from sanderling.listen.models import Spend
from sanderling.triage.models import Verdict
from sanderling.wiring import NETWORKS

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> <b>bold</b> {{ 7 * 7 }} \"'> @you"


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund", avatar="practice:anika")
    client.force_login(agent)
    return agent


@pytest.fixture
def account():
    return factories.account()


def now():
    return datetime.now(UTC)


def case(account, name="Jonas Veld", minutes=30, **given):
    return factories.case(
        account, factories.identity(name), due_at=now() + timedelta(minutes=minutes), **given
    )


def rows(html):
    return [int(n) for n in re.findall(r'id="row-(\d+)"', html)]


def test_the_desk_shows_the_team_in_groups_by_deadline(client, ada, account):
    soon, today, late = (
        case(account, minutes=5),
        case(account, minutes=90),
        case(account, minutes=-5),
    )
    html = client.get("/desk/").text
    assert rows(html) == [late.pk, soon.pk, today.pk]
    assert html.index("Due within 15 minutes") < html.index("Due within a day")


def test_each_queue_shows_its_own_and_an_unknown_one_is_the_team(client, ada, account):
    mine, free = case(account, owner=ada, state="open"), case(account)
    assert rows(client.get("/desk/?q=mine").text) == [mine.pk]
    assert rows(client.get("/desk/?q=unassigned").text) == [free.pk]
    assert len(rows(client.get("/desk/?q=../../x").text)) == 2


@pytest.mark.parametrize("name", ["mine", "unassigned", "team", "waiting", "snoozed", "resolved"])
def test_an_empty_queue_says_what_is_so_and_why(client, ada, name):
    html = client.get(f"/desk/?q={name}").text
    assert 'class="empty" id="rows-empty"' in html


def test_without_a_case_of_their_own_agents_are_shown_one_to_take(client, ada, account):
    case(account)
    assert "There is more in Unassigned." in client.get("/desk/?q=mine").text


def test_fifty_rows_and_the_way_to_the_next(client, ada, account):
    made = [case(account, minutes=i).pk for i in range(53)]
    html = client.get("/desk/").text
    assert rows(html) == made[:50]
    link = re.search(r'href="(/desk/\?q=team&amp;after=[^"]+)"', html)[1].replace("&amp;", "&")
    assert rows(client.get(link).text) == made[50:]


def test_the_part_of_the_page_is_the_same_list_and_may_be_longer(client, ada, account):
    made = [case(account, minutes=i).pk for i in range(53)]
    assert rows(client.get("/desk/rows?q=team&n=100").text) == made
    assert rows(client.get("/desk/rows?q=team&n=1").text) == made[:50]
    assert "<html" not in client.get("/desk/rows").text


@pytest.mark.parametrize("after", ["x", "1", "1-1-1", "9" * 80, "-5-2", "%00"])
def test_a_made_up_place_in_the_list_is_its_beginning(client, ada, account, after):
    made = case(account)
    assert rows(client.get(f"/desk/?after={after}").text) == [made.pk]


def test_badges_are_a_part_of_their_own(client, ada, account):
    case(account, minutes=2)
    html = client.get("/badges?q=team").text
    assert 'data-at-risk="1"' in html
    assert "1 close to or past their deadline" in html


def test_the_title_says_how_many_are_at_risk(client, ada, account):
    case(account, minutes=2)
    assert "<title>(1) Team · Sanderling</title>" in client.get("/desk/").text


def test_a_case_stands_beside_its_list(client, ada, account):
    found = case(account)
    html = client.get(f"/case/{found.pk}/?q=team").text
    assert f'id="row-{found.pk}"' in html
    assert re.search(rf'id="row-{found.pk}"[^>]*aria-current="true"', html)
    assert 'id="composer"' in html
    assert 'data-view="case"' in html


def test_every_part_of_a_case_can_be_fetched_alone(client, ada, account):
    found = case(account)
    for part, mark in {
        "head": 'id="case-head"', "timeline": 'id="tl"', "pane": 'id="cust"', "row": "row-",
    }.items():  # fmt: skip
        html = client.get(f"/case/{found.pk}/{part}").text
        assert mark in html
        assert "<html" not in html


def test_a_case_that_is_not_there_is_said(client, ada):
    answer = client.get("/case/999/")
    assert answer.status_code == 404
    assert "There is no case 999." in answer.text
    assert client.get("/case/999/row").status_code == 404


def test_a_merged_case_leads_to_the_other_with_every_part(client, ada, account):
    kept, gone = case(account), case(account, state="merged")
    gone.merged_into = kept
    gone.save()
    assert client.get(f"/case/{gone.pk}/")["Location"] == f"/case/{kept.pk}/"
    assert client.get(f"/case/{gone.pk}/timeline")["Location"] == f"/case/{kept.pk}/timeline"


def test_hostile_words_stay_words_everywhere(client, ada, account):
    found = case(account, name=HOSTILE, text=HOSTILE, title=HOSTILE)
    found.requester.handle = HOSTILE[:30]
    found.requester.save()
    Note.objects.create(case=found, by=ada, text=HOSTILE, at=now())
    factories.column(HOSTILE, HOSTILE, found.about_post)
    for path in ("/desk/", f"/case/{found.pk}/", "/deck/"):
        html = client.get(path).text
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html
        assert "<b>bold" not in html
        assert "{{ 7 * 7 }}" in html


def test_remote_pictures_are_never_loaded(client, ada, account):
    found = case(account)
    found.requester.avatar = "https://evil.example/track.gif"
    found.requester.save()
    assert "evil.example" not in client.get(f"/case/{found.pk}/").text


def test_the_story_has_both_rooms_notes_and_moves(client, ada, account):
    found = case(account)
    private = factories.post(
        account, found.requester, "Only for you", room="direct", created_at=now()
    )
    factories.place(found, private)
    Note.objects.create(case=found, by=ada, text="He is on Flex", at=now())
    client.post(f"/case/{found.pk}/assign/", {"to": ada.pk})
    html = client.get(f"/case/{found.pk}/timeline").text
    assert "everyone can read this" in html
    assert "lane--dm" in html
    assert "He is on Flex" in html
    assert "Ada Lund took the case" in html


def test_edited_and_deleted_posts_are_marked(client, ada, account):
    found = case(account)
    post = found.about_post
    post.edited, post.deleted_at = True, now()
    post.save()
    html = client.get(f"/case/{found.pk}/timeline").text
    assert "Edited" in html
    assert "Deleted" in html


def test_the_composer_starts_where_the_customer_wrote_last(client, ada, account):
    found = case(account)
    assert re.search(r'value="public" checked', client.get(f"/case/{found.pk}/").text)
    factories.place(
        found, factories.post(account, found.requester, "psst", room="direct", created_at=now())
    )
    assert re.search(r'value="direct" checked', client.get(f"/case/{found.pk}/").text)


def test_whether_a_message_is_possible_is_said_before_the_effort(client, ada, account):
    found = case(account)
    found.requester.takes_messages, found.requester.follows_us = "followed", False
    found.requester.save()
    html = client.get(f"/case/{found.pk}/").text
    assert "takes direct messages only from accounts they follow" in html
    assert re.search(r'id="draft-direct"[^>]*data-closed readonly', html)


def test_the_customer_card_shows_the_mood_from_two_cases_on(client, ada, account):
    found = case(account, tone=5)
    assert "Mood over" not in client.get(f"/case/{found.pk}/").text
    factories.case(
        account, found.requester, state="closed", tone=1, opened_at=factories.NOW - timedelta(9)
    )
    html = client.get(f"/case/{found.pk}/").text
    assert "Mood over 2 cases" in html
    assert "From oldest to newest: calm, furious" in html


def test_the_head_draws_how_the_conversation_went_and_says_it(client, ada, account):
    says = "Angrier after our answer: from calm to furious"
    found = case(account, arc=[1, None, 5], swing="worse after our answer",
                 reasons=[["worse", says, 0.0], ["again", "Wrote 3 times", 0.0]])  # fmt: skip
    head = client.get(f"/case/{found.pk}/head").text
    assert 'aria-label="Tone from post to post: calm, we answered, furious"' in head
    assert says in head
    assert "Wrote 3 times" not in head
    why = client.get(f"/case/{found.pk}/why").text
    assert says in why
    assert "Wrote 3 times" in why


def test_a_post_alone_has_no_arc_to_draw(client, ada, account):
    assert "Tone from post" not in client.get(f"/case/{case(account, arc=[3]).pk}/head").text


def test_a_row_says_what_the_conversation_says_unless_the_post_cannot_wait(client, ada, account):
    reasons = [["again", "Wrote 3 times in 25 minutes, unanswered", 0.0]]
    pressing = case(account, reasons=reasons)
    flagged = case(account, reasons=reasons)
    Verdict.objects.filter(post=flagged.about_post).update(flags=["legal"])
    plain = case(account)
    assert "Wrote 3 times" in client.get(f"/case/{pressing.pk}/row").text
    for other in (flagged, plain):
        html = client.get(f"/case/{other.pk}/row").text
        assert "Wrote 3 times" not in html
        assert "no signal" in html


def test_times_are_those_of_the_agents_place(client, ada, account):
    found = case(account)
    client.cookies["zone"] = "Asia/Tokyo"
    there = found.opened_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"{there:%H:%M}" in client.get(f"/case/{found.pk}/timeline").text


def test_taste_comes_from_cookies_and_only_known_values_count(client, ada):
    client.cookies["theme"], client.cookies["density"] = "dark", 'x" onload="y'
    html = client.get("/desk/").text
    assert 'data-theme="dark"' in html
    assert 'data-density="comfortable"' in html


def test_what_a_case_cost_is_said_quietly_where_it_cost_something(client, ada, monkeypatch):
    monkeypatch.setitem(NETWORKS, "harbour", harbour(HarbourSignIn()))
    a = factories.account(network="harbour")
    dear, free = case(a), case(a)
    part = case(a, state="merged")
    part.merged_into = dear
    part.save()
    for day, of in (("2026-09-01", dear), ("2026-10-01", part)):
        Spend.objects.create(
            account=a, day=day, act="message", case_id=of.pk, count=1, micros=15_000
        )
    assert "This case has cost $0.03<" in client.get(f"/case/{dear.pk}/").text
    assert "has cost" not in client.get(f"/case/{free.pk}/").text


def test_what_costs_nothing_by_the_networks_list_is_not_mentioned(client, ada, account):
    found = case(account)
    Spend.objects.create(
        account=account, day="2026-09-01", act="message", case_id=found.pk, count=1, micros=15_000
    )
    assert "has cost" not in client.get(f"/case/{found.pk}/").text


def test_a_case_says_what_was_promised_and_by_which_rule(client, ada):
    hear(connected(), says("1"))
    case = Case.objects.get()
    page = client.get(f"/case/{case.pk}/why").content.decode()
    assert "Acknowledge by" in page
    assert "Everything else" in page
    assert 'href="/policy/versions/0/#goals-' in page


def test_the_list_is_sorted_as_asked_and_remembered_for_each_agent(client, ada, account):
    few, many = case(account, minutes=5, reach=3), case(account, minutes=90, reach=5_000_000)
    html = client.get("/desk/?q=team&sort=reach").text
    assert rows(html) == [many.pk, few.pk]
    assert "Most followers first" in html
    assert rows(client.get("/desk/?q=unassigned").text) == [many.pk, few.pk]
    assert rows(client.get("/desk/rows?q=team&sort=due").text) == [few.pk, many.pk]
    assert rows(client.get("/desk/").text) == [many.pk, few.pk]
    client.force_login(factories.agent("Ben Oke"))
    assert rows(client.get("/desk/").text) == [few.pk, many.pk]


def test_a_sorted_list_leads_to_its_next_page_in_the_same_order(client, ada, account):
    made = [case(account, minutes=i, reach=i // 2).pk for i in range(53)]
    html = client.get("/desk/?sort=reach").text
    client.cookies.clear()
    client.force_login(ada)
    link = re.search(r'href="(/desk/\?q=team[^"]*after=[^"]*)"', html).group(1)
    rest = client.get(link.replace("&amp;", "&")).text
    assert sorted(rows(html) + rows(rest)) == sorted(made)
    assert len(rows(rest)) == 3


@pytest.mark.parametrize("sort", ["", "due; drop", "../x"])
def test_an_unknown_sort_is_due_first(client, ada, account, sort):
    late, soon = case(account, minutes=90), case(account, minutes=5)
    answer = client.get("/desk/", {"sort": sort})
    assert rows(answer.text) == [soon.pk, late.pk]
    assert not [name for name in answer.cookies if name.startswith("sort")]
