"""Estimates of effects have no favourite unit or order, find nothing where nothing happened, and add up by stage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.methods.did import effect
from pipelines.methods.did_leads import leads
from pipelines.methods.did_stages import in_money, stage_effects
from pipelines.methods.interrupted import interrupted
from pipelines.methods.power_design import detectable, detectable_simulated
from pipelines.methods.staggered import by_cohort, by_event, group_time, overall
from pipelines.methods.synthetic import placebo, simplex_weights, synthetic_control
from pipelines.methods.twoway import two_way

SEEDS = st.integers(0, 10**6)
SCALES = st.sampled_from([1e-3, 0.37, 12.0, 1e6])
TREATED = np.arange(8) < 3
FIRST = np.array([3, 3, 5, 0, 0, 0, 0, 0])


def panel(seed, bodies=8, periods=6):
    return 100 + np.random.default_rng(seed).normal(size=(bodies, periods)).cumsum(axis=1)


@settings(max_examples=40, deadline=None)
@given(SEEDS, SCALES)
def test_the_unit_scales_the_effect_and_leaves_its_rarity(seed, scale):
    y = panel(seed)
    one, other = effect(y, TREATED, 3), effect(scale * y, TREATED, 3)
    sized = ["effect", "se", "lo", "hi", "p_lo", "p_hi"]
    assert_allclose([getattr(other, key) for key in sized], [scale * getattr(one, key) for key in sized], rtol=1e-6)
    assert (one.p, one.df) == (other.p, pytest.approx(other.df))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.permutations(range(8)))
def test_the_order_of_bodies_says_nothing(seed, order):
    y, order = panel(seed), np.array(order)
    assert_allclose(effect(y, TREATED, 3), effect(y[order], TREATED[order], 3), rtol=1e-9)
    assert_allclose(leads(y, TREATED, 3).half, leads(y[order], TREATED[order], 3).half, rtol=1e-9, atol=1e-9)
    assert_allclose(overall(group_time(y, FIRST)).effect, overall(group_time(y[order], FIRST[order])).effect, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.permutations(range(5)), SCALES)
def test_a_mixture_follows_its_donors_and_their_unit(seed, order, scale):
    y, order = panel(seed, 6, 12), list(order)
    one, other = synthetic_control(y[0], y[1:], 8), synthetic_control(scale * y[0], scale * y[1:][order], 8)
    assert_allclose(one.weights[order], other.weights, atol=1e-7)
    assert_allclose(other.gaps, scale * one.gaps, atol=1e-6 * scale)
    assert placebo(y[0], y[1:], 8).p == placebo(scale * y[0], scale * y[1:][order], 8).p


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from([0.0, -4.0, 0.5]))
def test_what_was_put_in_is_found_and_nothing_else(seed, put_in):
    # Every body moves alike; the project moves some of them by the same amount.
    y = np.random.default_rng(seed).normal(50, 9, (8, 1)) + panel(seed, 1)
    after = np.arange(6) >= 3
    found = effect(y + put_in * TREATED[:, None] * after, TREATED, 3)
    assert_allclose([found.effect, found.lo, found.hi], put_in, atol=1e-9)
    assert found.p == (1.0 if put_in == 0 else pytest.approx(1 / 56))  # 8 choose 3
    started = (FIRST[:, None] > 0) & (np.arange(1, 7) >= FIRST[:, None])
    cohorts = group_time(y + put_in * started, FIRST)
    assert_allclose(by_cohort(cohorts).effect, put_in, atol=1e-9)
    assert_allclose(by_event(cohorts).effect, np.where(by_event(cohorts).at >= 0, put_in, 0), atol=1e-9)
    assert_allclose(two_way(y + put_in * started, FIRST).effect, put_in, atol=1e-9)
    mixed = synthetic_control(y[0] + put_in * after, y[1:], 3)
    assert_allclose(mixed.gaps, put_in * after, atol=1e-6)


def test_a_body_like_its_donors_is_never_rare():
    y = np.tile(panel(1, 1), (5, 1))
    assert placebo(y[0], y[1:], 3).p == 1.0
    assert synthetic_control(y[0], y[1:], 3).poor is False


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_stage_effects_and_their_errors_add_up(seed):
    factors = np.random.default_rng(seed).uniform(0.5, 9, (8, 6, 3))
    found = stage_effects(factors, TREATED, 3)
    whole = effect(np.log(factors.prod(axis=2)), TREATED, 3)
    assert_allclose([found.beta.sum(), found.total], whole.effect, atol=1e-12)
    assert_allclose([found.se[0], np.sqrt(found.cov.sum())], whole.se, rtol=1e-9)
    assert (found.p[0], found.lo[0]) == (whole.p, pytest.approx(whole.lo))
    assert_allclose(in_money(found.beta, 500.0).sum(), 500 - 500 * np.exp(-found.total), rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_no_mixture_on_a_grid_is_nearer(seed):
    own, *others = np.random.default_rng(seed).normal(size=(4, 5))
    weights = simplex_weights(own, others)
    assert weights.min() >= 0 and weights.sum() == pytest.approx(1)
    grid = np.array([(a, b, 50 - a - b) for a in range(51) for b in range(51 - a)]) / 50
    best = ((own - grid @ np.array(others)) ** 2).sum(axis=1).min()
    assert ((own - weights @ np.array(others)) ** 2).sum() <= best + 1e-12


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_two_way_is_its_weights_on_the_cells(seed):
    # Dummies written out give the coefficient; a panel that holds only effects gives their weighted sum.
    y, started = panel(seed), (FIRST[:, None] > 0) & (np.arange(1, 7) >= FIRST[:, None])
    found = two_way(y, FIRST)
    bodies, periods = np.repeat(np.eye(8), 6, axis=0), np.tile(np.eye(6), (8, 1))
    written = np.linalg.lstsq(np.column_stack([started.ravel(), bodies, periods]), y.ravel(), rcond=None)[0][0]
    assert_allclose(found.effect, written, atol=1e-9)
    cells = np.random.default_rng(seed).normal(size=y.shape) * started
    assert_allclose(two_way(cells, FIRST).effect, (found.weights * cells).sum(), atol=1e-12)
    assert found.weights.sum() == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(SEEDS, SCALES, st.sampled_from([0, 1]))
def test_an_interrupted_line_is_found_in_any_unit(seed, scale, lags):
    level, slope, step, bend = np.random.default_rng(seed).normal(size=4)
    t = np.arange(24.0)
    line = level + slope * t + (step + bend * (t - 14)) * (t >= 14)
    noise = np.random.default_rng(seed + 1).normal(0, 0.1, 24)
    assert_allclose(interrupted(line, 14, lags=lags)[:4], [level, slope, step, bend], atol=1e-8)
    one, other = (interrupted(k * (line + noise), 14, lags=lags) for k in (1.0, scale))
    assert_allclose(other[:4], scale * np.array(one[:4]), rtol=1e-5, atol=1e-7 * scale)
    assert other.rho == pytest.approx(one.rho, abs=1e-6)


def test_without_carry_over_the_simulation_agrees_with_the_formula():
    past = np.random.default_rng(5).normal(0, 0.04, (60, 80))
    # 59 controls, four periods on either side: 2.8 x 0.04 x sqrt((1 + 1/59) / 2) = 0.0799
    assert detectable_simulated(past, 1, 4, 4) == pytest.approx(detectable(0.04, 1, 59, 4, 4), rel=0.08)
    assert detectable_simulated(past.cumsum(axis=1), 1, 4, 4) > 2 * detectable(0.04, 1, 59, 4, 4)
