"""Training the fast judge's model: one softmax regression a question, on n-grams and hints."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack

from sanderling.core.judging.fitting import fit
from sanderling.core.judging.hints import hints
from sanderling.core.judging.linear import Idf, Linear, Question, columns_of
from sanderling.core.judging.ngrams import COLUMNS, Grams, ngrams
from sanderling.core.judging.reading import read
from sanderling.core.judging.tasks import Task
from sanderling.training.sets import Example

log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

_BALANCED = 0.5
"""Rare answers count more, by this power of how rare they are: 0 as they come, 1 all the same."""


@dataclass(frozen=True)
class Recipe:
    """How to fit; chosen on validation sets.

    `louder`: tasks whose telling columns are made louder beforehand, which is worth 1 to 2 points
    of sentiment and complaints; of kinds and tones, with their few labels, it made reasons worse
    and typing errors dearer. `hints_by`: how many times as much hints are to count.
    """

    penalty: float = 0.3
    louder: tuple[str, ...] = ()
    hints_by: float = 1.0


_USUAL = Recipe()


def train(
    tasks: Sequence[Task],
    examples: Sequence[Example],
    labels: dict[str, Floats],
    how: Recipe = _USUAL,
    weights: dict[str, Floats] | None = None,
) -> Linear:
    """A model of all tasks. `labels`: probabilities by task, (posts, classes), rows of NaN where
    there are none; `weights`: how much each post counts, by task."""
    posts = ngrams([example.text for example in examples])
    idf = Idf.of(posts)
    grams, kept = _features(posts, idf)
    said = hints_of(examples) * np.float32(how.hints_by)
    questions = [Question(task.name, task.classes) for task in tasks]
    where = columns_of(questions)
    wide = sum(len(task.classes) for task in tasks)
    table = np.zeros((COLUMNS, wide), np.float32)
    hinted, bias = np.zeros((said.shape[1], wide), np.float32), np.zeros(wide, np.float32)
    for task in tasks:
        since, known = monotonic(), ~np.isnan(labels[task.name][:, 0])
        wanted = labels[task.name][known]
        counts = balanced(wanted) * (weights[task.name][known] if weights else 1.0)
        loud = telling(grams[known], wanted) if task.name in how.louder else np.ones(len(kept))
        columns = [csr_matrix(grams[known] @ diags(loud)), csr_matrix(said[known])]
        features = hstack(columns, format="csr")
        found, free = fit(features, wanted, weights=counts, penalty=how.penalty)
        at = where[task.name]
        table[kept, at] = found[: len(kept)] * (loud * idf.weights[kept])[:, None]
        hinted[:, at], bias[at] = found[len(kept) :] * how.hints_by, free
        log.info("training.fast %s: %s posts, %.0f s", task.name, known.sum(), monotonic() - since)
    return Linear(questions, idf, table, hinted, bias)


def logits(model: Linear, examples: Sequence[Example]) -> NDArray[np.float32]:
    """What a model says of posts whose languages are known, (posts, answers)."""
    posts = ngrams([example.text for example in examples])
    return model.logits(model.said(posts), hints_of(examples))


def balanced(labels: Floats) -> Floats:
    """How much each post counts, so that rare answers are not forgotten; 1 on average."""
    share = labels.sum(axis=0) / labels.sum()
    counts = (labels * np.maximum(share, 1e-6) ** -_BALANCED).sum(axis=1)
    found: Floats = counts / counts.mean()
    return found


def telling(posts: csr_matrix, labels: Floats) -> Floats:
    """How loud each column speaks: the square root of how far its share among the posts of an
    answer is from its mean share, by the logarithm (after Wang and Manning, Baselines and Bigrams,
    2012); 1 on average of the squares. The penalty then holds what tells nothing down."""
    there = csr_matrix((np.ones(posts.nnz), posts.indices, posts.indptr), posts.shape)
    shares = (np.asarray(there.T @ labels) + 0.5) / (labels.sum(axis=0) + 1)
    far = np.abs(np.log(shares / shares.mean(axis=1, keepdims=True))).max(axis=1)
    found: Floats = np.sqrt(far / far.mean())
    return found


def hints_of(examples: Sequence[Example]) -> NDArray[np.float32]:
    """What plain rules and the lexicon read in posts whose languages are known."""
    readings = [read(example.text, example.lang) for example in examples]
    return hints(readings, [example.to_us for example in examples])


def _features(posts: Grams, idf: Idf) -> tuple[csr_matrix, NDArray[np.int64]]:
    """Weighted n-grams, only those columns that ever tell something."""
    kept = np.flatnonzero(idf.weights)
    scaled = idf.scaled(posts).tocsc()[:, kept].tocsr()
    scaled.sum_duplicates()
    return scaled, kept
