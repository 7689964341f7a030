"""M5.6 menus: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.scenarios.menu import Menu, additional_income, misreporting_loss, payoff, truth_telling

pytestmark = pytest.mark.golden


def test_menu(golden, same):
    given, expected = golden("M5.6", "menu")
    menu = Menu(**given)
    same(additional_income(menu, expected["x"]), expected["I"])
    same(payoff(menu, [0, 5, 10, 15, 20], 110), expected["payoff_c110_x0_20"])
    costs = np.array([float(cost) for cost in expected["truthful_payoff"]])
    same(payoff(menu, costs - 100, costs), list(expected["truthful_payoff"].values()))


def test_the_truth_is_best_and_ten_points_off_cost_a_quarter(golden, same):
    given, _ = golden("M5.6", "menu")
    menu = Menu(**given)
    assert truth_telling(menu, np.arange(80, 161, 5.0), np.arange(-60, 61, 1.0)).holds
    same(misreporting_loss(menu, [0, 20], 110), [0.25, 0.25])
