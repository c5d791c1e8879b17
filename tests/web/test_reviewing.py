"""The review on the screen, and as a file."""

from __future__ import annotations

import pytest

import factories
from sanderling.incidents import actions, timeline
from sanderling.web import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def room(ada):
    made = actions.open_incident(name="<i>No signal</i>", by=ada.pk, now=clock.now())
    timeline.write_down(
        incident_id=made, kind="decision", text="# We pay <b>one</b> month", by=ada.pk,
        now=clock.now(),
    )  # fmt: skip
    return f"/incidents/{made}/"


def test_nobody_reads_a_review_without_signing_in(client, room):
    client.logout()
    assert client.get(f"{room}review/").status_code == 302
    assert client.get(f"{room}review.md").status_code == 302
    assert client.get("/incidents/77/review/").status_code == 302


def test_a_review_reads_as_sentences_and_has_no_markup_of_others(client, room):
    page = client.get(f"{room}review/").content.decode()
    assert "How fast we were" in page
    assert "No public word was said." in page
    assert "<i>No signal" not in page
    assert "<b>one" not in page
    assert client.get("/incidents/77/review/").status_code == 404


def test_a_review_can_be_taken_along(client, room):
    answer = client.get(f"{room}review.md")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert 'filename="incident-' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert text.startswith("# Review of incident")
    assert "Decision: \\# We pay \\<b\\>one\\</b\\> month" in text


def test_the_room_leads_to_the_review_once_it_is_over(client, ada, room):
    assert "review/" not in client.get(f"{room}review/panel/").content.decode()
    number = int(room.split("/")[2])
    actions.move(incident_id=number, move="end", by=ada.pk, now=clock.now())
    assert f'href="{room}review/"' in client.get(f"{room}review/panel/").content.decode()
