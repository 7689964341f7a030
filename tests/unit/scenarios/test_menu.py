"""The menu pays the honest forecast most, also where a forecast leaves what the menu offers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.menu import (
    Menu,
    Options,
    choose,
    menu_payment,
    misreporting_loss,
    misreporting_words,
    payoff,
    sharing_rate,
    three_options,
    truth_telling,
    within_domain,
)

MENU = Menu()


def test_the_domain_keeps_the_share_inside_its_limits():
    # 0.4 - 0.005 x = 0.7 at x = -60 and 0.1 at x = 60.
    assert MENU.domain == pytest.approx((-60, 60))
    assert_allclose(sharing_rate(MENU, [-500, -60, 0, 60, 500]), [0.7, 0.7, 0.4, 0.1, 0.1])
    assert_allclose(within_domain(MENU, [-70.0, 70.0]), [-60, 60])


def test_a_cost_beyond_the_domain_still_does_best_with_the_truth():
    found = truth_telling(MENU, np.linspace(20, 200, 37), np.linspace(-100, 100, 81))
    assert found.holds
    assert found.gain <= 1e-9


def test_a_broken_menu_is_found_out(monkeypatch):
    # Without the quadratic income, cost 90 earns (0.4 - 0.005 x)(15 + 0.25 x): 5.625 at the truth, -10; 6.125 at +10.
    monkeypatch.setattr("pipelines.scenarios.menu.additional_income", lambda menu, x: np.zeros(np.shape(x)))
    found = truth_telling(MENU, [90.0], np.linspace(-60, 60, 25))
    assert not found.holds
    assert (found.gain, found.forecast) == pytest.approx((0.5, 10))


def test_the_loss_is_half_kappa_times_the_squared_distance():
    assert_allclose(misreporting_loss(MENU, [4.0, 30.0], [110.0, 110.0]), [0.0025 * 36, 0.0025 * 400])
    assert misreporting_words(MENU, 10) == "Forecasting 10 points too high would cost you 0.25 points."
    assert misreporting_words(MENU, -20) == "Forecasting 20 points too low would cost you 1.00 points."


def test_an_uncertain_body_does_best_with_the_mean_of_its_cost():
    costs, forecasts = np.array([95.0, 105.0, 130.0]), np.arange(-10, 41, 1.0)  # mean 110
    mean_payoff = payoff(MENU, forecasts[:, None], costs).mean(axis=1)
    assert forecasts[mean_payoff.argmax()] == 10


def test_three_options_are_chosen_by_the_nearest():
    found = three_options(MENU, (0, 20, 40))
    assert isinstance(found, Options)
    assert_allclose(found.boundary, [110, 130])
    assert choose(found, [90, 109, 110, 111, 131]).tolist() == [0, 0, 0, 1, 2]
    best = payoff(MENU, found.forecast[None, :], np.array([[90.0], [111.0], [131.0]])).argmax(axis=1)
    assert best.tolist() == [0, 1, 2]
    assert found.loss == pytest.approx(0.0025 * 100)  # ten points off at the boundary


def test_money_and_the_gate():
    # Cost 110 on a benchmark of 100, honest: 0.75 points of 2 m = 15 000; cost 120: -2.5 points = -50 000.
    found = menu_payment(MENU, [10, 10, 20], [2.2e6, 2.2e6, 2.4e6], [2e6] * 3, [True, False, False])
    assert_allclose(found.payment_gbp, [15_000, 0, -50_000])
    assert_allclose(found.points, [0.75, 0, -2.5])


def test_what_is_refused():
    with pytest.raises(ValueError, match="kappa"):
        Menu(kappa=0)
    with pytest.raises(ValueError, match="s0"):
        Menu(s0=0.9)
    with pytest.raises(ValueError, match="three ascending"):
        three_options(MENU, (0, 80, 90))
    with pytest.raises(ValueError, match="benchmark"):
        menu_payment(MENU, 0, 1, 0)
