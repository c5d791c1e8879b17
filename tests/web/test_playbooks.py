"""Playbooks on the screen: read by all, tried by all, kept by leads."""

from __future__ import annotations

import json
import re

import pytest

import factories
from sanderling.incidents import playbooks
from sanderling.incidents.models import Playbook

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}"
MINE = 'name = "mine"\ntitle = "Mine"\n\n[[steps]]\ntext = "Look"\nrole = "lead"\nwithin = "20m"\n'

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def lead(client):
    agent = factories.agent("Lena Whitlock", is_lead=True)
    client.force_login(agent)
    return agent


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def by_script(client, path, **fields):
    answer = client.post(path, fields, headers={"X-Desk": "1"})
    return answer.status_code, json.loads(answer.content)


def test_nobody_reads_playbooks_without_signing_in(client):
    for path in ("/playbooks/", "/playbooks/boycott/", "/playbook/new/"):
        assert client.get(path).status_code == 302


def test_what_ships_is_listed_and_reads_as_sentences(client, ada):
    listed = words(client.get("/playbooks/"))
    assert "Service down" in listed
    assert "Begun by itself when the sea is choppy" in listed
    shown = words(client.get("/playbooks/service-down/"))
    assert "First public word: we see it" in shown
    assert "Voice · within 1 hour · again every 45 minutes" in shown
    assert "Hello Jonas" in shown or "Hi Jonas" in shown
    assert "Read the text" in shown
    assert "Put it away" not in shown  # only leads


def test_versions_stay_and_say_what_they_changed(client, lead):
    playbooks.write(text=MINE, by=lead.pk, now=factories.NOW)
    playbooks.write(
        text=MINE.replace("Look", "Listen"), name="mine", seen=1, by=lead.pk, now=factories.NOW
    )
    page = client.get("/playbooks/mine/").content.decode()
    assert '<span class="sr">New: </span>text = &#34;Listen&#34;' in page
    assert "Another version counts now." in words(client.get("/playbooks/mine/versions/1/"))
    assert client.get("/playbooks/mine/versions/9/").status_code == 404
    assert client.get("/playbooks/none/").status_code == 404


def test_a_text_is_tried_by_anybody_and_changes_nothing(client, ada):
    status, answer = by_script(client, "/playbook/check/", text=MINE.replace("20m", "soon"))
    assert (status, answer["fits"], answer["lines"]) == (200, False, [7])
    assert "is no time" in answer["html"]
    status, answer = by_script(client, "/playbook/check/", text=MINE)
    assert answer["fits"]
    assert "within 20 minutes" in re.sub(r"<[^>]+>", "", answer["html"])
    assert not Playbook.objects.exists()
    page = client.post("/playbook/check/", {"text": MINE})  # without a script
    assert "Nothing is wrong with this text" in words(page)


def test_only_a_lead_keeps_one(client, ada):
    assert client.post("/playbook/write/", {"text": MINE}).status_code == 403
    assert client.post("/playbooks/boycott/archive/").status_code == 403
    assert not Playbook.objects.exists()


def test_a_lead_keeps_one_and_nobody_is_written_over(client, lead):
    answer = client.post("/playbook/write/", {"text": MINE, "name": "", "seen": "0"})
    assert (answer.status_code, answer["Location"]) == (303, "/playbooks/mine/")
    again = {"text": MINE.replace("Look", "Listen"), "name": "mine", "seen": "0"}
    status, answer = by_script(client, "/playbook/write/", **again)
    assert status == 409
    assert "changed while you were writing" in answer["why"][0]
    page = client.post("/playbook/write/", again)
    assert page.status_code == 409
    assert "Listen" in page.content.decode()  # what was typed is still there
    status, _ = by_script(client, "/playbook/write/", **{**again, "seen": "1"})
    assert status == 200
    assert playbooks.newest("mine").version == 2


def test_what_does_not_fit_is_not_kept(client, lead):
    status, answer = by_script(client, "/playbook/write/", text="name = 1")
    assert status == 422
    assert not answer["fits"]
    assert not Playbook.objects.exists()


def test_a_new_one_begins_with_a_text_that_says_what_is_missing(client, lead):
    page = words(client.get("/playbook/new/"))
    assert "things are wrong" in page
    assert "There is nothing here yet." in page


def test_one_is_put_away_and_says_so(client, lead):
    assert client.post("/playbooks/boycott/archive/").status_code == 303
    assert "Put away" in words(client.get("/playbooks/"))
    assert "no incident begins it" in words(client.get("/playbooks/boycott/"))
    assert client.post("/playbooks/none/archive/").status_code == 404


def test_what_people_write_is_never_markup(client, lead):
    text = MINE.replace("Look", HOSTILE).replace('"Mine"', f"'{HOSTILE}'")
    text += f"\n[acknowledge]\nen = '[a|b|c] {HOSTILE.replace('{{ 7 * 7 }}', '')}'\n"
    made = playbooks.write(text=text, by=lead.pk, now=factories.NOW)
    for path in ("/playbooks/", f"/playbooks/{made.name}/", f"/playbooks/{made.name}/text/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "49" not in re.sub(r"<[^>]+>", "", page).split("{{")[0] or "{{ 7 * 7 }}" in page


def test_one_that_cannot_be_read_any_more_says_why(client, lead):
    playbooks.write(text=MINE, by=lead.pk, now=factories.NOW)
    Playbook.objects.update(text="steps = 5")
    assert "cannot read it any more" in words(client.get("/playbooks/"))
    shown = words(client.get("/playbooks/mine/"))
    assert "line 1: steps: This must be a list" in shown
