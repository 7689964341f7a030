"""Intervals for frontier scores: who belongs to a subsample, what names a draw, where the ends lie."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.draws import generator
from pipelines.methods.frontier import dea, dea_interval
from pipelines.methods.frontier_resample import bandwidth
from tests.frontiers import scores_by_highs, sector


def by_hand(X, Y, replicates, rts="vrs", exponent=0.6):
    """The subsampling interval of M3.9 one program at a time."""
    n, width = len(X), X.shape[1] + Y.shape[1]
    sample = max(round(n**exponent), width + 1)
    draws = np.stack([generator("M3.9", str(body)).random(replicates) for body in range(n)])
    distance, deviations = 1 / scores_by_highs(X, Y, rts), []
    for replicate in range(replicates):
        chosen = np.argsort(draws[:, replicate])[:sample]  # the others, drawn or not, are judged by these alone
        theirs = scores_by_highs(X, Y, rts, "in", X[chosen], Y[chosen])
        deviations.append(np.where(np.isnan(theirs), 0, 1 / theirs) - distance)
    rate = (sample / n) ** (2 / (width + (rts != "crs")))
    low, high = np.quantile(np.stack(deviations) * rate, [0.025, 0.975], axis=0)
    return 1 / np.maximum(distance - low, 1), 1 / np.maximum(distance - high, 1)


@pytest.mark.parametrize("rts", ["vrs", "crs"])
def test_subsampling_agrees_with_a_loop(rts):
    X, Y = sector(1, 20, 1, 2)
    found = dea_interval(X, Y, rts=rts, replicates=30)
    lo, hi = by_hand(X, Y, 30, rts)
    assert found.sample == 6  # 20^0.6 = 6.03
    assert_allclose(found.lo, lo, atol=1e-9)
    assert_allclose(found.hi, hi, atol=1e-9)


def test_interval_lies_at_or_below_the_score_and_above_zero():
    X, Y = sector(2, 40, 2, 1)
    found = dea_interval(X, Y, replicates=100)
    assert_allclose(found.score, dea(X, Y).score)
    assert ((found.lo > 0) & (found.lo <= found.hi) & (found.hi <= found.score + 1e-12)).all()
    wider = dea_interval(X, Y, replicates=100, level=0.99)
    assert (wider.lo <= found.lo + 1e-12).all()
    assert (wider.hi >= found.hi - 1e-12).all()


def test_output_interval_is_phi():
    X, Y = sector(3, 30, 1, 1)
    found = dea_interval(X, Y, orientation="out", replicates=60)
    assert ((found.score <= found.lo + 1e-12) & (found.lo <= found.hi)).all()
    inward = dea_interval(X, Y, rts="crs", replicates=60)
    outward = dea_interval(X, Y, rts="crs", orientation="out", replicates=60)
    assert_allclose(1 / outward.hi, inward.lo, rtol=1e-9)  # the same distances under constant returns


def test_order_of_bodies_and_size_of_parts_change_nothing(monkeypatch):
    X, Y = sector(4, 25, 2, 1)
    names = np.array([f"body {number}" for number in range(25)])
    found = dea_interval(X, Y, keys=names, replicates=40)
    order = np.random.default_rng(0).permutation(25)
    again = dea_interval(X[order], Y[order], keys=names[order], replicates=40)
    assert_allclose(again.lo, found.lo[order], atol=1e-9)
    monkeypatch.setattr("pipelines.methods.frontier_resample.TOGETHER", 60)
    assert_allclose(dea_interval(X, Y, keys=names, replicates=40).lo, found.lo, atol=1e-12)
    other = dea_interval(X, Y, keys=names, replicates=40, seed=1)
    assert np.abs(other.lo - found.lo).max() > 1e-6


def test_bootstrap_moves_every_frontier_inward():
    X, Y = sector(5, 30, 1, 1)
    found = dea_interval(X, Y, rts="crs", method="bootstrap", replicates=50)
    assert (found.bootstrap >= found.score[:, None] - 1e-9).all()  # resampled distances are 1 or more
    assert (found.bias > 0).all()
    assert_allclose(found.unbiased, 1 / (2 / found.score - (1 / found.bootstrap).mean(axis=1)))
    assert_array_equal((found.corrected == found.score) | (found.corrected == found.unbiased), True)
    lazy = dea_interval(X, Y, rts="crs", replicates=50)
    assert_allclose(lazy.bias, found.bias)


def test_bandwidth_leaves_the_frontier_out():
    # beyond 1: 1.2, 1.4; reflected 0.6, 0.8, 1.2, 1.4: sd = sqrt((0.16 + 0.04) * 2 / 3) = 0.3651,
    # quartiles 0.75 and 1.25, so IQR / 1.34 = 0.3731; 0.9 * 0.3651 * 4^-0.2 = 0.2490;
    # times (4/5)^0.2 = 0.9564, times sd(1, 1, 1, 1.2, 1.4) / 0.3651 = 0.1789 / 0.3651
    assert bandwidth(np.array([1, 1, 1, 1.2, 1.4])) == pytest.approx(0.2490 * 0.9564 * 0.1789 / 0.3651, rel=1e-3)
    assert bandwidth(np.ones(5)) == 0


def test_refused():
    for wrong in ({"method": "naive"}, {"level": 1.0}, {"replicates": 1}, {"keys": [1, 1, 2]}, {"exponent": 1.5}):
        with pytest.raises(ValueError, match=r"."):
            dea_interval([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], **wrong)


@pytest.mark.slow
def test_subsampling_covers_where_the_bootstrap_does_not():
    """Curved technology, 1 input, 2 outputs, no noise, n = 40: methods.md has 0.95 and 0.62."""
    covered, naive = [], []
    for seed in range(24):
        rng = np.random.default_rng(1000 + seed)
        angle, true = rng.uniform(0.05, np.pi / 2 - 0.05, 40), np.exp(-np.abs(rng.normal(0, 0.25, 40)))
        size = rng.uniform(1, 10, 40)
        Y = size[:, None] ** 0.5 * np.column_stack([np.cos(angle), np.sin(angle)])
        X = (Y**2).sum(axis=1) / true  # frontier: x = y1^2 + y2^2, convex
        for method, found in (("subsampling", covered), ("bootstrap", naive)):
            interval = dea_interval(X, Y, replicates=200, method=method, seed=seed)
            found.append(((interval.lo <= true) & (true <= interval.hi)).mean())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.04)
    assert np.mean(naive) < 0.8
