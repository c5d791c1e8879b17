"""A linear model over hashed n-grams and hints: every question answered by one product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from sanderling.core.judging.ngrams import COLUMNS, Grams

Floats = NDArray[np.float32]
Answers = dict[str, Floats]
"""By task: probabilities, (posts, classes)."""


class Question(msgspec.Struct, frozen=True):
    """A task as a model knows it: its answers in order, and what its logits are divided by so
    that the probabilities come true."""

    name: str
    classes: tuple[str, ...]
    temperature: float = 1.0


def columns_of(questions: Sequence[Question]) -> dict[str, slice]:
    """Where the answers of each question stand, one question after another."""
    found, at = {}, 0
    for question in questions:
        found[question.name] = slice(at, at + len(question.classes))
        at += len(question.classes)
    return found


def answers(logits: Floats, questions: Sequence[Question], only: str = "") -> Answers:
    """The logits of all questions, side by side, as probabilities; of one, if it is named."""
    where = columns_of(questions)
    asked = [question for question in questions if only in ("", question.name)]
    return {q.name: _shares(logits[:, where[q.name]] / q.temperature) for q in asked}


def _shares(logits: Floats) -> Floats:
    """Softmax over the last axis; scipy's own takes five times as long for a few rows."""
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


class Idf:
    """How telling each column is: the rarer, the more; 0 for those never seen."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        self._squares = weights**2

    @classmethod
    def of(cls, posts: Grams) -> Self:
        """From a collection, smoothed as scikit-learn's TfidfTransformer does."""
        table = posts.table.copy()
        table.sum_duplicates()
        seen = np.bincount(table.indices, minlength=COLUMNS)
        weights = np.log((1 + table.shape[0]) / (1 + seen)) + 1
        return cls(np.where(seen > 1, weights, 0).astype(np.float32))

    def scaled(self, posts: Grams) -> scipy.sparse.csr_matrix:
        """The posts as vectors of length 1, (posts, COLUMNS): what a model is fitted to."""
        table = (
            scipy.sparse.diags(1 / self.lengths(posts))
            @ posts.table
            @ scipy.sparse.diags(self.weights)
        )
        return scipy.sparse.csr_matrix(table)

    def lengths(self, posts: Grams) -> Floats:
        """The length of each post's vector, 1 for one that has none; (posts,)."""
        squares = np.asarray(posts.table @ self._squares, np.float32)
        return np.sqrt(np.where(squares > 1e-6, squares, np.float32(1)))


class Against(NamedTuple):
    """What speaks for each answer of a task more than for the others, on average."""

    table: Floats
    hinted: Floats


class Linear:
    """The model: `table` (COLUMNS, answers) for n-grams with the idf in it, `hinted`
    (hints, answers), `bias` (answers,)."""

    def __init__(
        self,
        questions: Sequence[Question],
        idf: Idf,
        table: Floats,
        hinted: Floats,
        bias: Floats,
    ) -> None:
        self.questions = tuple(questions)
        self.columns = columns_of(questions)
        self.idf = idf
        self.table = table
        self.hinted = hinted
        self.bias = bias
        self._against: dict[str, Against] = {}

    def said(self, posts: Grams) -> Floats:
        """What the n-grams alone say: logits without hints, (posts, answers)."""
        summed: Floats = np.asarray(posts.table @ self.table, np.float32)
        return summed / self.idf.lengths(posts)[:, None] + self.bias

    def logits(self, said: Floats, hints: Floats) -> Floats:
        """What n-grams and hints say together."""
        found: Floats = np.einsum("ph,ha->pa", hints, self.hinted)  # BLAS would wake every core
        return said + found

    def against(self, task: str) -> Against:
        """The weights of a task, each less the mean of its other answers'; made once."""
        if task not in self._against:
            at = self.columns[task]
            self._against[task] = Against(_less_others(self.table[:, at]),
                                          _less_others(self.hinted[:, at]))  # fmt: skip
        return self._against[task]

    def save(self, path: Path) -> None:
        """Write the weights in 8 bits, each answer with a scale of its own."""
        scale = np.abs(self.table).max(axis=0) / 127 + 1e-12
        np.savez_compressed(
            path,
            questions=np.frombuffer(msgspec.json.encode(self.questions), np.uint8),
            idf=self.idf.weights.astype(np.float16),
            table=_sparse(np.rint(self.table / scale).astype(np.int8)),
            scale=scale.astype(np.float32),
            hinted=self.hinted,
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError for what is no such file."""
        with np.load(path) as found:
            questions = msgspec.json.decode(found["questions"].tobytes(), type=list[Question])
            table = found["table"].astype(np.float32)
            table *= found["scale"]
            idf = Idf(found["idf"].astype(np.float32))
            return cls(questions, idf, table, found["hinted"], found["bias"])


def with_temperatures(
    questions: Sequence[Question], found: Mapping[str, float]
) -> tuple[Question, ...]:
    """The questions with the temperatures that were found for them."""
    return tuple(
        msgspec.structs.replace(q, temperature=found.get(q.name, q.temperature)) for q in questions
    )


def _sparse(table: NDArray[np.int8]) -> NDArray[np.int8]:
    """The smallest weights add up to nothing, but would fill the file."""
    return np.where(np.abs(table) > 2, table, np.int8(0))


def _less_others(weights: Floats) -> Floats:
    others = weights.shape[1] - 1
    found: Floats = weights - (weights.sum(axis=1, keepdims=True) - weights) / others
    return found
