"""M5.9 adoption: the worked values of methods.md."""

import pytest

from pipelines.scenarios.adoption import bass, logistic, logistic_mean

pytestmark = pytest.mark.golden


def test_logistic(golden, same):
    given, expected = golden("M5.9", "logistic")
    same(logistic([float(month) for month in expected["a"]], **given), list(expected["a"].values()))
    same(logistic_mean(**given, first=1, last=24), expected["mean_1_24"])
    same(logistic_mean(**given, first=1, last=12), expected["mean_1_12"])


def test_bass(golden, same):
    given, expected = golden("M5.9", "Bass")
    same(bass(8, **given), expected["a_1_8"])
