"""Posts about one matter point the same way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.judging.likeness import DIMENSIONS, TERMS, likeness
from sanderling.core.judging.weights import fast

IDF = fast().model.idf

TWICE = "You charged me twice for September, where is my refund?"
AGAIN = "I was charged two times in October and want a refund"
SIGNAL = "No signal at all since this morning, the mast must be down"


def alike(one: str, other: str) -> float:
    return likeness(one, IDF).to(likeness(other, IDF))


def test_the_same_matter_in_other_words_is_nearer_than_another_matter():
    assert alike(TWICE, AGAIN) > 2 * alike(TWICE, SIGNAL)


def test_whom_a_post_names_and_where_it_links_to_do_not_count():
    assert alike(f"@NorthwindCare {TWICE}", f"@other {TWICE} https://x.example/1") > 0.9


def test_nothing_said_is_like_nothing():
    assert not likeness("", IDF)
    assert alike("", TWICE) == 0


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_from_0_to_1_the_same_both_ways_and_a_post_is_like_itself(one, other):
    there, back = alike(one, other), alike(other, one)
    assert -1e-4 <= there <= 1.0001
    assert abs(there - back) < 1e-5
    vector = likeness(one, IDF)
    assert len(vector.places) <= TERMS
    if vector:
        assert abs(vector.to(vector) - 1) < 1e-4


@given(st.text(max_size=300))
def test_pgvector_is_given_places_from_1_in_order(text):
    said, _, dimensions = likeness(text, IDF).sparsevec().partition("/")
    places = [int(part.split(":")[0]) for part in said.strip("{}").split(",") if part]
    assert int(dimensions) == DIMENSIONS
    assert places == sorted(set(places))
    assert all(1 <= place <= DIMENSIONS for place in places)
