"""Length as each network counts it, and cuts that a reader does not stumble over."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from sanderling.core.text import cut, length

COUNTS = ("weighted", "graphemes", "characters")
PIECES = st.sampled_from(
    [
        "a",
        "e\u0301",
        "日",
        "👩\u200d👩\u200d👧",
        "🇩🇪",
        "👍🏽",
        "1\ufe0f\u20e3",
        "क्षि",
        " ",
        "\n",
        "\r\n",
        "\u200d",
        " https://example.com/a?b=c ",
        "@ada@social.example ",
        "example.de",
        ".",
        "한",
        "\u0301",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


# The numbers are those of X's own published counting rules.
@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        ("Hi Jonas", 8),
        ("e\u0301", 1),
        ("日本", 4),
        ("Россия", 6),
        ("مرحبا", 5),
        ("—…‘’“”", 7),
        ("‼", 2),
        ("🙂", 2),
        ("👍🏽", 2),
        ("👩\u200d👩\u200d👧", 2),
        ("🇩🇪", 2),
        ("1\ufe0f\u20e3", 2),
        ("©", 2),
        ("☺\ufe0e", 4),
        ("https://example.com/" + "a" * 300, 23),
        ("see example.com now", 31),
        ("www.example.de", 23),
        ("(https://example.com/a.)", 26),
        ("https://example.com/a_(b)?x=y&z=1.", 24),
        ("https://example.comです", 27),
        ("a.b@example.com", 15),
        ("see #example.com", 16),
        ("https://localhost/a", 19),
        ("12.50 or v2.0", 13),
    ],
)
def test_x_counts_as_its_rules_say(text: str, units: int) -> None:
    assert length(text, "weighted") == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("👩\u200d👩\u200d👧 日本", 4),
        ("e\u0301", 1),
        ("https://example.com", 19),
        ("", 0),
        ("ক্ষ", 1),
        ("অ্যাপ", 3),  # a vowel before the virama: no conjunct
        ("ខ្មែរ", 3),  # Khmer joins nothing yet
    ],
)
def test_bluesky_counts_what_a_reader_sees(text: str, units: int) -> None:
    assert length(text, "graphemes") == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("https://example.com/" + "a" * 300 + " ok", 26),
        ("@ada@social.example hello", 10),
        ("@ada hello", 10),
        ("example.com", 11),
        ("日本 👩\u200d👩\u200d👧", 4),
        ("mail ada@social.example", 23),
    ],
)
def test_mastodon_shortens_links_and_mentions(text: str, units: int) -> None:
    assert length(text, "characters") == units


@given(TEXTS, st.integers(0, 60), st.sampled_from(COUNTS))
def test_a_cut_fits_and_is_a_beginning_of_whole_characters(text, most, counts) -> None:
    short = cut(text, most, counts)
    assert text.startswith(short)
    assert length(short, counts) <= most
    assert len(short) in {0, *(m.end() for m in regex.finditer(r"\X", text))}


@given(TEXTS, st.sampled_from(COUNTS))
def test_a_text_that_fits_is_not_cut(text, counts) -> None:
    assert cut(text, length(text, counts), counts) == text


@given(TEXTS, TEXTS)
def test_more_text_never_shows_fewer_characters(text, more) -> None:
    assert length(text + more, "graphemes") >= length(text, "graphemes")


@given(TEXTS, TEXTS, st.sampled_from(COUNTS))
def test_words_apart_count_as_much_as_together(text, more, counts) -> None:
    assume(not text.endswith("\r"))  # with the line feed it is one line's end
    apart = length(text, counts) + 1 + length(more, counts)
    assert length(f"{text}\n{more}", counts) == apart


@given(st.text("abc XYZ", max_size=40), st.integers(0, 40))
def test_a_cut_is_as_long_as_may_be(text, most) -> None:
    assert cut(text, most, "weighted") == text[:most]


def test_a_link_is_kept_whole_or_left_out() -> None:
    assert cut("See https://example.com/status", 26, "weighted") == "See "
    text = "See https://example.com/status now"
    assert cut(text, 28, "weighted") == "See https://example.com/status "


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("piece", ["a-", "a.", "@a", "👩\u200d", "((", "https://a.com/("])
def test_no_text_takes_the_counter_hostage(piece, counts) -> None:
    assert length(piece * 5000, counts) > 0
