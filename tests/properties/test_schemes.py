"""Schemes on random sectors: one total, no cap passed, no order, no unit; menus pay the truth."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.scenarios.acceptance import envy
from pipelines.scenarios.compare import benchmark_cuts
from pipelines.scenarios.menu import Menu, misreporting_loss, truth_telling

SEEDS = st.integers(0, 10**6)
MENUS = st.builds(
    Menu,
    s0=st.floats(0.1, 0.7),
    kappa=st.floats(0.001, 0.02),
    omega=st.floats(0, 1),
    A0=st.floats(90, 120),
    I0=st.floats(-5, 5),
)


def sector(seed, n=9):
    rng = np.random.default_rng(seed)
    return rng.lognormal(3, 1, n), rng.uniform(0, 0.3, n), rng.uniform(0.01, 0.15), rng.uniform(0.02, 0.3)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_total_is_given_or_said_to_be_out_of_reach(seed):
    budgets, gaps, required, cap = sector(seed)
    found = benchmark_cuts(budgets, gaps, required, cap)
    assert (found.cut <= np.minimum(gaps, cap) + 1e-12).all()
    assert_allclose(found.cut @ budgets + found.shortfall, required * budgets.sum(), rtol=1e-9)
    assert found.feasible == (np.minimum(gaps, cap) @ budgets >= required * budgets.sum())


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from([1e-3, 1e6]))
def test_no_unit_no_order_and_draws_agree_with_one_at_a_time(seed, factor):
    budgets, gaps, required, cap = sector(seed)
    order = np.random.default_rng(seed).permutation(gaps.size)
    cut = benchmark_cuts(budgets, gaps, required, cap).cut
    assert_allclose(benchmark_cuts(factor * budgets, gaps, required, cap).cut, cut, rtol=1e-9)
    assert_allclose(benchmark_cuts(budgets[order], gaps[order], required, cap).cut, cut[order], rtol=1e-9)
    assert_allclose(benchmark_cuts(budgets, [gaps, gaps / 2], required, cap).cut[0], cut, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_one_rule_for_all_leaves_no_envy(seed):
    budgets, gaps, required, cap = sector(seed)
    assert not envy(benchmark_cuts(budgets, gaps, required, cap).cut, gaps, ["one"] * gaps.size).envious.any()


@settings(max_examples=80, deadline=None)
@given(MENUS, st.floats(60, 180), st.floats(-200, 200))
def test_no_forecast_beats_the_truth(menu, cost, forecast):
    low, high = menu.domain
    assert misreporting_loss(menu, forecast, cost) >= -1e-9
    if low <= cost - 100 <= high and low <= forecast <= high:
        wanted = menu.kappa * (forecast - (cost - 100)) ** 2 / 2
        assert_allclose(misreporting_loss(menu, forecast, cost), wanted, atol=1e-8)
    assert truth_telling(menu, [cost], np.linspace(-100, 100, 41)).holds
