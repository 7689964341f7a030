"""Stochastic frontiers: densities integrate to one, parameters are recovered, wrong skew is said and not hidden."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from pipelines.methods.cost_frontier import (
    cost_frontier,
    half_normal,
    log_exponential,
    log_half_normal,
    moments,
    panel_frontier,
    truncated,
)


def sample(seed, bodies=150, years=1):
    rng = np.random.default_rng(seed)
    size = rng.normal(4, 1, bodies * years)
    design = np.column_stack([np.ones(bodies * years), size])
    return rng, design, 1 + 0.9 * size, np.repeat([f"{number:03}" for number in range(bodies)], years)


@pytest.mark.parametrize("density", [log_half_normal, log_exponential])
def test_densities_integrate_to_one_and_have_the_mean_of_u(density):
    total = quad(lambda e: np.exp(density(np.array(e), 0.3, 0.1)), -2, 6)[0]
    mean = quad(lambda e: e * np.exp(density(np.array(e), 0.3, 0.1)), -2, 6)[0]
    assert total == pytest.approx(1, abs=1e-7)
    assert mean == pytest.approx(0.3 * (np.sqrt(2 / np.pi) if density is log_half_normal else 1), abs=1e-6)


def test_conditional_moments_by_integration():
    # u given e is N(centre, width^2) cut at 0
    centre, width = -0.1, 0.2

    def weight(u):
        return np.exp(-0.5 * ((u - centre) / width) ** 2)

    total = quad(weight, 0, 3)[0]
    found = truncated(np.array([centre]), width, 0.9)
    assert found.mean[0] == pytest.approx(quad(lambda u: u * weight(u), 0, 3)[0] / total, rel=1e-8)
    assert found.efficiency[0] == pytest.approx(quad(lambda u: np.exp(-u) * weight(u), 0, 3)[0] / total, rel=1e-8)
    inside = quad(weight, -np.log(found.hi[0]), -np.log(found.lo[0]))[0] / total
    assert inside == pytest.approx(0.9, abs=1e-8)


def test_far_residuals_stay_finite():
    found = half_normal(np.array([-8.0, 8.0]), 0.3, 0.05)
    assert np.isfinite(found.mean).all()
    assert ((found.efficiency > 0) & (found.efficiency <= 1)).all()
    with pytest.raises(ValueError, match="spread"):
        half_normal([0.1], 0.3, 0.0)


def test_recovers_a_half_normal_frontier():
    rng, design, line, _ = sample(1, 600)
    u = np.abs(rng.normal(0, 0.3, 600))
    found = cost_frontier(line + u + rng.normal(0, 0.1, 600), design)
    assert found.detectable
    assert found.enough
    assert_allclose(found.coefficients, [1, 0.9], atol=0.05)
    assert_allclose([found.sigma_u, found.sigma_v], [0.3, 0.1], atol=0.05)
    assert np.corrcoef(found.inefficiency.mean, u)[0, 1] > 0.85
    assert ((found.inefficiency.lo <= found.inefficiency.efficiency) & (found.inefficiency.hi <= 1)).all()


def test_recovers_an_exponential_frontier():
    rng, design, line, _ = sample(2, 600)
    found = cost_frontier(
        line + rng.exponential(0.2, 600) + rng.normal(0, 0.1, 600), design, distribution="exponential"
    )
    assert_allclose([found.sigma_u, found.sigma_v], [0.2, 0.1], atol=0.04)


def test_wrong_skew_is_no_detectable_inefficiency():
    rng, design, line, _ = sample(3, 80)
    found = cost_frontier(line - np.abs(rng.normal(0, 0.3, 80)), design)
    assert not found.detectable
    assert found.sigma_u == 0
    assert (found.inefficiency.efficiency == 1).all()
    assert not cost_frontier(line[:30] + rng.normal(0, 0.1, 30), design[:30]).enough


def test_panels_count_permanent_differences_as_all_or_nothing():
    rng, design, line, body = sample(4, 100, 4)
    lasting = np.repeat(np.abs(rng.normal(0, 0.3, 100)), 4)
    cost = line + lasting + rng.normal(0, 0.08, 400)
    everything = panel_frontier(cost, design, body, kind="invariant")
    assert everything.sigma_u == pytest.approx(0.3, abs=0.06)
    assert np.corrcoef(everything.inefficiency.mean, lasting[::4])[0, 1] > 0.95
    nothing = panel_frontier(cost, design, body, kind="true-random")
    assert nothing.sigma_w > 0.1
    assert nothing.inefficiency.efficiency.mean() > everything.inefficiency.efficiency.mean()


def test_true_random_effects_are_told_from_inefficiency():
    rng, design, line, body = sample(5, 150, 4)
    cost = line + np.abs(rng.normal(0, 0.3, 600)) + rng.normal(0, 0.1, 600) + np.repeat(rng.normal(0, 0.2, 150), 4)
    found = panel_frontier(cost, design, body, kind="true-random")
    assert_allclose([found.sigma_u, found.sigma_v, found.sigma_w], [0.3, 0.1, 0.2], atol=0.06)


def test_refused():
    with pytest.raises(ValueError, match="positive"):
        moments(0, 0.1)
    with pytest.raises(ValueError, match="distribution"):
        cost_frontier([1.0], [[1.0]], distribution="gamma")
    with pytest.raises(ValueError, match="kind"):
        panel_frontier([1.0], [[1.0]], ["a"], kind="decay")
    with pytest.raises(ValueError, match="finite"):
        cost_frontier([np.nan, 1.0], np.ones((2, 1)))
    assert moments(0.04, -0.1).sigma_u == 0
