"""Outliers: flags, leverage against a loop that leaves every body out, volumes and robust distances."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.outliers import leverage, outliers, robust_distance, volume_ratios
from tests.frontiers import scores_by_highs, sector


@pytest.mark.parametrize("rts", ["crs", "vrs"])
def test_leverage_by_leaving_everybody_out(rts):
    X, Y = sector(1, 18, 2, 1)
    scores, wanted = scores_by_highs(X, Y, rts), []
    for absent in range(18):
        rest = np.delete(np.arange(18), absent)
        without = scores_by_highs(X[rest], Y[rest], rts)
        wanted.append(np.sqrt(((without - scores[rest]) ** 2).sum() / 17))
    assert_allclose(leverage(X, Y, rts=rts), wanted, atol=1e-9)


def test_a_twin_makes_a_body_dispensable():
    # (4, 5) alone defines the constant-returns frontier; twice there, neither changes anything when it goes
    assert leverage([2, 4, 6], [1, 5, 7], rts="crs")[1] > 0
    assert_allclose(leverage([2, 4, 4, 6], [1, 5, 5, 7], rts="crs"), 0, atol=1e-12)


def test_an_impossible_figure_is_flagged_and_its_neighbours_are_not():
    X, Y = sector(2, 60, 1, 1)
    X[10] /= 6
    found = outliers(X, Y)
    assert found.flag[10]
    assert found.leverage.argmax() == 10
    assert found.flag.sum() < 12


def test_out_of_reach_counts_as_a_flag():
    found = outliers([1.0, 2.0, 3.0], [1.0, 2.0, 9.0])
    assert found.unmatched.tolist() == [False, False, True]
    assert found.flag[2]


def test_volume_ratio_singles_out_the_odd_one():
    X, Y = sector(3, 20, 1, 1)
    Y[7] *= 8
    found = volume_ratios(X, Y, most=1)
    assert found[0][0] == (7,)
    assert all(0 < ratio <= 1 for _, ratio in found)
    with pytest.raises(ValueError, match="too few"):
        volume_ratios([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])


def test_robust_distance_is_not_masked_by_a_group():
    rng = np.random.default_rng(4)
    values = np.exp(rng.normal(0, 0.2, (60, 2)))
    values[:12] *= [1, 30]  # a fifth of the bodies, in thousands instead of units
    far = robust_distance(values)
    assert far[:12].min() > np.sqrt(7.38) > np.median(far[12:])  # chi2(0.975, 2) = 7.378
    with pytest.raises(ValueError, match="positive"):
        robust_distance([[1.0, 0.0]])
    with pytest.raises(ValueError, match="too few"):
        robust_distance(np.ones((5, 2)))
