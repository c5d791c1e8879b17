"""How well answers agree with labels: the usual metrics of the sets, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Agreement(NamedTuple):
    """By class: the share of it that was found, and F1."""

    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


def agreement(truth: Ints, found: Ints, classes: int) -> Agreement:
    """Of labels and answers as numbers of classes; 0 where a class never occurs."""
    table = confusion(truth, found, classes).astype(float)
    right = table.diagonal()
    said, real = table.sum(axis=0), table.sum(axis=1)
    return Agreement(right / np.maximum(real, 1), 2 * right / np.maximum(said + real, 1))


def confusion(truth: Ints, found: Ints, classes: int) -> Ints:
    """How often a class (row) was taken for another (column)."""
    return np.bincount(truth * classes + found, minlength=classes * classes).reshape(
        classes, classes
    )


def value(metric: str, truth: Ints, found: Ints, classes: Sequence[str]) -> float:
    """A metric as `core.judging.tasks` names it, from 0 to 1, over the classes that occur."""
    if metric == "accuracy":
        return float((truth == found).mean())
    here = agreement(truth, found, len(classes))
    occur = np.bincount(truth, minlength=len(classes)) > 0
    if metric == "macro-recall":
        return float(here.recall[occur].mean())
    if metric == "F1 of irony":
        return float(here.f1[classes.index("yes")])
    return float(here.f1[occur].mean())
