"""What an encoder is given of a post."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.judging.tokens import prepared


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@NorthwindCare @ada hello @bob", "@user hello @user"),
        ("look https://x.example/a?b=c here", "look http here"),
        ("5 &lt; 6 &amp; so on", "5 < 6 & so on"),
        ("#WorstServiceEver #so_sad", "# Worst Service Ever # so_sad"),
        ("why 😡😡😡😡 why", "why  pouting  pouting  why"),
        ("ok 👍🏽", "ok  thumbs up "),
        ("so funny 😂", "so funny  tears joy "),
    ],
)
def test_what_tells_nothing_goes_and_what_is_packed_is_unpacked(text: str, said: str):
    assert prepared(text, signs_as_words=True) == said


def test_who_knows_emoji_is_given_them():
    assert prepared("ok 👍🏽 👍 👍", signs_as_words=False) == "ok 👍👍"


@given(st.text(max_size=2000))
def test_whatever_a_post_is_it_is_bounded_and_the_same_every_time(text: str):
    said = prepared(text, signs_as_words=False)
    assert len(said) <= 2 * 600
    assert prepared(text, signs_as_words=False) == said
