"""Names in notes: colleagues and nobody else."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.mentioning import Mention, Named, mentions

MIRA = Named(1, "Mira Solberg", "MS")
BEN = Named(2, "Ben Oduya", "BO")
BENNO = Named(3, "Ben Groß", "BG")
ZOE = Named(4, "Zoë", "ZO")
ANNA = Named(5, "Anna-Lena Maria van der Berg", "AB")
DESK = (MIRA, BEN, BENNO, ZOE, ANNA)


def named(text, desk=DESK):
    return [(text[m.start : m.stop], m.who) for m in mentions(text, desk)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@Mira please look", [("@Mira", (1,))]),
        ("ask @mira solberg about it", [("@mira solberg", (1,))]),
        ("@MS, @bo: yes?", [("@MS", (1,)), ("@bo", (2,))]),
        ("@Mira's case", [("@Mira", (1,))]),
        ("(@Mira)", [("@Mira", (1,))]),
        ("@Mira.", [("@Mira", (1,))]),
        ("@Ben Oduya and @Ben Groß", [("@Ben Oduya", (2,)), ("@Ben Groß", (3,))]),
        ("@BEN GROSS!", [("@BEN GROSS", (3,))]),
        ("@zoë @ZOË", [("@zoë", (4,)), ("@ZOË", (4,))]),
        ("@Anna-Lena, do you know?", [("@Anna-Lena", (5,))]),
        ("@Anna-Lena Maria van der Berg", [("@Anna-Lena Maria van der Berg", (5,))]),
        ("@Mira\nSolberg", [("@Mira\nSolberg", (1,))]),
        ("@Mira Solbergs", [("@Mira", (1,))]),
    ],
)
def test_a_colleague_is_found_by_name_first_name_and_initials(text, wanted):
    assert named(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Mira, please look",
        "mail mira@mira.example",
        "@Ben",  # which one?
        "@Miranda",
        "@Mira-Lou",
        "@mira.bsky.example",
        "@mira@mastodon.example",
        "@@Mira",
        "x@Mira",
        "@ Mira",
        "@Solberg",
        "@Anna",
        "@",
        "",
    ],
)
def test_what_is_no_name_of_a_colleague_names_nobody(text):
    assert named(text) == []


def test_letters_with_their_marks_apart_are_the_same_name():
    assert named(normalize("NFD", "@Zoë"))[0][1] == (4,)
    apart = Named(9, normalize("NFD", "José Núñez"), "JN")
    assert named("@José Núñez", [apart]) == [("@José Núñez", (9,))]


def test_two_of_the_same_name_are_both_meant_by_it_and_neither_by_half_of_it():
    desk = [Named(1, "Kim Lee", "KL"), Named(2, "Kim Lee", "KL")]
    assert named("@Kim Lee @Kim @KL", desk) == [("@Kim Lee", (1, 2))]


def test_a_full_name_counts_before_a_first_name_of_another():
    desk = [Named(1, "Kim", "K"), Named(2, "Kim Lee", "KL")]
    assert named("@Kim Lee and @Kim", desk) == [("@Kim Lee", (2,)), ("@Kim", (1,))]


def test_without_colleagues_nobody_is_named():
    assert mentions("@Mira", []) == []
    assert mentions("@ x", [Named(1, "", "")]) == []


NAMES = st.text("abßÉéıİsS -.(", min_size=1, max_size=6)
COLLEAGUES = st.lists(
    st.builds(Named, st.integers(1, 5), NAMES, st.text("abßs", max_size=2)), max_size=5
)


@given(st.data())
def test_nothing_but_names_of_colleagues_is_found_and_each_place_once(data):
    desk = data.draw(COLLEAGUES)
    called = [c.name for c in desk] + [c.initials for c in desk] + ["a", "b@a", ".", " "]
    text = "".join(
        data.draw(st.lists(st.sampled_from(["@" + c for c in called] + called), max_size=8))
    )
    end = 0
    for found in mentions(text, desk):
        assert isinstance(found, Mention)
        assert end <= found.start < found.stop <= len(text)
        end = found.stop
        said = text[found.start : found.stop]
        assert said[0] == "@"
        assert found.who
        for who in found.who:
            assert any(folded(said[1:]) in names(c) for c in desk if c.id == who), (said, desk)


def folded(text):
    return normalize("NFC", " ".join(text.split()).casefold())


def names(colleague):
    first = colleague.name.split()[:1]
    return {folded(n) for n in (colleague.name, *first, colleague.initials)}


def test_letters_that_only_some_languages_take_for_the_same_name_nobody_by_accident():
    assert mentions("@İrem", [Named(1, "Irem", "IR")]) == []
