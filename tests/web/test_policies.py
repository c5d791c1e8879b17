"""The policy on the screen: read by all, tried by all, put in force by leads."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from django.test import Client

import factories
from core.policy.writing import GOAL
from sanderling.core.policy import Situation, shipped_text
from sanderling.policy import actions, queries
from sanderling.web import rules

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}"
MINE = 'name = "Ours"\n' + GOAL

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


def put_in_force(text=MINE, note="Because", by=None):
    return actions.apply(text=text, by=by, note=note, now=factories.NOW)


def by_script(client, path, **fields):
    answer = client.post(path, fields, headers={"X-Desk": "1"})
    return answer.status_code, json.loads(answer.content)


def test_nobody_reads_the_policy_without_signing_in(client):
    for path in ("/policy/", "/policy/text/", "/policy/versions/0/"):
        assert client.get(path).status_code == 302


def test_the_policy_reads_as_sentences(client, ada):
    shown = words(client.get("/policy/"))
    assert "The policy that came with Sanderling" in shown
    assert "When somebody may be in danger" not in shown
    assert "the tone is furious and they have 10,000 or more followers" in shown
    assert "to Billing" in shown
    assert "15 minutes" in shown
    assert "We do not say calm down" in shown
    assert "goes to on-call, acknowledge in 15 minutes" in shown
    assert "Change it" not in shown  # only leads


def test_versions_say_who_when_why_and_what_they_changed(client, lead):
    first = put_in_force(note="The first of our own", by=lead.pk)
    second = put_in_force(MINE.replace('"1h"', '"30m"'), "Quicker", lead.pk)
    shown = words(client.get("/policy/"))
    assert f"Version {second}, in force since" in shown
    assert "Lena Whitlock put it in force" in shown
    assert "The first of our own" in shown
    page = client.get(f"/policy/versions/{second}/").content.decode()
    assert '<span class="sr">Gone: </span>acknowledge = &#34;1h&#34;' in page
    assert '<span class="sr">New: </span>acknowledge = &#34;30m&#34;' in page
    assert "Another version is in force now." in words(client.get(f"/policy/versions/{first}/"))
    assert client.get(f"/policy/versions/{second + 1}/").status_code == 404


def test_a_lead_puts_a_text_in_force(client, lead):
    answer = client.post("/policy/apply/", {"text": MINE, "note": "Ours now", "seen": "0"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/policy/")
    version = queries.versions()[0]
    assert (version.note, version.by, version.text) == ("Ours now", "Lena Whitlock", MINE)
    assert queries.current().route(Situation()).team == ""


def test_the_line_ends_of_browsers_are_not_kept(client, lead):
    fields = {"text": MINE.replace("\n", "\r\n"), "note": "x", "seen": "0"}
    client.post("/policy/apply/", fields)
    assert queries.versions()[0].text == MINE


def test_only_leads_put_a_text_in_force(client, ada):
    answer = client.post("/policy/apply/", {"text": MINE, "note": "x", "seen": "0"})
    assert answer.status_code == 403
    assert not queries.versions()
    shown = client.get("/policy/text/").content.decode()
    assert "/policy/apply/" not in shown
    assert "A team lead puts it in force" in shown


def test_a_text_that_does_not_fit_is_refused_and_kept_with_what_is_wrong(client, lead):
    text = MINE + f'undo = "{HOSTILE}"'
    answer = client.post("/policy/apply/", {"text": text, "note": "My note", "seen": "0"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert HOSTILE not in page
    assert "alert(1)" in page
    assert "goals 1 “Everything”, undo" in words(answer)
    assert "My note" in page
    assert not queries.versions()


def test_a_note_is_asked_for(client, lead):
    answer = client.post("/policy/apply/", {"text": MINE, "note": " ", "seen": "0"})
    assert answer.status_code == 422
    assert "what changes and why" in words(answer)


def test_who_was_slower_keeps_their_text_and_sees_what_came_between(client, lead):
    put_in_force()
    text = MINE.replace('"1h"', '"20m"')
    answer = client.post("/policy/apply/", {"text": text, "note": "x", "seen": "0"})
    assert answer.status_code == 409
    assert "came into force while you were writing" in words(answer)
    assert "20m" in answer.content.decode()
    assert len(queries.versions()) == 1


def test_the_script_is_told_what_is_wrong_line_by_line(client, ada):
    status, found = by_script(client, "/policy/check/", text=MINE + "wen = 1", seen="0")
    assert (status, found["fits"], found["lines"]) == (200, False, [8])
    assert "Did you mean “when”?" in found["html"]
    status, found = by_script(client, "/policy/check/", text=shipped_text(), seen="0")
    assert (found["fits"], found["lines"]) == (True, [])
    assert "Nothing has changed yet" in found["html"]
    assert found["html"].count('class="ok"') == len(tomllib.loads(shipped_text())["examples"])


def test_without_a_script_the_text_comes_back_with_what_is_wrong(client, ada):
    answer = client.post("/policy/check/", {"text": "goals = 1", "seen": "0"})
    assert answer.status_code == 200
    assert "2 things are wrong" in words(answer)
    assert "goals = 1" in answer.content.decode()


@pytest.mark.parametrize("text", ["", "[" * 5_000, "\x00", "a = '", "[[goals]]\n" * 500])
def test_any_text_can_be_tried(client, ada, text):
    assert client.post("/policy/check/", {"text": text, "seen": "x"}).status_code == 200
    assert by_script(client, "/policy/check/", text=text)[0] == 200


def test_a_form_writes_times_into_the_text_and_keeps_its_remarks(client, ada):
    text = "# Ours\n" + MINE
    fields = {
        "text": text, "seen": "0", "write": "goals", "goals.0.name": "Everything",
        "goals.0.acknowledge": "30m", "goals.0.answer": "", "goals.0.solve": "2d",
    }  # fmt: skip
    status, found = by_script(client, "/policy/write/", **fields)
    assert status == 200
    assert found["text"].startswith("# Ours\nname")
    (goal,) = tomllib.loads(found["text"])["goals"]
    assert goal == {"name": "Everything", "when": "true", "acknowledge": "30m", "solve": "2d"}
    assert "30m" in found["forms"]
    assert not queries.versions()


def test_a_form_makes_hours_and_changes_them(client, ada):
    status, found = by_script(
        client, "/policy/write/", text=MINE, write="new hours", **{"new.hours": "office"}
    )
    assert (status, found["fits"]) == (200, True)
    fields = {
        "text": found["text"], "write": "hours", "hours.0.name": "office",
        "hours.0.monday": "08:00-12:00, 13:00-18:00", "hours.0.zone": "Europe/Berlin",
        "hours.0.holidays": "DE-BY", "hours.0.closed": "2026-12-24; 2026-12-31",
    }  # fmt: skip
    status, found = by_script(client, "/policy/write/", **fields)
    office = tomllib.loads(found["text"])["hours"]["office"]
    assert office["monday"] == ["08:00-12:00", "13:00-18:00"]
    assert "tuesday" not in office
    assert [str(day) for day in office["closed"]] == ["2026-12-24", "2026-12-31"]
    assert found["fits"]


def test_a_form_adds_and_changes_words(client, ada):
    fields = {"new.name": "Promises", "new.words": "for sure\nguaranteed", "new.says": "Is it?"}
    _, found = by_script(client, "/policy/write/", text=MINE, write="new forbidden", **fields)
    (said,) = tomllib.loads(found["text"])["forbidden"]
    assert said["words"] == ["for sure", "guaranteed"]
    fields = {"forbidden.0.name": "Promises", "forbidden.0.words": "for sure"}
    _, found = by_script(client, "/policy/write/", text=found["text"], write="forbidden", **fields)
    assert tomllib.loads(found["text"])["forbidden"][0]["words"] == ["for sure"]


def test_a_form_says_when_the_sea_is_choppy_and_what_it_leaves_out_stays_as_it_ships(client, ada):
    fields = {"incidents.storm": "90000", "incidents.first_word": "10m", "incidents.attach": ""}
    _, found = by_script(client, "/policy/write/", text=MINE, write="incidents", **fields)
    assert tomllib.loads(found["text"])["incidents"] == {"storm": 90_000, "first_word": "10m"}
    assert found["fits"]
    assert 'placeholder="20000"' in found["forms"]
    fields = {"incidents.choppy": "95000", "incidents.storm": "90000"}
    status, found = by_script(
        client, "/policy/write/", text=found["text"], write="incidents", **fields
    )
    assert tomllib.loads(found["text"])["incidents"] == {"storm": 90_000, "choppy": 95_000}
    assert (status, found["fits"]) == (200, False)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"write": "incidents", "incidents.storm": "many"}, "no whole number"),
        ({"write": "nothing"}, "no such form"),
        ({"write": "new hours"}, "Give the new hours a name"),
        ({"write": "goals", "goals.0.name": "Gone"}, "not in the text any more"),
        ({"write": "new forbidden", "new.name": "x"}, "at least one word"),
        ({"write": "goals", "text": "goals = [", "goals.0.name": "x"}, "not in the text"),
    ],
)
def test_a_form_that_cannot_write_says_why_and_changes_nothing(client, ada, fields, says):
    status, found = by_script(client, "/policy/write/", **{"text": MINE, **fields})
    assert status == 422
    assert says in found["why"][0]
    answer = client.post("/policy/write/", {"text": MINE, **fields})
    assert answer.status_code == 422
    assert says in words(answer)


def test_acts_need_the_secret_of_the_form(lead):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    assert strict.post("/policy/apply/", {"text": MINE, "note": "x"}).status_code == 403


def test_hostile_names_are_escaped_everywhere(client, lead):
    said = json.dumps(HOSTILE, ensure_ascii=False)
    version = put_in_force(
        f"name = {said}\n" + GOAL.replace('"Everything"', said)
        + f'[[routes]]\nname = {said}\nwhen = "topic == \'<b>\'"\nteam = {said}\n'
        + f'[[forbidden]]\nname = "x"\nwords = [{said}]\nsays = {said}\ninstead = {said}\n',
        note=HOSTILE,
    )  # fmt: skip
    for path in ("/policy/", "/policy/text/", f"/policy/versions/{version}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "alert(1)" in page


def test_a_version_that_cannot_be_read_any_more_is_told(client, ada):
    first = put_in_force()
    broken = queries.Version.objects.create(text='name = "Old"\nspeed = 1', at=factories.NOW).pk
    shown = words(client.get("/policy/"))
    assert f"This release cannot read version {broken}." in shown
    assert f"Version {first} holds" in shown
    assert "cannot be read any more" in words(client.get(f"/policy/versions/{broken}/"))
    assert client.get("/policy/text/").status_code == 200


def test_why_is_this_here_is_answered_with_a_sentence_and_the_way_to_the_rule(client, ada):
    found = rules.because(0, "Direct messages")
    assert found.says == (
        "“Direct messages” in version 0 of the policy: Acknowledge within 30 minutes, answer within"
        " 2 hours when it is a direct message."
    )
    path, _, anchor = found.link.partition("#")
    assert f'id="{anchor}"' in client.get(path).content.decode()
    assert "goes to Communications" in rules.because(0, "Law and press", "routes").says
    assert "Needs a lead" in rules.because(0, "Law and press", "approvals").says
    assert rules.because(0, "No such rule") is None


def test_every_rule_has_its_place_on_the_page_of_its_version(client, ada):
    page = client.get("/policy/versions/0/").content.decode()
    said = queries.version(0).document
    for part in ("goals", "routes", "approvals", "forbidden"):
        for n, rule in enumerate(getattr(said, part)):
            assert f'id="{rules.anchor(part, n)}"' in page
            assert rules.because(0, rule.name, part)
