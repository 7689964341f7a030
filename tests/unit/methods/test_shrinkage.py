"""Shrinkage solves its equation, refuses to judge the few, and recovers what made the data."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from pipelines.methods.shrinkage import shrink, usable_for


def left_side(tau2, y, s):
    w = 1 / (s**2 + tau2)
    return (w * (y - np.average(y, weights=w)) ** 2).sum()


def test_the_variance_solves_the_equation_as_a_root_finder_does():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        s = rng.uniform(0.1, 2, 30)
        y = rng.normal(5, 1, 30) + s * rng.normal(size=30)
        root = brentq(lambda t, y=y, s=s: left_side(t, y, s) - 29, 0, 100, xtol=1e-14)
        assert shrink(y, s).tau2 == pytest.approx(root, rel=1e-8)


def test_no_more_spread_than_chance_gives_everybody_the_mean():
    y, s = np.array([1.0, 1.1, 0.9, 1.0, 1.0]), np.full(5, 1.0)
    found = shrink(y, s)
    assert found.tau2 == 0
    assert_allclose(found.value, 1.0)
    assert_allclose(found.reliability, 0)
    assert_allclose(found.sd, 1 / np.sqrt(5))  # only the mean's own uncertainty is left
    assert_allclose(shrink(np.full(6, 2.0), np.ones(6)).value, 2.0)


def test_four_bodies_are_shown_as_they_are():
    found = shrink([1.0, 2.0, 3.0, 9.0], [0.1] * 4)
    assert_allclose(found.value, [1, 2, 3, 9])
    assert np.isnan(found.reliability).all()
    assert_allclose(found.hi - found.value, 1.959964 * 0.1, rtol=1e-6)


def test_absent_and_unreliable_values_do_not_move_the_mean():
    rng = np.random.default_rng(1)
    y, s = rng.normal(size=12), np.full(12, 0.3)
    alone = shrink(y, s)
    more = shrink(np.append(y, [np.nan, 40.0]), np.append(s, [0.3, 5.0]), status=["ok"] * 13 + ["small"])
    assert more.tau2 == alone.tau2
    assert_allclose(more.value[:12], alone.value)
    assert more.status[12:].tolist() == ["missing", "small"]
    assert np.isnan(more.value[12])
    assert more.value[13] < 40.0 / 2  # drawn in all the same, and far


def test_a_regression_on_context_by_weighted_least_squares():
    rng = np.random.default_rng(2)
    z, s = rng.normal(size=40), rng.uniform(0.2, 0.5, 40)
    y = 1 + 2 * z + rng.normal(0, 0.4, 40) + s * rng.normal(size=40)
    found = shrink(y, s, z)
    w = 1 / (s**2 + found.tau2)
    slope, level = np.polyfit(z, y, 1, w=np.sqrt(w))
    assert_allclose(found.mu, level + slope * z)
    assert (w * (y - found.mu) ** 2).sum() == pytest.approx(40 - 2)
    assert found.tau2 < shrink(y, s).tau2


def test_reliability_in_words():
    assert usable_for([0.7, 0.69, 0.4, 0.39, np.nan]).tolist() == ["individual", "grouped", "grouped", "none", "none"]


def test_noise_is_needed():
    with pytest.raises(ValueError, match="standard error"):
        shrink([1.0] * 5, [0.0] * 5)


def test_coverage_of_the_displayed_interval():
    rng, hits = np.random.default_rng(3), []
    for _ in range(200):
        true, s = rng.normal(0, 1, 30), rng.uniform(0.3, 1.5, 30)
        found = shrink(true + s * rng.normal(size=30), s)
        hits.append(np.mean((found.lo <= true) & (true <= found.hi)))
    assert 0.90 <= np.mean(hits) <= 0.98
