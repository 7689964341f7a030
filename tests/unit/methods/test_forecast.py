"""Forecasts follow their formulas, weigh models by what they would have said, and know when it is too early."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import stdtr

from pipelines.methods.calibration import calibration
from pipelines.methods.draws import generator
from pipelines.methods.forecast import FAN, call, forecast, mixture_quantiles, verbal, weigh
from pipelines.methods.forecast_models import Predicted, admitted, cdf, crps, damped_holt, trend
from pipelines.methods.forecast_scale import unpassed

Y = np.array([362.0, 360, 355, 357, 349, 346, 344, 338])


def test_trend_against_the_normal_equations():
    y = np.random.default_rng(0).normal(50, 3, 11)
    X = np.array([[1.0, t] for t in range(11)])
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ y
    s2 = ((y - X @ beta) ** 2).sum() / 9
    found = trend(y, 5)
    for h in range(5):
        x0 = np.array([1.0, 11 + h])
        assert_allclose(found.centre[h], x0 @ beta)
        assert_allclose(found.scale[h], np.sqrt(s2 * (1 + x0 @ inverse @ x0)))
    assert found.df == 9


def test_damped_holt_flattens_out():
    y = 100 - 2 * np.arange(20.0) + generator("test", "holt").normal(0, 0.2, 20)
    found = damped_holt(y, 12)
    steps = np.diff(found.centre)
    assert (steps < 0).all()
    assert abs(steps[-1]) < abs(steps[0])
    assert (np.diff(found.scale) > 0).all()


def test_crps_against_its_integral():
    found = Predicted(np.array([2.0]), np.array([1.5]), 7)
    for seen in (-1.0, 2.0, 6.5):
        below = quad(lambda x: stdtr(7, (x - 2) / 1.5) ** 2, -60, seen)[0]
        above = quad(lambda x: stdtr(7, -(x - 2) / 1.5) ** 2, seen, 64)[0]
        assert_allclose(crps(found, np.array([seen]))[0], below + above, rtol=1e-4)


def test_quantiles_of_a_mixture_invert_its_distribution():
    near = Predicted(np.array([0.0, 1]), np.array([1.0, 2]), 6)
    members = [(0.3, near), (0.7, Predicted(np.array([5.0, 5]), np.array([1.0, 1]), 9))]
    found = mixture_quantiles(members, FAN)
    for column, share in zip(found.T, FAN, strict=True):
        assert_allclose(sum(w * cdf(m, column) for w, m in members), share, atol=1e-9)


def test_under_six_points_there_is_pace_and_no_probability():
    found = forecast([10, 9, 8, 7, 6.0], 4, 2, -1)
    assert (found.call, found.models, found.used) == ("too early to say", {}, 5)
    assert np.isnan(found.p_hit) and np.isnan(found.fan).all() and found.fan.shape == (2, 5)
    assert found.pace == (1, 1, 1)
    assert np.isnan(forecast([7.0], 4, 2, -1).pace.achieved)
    assert np.isnan(forecast([], 4, 2, -1).pace.required)


def test_no_ratio_of_paces_for_a_body_that_moves_away():
    found = forecast(Y[::-1], 320, 4, -1)
    assert found.pace.achieved < 0
    assert np.isnan(found.pace.ratio)
    assert found.call == "off track"
    assert np.isnan(found.reached)


def test_the_median_reaches_the_target_when_the_fan_says():
    found = forecast(Y, 320, 8, -1)
    first = int(np.flatnonzero(found.fan[:, 2] <= 320)[0]) + 1
    assert found.reached == first
    assert (np.diff(found.fan, axis=1) > 0).all()


def test_models_join_as_points_arrive_and_weights_come_from_twelve():
    assert admitted(11) == ("trend", "drift")
    assert admitted(12) == ("trend", "drift", "no change")
    assert admitted(16) == ("trend", "drift", "damped", "no change")
    assert_allclose(weigh(Y, 3, ("trend", "drift")), 0.5)
    straight = 100 - 3 * np.arange(14.0) + generator("test", "weights").normal(0, 0.5, 14)
    weights = weigh(straight, 3, admitted(14))
    assert_allclose(weights.sum(), 1)
    assert weights[0] > 0.9 > 0.1 > weights[2]  # a line is no walk, and least of all standing still
    assert_allclose(weigh(100 - 3 * np.arange(14.0), 3, ("trend", "no change"))[1], 0, atol=1e-12)


def test_a_series_that_never_moves_meets_the_target_it_stands_on():
    for direction in (1, -1):
        found = forecast([5.0] * 8, 5, 3, direction)
        assert_allclose([found.p_hit, *found.fan[-1]], [1, 5, 5, 5, 5, 5])
    assert forecast([5.0] * 8, 4, 3, -1).p_hit == 0


def test_bounded_measures_stay_in_bounds():
    share = np.array([0.90, 0.93, 0.94, 0.96, 0.97, 0.98, 0.985, 0.99])
    assert forecast(share, 0.95, 5, 1).fan.max() > 1
    found = forecast(share, 0.95, 5, 1, scale="logit")
    assert found.fan.min() > 0 and found.fan.max() < 1
    whole = forecast(np.append(share, 1.0) * 100, 99, 5, 1, scale="logit", bounds=(0, 100))
    assert (
        whole.fan.max() <= 100
    )  # a figure on its bound is drawn in by half a case in n, and not beyond on the way back
    assert forecast(Y, 320, 4, -1, scale="log").fan.min() > 0
    assert forecast(Y, 0, 4, -1, scale="log").p_hit == 0
    with pytest.raises(ValueError, match="outside its bounds"):
        forecast(Y, 320, 4, -1, scale="logit")
    with pytest.raises(ValueError, match="unknown scale"):
        forecast(Y, 320, 4, -1, scale="root")


def test_a_fan_is_cut_where_no_figure_can_lie_and_the_chance_stays():
    falling = [3.0, 2.4, 2.0, 1.2, 0.8, 0.0, 0.1]
    free, cut = (forecast(falling, 0.5, 3, -1, within=ends) for ends in ((-np.inf, np.inf), (0, 100)))
    assert free.fan.min() < 0 == cut.fan.min()
    assert cut.p_hit == free.p_hit
    assert unpassed((0, 100), [0.0, 100.0, np.nan]) == (0, 100)
    assert unpassed((0, 100), [-1.0, 100.5]) == (-np.inf, np.inf)


def test_only_what_follows_a_break_counts():
    assert forecast(np.append([900.0, 900], Y), 320, 4, -1, break_at=2).p_hit == forecast(Y, 320, 4, -1).p_hit
    assert forecast(np.append([np.nan], Y), 320, 4, -1).used == 8
    with pytest.raises(ValueError, match="without gaps"):
        forecast(np.insert(Y, 3, np.nan), 320, 4, -1)


def test_calls_and_words():
    assert [call(p) for p in (0.66, 0.65, 0.33, 0.32, np.nan)] == [
        "on track", "uncertain", "uncertain", "off track", "too early to say"]  # fmt: skip
    assert [verbal(p) for p in (0.05, 0.2, 0.5, 0.8, 0.9, 0.95)] == [
        "very unlikely", "unlikely", "about as likely as not", "likely", "likely", "very likely"]  # fmt: skip


def test_calibration_table():
    found = calibration([0.05, 0.2, 0.3, 0.5, 1.0, np.nan], [0, 0, 1, 1, 1, 1])
    assert found.size.tolist() == [1, 2, 1, 0, 1]
    assert_allclose(found.came_true, [0, 0.5, 1, np.nan, 1])
    assert_allclose(found.brier, (0.05**2 + 0.2**2 + 0.7**2 + 0.5**2) / 5)
    assert_allclose(found.base, 0.6 * 0.4)
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration([1.5], [1])


@pytest.mark.slow
def test_the_fan_covers_and_the_chances_come_true():
    # Long version with more kinds of series: perf/tracking.py.
    inside, stated, met = [], [], []
    for number in range(300):
        rng = generator("coverage", "test", number)
        y = 100 + np.cumsum(rng.normal(rng.normal(0, 1), 1, 11)) + rng.normal(0, 1, 11)
        goal = y[7] + rng.normal(0, 6)
        found = forecast(y[:8], goal, 3, -1)
        inside.append(found.fan[-1, 0] <= y[-1] <= found.fan[-1, 4])
        stated.append(found.p_hit)
        met.append(y[-1] <= goal)
    assert 0.74 <= np.mean(inside) <= 0.86
    table = calibration(stated, met)
    assert (np.abs(table.stated - table.came_true) < 0.12).all()
    assert table.brier < 0.7 * table.base
