"""The languages of the desk: what is said, what is retold, and whose language it is."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factories
from sanderling.core import words
from sanderling.people.preferring import prefer
from sanderling.web import speaking
from sanderling.web.environment import environment

PO = r"""
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "No words"
msgstr "Keine Worte"

#: src/page.js
msgid "{n} post"
msgid_plural "{n} posts"
msgstr[0] "{n} Beitrag"
msgstr[1] "{n} Beiträge"

msgid "{by} took the case"
msgstr "{by} übernahm den Fall"

msgid "{by} took the case over from {whom}"
msgstr "{by} nahm {whom} den Fall ab"

msgid "Given by {by}: {why}"
msgstr "Von {by}: {why}"

msgid "<b>{by}</b> waits"
msgstr "<b>{by}</b> wartet"
"""


@pytest.fixture
def german(tmp_path: Path) -> speaking.Spoken:
    (tmp_path / "de.po").write_text(PO)
    return speaking.Spoken("de", tmp_path)


@pytest.fixture
def spoken(german, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that speaks English and this German."""
    monkeypatch.setattr(speaking, "spoken", lambda: {"en": "English", "de": "Deutsch"})
    monkeypatch.setattr(speaking, "catalogue", lambda code: german if code == "de" else None)


def test_a_sentence_is_said_in_the_language_that_is_spoken(german):
    with words.speaking(german):
        assert words.say("{by} took the case", by="Ada") == "Ada übernahm den Fall"
        assert words.many("{n} post", "{n} posts", 1) == "1 Beitrag"
        assert words.many("{n} post", "{n} posts", 1412) == "1.412 Beiträge"
        assert words.say("Never heard of {it}", it="this") == "Never heard of this"
    assert words.say("{by} took the case", by="Ada") == "Ada took the case"
    assert words.many("{n} post", "{n} posts", 1412) == "1,412 posts"


def test_what_was_written_down_is_retold(german):
    with words.speaking(german):
        assert words.retold("No words") == "Keine Worte"
        assert words.retold("Ada took the case") == "Ada übernahm den Fall"
        assert words.retold("Ada took the case over from Eva") == "Ada nahm Eva den Fall ab"
        assert words.retold("Given by Ada: No words") == "Von Ada: Keine Worte"
        assert words.retold("1,412 posts") == "1,412 Beiträge"
        assert words.retold("No words\nAda took the case") == "Keine Worte\nAda übernahm den Fall"
        assert words.retold("Something that a person wrote") == "Something that a person wrote"
    assert words.retold("Ada took the case") == "Ada took the case"


@given(by=st.text(min_size=1, max_size=200).filter(lambda by: " took" not in by))
def test_whatever_a_name_is_it_is_found_again_in_what_was_written_down(by):
    with TemporaryDirectory() as folder:
        (Path(folder) / "de.po").write_text(PO)
        german = speaking.Spoken("de", Path(folder))
    with words.speaking(german):
        assert words.retold(f"{by} took the case") == f"{words.retold(by)} übernahm den Fall"


def test_braces_that_a_customer_writes_are_no_places(german):
    with words.speaking(german):
        said = words.say("{by} took the case", by="{0.__class__} {by}")
    assert said == "{0.__class__} {by} übernahm den Fall"


def test_what_a_function_said_is_remembered_by_language(german):
    asked = []

    @words.remembered(8)
    def title(n: int) -> str:
        asked.append(n)
        return words.say("No words")

    assert (title(1), title(1)) == ("No words", "No words")
    with words.speaking(german):
        assert (title(1), title(1)) == ("Keine Worte", "Keine Worte")
    assert asked == [1, 1]


def test_a_page_escapes_what_it_fills_in(german):
    page = environment().from_string(
        '{{ _("<b>{by}</b> waits", by="<i>") }} {{ many("{n} post", "{n} posts", 2) }}'
    )
    assert page.render() == "<b>&lt;i&gt;</b> waits 2 posts"
    with words.speaking(german):
        assert page.render() == "<b>&lt;i&gt;</b> wartet 2 Beiträge"


def test_scripts_get_their_words_and_the_classes_of_numbers(german):
    assert german.scripts == {
        "words": {"{n} post": ("{n} Beitrag", "{n} Beiträge")},
        "forms": {"one": 0, "other": 1},
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("spoken")
class TestWhoseLanguage:
    def test_nobody_in_particular_hears_that_of_the_browser(self, client):
        page = client.get("/signin/", headers={"Accept-Language": "fi, de-AT;q=0.8, en;q=0.5"})
        assert '<html lang="de" dir="ltr" data-words="/words/de/' in page.text
        assert '<html lang="en" dir="ltr" data-density' in client.get("/signin/").text

    def test_what_an_agent_chose_follows_them_to_another_browser(self, client):
        ada = factories.agent("Ada Bell")
        prefer(agent_id=ada.pk, language="de")
        client.force_login(ada)
        began = client.get("/settings/?x=1")
        assert (began.status_code, began.headers["Location"]) == (302, "/settings/?x=1")
        assert '<html lang="de"' in client.get("/settings/?x=1").text
        prefer(agent_id=ada.pk, language="en")
        assert '<html lang="en"' in client.get("/settings/", follow=True).text

    def test_words_of_scripts_never_change_under_their_address(self, client, german):
        kept = client.get(f"/words/de/{german.version}/")
        assert kept.json()["forms"] == {"one": 0, "other": 1}
        assert "immutable" in kept.headers["Cache-Control"]
        assert client.get("/words/de/other/").status_code == 404
        assert client.get("/words/xx/other/").status_code == 404
