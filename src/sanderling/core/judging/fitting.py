"""Fitting a softmax regression to posts, and its temperature: small, exact, the same every time.

Labels may be soft (a teacher's probabilities) and posts may weigh differently. L-BFGS of scipy
finds the one minimum of a convex loss, so that no seed and no order of the posts matters.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 80
"""Enough for the loss to stand still on every set that was tried."""


def fit(
    posts: scipy.sparse.csr_matrix,
    labels: Floats,
    *,
    weights: Floats | None = None,
    given: Floats | None = None,
    penalty: float = 1.0,
) -> tuple[Floats, Floats]:
    """The weights (columns, classes) and biases (classes,) that explain `labels` best.

    `labels`: probabilities, (posts, classes). `weights`: how much each post counts. `given`: logits
    that are known already and only added to, (posts, classes). `penalty`: half the sum of squared
    weights times this is added to the summed loss; biases are free.
    """
    counts = np.ones(posts.shape[0]) if weights is None else weights
    start = np.zeros((posts.shape[0], 1)) if given is None else given
    columns, classes = posts.shape[1], labels.shape[1]
    rows = posts.astype(np.float32)  # half the memory to walk through, and exact enough
    across = rows.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(columns + 1, classes)
        logits = rows @ table[:-1].astype(np.float32) + table[-1] + start
        total = scipy.special.logsumexp(logits, axis=1)
        value = counts @ (total - (labels * logits).sum(axis=1))
        error = (np.exp(logits - total[:, None]) - labels) * counts[:, None]
        pull = across @ error.astype(np.float32)
        slope = np.vstack([pull + penalty * table[:-1], error.sum(axis=0)])
        return float(value + penalty / 2 * (table[:-1] ** 2).sum()), slope.ravel()

    first = np.zeros((columns + 1) * classes)
    found = scipy.optimize.minimize(
        loss, first, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    table = found.x.reshape(columns + 1, classes)
    return table[:-1], table[-1]


def temperature(logits: Floats, labels: Floats) -> float:
    """What to divide logits by so that probabilities come true (Guo et al., On Calibration of
    Modern Neural Networks, 2017). `labels`: one-hot, (posts, classes)."""

    def loss(scale: float) -> float:
        return float(-(labels * scipy.special.log_softmax(logits / np.exp(scale), axis=1)).sum())

    return float(
        np.exp(scipy.optimize.minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x)
    )


def calibration_error(sure: Floats, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, over equal bins."""
    of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[of == b].mean() - right[of == b].mean()) * (of == b).mean()
        for b in range(bins)
        if (of == b).any()
    ]
    return float(sum(gaps))
