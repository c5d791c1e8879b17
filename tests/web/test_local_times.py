"""Dates, figures and lengths of time, as other languages write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from babel.messages.extract import extract_javascript
from hypothesis import given
from hypothesis import strategies as st

from sanderling.cases.queries import CaseClock, Standing
from sanderling.core import words
from sanderling.core.timing import NEVER
from sanderling.core.verdict import Kind, Reason, Tone
from sanderling.web import findings, keymap, languages, marks, rules, speaking, wording
from sanderling.web.health import lag
from sanderling.web.static import files

NOW = datetime(2026, 10, 13, 9, 5, tzinfo=UTC)
CASE = Standing("open", False, NOW, NOW + timedelta(minutes=30), "answer", None, NOW)
PLURAL = {
    "de": "nplurals=2; plural=(n != 1)",
    "lb": "nplurals=2; plural=(n != 1)",
    "es": "nplurals=2; plural=(n != 1)",
    "fr": "nplurals=2; plural=(n > 1)",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 ? 4 : 5)",
}
GERMAN = r"""
msgid "{n}s"
msgstr "{n} s"

msgid "{n} minute"
msgid_plural "{n} minutes"
msgstr[0] "{n} Minute"
msgstr[1] "{n} Minuten"

msgid "{length} left to answer"
msgstr "Noch {length} \"bis zur Antwort\""

msgid "Answer by {time}"
msgstr "Antworten bis {time}"

msgid "needs us"
msgstr "braucht uns"

msgid "tone"
msgstr "Stimmung"

msgid "Tone: {tone}"
msgstr "Stimmung: {tone}"

msgid "calm"
msgstr "ruhig"

msgid "Complaint"
msgstr "Beschwerde"

msgid "Angry"
msgstr "Wütend"

msgid "Calm"
msgstr "Ruhig"

msgid "{language} in {script} letters"
msgstr "{language} in {script}er Schrift"

msgid "corrected “{what}”: {was} → {now}"
msgstr "berichtigte „{what}“: {was} → {now}"

msgid "They write “{text}”."
msgstr "Da steht „{text}“."

msgid "Go to"
msgstr "Gehe zu"

msgid "Hand over…"
msgstr "Übergeben…"

msgid "It goes to {team}."
msgstr "Es geht an {team}."

