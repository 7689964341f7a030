"""Schemes on random sectors: one total, no cap passed, no unit; menus pay the truth; power and thresholds work."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.scenarios.acceptance import envy
from pipelines.scenarios.behaviour import RULES, Assumptions, chance, paths
from pipelines.scenarios.compare import benchmark_cuts
from pipelines.scenarios.menu import Menu, misreporting_loss, truth_telling
from pipelines.scenarios.windfall import false_payment, windfall

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


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(sorted(RULES)))
def test_paths_never_close_more_than_the_gap_nor_lose_without_a_hard_ceiling(seed, scheme):
    _, gaps, _, cap = sector(seed, 4)
    met = chance(np.array(["a", "b", "c", "d"]), gaps, 5, 40, Assumptions(), seed=seed)
    found = paths(scheme, np.minimum(gaps, cap), np.full(5, 0.2), met, Assumptions())
    assert (found.planned >= 1 - met.gap - 1e-12).all() and (found.planned <= 1 + 1e-12).all()
    assert (np.diff(found.planned, axis=0) <= 1e-12).all()
    assert (found.loss >= 0).all() and (found.saved >= 0).all()
    if RULES[scheme].shared:
        assert not found.loss.any()
    else:
        assert (found.cost <= found.ceiling + 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0, 0.4), st.floats(0.05, 0.6))
def test_more_power_never_costs_more(seed, weak, more):
    _, gaps, _, _ = sector(seed, 3)
    met = chance(np.array(["a", "b", "c"]), gaps, 5, 20, Assumptions(), seed=seed)
    low, high = (paths("G", gaps / 4, power, met, Assumptions()).planned for power in (weak, weak + more))
    assert (high <= low + 1e-12).all()


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 0.1), st.floats(0.001, 0.1), st.floats(0.05, 1))
def test_what_chance_pays_is_bounded_and_falls_with_the_threshold(sigma, msr, share):
    # No rule pays more than a share of every positive saving, whose mean is sigma/sqrt(2 pi).
    most = share * sigma / np.sqrt(2 * np.pi)
    above, notch, ramp = (float(windfall(sigma, msr, share, rule)) for rule in ("above", "notch", "ramp"))
    assert -1e-15 <= above <= notch <= ramp + 1e-15
    assert ramp <= most * (1 + 1e-9)
    for rule in ("above", "notch", "ramp"):
        assert windfall(sigma, 1.5 * msr, share, rule) <= windfall(sigma, msr, share, rule) + 1e-15
        assert false_payment(sigma, 1.5 * msr, rule) <= false_payment(sigma, msr, rule)
