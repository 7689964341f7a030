"""Ratios keep their status, money its base, and every unit cost has a standard error that can be checked by hand."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.indicators import (
    group_rate,
    log_se,
    nominal_terms,
    own_history_se,
    pooled_se,
    ratio,
    ratio_bounds,
    real_terms,
    smooth_index,
)


def test_a_denominator_of_zero_has_no_value_and_a_small_one_keeps_it():
    found = ratio([5.0, 5.0, 0.0, 5.0], [0.0, 10.0, 20.0, 50.0], 100)
    assert found.status.tolist() == ["zero_den", "small", "ok", "ok"]
    assert_allclose(found.value, [np.nan, 50.0, 0.0, 10.0])


def test_the_status_of_the_inputs_travels_and_stored_values_stay():
    found = ratio(
        [8.0, 8.0, np.nan, 8.0], [40.0, 40.0, 40.0, np.nan], status=["quarantined", "suppressed", "ok", "break"]
    )
    assert found.status.tolist() == ["quarantined", "suppressed", "missing", "missing"]
    assert_allclose(found.value, [0.2, np.nan, np.nan, np.nan])


def test_a_negative_or_infinite_denominator_is_refused():
    with pytest.raises(ValueError, match="negative"):
        ratio(1.0, -1.0)
    with pytest.raises(ValueError, match="infinite"):
        ratio(1.0, np.inf)


def test_bounds_of_a_suppressed_numerator():
    lo, hi = ratio_bounds(1, 4, 200, 200, 1000)  # 1/200 and 4/200 per thousand
    assert (lo, hi) == (5.0, 20.0)


def test_the_group_leaves_out_bodies_with_half_a_pair():
    found = group_rate([10.0, np.nan, 30.0, 7.0], [2.0, 5.0, 3.0, 0.0])
    assert (found.rate, found.typical, found.bodies) == (40 / 5, (5 + 10) / 2, 2)


def test_real_terms_and_back():
    cost, index = np.array([[100.0, 105.0], [50.0, np.nan]]), np.array([100.0, 105.0])
    real = real_terms(cost, index, 105.0)
    assert_allclose(real, [[105.0, 105.0], [52.5, np.nan]])
    assert_allclose(nominal_terms(real, index, 105.0), cost)
    with pytest.raises(ValueError, match="deflator"):
        real_terms(cost, [100.0, 0.0], 100.0)


def test_a_spike_is_smoothed_geometrically():
    assert_allclose(
        smooth_index([100.0, 150.0, 90.0, 125.0], [False, True, True, False])[1:3],
        100 * 1.25 ** np.array([1 / 3, 2 / 3]),
    )
    with pytest.raises(ValueError, match="neighbour"):
        smooth_index([100.0, 101.0], [False, True])


def test_own_history_by_plain_loops():
    rng = np.random.default_rng(1)
    rate = np.exp(rng.normal(3, 0.1, (4, 9)) + 0.05 * np.arange(9))
    rate[1, 3] = np.nan  # eight periods left, the gap bridged
    rate[2, 4:] = np.nan  # four periods: too few
    found = own_history_se(rate)
    for body in (0, 1, 3):
        t = [i for i in range(9) if not np.isnan(rate[body, i])]
        y = [float(np.log(rate[body, i])) for i in t]
        slope, level = np.polyfit(t, y, 1)
        left = [value - level - slope * time for value, time in zip(y, t, strict=True)]
        moves = [abs(b - a) for a, b in pairwise(left)]
        assert found[body] == pytest.approx(sum(moves) / len(moves) / 1.128)
    assert np.isnan(found[2])


def test_a_straight_line_or_constant_history_says_nothing_about_noise():
    rate = np.exp(np.vstack([0.03 * np.arange(8), np.zeros(8)]))
    assert np.isnan(own_history_se(rate)).all()


def test_pooled_residuals_of_a_complete_panel():
    # Two bodies, three periods: log r = body + period + (e, 0, -e) for the first, its negative for the second.
    e, logs = 0.3, np.add.outer([1.0, 2.0], [0.0, 0.1, 0.4])
    spread = np.array([[e, 0, -e], [-e, 0, e]])
    sd, freedom = pooled_se(np.exp(logs + spread))
    assert freedom == (2 - 1) * (3 - 1)
    # Four residuals of size e and two of 0: mean absolute 2e/3, six cells over two degrees of freedom.
    assert sd == pytest.approx(np.sqrt(np.pi / 2) * (2 * e / 3) * np.sqrt(6 / 2))


def test_pooled_residuals_with_gaps_equal_least_squares_with_dummies():
    rng = np.random.default_rng(2)
    rate = np.exp(rng.normal(size=(12, 5)))
    rate[rng.random(rate.shape) < 0.3] = np.nan
    rate[5] = np.nan  # a body never seen
    rate[:, 3] = np.nan  # a period never seen
    b, t = np.nonzero(~np.isnan(rate))
    design = np.hstack([np.eye(12)[b], np.eye(5)[t]])
    y = np.log(rate[b, t])
    fit, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    sd, freedom = pooled_se(rate)
    assert freedom == y.size - rank
    mean_absolute = np.abs(y - design @ fit).mean()
    assert sd == pytest.approx(np.sqrt(np.pi / 2) * mean_absolute * np.sqrt(y.size / (y.size - rank)))


def test_one_body_that_moved_does_not_widen_everybodys_interval():
    rng = np.random.default_rng(6)
    logs = rng.normal(0, 0.05, (80, 3))
    calm = pooled_se(np.exp(logs))[0]
    logs[0, 2] += 1.5  # four and a half times dearer in the last year
    # Squares would give sqrt(0.05^2 + 1.5^2 (2/3) / 158) = 0.11, more than twice as much.
    assert pooled_se(np.exp(logs))[0] < 1.4 * calm


def test_the_basis_says_where_the_standard_error_comes_from():
    rng = np.random.default_rng(3)
    rate = np.exp(rng.normal(0, 0.2, (6, 8)))
    rate[0, :5] = np.nan
    found = log_se(rate)
    assert found.basis.tolist() == ["pooled", *["own"] * 5]
    assert found.se[0] == found.pooled
    assert log_se(rate[:, :1]).basis.tolist() == ["none"] * 6  # one period: no freedom at all
    assert np.isnan(log_se(rate[:, :1]).se).all()


def test_a_stack_of_indicators_equals_one_at_a_time():
    rng = np.random.default_rng(4)
    rate = np.exp(rng.normal(0, 0.2, (3, 6, 7)))
    rate[rng.random(rate.shape) < 0.2] = np.nan
    together = log_se(rate)
    for i in range(3):
        assert_allclose(together.se[i], log_se(rate[i]).se)
        assert_allclose(together.pooled[i], log_se(rate[i]).pooled)


def test_both_standard_errors_recover_the_noise_that_made_them():
    rng = np.random.default_rng(5)
    rate = np.exp(rng.normal(0, 0.1, (2000, 12)) + 0.02 * np.arange(12))
    assert np.mean(own_history_se(rate)) == pytest.approx(0.1, rel=0.02)
    assert pooled_se(rate)[0] == pytest.approx(0.1, rel=0.02)
