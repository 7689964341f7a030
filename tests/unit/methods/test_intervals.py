"""Intervals agree with SciPy, with the definition of the exact limits, and cover as often as they say."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from pipelines.methods.intervals import count_ci, dsr_ci, indirect_ci, prop_ci, unit_cost_ci


def test_exact_limits_solve_their_definition():
    # At the lower limit a count of 5 or more has probability 2.5 %; at the upper limit, 5 or fewer.
    found = count_ci(5.0)
    assert stats.poisson.sf(4, found.lo) == pytest.approx(0.025)
    assert stats.poisson.cdf(5, found.hi) == pytest.approx(0.025)


def test_byar_begins_at_ten_and_is_close_to_exact():
    found = count_ci([9.0, 10.0, 400.0])
    exact = stats.chi2.ppf(0.025, 2 * found.value) / 2, stats.chi2.ppf(0.975, 2 * found.value + 2) / 2
    assert found.lo[0] == pytest.approx(exact[0][0], rel=1e-12)
    assert_allclose([found.lo[1:], found.hi[1:]], [exact[0][1:], exact[1][1:]], rtol=3e-3)
    assert abs(found.lo[1] / exact[0][1] - 1) > 1e-6  # so Byar it is


@pytest.mark.parametrize(("x", "n"), [(0, 7), (3, 7), (7, 7), (18, 20), (250, 1000)])
def test_wilson_equals_scipy(x, n):
    found, other = prop_ci(x, n), stats.binomtest(x, n).proportion_ci(method="wilson")
    assert_allclose([found.lo, found.hi], [other.low, other.high], atol=1e-12)


def test_absent_empty_and_impossible_proportions():
    found = prop_ci([np.nan, 0.0], [5.0, 0.0])
    assert found.status.tolist() == ["missing", "zero_den"]
    assert np.isnan([found.value, found.lo, found.hi]).all()
    with pytest.raises(ValueError, match="more events than cases"):
        prop_ci(3, 2)
    with pytest.raises(ValueError, match="negative"):
        count_ci(-1.0)
    with pytest.raises(ValueError, match="level"):
        count_ci(1.0, 1.0)


def test_unit_costs_are_symmetrical_in_logs():
    found = unit_cost_ci([350.0, 0.0, 350.0], [0.1, 0.1, np.nan])
    assert_allclose([found.lo[0], found.hi[0]], 350 * np.exp([-0.1959964, 0.1959964]), rtol=1e-7)
    assert np.isnan(found.lo[1:]).all()


def test_a_standardised_rate_from_under_ten_events_is_suppressed():
    found = dsr_ci([[4, 5], [5, 5]], [1000, 1000], [1, 1], 1000)
    assert found.status.tolist() == ["suppressed", "ok"]
    assert_allclose(found.value, [np.nan, 5.0])
    with pytest.raises(ValueError, match="population"):
        dsr_ci([1, 2], [0, 5], [1, 1])


def test_repeat_events_widen_by_the_root_of_the_dispersion():
    once, twice = (dsr_ci([20, 30], [1000, 900], [1, 2], dispersion=d) for d in (1.0, 4.0))
    assert twice.hi - twice.value == pytest.approx(2 * (once.hi - once.value))


def test_one_stratum_of_weight_one_is_the_count_itself():
    found, count = dsr_ci([40], [1000], [1], 1000), count_ci(40.0)
    assert_allclose([found.lo, found.hi], [count.lo, count.hi])


def test_nothing_expected_gives_no_ratio():
    assert indirect_ci([3.0], [0.0]).status.tolist() == ["zero_den"]


@pytest.mark.parametrize("mean", [4.0, 40.0])
def test_coverage_of_counts(mean):
    found = count_ci(np.random.default_rng(1).poisson(mean, 4000).astype(float))
    assert 0.94 <= np.mean((found.lo <= mean) & (mean <= found.hi)) <= 0.99  # exact limits are a little too wide


def test_coverage_of_proportions():
    found = prop_ci(np.random.default_rng(2).binomial(60, 0.3, 4000), 60)
    assert 0.93 <= np.mean((found.lo <= 0.3) & (found.hi >= 0.3)) <= 0.97
