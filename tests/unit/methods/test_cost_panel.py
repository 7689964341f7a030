"""Random effects: least squares without lasting differences, the closed form with them, on simulated panels."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.cost_panel import random_effects


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
