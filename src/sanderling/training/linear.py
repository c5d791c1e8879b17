"""Training the fast judge's model: one softmax regression a question, on n-grams and hints."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from sanderling.core.judging.fitting import fit
from sanderling.core.judging.hints import hints
from sanderling.core.judging.linear import Idf, Linear, Question, columns_of
from sanderling.core.judging.ngrams import COLUMNS, Grams, ngrams
from sanderling.core.judging.reading import read
from sanderling.core.judging.tasks import Task
from sanderling.training.sets import Example

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

PENALTY = 0.3
_BALANCED = 0.5
"""Rare answers count more, by this power of how rare they are: 0 as they come, 1 all the same."""


def train(
    tasks: Sequence[Task],
    examples: Sequence[Example],
    labels: dict[str, Floats],
    penalty: float = PENALTY,
    weights: dict[str, Floats] | None = None,
) -> Linear:
    """A model of all tasks. `labels`: probabilities by task, (posts, classes), rows of NaN where
    there are none; `weights`: how much each post counts, by task."""
    posts = ngrams([example.text for example in examples])
    idf = Idf.of(posts)
    features, kept = _features(posts, idf, examples)
    questions = [Question(task.name, task.classes) for task in tasks]
    where = columns_of(questions)
    wide = sum(len(task.classes) for task in tasks)
    width = features.shape[1] - len(kept)
    table = np.zeros((COLUMNS, wide), np.float32)
    hinted, bias = np.zeros((width, wide), np.float32), np.zeros(wide, np.float32)
    for task in tasks:
        since, known = monotonic(), ~np.isnan(labels[task.name][:, 0])
        wanted = labels[task.name][known]
        counts = balanced(wanted) * (weights[task.name][known] if weights else 1.0)
        found, free = fit(features[known], wanted, weights=counts, penalty=penalty)
        at = where[task.name]
        table[kept, at] = found[: len(kept)] * idf.weights[kept, None]
        hinted[:, at], bias[at] = found[len(kept) :], free
        log.info("training.fast %s: %s posts, %.0f s", task.name, known.sum(), monotonic() - since)
    return Linear(questions, idf, table, hinted, bias)


def logits(model: Linear, examples: Sequence[Example]) -> NDArray[np.float32]:
    """What a model says of posts whose languages are known, (posts, answers)."""
    posts = ngrams([example.text for example in examples])
    return model.logits(model.said(posts), _hints(examples))


def balanced(labels: Floats) -> Floats:
    """How much each post counts, so that rare answers are not forgotten; 1 on average."""
    share = labels.sum(axis=0) / labels.sum()
    counts = (labels * np.maximum(share, 1e-6) ** -_BALANCED).sum(axis=1)
    found: Floats = counts / counts.mean()
    return found


def _features(
    posts: Grams, idf: Idf, examples: Sequence[Example]
) -> tuple[csr_matrix, NDArray[np.int64]]:
    """Weighted n-grams, only those columns that ever tell something, and the hints beside them."""
    kept = np.flatnonzero(idf.weights)
    scaled = idf.scaled(posts).tocsc()[:, kept].tocsr()
    scaled.sum_duplicates()
    return hstack([scaled, csr_matrix(_hints(examples))], format="csr"), kept


def _hints(examples: Sequence[Example]) -> NDArray[np.float32]:
    readings = [read(example.text, example.lang) for example in examples]
    return hints(readings, [example.to_us for example in examples])
