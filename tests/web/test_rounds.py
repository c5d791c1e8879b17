"""The panel of an incident's rounds, without a script: words, looks, acts, and the lists."""

from __future__ import annotations

import pytest

import factories
from sanderling.incidents.actions import move, open_incident, put_in
from sanderling.policy.actions import apply
from sanderling.respond.models import Recipient, Round
from sanderling.respond.rounding import go_on
from sanderling.triage.models import Verdict
from sanderling.web import clock
from sanderling.wiring import limits_for

pytestmark = pytest.mark.django_db
TEXT = "[Hello|Hi|Good day] {name}, [we see it|we know of it]."
POLICY = """
name = "Test"
[[goals]]
name = "Everything"
acknowledge = "1h"
"""


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def outage(ada) -> int:
    account = factories.account()
    number = open_incident(name="<i>Outage", by=ada.pk, now=factories.NOW)
    people = [factories.identity(name) for name in ("Jonas Veld", "<b>Lena", "Kim Oh", "Ines A")]
    cases = [factories.case(account, who) for who in people]
    put_in(incident_id=number, posts=[c.about_post_id for c in cases], how="agent", by=ada.pk,
           now=factories.NOW)  # fmt: skip
    return number


def panel(client, outage) -> str:
    return client.get(f"/incidents/{outage}/round/").text


def word(client, outage, text=TEXT, kind="acknowledge", **more):
    return client.post(
        f"/incidents/{outage}/round/{kind}/", {"text": text, "per_hour": "120", **more}
    )


def press(client, outage, name, **more):
    number = Round.objects.latest("pk").pk
    return client.post(f"/incidents/{outage}/round/{number}/", {"act": name, **more})


def test_only_agents_see_it(client, outage):
    client.logout()
    assert client.get(f"/incidents/{outage}/round/").status_code == 302
    assert word(client, outage).status_code == 302
    assert not Round.objects.exists()


def test_before_the_first_round_there_are_words_to_begin_with(client, outage):
    html = panel(client, outage)
    assert "Acknowledge everyone" in html
    assert "[Hello|Hi|Good day] {name}" in html
    assert "Begin: tell" not in html


def test_looking_shows_whom_it_reaches_how_it_reads_and_what_it_costs(client, outage):
    assert word(client, outage).headers["Location"] == f"/incidents/{outage}/#incident-round"
    html = panel(client, outage)
    assert "Begin: tell 4" in html
    assert "Jonas, " in html
    assert "&lt;b&gt;Lena, " in html
    assert "<b>Lena" not in html
    assert "The network allows 1,000 an hour" in html
    assert "120 an hour." in html
    assert "6 wordings, in turn." in html
    assert "The networks charge nothing for it." in html
    assert not Recipient.objects.exclude(state="waiting").exists()


def test_who_writes_another_language_is_offered_words_of_their_own(client, outage):
    Verdict.objects.filter(post__author__name="Kim Oh").update(lang="es")
    Verdict.objects.filter(post__author__name="Ines A").update(lang="<script>")
    word(client, outage)
    html = panel(client, outage)
    assert 'name="in-es"' in html
    assert "1 in line writes it" in html
    assert "script&gt;" not in html
    word(client, outage, **{"in-es": "[Hola|Buenas] {name}, lo vemos.", "in-<b>": "x"})
    assert Round.objects.get().translations == {"es": "[Hola|Buenas] {name}, lo vemos."}
    html = panel(client, outage)
    assert "[Hola|Buenas] {name}, lo vemos.</textarea>" in html
    refused = word(client, outage, **{"in-es": "[Hola {name}"})
    assert refused.status_code == 422
    assert "[Hola {name}" in refused.text


def test_what_speaks_against_it_is_said_and_keeps_it_from_beginning(client, outage):
    word(client, outage, text="Hello {name}, we see it.")
    html = panel(client, outage)
    assert "There is 1 wording for 4 people" in html
    assert "Begin: tell" not in html
    refused = press(client, outage, "begin")
    assert refused.status_code == 422
    assert Round.objects.get().state == "prepared"


def test_a_template_that_cannot_be_read_is_given_back(client, outage):
    answer = word(client, outage, text="[Hello <all>")
    assert answer.status_code == 422
    assert "[Hello &lt;all&gt;" in answer.text
    assert not Round.objects.exists()


