"""M1.1 ratio indicator, M1.2 real terms and M0.2 rounding: the worked values of methods.md."""

import pytest

from pipelines.methods.indicators import group_rate, ratio, real_terms
from pipelines.methods.intervals import rounding_sd

pytestmark = pytest.mark.golden


def test_ratio_of_sums(golden, same):
    given, expected = golden("M1.1", "ratio of sums")
    same(ratio(given["N"], given["D"], given["k"]).value, expected["rates"])
    group = group_rate(given["N"], given["D"], given["k"])
    same(group.rate, expected["group"])
    same(group.typical, expected["mean_of_ratios"])


def test_real_terms(golden, same):
    given, expected = golden("M1.2", "real terms")
    same(real_terms(given["C_nom"], given["P_t"], given["P_base"]), expected["C_real"])


def test_rounding(golden, same):
    given, expected = golden("M0.2", "rounding to base 5")
    same(rounding_sd(given["base"]), expected["sd"])
    same(rounding_sd(given["base"]) / given["count"], expected["relative"])
