"""Digits, heaps, repeats and smoothness, each by hand."""

import numpy as np
import pytest
from scipy.stats import chisquare

from pipelines.methods.digits import heaping, last_digits, repeats, terminal_digits, too_smooth
from pipelines.methods.screens import asked


def test_last_digits_follow_the_unit_printed():
    assert last_digits([120, 45, -45, np.nan, 7]).tolist() == [1, 0, 0, 0, 0, 2, 0, 1, 0, 0]
    assert last_digits([12.3, 0.1, 7.0], unit=0.1).tolist() == [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]


def test_chi_square_by_another_hand():
    counts = [31, 12, 14, 11, 13, 29, 12, 10, 15, 13]
    wanted = chisquare(counts)
    found = terminal_digits(counts)
    assert (found.statistic, found.p) == pytest.approx((wanted.statistic, wanted.pvalue))
    assert found.question == "Why do 31 of 160 values end in 0, where about 16 would by chance?"


def test_few_values_or_a_short_scale_are_not_asked_about():
    assert not asked(terminal_digits([9] * 10))
    assert not asked(terminal_digits([20] * 10, span=40))
    assert not asked(heaping([9] * 10))


def test_heaping_is_one_sided():
    assert heaping([40, 15, 15, 15, 15, 40, 15, 15, 15, 15]).flag  # 80 of 200 against 40
    assert not heaping([5, 25, 25, 25, 25, 5, 25, 25, 25, 25]).flag  # fewer round numbers than chance is no question


def test_a_copied_series_is_asked_about():
    found = repeats([412.0] * 8, np.sqrt(412))
    # Chance of one repeat: 1/sqrt(2 pi x 824) = 0.0139; of seven in seven its seventh power.
    assert found.statistic == 7
    assert found.p == pytest.approx((1 / np.sqrt(2 * np.pi * 824)) ** 7)
    assert found.flag and "again 7 times in 8 periods" in found.question


def test_a_coarse_unit_makes_repeats_ordinary():
    assert not repeats([0.4, 0.4, 0.4, 0.5, 0.5, 0.5, 0.4, 0.4], 0.05, unit=0.1).flag


def test_smoothness_by_hand():
    # Differences of 1 on counts of about 100: 1/200 of what chance gives.
    found = too_smooth(100 + np.arange(10.0) % 2, 10.0)
    assert found.statistic == pytest.approx(1 / 200)
    assert found.flag
    assert (
        found.question
        == "Why does the series move only 0% as much from period to period as chance alone would make it?"
    )


def test_real_change_is_never_too_smooth():
    assert not too_smooth(100 + 20 * np.arange(10.0), 10.0).flag


def test_short_series_and_missing_figures():
    assert not asked(repeats([1, 2, 3], 1.0))
    assert not asked(too_smooth([1, np.nan, 3, 4, 5, np.nan, 7], 1.0))
    with pytest.raises(ValueError, match="sampling sd"):
        too_smooth(np.arange(8.0), 0.0)