def test_it_begins_is_held_resumed_slowed_and_stopped(client, outage):
    word(client, outage)
    assert press(client, outage, "begin").status_code == 303
    assert "Hold" in panel(client, outage)
    go_on(limits_for=limits_for, clock=clock.now)
    for name, state in (("hold", "held"), ("resume", "running")):
        press(client, outage, name)
        assert Round.objects.get().state == state
    press(client, outage, "pace", per_hour="7")
    assert Round.objects.get().per_hour == 7
    assert press(client, outage, "pace", per_hour="x").status_code == 422
    press(client, outage, "stop")
    html = panel(client, outage)
    assert "Stopped, 4 left" in html
    assert "Resume" in html
    assert "Acknowledge everyone" in html


def test_progress_is_told_in_figures_and_in_words(client, outage):
    word(client, outage)
    press(client, outage, "begin")
    first, second, third, _ = Recipient.objects.order_by("pk")
    Recipient.objects.filter(pk=first.pk).update(state="told", at=factories.NOW)
    Recipient.objects.filter(pk=second.pk).update(
        state="set aside", reason="care", why="They write for the press. A person answers by name."
    )
    Recipient.objects.filter(pk=third.pk).update(
        state="set aside", reason="copy", why="They only repeat what others wrote."
    )
    html = panel(client, outage)
    assert 'aria-label="1 told, 1 in line, 1 needs a person, 1 set aside"' in html
    assert "of 4 acknowledged" in html
    assert "1 left, done about <time" in html


def test_lists_say_why_and_offer_a_way_out(client, outage):
    word(client, outage)
    one = Recipient.objects.order_by("pk").first()
    Recipient.objects.filter(pk=one.pk).update(
        state="set aside", reason="care", why="They write for the press. A person answers by name."
    )
    page = client.get(f"/incidents/{outage}/round/acknowledge/person/").text
    assert "They write for the press." in page
    assert f'href="/case/{one.case_id}/"' in page
    assert "&lt;i&gt;Outage" in page
    client.post(f"/incidents/{outage}/round/people/{one.pk}/")
    assert Recipient.objects.get(pk=one.pk).state == "waiting"
    assert "Nobody" in client.get(f"/incidents/{outage}/round/acknowledge/person/").text
    assert client.post(f"/incidents/{outage}/round/people/{one.pk}/").status_code == 409
    assert client.get(f"/incidents/{outage}/round/acknowledge/nothing/").status_code == 404


def test_a_lead_reads_it_first_where_the_policy_says_so(client, outage, ada):
    apply(text=POLICY + '[incidents]\napprove = "lead"\n', by=None, note="", now=factories.NOW)
    boss = factories.agent("Bo Lead", is_lead=True)
    word(client, outage)
    press(client, outage, "begin")
    assert "Take it back" in panel(client, outage)
    assert press(client, outage, "approve").status_code == 403
    client.force_login(boss)
    assert "Approve and begin" in panel(client, outage)
    assert press(client, outage, "send-back", note="").status_code == 422
    press(client, outage, "send-back", note="Say <until> when.")
    assert "Say &lt;until&gt; when." in panel(client, outage)
    client.force_login(ada)
    press(client, outage, "begin")
    client.force_login(boss)
    press(client, outage, "approve")
    assert Round.objects.get().state == "running"


def test_closing_is_offered_once_everybody_was_acknowledged(client, outage, ada):
    assert "Tell everyone that it is over" not in panel(client, outage)
    word(client, outage)
    press(client, outage, "begin")
    Recipient.objects.update(state="told")
    move(incident_id=outage, move="end", by=ada.pk, now=factories.NOW)
    html = panel(client, outage)
    assert "Tell everyone that it is over" in html
    word(client, outage, kind="close")
    assert "Begin: tell 4" in panel(client, outage)


def test_what_is_not_there_is_said(client, outage):
    assert client.get("/incidents/99/round/").status_code == 404
    assert word(client, outage, kind="nothing").status_code == 422
    word(client, outage)
    assert press(client, outage, "dance").status_code == 422
    assert client.post(f"/incidents/{outage}/round/99/", {"act": "hold"}).status_code == 404
    assert client.post(f"/incidents/{outage}/round/people/99/").status_code == 404
