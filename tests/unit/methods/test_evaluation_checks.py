"""Independent checks of the evaluation methods: brute force, closed forms, coverage with few bodies, refusals."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.assignments import assignments, differences, interval, p_value
from pipelines.methods.augmented import augmented_control, chosen, corrected
from pipelines.methods.did import effect
from pipelines.methods.did_leads import breakdown, leads
from pipelines.methods.did_stages import stage_effects
from pipelines.methods.interrupted import interrupted
from pipelines.methods.power_design import detectable, grade, proves_cause, realised
from pipelines.methods.staggered import by_event, by_period, group_time
from pipelines.methods.staggered_bands import bands
from pipelines.methods.synthetic import in_time, leave_one_out, placebo, synthetic_control


def test_the_interval_holds_what_the_test_does_not_reject():
    change, treated = np.random.default_rng(3).normal(size=9), np.arange(9) < 3
    choices = assignments(treated)
    assert len(choices) == 84  # 9 choose 3
    low, high = interval(change, choices, 0.9)
    for effect_tried in np.linspace(low - 1, high + 1, 101):
        p = p_value(differences(change - effect_tried * treated, choices))
        assert (p > 0.1) == (low < effect_tried < high)


def test_with_few_choices_no_interval_can_be_had():
    # One treated of 16: no p under 1/16, so nothing can be rejected at 5 %.
    found = effect(np.random.default_rng(0).normal(size=(16, 4)), np.arange(16) == 0, 2)
    assert (found.p_lo, found.p_hi, found.smallest_p) == (-np.inf, np.inf, 1 / 16)


@pytest.mark.parametrize(("bodies", "treated"), [(10, 3), (12, 5), (12, 6)])
def test_coverage_with_few_bodies(bodies, treated):
    # Errors that carry over; methods.md 10.3 asks for 90 to 98 %. Exact tests of a discrete p may lie a little above.
    steps = np.random.default_rng(8).normal(size=(400, bodies, 8)).cumsum(axis=2)
    found = [effect(y, np.arange(bodies) < treated, 4) for y in steps]
    assert 0.92 <= np.mean([one.lo <= 0 <= one.hi for one in found]) <= 0.98
    assert np.mean([one.p <= 0.05 for one in found]) <= 0.075  # 5 % and two standard errors of 400 trials
    assert 0.92 <= np.mean([one.p_lo <= 0 <= one.p_hi for one in found]) <= 0.99


def test_drawn_choices_agree_with_all_of_them_and_repeat():
    change, treated = np.random.default_rng(4).normal(size=30), np.arange(30) < 8
    choices = assignments(treated)
    assert len(choices) == 2000 and (choices.sum(axis=1) == 8).all()  # 5 852 925 are too many
    assert (assignments(treated) == choices).all()
    assert 0 < p_value(differences(change, choices)) <= 1


def test_a_body_with_an_absent_period_is_left_out_of_every_stage():
    factors = np.random.default_rng(1).uniform(1, 2, (7, 4, 3))
    factors[6, 1, 2] = np.nan
    treated = np.arange(7) < 2
    assert_allclose(stage_effects(factors, treated, 2).cov, stage_effects(factors[:6], treated[:6], 2).cov)


def test_leads_and_what_would_overturn_them():
    # Gap 0, 1, 0 | 4, 4: mean effect 4; the largest step, 1, has grown to 1 and 2, 1.5 on average: 4 / 1.5.
    assert breakdown([0, 1, 0, 4, 4], 2, 3) == pytest.approx(4 / 1.5)
    y = np.random.default_rng(2).normal(size=(10, 6))
    found = leads(y, np.arange(10) < 4, 4, anticipation=1)
    assert found.event.tolist() == [-4, -3, -2, -1, 0, 1]
    assert found.effect[2] == 0 and found.half[2] == 0
    gap = y[:4].mean(axis=0) - y[4:].mean(axis=0)
    assert_allclose(found.effect, gap - gap[2])


def test_a_gap_in_a_donor_drops_the_donor():
    y = 100 + np.random.default_rng(6).normal(size=(6, 12)).cumsum(axis=1)
    y[3, 4] = np.nan
    found, without = synthetic_control(y[0], y[1:], 8), synthetic_control(y[0], np.delete(y[1:], 2, axis=0), 8)
    assert found.weights[2] == 0 and not found.used[2]
    assert found.mean_gap == pytest.approx(without.mean_gap)
    assert placebo(y[0], y[1:], 8).smallest_p == 1 / 5
    ranges = leave_one_out(y[0], y[1:], 8)
    assert np.isnan(ranges[2])
    unused = found.used & (found.weights == 0)
    assert_allclose(ranges[unused], found.mean_gap)  # a donor without weight changes nothing
    assert in_time(y[0], y[1:], 8, 6).gaps.shape == (8,)


def test_a_body_beyond_its_donors_is_a_poor_fit():
    t = np.arange(12.0)
    assert synthetic_control(5 * t, [t, t + np.sin(t)], 8).poor


def test_the_correction_is_a_ridge_forecast_of_what_the_mixture_left_over():
    own, pool = np.random.default_rng(11).normal(size=9), np.random.default_rng(12).normal(size=(6, 9))
    weights = corrected(own[:8], pool[:, :8], 0.5)
    # The estimator as it is written: m(x) = ridge regression, with a constant, of the donors' ninth period on eight.
    x, y = pool[:, :8] - pool[:, :8].mean(axis=0), pool[:, 8] - pool[:, 8].mean()
    slopes = np.linalg.solve(x.T @ x + 0.5 * np.eye(8), x.T @ y)
    plain = corrected(own[:8], pool[:, :8], 1e12)  # no correction to speak of
    assert weights @ pool[:, 8] == pytest.approx(plain @ pool[:, 8] + (own[:8] - plain @ pool[:, :8]) @ slopes)
    assert weights.sum() == pytest.approx(1) and plain.min() > -1e-9


def test_the_augmented_control_fits_no_worse_before_and_can_be_placebo_tested():
    y = 100 + np.random.default_rng(13).normal(size=(9, 14)).cumsum(axis=1)
    plain, more = synthetic_control(y[0], y[1:], 10), augmented_control(y[0], y[1:], 10)
    assert more.pre_rmspe <= plain.pre_rmspe
    assert chosen(y[0, :10], y[1:, :10]) > 0
    assert 1 / 9 <= placebo(y[0], y[1:], 10, fit=augmented_control).p <= 1


def test_not_yet_treated_bodies_serve_until_they_start():
    y = np.random.default_rng(7).normal(size=(4, 5))
    found = group_time(y, [2, 4, 0, 0], "not yet")
    change = y[:, 2] - y[:, 0]
    assert found.att[0, 2] == pytest.approx(change[0] - change[1:].mean())  # period 3: the second body has not started
    late = y[:, 3] - y[:, 0]
    assert found.att[0, 3] == pytest.approx(late[0] - late[2:].mean())
    both = by_period(found)
    assert both.at.tolist() == [2, 3, 4, 5] and both.bodies.tolist() == [1, 1, 2, 2]


def test_bands_agree_with_the_closed_form_and_are_wider_together():
    y, first = np.random.default_rng(9).normal(size=(40, 5)), np.repeat([3, 0], 20)
    events = by_event(group_time(y, first))
    found = bands(events)
    change = y[:, 3] - y[:, 1]
    closed = np.sqrt(change[:20].var() / 20 + change[20:].var() / 20)
    assert found.se[events.at == 1][0] == pytest.approx(closed)
    assert np.isnan(found.half[events.at == -1]).all()
    assert 1.96 < (found.half / found.se)[events.at == 1][0] < 3.2
    assert np.isnan(bands(by_event(group_time(y, np.where(np.arange(40) < 4, 3, 0)))).half).all()


def test_errors_that_carry_over_widen_the_step():
    shocks = np.random.default_rng(10).normal(size=200)
    errors = np.zeros(200)
    for t in range(1, 200):
        errors[t] = 0.7 * errors[t - 1] + shocks[t]
    plain, carried = interrupted(errors, 120), interrupted(errors, 120, lags=1)
    assert 0.5 < carried.rho < 0.85
    assert carried.se[2] > 1.3 * plain.se[2]
    assert not carried.short


def test_a_season_is_not_an_effect():
    t = np.arange(32)
    found = interrupted(10 + 0.5 * t + np.tile([3.0, -1, -4, 2], 8) - 2 * (t >= 18), 18, season=4)
    assert_allclose([found.slope, found.step, found.mean_effect], [0.5, -2, -2], atol=1e-9)


def test_the_ledger_and_the_grades():
    found = realised(-0.04, -0.07, 0.01, 2_000_000, promised=100_000)
    assert_allclose(found, [80_000, -20_000, 140_000, 0.8])
    assert np.isnan(realised(-0.04, -0.07, 0.01, 1.0).rate)
    graded = [grade("controlled", True), grade("controlled", False), grade("interrupted", True)]
    assert [proves_cause(one) for one in graded] == [True, True, False]


@pytest.mark.parametrize(
    "asked",
    [
        lambda: effect(np.ones((3, 4)), [True, True, True], 2),
        lambda: effect(np.ones((3, 4)), [True, False, False], 0),
        lambda: synthetic_control([1.0, np.nan, 2.0], np.ones((2, 3)), 2),
        lambda: group_time(np.ones((3, 4)), [1, 0, 0]),
        lambda: interrupted([1.0, 2.0, 3.0, 4.0], 2),
        lambda: detectable(0.04, 0, 15, 4, 4),
        lambda: realised(-0.04, 0.0, 0.1, 1.0),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(asked):
    with pytest.raises(ValueError, match=" "):
        asked()
