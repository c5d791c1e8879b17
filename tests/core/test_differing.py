"""What was changed in a text: nothing is lost on the way, and only what changed is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.differing import MOST_WORDS, Piece, difference

TEXTS = st.text(st.sampled_from("ab ,.\né’🙂"), max_size=40) | st.text(max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_told_from_the_difference(was, now):
    pieces = difference(was, now)
    assert "".join(p.text for p in pieces if p.kind != "in") == was
    assert "".join(p.text for p in pieces if p.kind != "out") == now
    assert all(p.text for p in pieces)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {p.kind for p in difference(text, text)} <= {"same"}


def test_words_change_as_wholes():
    assert difference("We can help you today.", "We will help you today.") == (
        Piece("same", "We "),
        Piece("out", "can"),
        Piece("in", "will"),
        Piece("same", " help you today."),
    )


def test_what_has_nothing_left_of_it_is_shown_whole_and_at_once():
    was, now = "a b " * MOST_WORDS, "c d " * MOST_WORDS
    assert [p.kind for p in difference(was, now)] == ["out", "in", "same"]
