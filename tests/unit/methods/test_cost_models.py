"""Modelled cost: recovery of a known model, the tests that admit it, and dropping bodies by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.cost_models import cost_model, diagnose, drop_one, inflation, reset_p, skewness


def panel(seed, bodies=40, years=3, noise=0.05, bend=0.0):
    """Cost = exp(1 + 0.9 ln y + 0.3 z + bend (ln y)^2 + noise), y and z known."""
    rng = np.random.default_rng(seed)
    body = np.repeat([f"b{number:02}" for number in range(bodies)], years)
    volume = np.exp(rng.normal(3, 1, bodies * years))
    context = rng.normal(0, 1, bodies * years)
    logs = 1 + 0.9 * np.log(volume) + 0.3 * context + bend * np.log(volume) ** 2
    return np.exp(logs + rng.normal(0, noise, bodies * years)), volume, context, body, np.tile(["1", "2", "3"], bodies)


def test_recovers_the_coefficients_and_passes():
    cost, volume, context, body, year = panel(1)
    found = cost_model(cost, volume, context, body=body, period=year)
    assert_allclose(found.coefficients, [1, 0.9, 0.3, 0, 0], atol=0.04)
    assert found.diagnostics.passed
    assert found.diagnostics.predictive_r2 > 0.98
    assert_allclose(np.log(cost) - np.log(found.modelled), found.residual)


def test_ratio_is_pooled_over_periods_and_the_factor_never_exceeds_one():
    cost, volume, context, body, year = panel(2)
    cost[body == "b07"] *= 1.5
    found = cost_model(cost, volume, context, body=body, period=year)
    rows = body == "b07"
    assert found.ratio[7] == pytest.approx(cost[rows].sum() / found.modelled[rows].sum())
    assert found.quartile == pytest.approx(np.quantile(found.ratio, 0.25))
    assert found.factor == min(1, found.quartile)
    assert found.bodies[7] == "b07"


def test_units_change_the_constant_and_nothing_else():
    cost, volume, context, body, year = panel(3)
    first = cost_model(cost, volume, context, body=body, period=year)
    other = cost_model(cost / 1000, volume * 7, context, body=body, period=year)
    assert_allclose(other.ratio, first.ratio)
    assert_allclose(other.coefficients[1:], first.coefficients[1:])


def test_rows_without_figures_are_left_out():
    cost, volume, context, body, year = panel(4)
    cost[5], volume[9], context[11] = np.nan, 0, np.nan
    found = cost_model(cost, volume, context, body=body, period=year)
    assert np.setdiff1d(np.arange(120), found.used).tolist() == [5, 9, 11]
    assert np.isnan(found.residual[[5, 9, 11]]).all()
    with pytest.raises(ValueError, match="too few"):
        cost_model([1.0, 2.0], [1.0, 2.0], body=["a", "b"])
    with pytest.raises(ValueError, match="expected 2 rows"):
        cost_model([1.0, 2.0], [1.0], body=["a", "b"])


def test_each_fault_has_its_name():
    cost, volume, context, body, year = panel(5, bend=0.1)
    assert "reset" in cost_model(cost, volume, context, body=body, period=year).diagnostics.failed
    cost, volume, context, body, year = panel(6)
    twin = np.column_stack([volume, volume * np.exp(np.random.default_rng(0).normal(0, 0.01, 120))])
    assert "vif" in cost_model(cost, twin, context, body=body, period=year).diagnostics.failed
    assert "elasticities" in cost_model(cost, 1 / volume, body=body).diagnostics.failed
    assert "rows" in cost_model(cost[:12], volume[:12], context[:12], body=body[:12]).diagnostics.failed


def test_leaving_bodies_out_agrees_with_fitting_again():
    cost, volume, *_ = panel(7, bodies=8)
    design = np.column_stack([np.ones(24), np.log(volume)])
    target, place = np.log(cost), np.repeat(np.arange(8), 3)
    beta = np.linalg.lstsq(design, target, rcond=None)[0]
    without, outside = drop_one(design, target - design @ beta, beta, place)
    for number in range(8):
        keep = place != number
        again = np.linalg.lstsq(design[keep], target[keep], rcond=None)[0]
        assert_allclose(without[number], again, rtol=1e-9)
        assert_allclose(outside[~keep], target[~keep] - design[~keep] @ again, rtol=1e-8)
    assert diagnose(design, target, place, 1).stable


def test_small_statistics():
    assert skewness(np.array([-1.0, 0, 1])) == 0
    assert skewness(np.array([0.0, 0, 3])) == pytest.approx(2 / 2**1.5)  # centred -1, -1, 2: m3 = 2, m2 = 2
    # two drivers with correlation r inflate by 1/(1 - r^2): here r = 0.8
    first, second = np.array([1.0, -1, 0, 0]), np.array([0.8, -0.8, 0.6, -0.6])
    assert inflation(np.column_stack([first, second])) == pytest.approx(1 / (1 - 0.64))
    assert inflation(np.column_stack([first, first])) == np.inf
    assert np.isnan(reset_p(np.ones((3, 1)), np.array([1.0, 2, 3])))
