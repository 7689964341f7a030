"""M5.12 behaviour: the break-even of methods.md, and the closed forms of M5.3 for what chance pays."""

import pytest

from pipelines.scenarios.break_even import first_year
from pipelines.scenarios.windfall import false_payment, windfall

pytestmark = pytest.mark.golden


def test_break_even_of_the_example(same):
    same(first_year([1.0], [0.10], 0.015).response, 0.15)
    same(first_year([1.0], [0.10], 0.015, kept_counts=0.0).response, 0.30)


def test_noise(golden, same):
    given, expected = golden("M5.3", "noise")
    sigma, msr, share = given["sigma"], given["msr"], given["s"]
    same(false_payment(sigma, msr, "notch"), expected["notch_p"])
    same(windfall(sigma, msr, share, "notch"), expected["notch_windfall"])
    same(false_payment(sigma, msr, "ramp"), expected["ramp_p_any"])
    same(windfall(sigma, msr, share, "ramp"), expected["ramp_windfall"])
    same([1.28 * one for one in sigma], expected["msr_at_1.28"])
