"""Productivity change: identities, absent bodies, the pooled frontier and the sector's shift."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.malmquist import (
    frontier_shift,
    global_malmquist,
    malmquist,
    malmquist_interval,
    period,
    resampled_pairs,
)
from tests.frontiers import scores_by_highs, sector


def two_periods(seed, n=40):
    X, Y = sector(seed, n, 2, 2)
    rng = np.random.default_rng(seed + 500)
    return X, Y, X * rng.uniform(0.85, 1.1, X.shape), Y * rng.uniform(0.95, 1.2, Y.shape)


def test_from_four_distances():
    X0, Y0, X1, Y1 = two_periods(1)
    found = malmquist(X0, Y0, X1, Y1)
    d00, d11 = scores_by_highs(X0, Y0, "crs"), scores_by_highs(X1, Y1, "crs")
    d01, d10 = (
        scores_by_highs(X1, Y1, "crs", "in", X0, Y0),  # period 1 against frontier 0
        scores_by_highs(X0, Y0, "crs", "in", X1, Y1),
    )
    assert_allclose(found.ec, d11 / d00, rtol=1e-8)
    assert_allclose(found.tc, np.sqrt(d01 / d11 * d00 / d10), rtol=1e-8)
    assert_allclose(found.m, np.sqrt(d01 / d00 * d11 / d10), rtol=1e-8)


def test_identities():
    X0, Y0, X1, Y1 = two_periods(2)
    there, back = malmquist(X0, Y0, X1, Y1), malmquist(X1, Y1, X0, Y0)
    exact = {"rtol": 1e-12, "atol": 0}
    assert_allclose(there.m, there.ec * there.tc, **exact)
    assert_allclose(there.ec, there.pure * there.scale, **exact)
    for name in ("m", "ec", "tc"):
        assert_allclose(getattr(there, name) * getattr(back, name), 1, **exact)
    still = malmquist(X0, Y0, X0, Y0)
    for name in ("m", "ec", "tc", "pure", "scale"):
        assert_allclose(getattr(still, name), 1, **exact)


def test_uniform_change_is_all_frontier_shift():
    # everybody makes the same with 10 % less: M = TC = 1/0.9, nobody catches up
    X, Y = sector(3, 30, 2, 1)
    found = malmquist(X, Y, 0.9 * X, Y)
    assert_allclose(found.tc, 1 / 0.9, rtol=1e-10)
    assert_allclose(found.ec, 1, rtol=1e-10)
    assert frontier_shift(found.tc, np.ones(30)) == pytest.approx(0.1)  # f = 1 - 0.9


def test_absent_bodies_have_no_index_and_no_part_in_that_frontier():
    X0, Y0, X1, Y1 = two_periods(4)
    gone = X1.copy()
    gone[3] = np.nan
    found, keep = malmquist(X0, Y0, gone, Y1), np.delete(np.arange(40), 3)
    assert np.isnan(found.m[3])
    assert np.isfinite(found.m[keep]).all()
    d11 = scores_by_highs(X1[keep], Y1[keep], "crs")
    assert_allclose((found.ec * scores_by_highs(X0, Y0, "crs"))[keep], d11, rtol=1e-8)
    assert not period(gone, Y1).there[3]


def test_cross_period_programs_without_an_answer_leave_only_their_part_empty():
    # the largest body grew beyond anything seen before: no variable-returns frontier of period 0 reaches it
    found = malmquist([2.0, 4.0], [1.0, 3.0], [2.0, 5.0], [1.0, 4.0])
    assert np.isnan(found.pure_tc).tolist() == [False, True]
    assert np.isfinite(found.m).all()
    assert np.isfinite(found.pure).all()


def test_pooled_frontier_is_transitive():
    X, Y = np.stack([two_periods(5)[0], two_periods(5)[2], two_periods(6)[0]]), np.stack([two_periods(5)[1]] * 3)
    level = global_malmquist(X, Y)
    assert_allclose(level[0], 1, rtol=1e-12)
    step = global_malmquist(X[[0, 1, 2]], Y)[2] / global_malmquist(X, Y)[1]
    assert_allclose(step * level[1], level[2], rtol=1e-12)
    with pytest.raises(ValueError, match="period, a body and an amount"):
        global_malmquist(X[0], Y)


def test_sector_shift_weighs_by_cost():
    # ln TC weighted 3 to 1: exp((3 ln 1.02 + ln 1.06) / 4) = 1.029855; f = 1 - 1/1.029855
    assert frontier_shift([1.02, 1.06, np.nan], [3, 1, 5]) == pytest.approx(1 - 1 / (1.02**0.75 * 1.06**0.25))


def test_intervals_surround_a_large_shift():
    X, Y = sector(7, 30, 1, 1)
    found = malmquist_interval(X, Y, 0.7 * X, Y, replicates=60)
    assert found.tc[0].max() < 1 / 0.7 + 0.2
    assert ((found.m[0] <= found.m[1]) & (found.m[0] > 1)).all()
    with pytest.raises(ValueError, match="there in both periods"):
        malmquist_interval(np.where(X > 9, np.nan, X), Y, X, Y, replicates=2)


def test_resampled_pairs_keep_their_correlation():
    base = np.abs(np.random.default_rng(0).normal(0, 0.3, 400))
    pairs = 1 + np.column_stack([base, base])
    drawn = np.vstack([resampled_pairs(pairs, replicate, 0) for replicate in range(20)])
    assert drawn.min() >= 1
    assert np.corrcoef(drawn.T)[0, 1] > 0.5


def test_periods_must_list_the_same_bodies():
    with pytest.raises(ValueError, match="same bodies"):
        malmquist([1.0, 2.0], [1.0, 2.0], [1.0], [1.0])
