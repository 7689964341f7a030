"""M5.5 incentive power: the worked values of methods.md."""

import pytest

from pipelines.scenarios.power import power

pytestmark = pytest.mark.golden


def test_power_by_year(golden, same):
    given, expected = golden("M5.5", "power by year, T=5, s=1")
    s, years, more = given["s"], given["T"], {"own_weight": given["w"], "discount": given["r"]}
    same(power(s, years, rebase="last_year", **more), expected["rebase_last_year"])
    same(power(s, years, rebase="mean3", **more), expected["rebase_mean3"])
    same(power(s, 1, rebase="last_year", **more), [expected["annual_rebase"]])
    same(power(s, years, rolling=5, **more), [expected["rolling5"]] * years)
    same(power(0.5, years, rolling=5, **more), [expected["rolling5_s_half"]] * years)
