"""Posts as hashed n-grams: each by itself, whatever it is written in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.judging.ngrams import COLUMNS, ngrams

texts = st.lists(st.text(max_size=80), min_size=1, max_size=6)


def row(grams, post):
    return sorted(grams.table[post].indices.tolist())


@given(texts)
def test_a_post_holds_the_same_whatever_stands_beside_it(texts):
    together = ngrams(texts)
    for post, text in enumerate(texts):
        assert row(together, post) == row(ngrams([text]), 0)


@given(texts)
def test_every_n_gram_stands_within_its_post(texts):
    grams = ngrams(texts)
    assert grams.table.shape == (len(texts), COLUMNS)
    assert (grams.stop > grams.start).all()
    ends = np.flatnonzero(grams.codes == 0)
    assert (ends[grams.row] >= grams.stop).all()


def test_words_are_runs_of_letters_in_any_script_and_single_signs():
    grams = ngrams(["Wann fährt's?", "ट्रेन रद्द 😡"])
    words = [
        grams.text(start, stop)
        for start, stop in zip(grams.start[grams.words], grams.stop[grams.words], strict=True)
    ]
    assert words == ["wann", "fährt", "'", "s", "?", "ट्रेन", "रद्द", "😡"]


def test_names_links_numbers_and_stretching_make_no_difference():
    one = ngrams(["@NordTel SOOOOO slow since 12:30 https://a.example/x"])
    other = ngrams(["@solbank.social soo slow since 09:45 http://b.example"])
    assert row(one, 0) == row(other, 0)


def test_one_letter_more_is_another_post():
    assert row(ngrams(["late"]), 0) != row(ngrams(["later"]), 0)


def test_an_empty_post_holds_nothing():
    assert ngrams(["", "a"]).table[0].nnz == 0
