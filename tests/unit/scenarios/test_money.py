"""Whole pence: what floats lack of a decimal is made up, and sums do not depend on their order."""

import numpy as np

from pipelines.scenarios.money import Units

PENCE = Units(100)


def test_a_limit_that_is_whole_in_decimals_is_whole_here():
    # 0.29 * 100 is 28.999999999999996.
    for percent in range(101):
        assert PENCE.down(np.array(percent / 100 * 100.0)) == percent
    assert PENCE.down(np.array(0.999)) == 0


def test_halves_go_up():
    assert PENCE.nearest(np.array([0.49, 0.5, 1.5, 2.5, 1.005 * 100])).tolist() == [0, 1, 2, 3, 101]


def test_pounds_there_and_back():
    pounds = np.arange(0, 100_000) / 100
    assert (PENCE.pounds(PENCE.of(pounds, "money")) == pounds).all()


def test_no_units_no_rounding():
    whole = Units(0)
    assert whole.nearest(np.array(0.4)) == whole.down(np.array(0.4)) == whole.of(0.4, "money") == 0.4
