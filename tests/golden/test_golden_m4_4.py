"""M4.4 fairness tests: the worked values of methods.md."""

import pytest

from pipelines.methods.burden import burden
from pipelines.methods.fairness import carried, noise, noise_ratios

pytestmark = pytest.mark.golden


@pytest.mark.parametrize(("case", "verdict"), [("noise, pi=1", "pass"), ("noise, pi=0.5", "caution")])
def test_noise(golden, same, case, verdict):
    given, expected = golden("M4.4", case)
    gap = abs(given["x"] - given["T"])
    same(noise_ratios(gap, given["se"], given["H"]), [expected["gap"], expected["step"]])
    assert noise(gap, given["se"], given["H"]).verdict == verdict


def test_a_single_year_cannot_show_success():
    assert "it takes 2 years" in noise(48, 9, 3).reason  # 1.26 a year; twice that passes 2


def test_burden(golden, same):
    given, expected = golden("M4.4", "burden")
    found = burden(given["saving"], given["budget"], given["deprivation"], 3)
    same(found.rate, expected["b"])
    same(found.sector, expected["sector"])
    same(found.concentration, expected["CI"])
    same(found.gini, expected["gini"])
    assert not found.over_cap.any()  # 7 % over three years is 2.33 % a year
    assert carried(found, 0).verdict == "fail"
