"""Reasons are parts of the logit, told in whole words."""

from __future__ import annotations

import numpy as np
import pytest

from sanderling.core.judging.evidence import Parts
from sanderling.core.judging.linear import Idf, Linear, Question
from sanderling.core.judging.ngrams import COLUMNS, ngrams
from sanderling.core.verdict import Kind

RANDOM = np.random.default_rng(5)


def model(hints: int = 3) -> Linear:
    questions = (Question("kind", tuple(kind.value for kind in Kind)),)
    shapes = ((COLUMNS, len(Kind)), (hints, len(Kind)), (len(Kind),))
    table, hinted, bias = (RANDOM.normal(size=shape).astype(np.float32) for shape in shapes)
    return Linear(questions, Idf(np.ones(COLUMNS, np.float32)), table, hinted, bias)


def test_the_parts_add_up_to_what_the_model_says_against_the_other_answers():
    judge, posts = model(), ngrams(["broken", "grrr"])
    hints = np.array([[1, 0, 2], [0, 3, 0]], np.float32)
    logits = judge.logits(judge.said(posts), hints) - judge.bias
    found = [2, 4]
    parts = Parts(judge, "kind", posts, hints, found)
    for post, answer in enumerate(found):
        others = np.delete(logits[post], answer).mean()
        told = parts.words[parts.ends[post]] + parts.hints[post].sum()
        assert told == pytest.approx(logits[post, answer] - others, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It didn't", "didn't"),
        ("It didn’t!", "didn’t"),
        ("aujourd'hui", "aujourd'hui"),
        ("they said 'gone'", "gone"),
        ("gone' didn", "gone"),
        ("gone'. And", "gone"),
    ],
)
def test_an_apostrophe_cuts_no_word(text: str, word: str):
    judge = model()
    judge.table[:] = [1.0, *[0.0] * (len(Kind) - 1)]  # every n-gram speaks for the first answer
    parts = Parts(judge, "kind", ngrams([text]), np.zeros((1, 3), np.float32), [0])
    assert word in dict(parts.best_words(0))
