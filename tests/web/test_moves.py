"""What was kept in English is shown in the language of who reads it; what people wrote is not."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

import factories
from sanderling.cases import actions
from sanderling.core import words
from sanderling.core.lives import CASE, OUTGOING
from sanderling.people.preferring import prefer
from sanderling.store.moves import record
from sanderling.web import days, moves, speaking, wording

NOW = factories.NOW
PO = r"""
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "{by} took the case over from {whom}"
msgstr "{by} hat den Fall von {whom} übernommen"

msgid "{by} declined the case"
msgstr "{by} hat den Fall abgelehnt"

msgid "{by} woke the case"
msgstr "{by} hat den Fall geweckt"

msgid "no answer yet"
msgstr "noch keine Antwort"

msgid "Took the case"
msgstr "Hat den Fall genommen"

msgid "Woke"
msgstr "Geweckt"

msgid "{was} → {became}"
msgstr "{was} → {became}"

msgid "{what}: {words}"
msgstr "{what}: {words}"

msgid "new"
msgstr "neu"

msgid "open"
msgstr "offen"

msgid "The desk"
msgstr "Der Desk"

msgid "{rule}, policy {n}"
msgstr "{rule}, Richtlinie {n}"

msgid "Today"
msgstr "Heute"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> speaking.Spoken:
    """A desk that speaks this German to browsers that ask for it."""
    (tmp_path / "de.po").write_text(PO)
    found = speaking.Spoken("de", tmp_path)
    monkeypatch.setattr(speaking, "spoken", lambda: {"en": "English", "de": "Deutsch"})
    monkeypatch.setattr(speaking, "catalogue", lambda code: found if code == "de" else None)
    return found


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


def read(client, agent, language: str, address: str) -> str:
    prefer(agent_id=agent.pk, language=language)
    return client.get(address, follow=True).text


@pytest.mark.django_db
def test_a_case_tells_its_story_in_the_language_of_who_reads_it(client, ada, german):
    case = factories.case(factories.account(), factories.identity())
    record(case, "take over", by=ada.pk, now=NOW, note="from Ben Oduya")
    record(case, "decline", by=ada.pk, now=NOW, note="no answer yet")
    record(case, "wake", by=None, now=NOW, note="no answer yet")
    told = read(client, ada, "de", f"/case/{case.pk}/timeline")
    assert "Ada Lund hat den Fall von Ben Oduya übernommen" in told
    assert "Der Desk hat den Fall geweckt: noch keine Antwort" in told
    assert "Ada Lund hat den Fall abgelehnt: “no answer yet”" in told


@pytest.mark.django_db
def test_the_history_of_a_case_is_kept_once_and_read_in_two_languages(client, ada, german):
    case = factories.case(factories.account(), factories.identity())
    actions.claim(case_id=case.pk, by=ada.pk, now=NOW)
    record(case, "wake", by=None, now=NOW, note="no answer yet")
    there = read(client, ada, "de", f"/case/{case.pk}/history")
    for told in ("Hat den Fall genommen", "neu → offen", "noch keine Antwort"):
        assert told in there
    here = read(client, ada, "en", f"/case/{case.pk}/history")
    for told in ("Took the case", "new → open", "no answer yet"):
        assert told in here


def test_only_words_of_the_desk_are_retold(german):
    with words.speaking(german):
        assert moves.kept("no answer yet", "wake", by_person=False) == "noch keine Antwort"
        assert moves.kept("no answer yet", "decline", by_person=True) == "no answer yet"
        assert moves.kept("fast, policy 3", "warned", by_person=False) == "fast, Richtlinie 3"


def test_a_sentence_without_a_word_of_its_own_is_not_found_in_what_people_write(german):
    with words.speaking(german):
        assert words.retold("open: the door") == "open: the door"
        assert words.retold("open") == "offen"


def test_every_move_of_a_life_has_words():
    assert {move for _, move in CASE.moves} <= set(moves.WORDS)
    assert {move for _, move in OUTGOING.moves} <= set(moves.ANSWERS)
    for life in (CASE, OUTGOING):
        assert {life.first, *life.moves.values()} <= set(wording.STATES)


def test_days_are_written_as_the_language_writes_them(german):
    today = date(2026, 10, 24)
    other, older = date(2026, 10, 12), date(2025, 10, 12)
    at = datetime(2026, 10, 24, 18, 0, tzinfo=NOW.tzinfo)
    assert [days.heading(d, today) for d in (today, other, older)] == [
        "Today", "12 October", "12 October 2025",
    ]  # fmt: skip
    assert days.moment(at) == "Sat 24 Oct 18:00"
    with words.speaking(german):
        assert [days.heading(d, today) for d in (today, other, older)] == [
            "Heute", "12. Oktober", "12. Oktober 2025",
        ]  # fmt: skip
        assert days.moment(at) == "Sa., 24. Okt., 18:00"
