"""Who is who and what is to be done, in the room; and its time line."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

import factories
from sanderling.incidents import actions, leading, playbooks, steps
from sanderling.incidents.models import Entry
from sanderling.respond.models import Broadcast
from sanderling.web import clock, wording

HOSTILE = "<b>x</b>{{ 7 * 7 }}"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


@pytest.fixture
def room(ada):
    return f"/incidents/{actions.open_incident(name='No signal', by=ada.pk, now=clock.now())}/"


def number(room) -> int:
    return int(room.split("/")[2])


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def panel(client, room, name="playbook"):
    answer = client.get(f"{room}{name}/", headers={"X-Desk": "1"})
    assert answer.status_code == 200
    return answer


def by_script(client, path, **fields):
    answer = client.post(path, fields, headers={"X-Desk": "1"})
    return answer.status_code, json.loads(answer.content)


def begun(client, room):
    status, _ = by_script(client, f"{room}playbook/begin/", name="service-down")
    assert status == 200
    return steps.steps(number(room))


def test_nobody_sees_or_does_anything_without_signing_in(client, room):
    client.logout()
    assert client.get(f"{room}playbook/").status_code == 302
    assert client.post(f"{room}timeline/write/", {"text": "x"}).status_code == 302


def test_of_an_incident_that_is_not_there_nothing_is_shown(client, ada):
    assert client.get("/incidents/77/playbook/").status_code == 404
    assert client.get("/incidents/77/timeline/").status_code == 404
    assert by_script(client, "/incidents/77/playbook/begin/", name="boycott")[0] == 404
    assert by_script(client, "/incidents/77/timeline/write/", kind="note", text="x")[0] == 404


def test_before_it_began_the_panel_offers_what_there_is(client, room):
    shown = words(panel(client, room))
    assert "No playbook was begun" in shown
    assert "The stupid ad" in shown
    assert shown.count("Nobody yet") == 4


def test_a_playbook_is_begun_and_ticked_off(client, ada, room):
    first, second, *_ = begun(client, room)
    page = panel(client, room).content.decode()
    assert "Playbook: <bdi>Service down</bdi>" in page
    assert "0 of 13" in page
    assert page.count('aria-current="step"') == 1
    answer = client.post(f"{room}steps/{first.id}/", {"act": "tick"})  # without a script
    assert (answer.status_code, answer["Location"]) == (303, f"{room}#incident-playbook")
    status, _ = by_script(client, f"{room}steps/{second.id}/", act="skip", why="Not this time")
    assert status == 200
    page = panel(client, room)
    assert "2 of 13" in words(page)
    assert "Ada · done" in words(page)
    assert "Not this time" in words(page)
    by_script(client, f"{room}steps/{first.id}/", act="untick")
    assert "1 of 13" in words(panel(client, room))


def test_a_step_is_taken_and_given(client, ada, ben, room):
    first = begun(client, room)[0]
    by_script(client, f"{room}steps/{first.id}/", act="take")
    assert steps.steps(number(room))[0].who.id == ada.pk
    by_script(client, f"{room}steps/{first.id}/", act="give", to=str(ben.pk))
    assert steps.steps(number(room))[0].who.id == ben.pk


def test_what_cannot_be_done_is_a_sentence(client, ada, room):
    first = begun(client, room)[0]
    for fields in ({"act": "give"}, {"act": "burn"}):
        status, answer = by_script(client, f"{room}steps/{first.id}/", **fields)
        assert (status, len(answer["why"])) == (422, 1)
    status, answer = by_script(client, f"{room}steps/{first.id}/", act="skip", why="")
    assert (status, "review will ask" in answer["why"][0]) == (409, True)
    assert by_script(client, f"{room}steps/999999/", act="tick")[0] == 409
    assert by_script(client, f"{room}playbook/begin/", name="none")[0] == 409
    assert by_script(client, f"{room}roles/boss/", act="take")[0] == 409
    page = client.post(f"{room}steps/{first.id}/", {"act": "skip", "why": ""})
    assert (page.status_code, f'href="{room}"' in page.content.decode()) == (409, True)


def test_a_late_step_says_so(client, ada, room, monkeypatch):
    begun(client, room)
    assert "is-late" not in panel(client, room).content.decode()
    moment = clock.now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert panel(client, room).content.decode().count("is-late") == 2


def test_a_hand_over_shows_the_receiver_how_things_stand(client, ada, ben, room):
    begun(client, room)
    by_script(client, f"{room}roles/lead/", act="take")
    Broadcast.objects.create(
        incident_id=number(room), label="We see it", text="We see it", by=ada, at=clock.now(),
        next_at=clock.now() + timedelta(minutes=40),
    )  # fmt: skip
    status, answer = by_script(
        client, f"{room}roles/lead/", act="offer", to=str(ben.pk), note=f"Press at ten {HOSTILE}"
    )
    assert (status, answer["says"]) == (200, "Offered. It is yours until it is accepted.")
    assert "offered to Ben Oduya" in words(panel(client, room))
    client.force_login(ben)
    page = panel(client, room)
    shown = words(page)
    assert "Ada Lund offers you this: Lead." in shown.replace(" offers", " offers")
    assert "Press at ten" in shown
    assert HOSTILE not in page.content.decode()
    assert "13 steps are open." in shown
    assert "Next: Ask the technical contact" in shown
    assert "The next public word is promised" in shown
    by_script(client, f"{room}roles/lead/", act="accept")
    assert leading.roles(number(room), clock.now())[0].who.id == ben.pk


def test_who_went_home_is_shown_and_can_be_followed(client, ada, ben, room):
    leading.take(incident_id=number(room), role="voice", by=ben.pk, now=clock.now())
    shown = words(panel(client, room))
    assert "went home" in shown
    assert by_script(client, f"{room}roles/voice/", act="take")[0] == 200
    assert leading.roles(number(room), clock.now())[1].who.id == ada.pk


def test_what_was_decided_stands_in_the_time_line(client, ada, room):
    answer = client.post(f"{room}timeline/write/", {"kind": "decision", "text": HOSTILE})
    assert (answer.status_code, answer["Location"]) == (303, f"{room}#incident-timeline")
    page = panel(client, room, "timeline").content.decode()
    assert "Decision" in page
    assert HOSTILE not in page
    assert "Confirmed" in page
    status, answer = by_script(client, f"{room}timeline/write/", kind="note", text=" ")
    assert (status, answer["why"]) == (409, ["There is nothing here yet."])


def test_what_happened_before_is_found_page_by_page(client, ada, room, monkeypatch):
    Entry.objects.bulk_create(
        Entry(incident_id=number(room), kind="note", text=f"note {n:03}.", by=ada, at=clock.now())
        for n in range(130)
    )
    page = panel(client, room, "timeline").content.decode()
    assert page.count("told__i ") == 12
    address = re.search(r'href="([^"]*before=[^"]*)"', page)[1]
    seen = set(re.findall(r"note \d{3}\.", page))
    while address:
        page = client.get(address).content.decode()
        found = set(re.findall(r"note \d{3}\.", page))
        assert found.isdisjoint(seen)
        seen |= found
        more = re.search(r'href="([^"]*before=[^"]*)"', page)
        address = more and more[1]
    assert len(seen) == 130
    assert "Opened" in page


@pytest.mark.parametrize(
    "before", ["", "x", "1.", "99999999999999999999.move-1", "9999999999999999.a"]
)
def test_any_address_of_a_page_is_answered(client, room, before):
    assert client.get(f"{room}timeline/", {"before": before}).status_code == 200


def test_a_playbook_put_away_is_not_offered(client, ada, room):
    playbooks.archive(name="boycott", by=ada.pk, now=clock.now())
    assert "Boycott" not in words(panel(client, room))


def test_who_looks_elsewhere_is_told_of_an_offer_and_of_what_is_late(client, ada, ben, room):
    began = clock.now() - timedelta(minutes=30)
    steps.begin(incident_id=number(room), name="service-down", by=ada.pk, now=began)
    leading.take(incident_id=number(room), role="technical", by=ben.pk, now=clock.now())
    leading.take(incident_id=number(room), role="voice", by=ada.pk, now=clock.now())
    steps.warn_late(now=clock.now())
    leading.offer(
        incident_id=number(room), role="voice", to=ben.pk, note="Secret", by=ada.pk, now=clock.now()
    )
    client.force_login(ben)
    since = {"since": wording.stamp(began)}
    assert client.get("/notices", since).json()["notices"] == []  # they chose no way to be told
    client.post("/settings/taste/", {"desktop": "yes"}, headers={"X-Desk": "1"})
    told = client.get("/notices", since).json()["notices"]
    assert {one["title"] for one in told} == {
        f"Late: a step in incident {number(room)}", "Ada Lund offers you a role",
    }  # fmt: skip
    assert {one["to"] for one in told} == {f"{room}#incident-playbook"}
    assert "Secret" not in str(told)
