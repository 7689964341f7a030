"""Random effects: least squares without lasting differences, the closed form with them, on simulated panels."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.cost_frontier import panel_frontier
from pipelines.methods.cost_panel import decay_frontier, decay_likelihood, random_effects


def panel(lasting: float, bodies: int = 60, years: int = 4):
    """ln C = 1 + 0.8 ln y + lasting difference + noise of sd 0.1."""
    rng = np.random.Generator(np.random.Philox(key=[3, 11]))
    body = np.repeat(np.arange(bodies), years)
    volume = rng.normal(0, 1, bodies)[body] + rng.normal(0, 0.2, len(body))
    y = 1 + 0.8 * volume + rng.normal(0, lasting, bodies)[body] + rng.normal(0, 0.1, len(body))
    return y, np.column_stack([np.ones(len(body)), volume]), body


def test_the_answer_is_that_of_the_whole_covariance_matrix():
    # Independent check: beta = (X' V^-1 X)^-1 X' V^-1 y, V = sigma_e^2 I + sigma_b^2 for rows of one body.
    y, x, body = panel(0.3)
    found = random_effects(y, x, body)
    covariance = found.sigma_e**2 * np.eye(len(y)) + found.sigma_b**2 * (body[:, None] == body[None, :])
    inverse = np.linalg.inv(covariance)
    expected = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y)
    assert found.coefficients == pytest.approx(expected, abs=1e-10)


def test_the_same_holds_when_bodies_have_different_numbers_of_years():
    y, x, body = panel(0.3)
    keep = np.arange(len(y)) % 7 != 3
    y, x, body = y[keep], x[keep], body[keep]
    found = random_effects(y, x, body)
    covariance = found.sigma_e**2 * np.eye(len(y)) + found.sigma_b**2 * (body[:, None] == body[None, :])
    inverse = np.linalg.inv(covariance)
    assert found.coefficients == pytest.approx(np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y), abs=1e-10)


def test_it_recovers_what_was_put_in():
    # 60 bodies: the spread between them is known to about 0.3 / sqrt(120) = 0.03, the slope to about 0.03.
    found = random_effects(*panel(0.3))
    assert (found.sigma_e, found.sigma_b) == (pytest.approx(0.1, abs=0.015), pytest.approx(0.3, abs=0.09))
    assert found.coefficients[1] == pytest.approx(0.8, abs=0.09)


def test_without_lasting_differences_it_is_ordinary_least_squares():
    # Means that vary less than noise alone would make them: each body's noise sums to 0.
    y, x, body = panel(0.0)
    noise = y - 1 - 0.8 * x[:, 1]
    y = y - (np.bincount(body, noise) / 4)[body]
    found = random_effects(y, x, body)
    assert found.sigma_b == 0
    assert found.coefficients == pytest.approx(np.linalg.lstsq(x, y, rcond=None)[0], abs=1e-12)


def test_one_row_a_body_is_too_few():
    with pytest.raises(ValueError, match="too few"):
        random_effects([1.0, 2.0, 3.0], [[1.0, 1.0], [1.0, 2.0], [1.0, 4.0]], ["a", "b", "c"])


def decaying(decay: float, bodies: int = 80, years: int = 5):
    """ln C = 1 + 0.8 ln y + u exp(decay (T - t)) + noise of sd 0.05, u half-normal of sd 0.3."""
    rng = np.random.Generator(np.random.Philox(key=[3, 12]))
    body, time = np.repeat(np.arange(bodies), years), np.tile(np.arange(years), bodies)
    volume, u = rng.normal(0, 1, len(body)), np.abs(rng.normal(0, 0.3, bodies))
    y = 1 + 0.8 * volume + u[body] * np.exp(decay * (years - 1 - time)) + rng.normal(0, 0.05, len(body))
    return y, np.column_stack([np.ones(len(body)), volume]), body, time


def test_without_decay_the_likelihood_is_that_of_lasting_inefficiency():
    y, x, body, time = decaying(0.0)
    lasting = panel_frontier(y, x, [f"{b:03}" for b in body], kind="invariant")
    point = np.r_[lasting.coefficients, np.log([lasting.sigma_u, lasting.sigma_v]), 0.0]
    value, centre, _ = decay_likelihood(point, y, x, body, (4 - time).astype(float))
    assert value == pytest.approx(lasting.log_likelihood, rel=1e-9)
    assert len(centre) == 80


def test_the_decay_put_in_is_found():
    y, x, body, time = decaying(0.2)
    found = decay_frontier(y, x, [f"{b:03}" for b in body], time)
    assert found.decay == pytest.approx(0.2, abs=0.03)
    assert found.sigma_u == pytest.approx(0.3, abs=0.08)  # 80 draws: about 0.3 / sqrt(160) = 0.024
    lasting = panel_frontier(y, x, [f"{b:03}" for b in body], kind="invariant")
    assert found.log_likelihood > lasting.log_likelihood + 2  # one parameter more explains much more
