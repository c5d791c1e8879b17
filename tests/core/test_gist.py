"""What many texts have in common, and samples of them that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.gist import differing, own_words, places

DOWN = [
    "No signal in West Hill since noon @NorthwindCare",
    "no SIGNAL at all in West Hill https://example.org/signal",
    "My phone has no signal, I am in Quayside",
    "Signal signal signal! I sit in Quayside and near the River Works",
]
USUAL = ["My bill is too high", "My phone is great", "When do you open? I am at all times free"]


def test_words_of_their_own_are_those_that_others_do_not_use():
    found = dict(own_words(DOWN, USUAL))
    assert found["signal"] == 4
    assert next(iter(found)) == "signal"
    assert {"phone", "northwindcare", "example"}.isdisjoint(found)


def test_places_are_names_after_a_word_of_place():
    assert places([*DOWN, "kein Netz in der West Hill"]) == [("West Hill", 3), ("Quayside", 2)]
    assert places(["in the end", "bei mir", "En fin", "في الدار"] * 3) == []


def test_samples_differ_and_never_say_the_same_twice():
    texts = ["no signal here", "NO SIGNAL HERE!", "ambulance cannot be reached", "no signal there",
             "", "I want my money back"]  # fmt: skip
    assert differing(texts, 3) == [0, 2, 5]
    assert 1 not in differing(texts, 9)
    assert 4 not in differing(texts, 9)


@given(st.lists(st.text(max_size=80), max_size=20), st.integers(0, 5))
def test_whatever_is_written_samples_are_few_and_each_stands_once(texts, most):
    found = differing(texts, most)
    assert len(found) <= most
    assert len(set(found)) == len(found)
    assert all(0 <= n < len(texts) for n in found)
    assert own_words(texts, texts[:1]) == own_words(texts, texts[:1])
    places(texts)
