"""Softmax regression, temperature and calibration error, against what can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import softmax

from sanderling.core.judging.fitting import calibration_error, fit, temperature


def test_without_features_the_biases_are_the_shares():
    labels = np.eye(2)[[0, 0, 0, 1]]
    _, bias = fit(csr_matrix((4, 1)), labels)
    assert softmax(bias) == pytest.approx([0.75, 0.25], abs=1e-3)


def test_soft_labels_are_met():
    labels = np.array([[0.9, 0.1], [0.2, 0.8]])
    table, bias = fit(csr_matrix(np.eye(2)), labels, penalty=1e-6)
    assert softmax(table + bias, axis=1) == pytest.approx(labels, abs=0.01)


def test_a_post_that_counts_for_nothing_teaches_nothing():
    posts, labels = csr_matrix(np.ones((2, 1))), np.eye(2)
    _, bias = fit(posts, labels, weights=np.array([1.0, 0.0]), penalty=100.0)
    assert softmax(bias)[0] > 0.99


def test_what_is_known_already_is_not_learnt_again():
    labels = np.array([[0.7, 0.3]] * 3)
    table, bias = fit(csr_matrix(np.eye(3)), labels, given=np.log(labels))
    assert np.abs(table).max() < 1e-3
    assert bias[0] - bias[1] == pytest.approx(0, abs=1e-3)


def test_temperature_takes_back_overconfidence():
    chance = np.random.default_rng(1)
    truth = chance.random(4_000) < 0.7
    labels = np.eye(2)[truth.astype(int)]
    loud = np.tile([0.0, 4 * np.log(0.7 / 0.3)], (4_000, 1))
    assert temperature(loud, labels) == pytest.approx(4, rel=0.1)


def test_calibration_error_is_the_gap_between_sureness_and_truth():
    assert calibration_error(np.full(10, 0.8), np.arange(10) < 8) == pytest.approx(0)
    assert calibration_error(np.full(10, 0.9), np.arange(10) < 5) == pytest.approx(0.4)
