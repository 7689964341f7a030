"""Convex fits: a general optimiser finds the same, parameters are recovered, wrong skew and bad tables are said."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from pipelines.methods.convex_fit import KKT
from pipelines.methods.stoned import stoned_cost, stoned_production


def sample(seed, n, m=1, k=0, noise=0.3, waste=0.8):
    """Output of a concave technology, a half-normal shortfall, and context with coefficients 1, 2, ..."""
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(1, 10, (n, m)), rng.normal(size=(n, k))
    best = 3 * np.exp(np.log(x).mean(axis=1)) ** 0.6 + z @ np.arange(1.0, k + 1)
    return best + rng.normal(0, noise, n) - np.abs(rng.normal(0, waste, n)), x, z


def by_slsqp(y, x, z):
    """Squares of the fit written out: n values, n m slopes, k coefficients, and n(n-1) conditions."""
    (n, m), k = x.shape, z.shape[1]
    i, j = (grid.ravel() for grid in np.where(~np.eye(n, dtype=bool)))
    rows = np.zeros((len(i), n + n * m + k))  # g_i + b_i (x_j - x_i) - g_j >= 0
    rows[np.arange(len(i)), i], rows[np.arange(len(i)), j] = 1, -1
    for column in range(m):
        rows[np.arange(len(i)), n + i * m + column] = x[j, column] - x[i, column]
    part = np.hstack([np.eye(n), np.zeros((n, n * m)), z])  # the fit, linear in the unknowns
    answer = minimize(
        lambda point: ((y - part @ point) ** 2).sum(),
        np.zeros(rows.shape[1]),
        jac=lambda point: -2 * part.T @ (y - part @ point),
        bounds=[(None, None)] * n + [(0, None)] * (n * m) + [(None, None)] * k,
        constraints={"type": "ineq", "fun": lambda point: rows @ point, "jac": lambda _: rows},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    return answer.fun, part @ answer.x


@pytest.mark.parametrize(("m", "k"), [(1, 0), (2, 0), (2, 1)])
def test_agrees_with_a_general_optimiser(m, k):
    y, x, z = sample(m + k, 9, m, k)
    found = stoned_production(y, x, z)
    squares, fitted = by_slsqp(y, x, z)
    assert found.ssr == pytest.approx(squares, rel=1e-6)
    assert_allclose(found.fitted, fitted, atol=1e-4)


def test_cost_is_production_with_both_signs_turned():
    cost, outputs, z = sample(3, 30, 2, 1)
    found, turned = stoned_cost(cost, outputs, z), stoned_production(-cost, -outputs, -z)
    assert_allclose(found.fitted, -turned.fitted)
    assert_allclose(found.slopes, turned.slopes)
    assert_allclose(found.context, turned.context)
    assert_allclose(found.frontier, -turned.frontier)
    assert_allclose(found.inefficiency, turned.inefficiency)


def test_spread_and_context_are_recovered():
    # u half-normal with sigma 1.5: mean 1.5 sqrt(2/pi) = 1.197; noise 0.3; z acts with 1 and 2
    found = stoned_production(*sample(1, 150, 1, 2, waste=1.5))
    assert found.detectable
    assert found.enough
    assert found.sigma_u == pytest.approx(1.5, rel=0.25)
    assert found.mean_inefficiency == pytest.approx(found.sigma_u * np.sqrt(2 / np.pi))
    assert_allclose(found.context, [1, 2], atol=0.25)
    assert found.kkt <= KKT


def test_wrong_skew_is_no_detectable_inefficiency():
    # The shortfall turned into a surplus: residuals lean up, so output shows no inefficiency.
    y, x, _ = sample(5, 60)
    found = stoned_production(2 * 3 * x[:, 0] ** 0.6 - y, x)
    assert not found.detectable
    assert found.sigma_v == pytest.approx(np.sqrt(found.m2))
    assert_allclose(found.frontier, found.fitted)
    assert not found.inefficiency.any()


def test_without_noise_the_distance_is_the_inefficiency():
    # Nineteen of twenty on a line, one far below: more lean than half-normal spread allows, so sigma_v is 0.
    x = np.arange(1.0, 21.0)[:, None]
    y = 2 * x[:, 0] - np.where(np.arange(20) == 9, 10.0, 0.0)
    found = stoned_production(y, x)
    assert found.sigma_v == 0
    assert_allclose(found.inefficiency, np.maximum(found.frontier - y, 0))


def test_a_concave_sector_is_fitted_exactly():
    x = np.array([[1.0], [4.0], [9.0], [9.0]])
    found = stoned_production(np.sqrt(x[:, 0]), x)
    assert_allclose(found.fitted, [1, 2, 3, 3])
    assert found.ssr < 1e-16
    assert not found.detectable


def test_three_hundred_bodies_meet_every_condition():
    assert stoned_production(*sample(8, 300, 2)).kkt <= KKT


def test_a_fit_with_nearly_as_many_rays_as_bodies_meets_every_condition():
    # A cost that falls short of convex everywhere, seen in twins: rays that nearly depend on each other.
    rng = np.random.default_rng(3)
    outputs = rng.lognormal(10, 1.2, (100, 2))
    cost = np.sqrt(outputs).sum(axis=1) * np.exp(rng.normal(0, 0.2, 100))
    some = rng.integers(0, 50, 100)
    assert stoned_cost(cost[some], outputs[some]).kkt <= KKT


@pytest.mark.parametrize(
    ("y", "x", "z", "words"),
    [
        ([1.0], [[1.0]], None, "2 to 300 bodies, not 1"),
        (np.ones(301), np.ones((301, 1)), None, "not 301"),
        ([1.0, np.nan], [[1.0], [2.0]], None, "complete rows"),
        ([1.0, np.inf], [[1.0], [2.0]], None, "infinite"),
        ([1.0, 2.0], [1.0, 2.0], None, r"columns \(n, m\)"),
        ([1.0, 2.0], np.empty((2, 0)), None, r"columns \(n, m\)"),
        ([1.0, 2.0], [[1.0], [2.0]], [[1.0]], "1 of context"),
    ],
)
def test_what_cannot_be_fitted_is_said(y, x, z, words):
    with pytest.raises(ValueError, match=words):
        stoned_production(y, x, z)
