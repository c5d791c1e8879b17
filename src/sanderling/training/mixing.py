"""The last step of a careful judge: how much of the linear model to add, and how sure to be.

Both are chosen on posts held back from training, with the weights as they are shipped, in 8 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from sanderling.core.judging.careful import Encoder
from sanderling.core.judging.fitting import temperature
from sanderling.core.judging.linear import Linear, Question, columns_of, with_temperatures
from sanderling.core.judging.scoring import value
from sanderling.core.judging.tasks import FLAGS, TASKS, Task

Floats = NDArray[np.float64]

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
_LEAST = 60
"""Fewer posts say nothing about calibration."""

_TASKS = TASKS | {task.name: task for task in FLAGS}


def calibrated(model: Linear, logits: NDArray[np.float32], labels: dict[str, Floats]) -> Linear:
    """The linear model with the temperatures that make its probabilities come true."""
    found = _temperatures(model.questions, logits, labels)
    questions = with_temperatures(model.questions, found)
    return Linear(questions, model.idf, model.table, model.hinted, model.bias)


def mix(
    folder: Path, name: str, model: Linear, texts: Sequence[str], linear: NDArray[np.float32],
    labels: dict[str, Floats],
) -> None:  # fmt: skip
    """Write into an encoder's card what suits the held-back `texts`, whose linear logits are given
    and whose labels are probabilities by task, NaN where there are none."""
    encoder = Encoder.load(folder, name)
    logits = encoder.logits(texts)
    shares = {
        question.name: _best_share(
            _TASKS[question.name],
            logits[:, encoder.columns[question.name]],
            linear[:, model.columns[question.name]],
            labels[question.name],
        )
        for question in encoder.card.questions
        if question.name in model.columns
    }
    encoder.card = msgspec.structs.replace(encoder.card, mixed=shares)
    mixed = encoder.mixed(logits, linear, model.columns)
    questions = with_temperatures(
        encoder.card.questions, _temperatures(encoder.card.questions, mixed, labels)
    )
    msgspec.structs.replace(encoder.card, questions=questions).keep(folder, name)


def _temperatures(
    questions: Sequence[Question], logits: NDArray[np.float32], labels: dict[str, Floats]
) -> dict[str, float]:
    where, found = columns_of(questions), {}
    for question in questions:
        known = ~np.isnan(labels[question.name][:, 0])
        if known.sum() >= _LEAST:
            wide = logits[known, where[question.name]].astype(float)
            found[question.name] = round(temperature(wide, labels[question.name][known]), 3)
    return found


def _best_share(
    task: Task, logits: NDArray[np.float32], linear: NDArray[np.float32], labels: Floats
) -> float:
    known = ~np.isnan(labels[:, 0])
    if known.sum() < _LEAST:
        return 0.0
    truth = labels[known].argmax(axis=1)

    def worth(share: float) -> float:
        found = (logits[known] + share * linear[known]).argmax(axis=1)
        return value(task.metric, truth, found, task.classes)

    return max(_SHARES, key=lambda share: (round(worth(share), 4), -share))