msgid "{length} after it was written"
msgstr "{length} nach dem Schreiben"
"""


@cache
def spoken(language: str) -> speaking.Spoken:
    """A language of whose sentences only some German ones are known."""
    head = f'msgid ""\nmsgstr "Plural-Forms: {PLURAL[language]};\\n"\n'
    with TemporaryDirectory() as folder:
        text = head + (GERMAN if language in ("de", "lb") else "")
        (Path(folder) / f"{language}.po").write_text(text)
        return speaking.Spoken(language, Path(folder))


@contextmanager
def in_language(language: str) -> Iterator[None]:
    with words.speaking(spoken(language)):
        yield


@pytest.mark.parametrize(
    ("language", "yesterday", "last_year", "month", "until"),
    [
        ("de", "12. Okt., 09:05", "13. Okt. 2025, 09:05", "Okt. 2026", "31. März 2027"),
        ("es", "12 oct, 09:05", "13 oct 2025, 09:05", "oct 2026", "31 mar 2027"),
        ("fr", "12 oct., 09:05", "13 oct. 2025, 09:05", "oct. 2026", "31 mars 2027"),
        ("ar", "12 أكتوبر، 09:05", "13 أكتوبر 2025، 09:05", "أكتوبر 2026", "31 مارس 2027"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language, yesterday, last_year, month, until):
    with in_language(language):
        assert wording.clock_time(NOW, UTC, NOW) == "09:05"
        assert wording.clock_time(NOW - timedelta(days=1), UTC, NOW) == yesterday
        told = wording.clock_time(NOW.replace(year=2025), UTC, NOW)
        assert told.replace("\u200f", "") == last_year
        assert wording.day(NOW) == month
        assert wording.last_day(datetime(2027, 4, 1, tzinfo=UTC)).replace("\u200f", "") == until
    assert wording.clock_time(NOW - timedelta(days=1), UTC, NOW) == "12 Oct, 09:05"


@pytest.mark.parametrize(
    ("language", "reached"),
    [
        ("de", ["640", "1.412", "18.200", "412.345", "1,3 Mio."]),
        ("es", ["640", "1.412", "18,2 mil", "412,3 mil", "1,3 M"]),
        ("fr", ["640", "1 412", "18,2 k", "412,3 k", "1,3 M"]),
        ("ar", ["640", "1,412", "18.2 ألف", "412.3 ألف", "1.3 مليون"]),
    ],
)
def test_reach_is_short_in_every_language(language, reached):
    with in_language(language):
        told = [wording.reach(n) for n in (640, 1412, 18_200, 412_345, 1_260_000)]
    assert [said.replace("\xa0", " ").replace("\u202f", " ") for said in told] == reached


@pytest.mark.parametrize(
    ("micros", "currency", "told"),
    [(0, "USD", ""), (15_000, "USD", "0,015 $"), (1_234_567, "EUR", "1,23 €"),
     (1_200_000_000, "EUR", "1.200,00 €")],
)  # fmt: skip
def test_money_has_as_many_decimals_in_german(micros, currency, told):
    with in_language("de"):
        assert wording.money(micros, currency).replace("\xa0", " ") == told


@given(
    language=st.sampled_from(sorted(PLURAL)),
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 2)),  # noqa: DTZ001  of UTC
    n=st.integers(1, 10**10),
)
def test_whatever_is_told_is_told_in_figures_of_the_west(language, at, n):
    with in_language(language):
        told = [wording.clock_time(at, UTC, NOW), wording.day(at), wording.reach(n)]
        told += [wording.money(n, "EUR"), wording.short(n), wording.in_words(n)]
    assert all(c.isascii() for said in told for c in said if c.isdigit())


def test_a_clock_speaks_the_language_in_its_ring_and_in_its_promise():
    clock = CaseClock("answer", NOW, NOW + timedelta(hours=1), "x", 3, None, None, None, None)
    with in_language("de"):
        assert wording.short(12) == "12 s"
        assert wording.ring(CASE, NOW).says == 'Noch 30 Minuten "bis zur Antwort"'
        assert wording.promise(clock, NOW) == "Antworten bis 10:05"
        assert lag(3600 * 2) == "2 hours nach dem Schreiben"
        assert "&#34;bis zur Antwort&#34;" in marks.ring(CASE, NOW)


@pytest.mark.parametrize("kind", ["", "a kind that nobody knows"])
def test_a_clock_that_nobody_promised_is_told_too(kind):
    assert wording.ring(replace(CASE, due_kind=kind), NOW).says == "30 minutes left"
    late = wording.ring(replace(CASE, due_kind=kind), NOW + timedelta(hours=1))
    assert late.says == "30 minutes past the time"


def test_scripts_and_pages_say_the_same_of_a_clock():
    script = (files().folder / "js" / "clock.js").open("rb")
    with script:
        found = extract_javascript(script, {"say": None, "later": None, "many": None}, [], {})
        said = {m if isinstance(m, str) else m[0] for _, _, m, _ in found}
    running = {sentence for owed in wording.OWED.values() for sentence in (owed.left, owed.past)}
    assert running <= said
    with in_language("de"):
        alone = wording.ring(replace(CASE, due_kind=""), NOW).says
    assert alone.replace("30 Minuten", "{length}") in said


def test_several_things_are_listed_as_the_language_lists_them():
    assert wording.doubts(("needs_us", "kind", "tone")) == "needs us, kind and tone"
    assert wording.doubts(()) == "the verdict"
    with in_language("de"):
        assert wording.doubts(("needs_us", "tone")) == "braucht uns und Stimmung"


def test_languages_are_called_as_the_language_calls_them():
    with in_language("de"):
        assert languages.language("fr") == "Französisch"
        assert languages.language("hi-Latn") == "Hindi in Lateinischer Schrift"
        assert ("fr", "Französisch") in languages.choices("")[0][1]
    with in_language("ar"):
        assert languages.language("de") == "الألمانية"
    assert languages.language("fr") == "French"
    assert languages.language("xx") == "xx"


def test_marks_are_remembered_for_each_language():
    assert "Complaint" in marks.kind(Kind.COMPLAINT)
    with in_language("lb"):  # which no other test may have filled with words of its own
        assert "Beschwerde" in marks.kind(Kind.COMPLAINT)
        assert 'aria-label="Stimmung: ruhig"' in marks.tone_mark(Tone.CALM)
    assert "Complaint" in marks.kind(Kind.COMPLAINT)


def test_what_was_kept_of_a_verdict_is_told_in_the_language():
    reason = Reason("quoted", "They write “late”.", 1.0)
    with in_language("de"):
        assert findings.corrected("tone: 1 → 4") == "berichtigte „Stimmung“: Ruhig → Wütend"
        assert findings.reasons([reason])[0].says == "Da steht „late“."


def test_a_short_length_is_no_part_of_another_word():
    with in_language("de"):
        assert words.retold("12s") == "12 s"
        assert words.retold("She waits") == "She waits"


def test_keys_and_rules_are_told_in_the_language():
    with in_language("de"):
        assert [place for place, _ in keymap.sections()][1] == "Gehe zu"
        assert 'title="Übergeben (O)"' in keymap.hint("hand")
    assert 'title="Hide &amp; seek (])"' in keymap.hint("card", words="Hide & seek")


def test_a_route_is_told_in_whole_sentences():
    route = rules.RouteRule(name="r", when="true", team="Care", within="day", outside="night")
    said = "It goes to Care. Only within the hours “day”. Only outside the hours “night”."
    assert rules.sentence(route) == said
    with in_language("de"):
        assert rules.sentence(route).startswith("Es geht an Care.")


def test_every_tone_has_its_words():
    assert [tone.name.lower() for tone in Tone] == [wording.tone_in_words(t) for t in Tone]
    assert [wording.TONES[t].lower() for t in Tone] == [wording.tone_in_words(t) for t in Tone]
    assert set(wording.KIND_NAMES) == {str(kind) for kind in Kind} == set(wording.KINDS)
    assert wording.promise(
        CaseClock("answer", NOW, NEVER, "x", 3, None, None, None, None), NOW
    ).startswith("Answer: ")
