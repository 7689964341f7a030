"""M6.5 interrupted time series: the worked values of methods.md (the part by ordinary least squares)."""

import pytest

from pipelines.methods.interrupted import interrupted

pytestmark = pytest.mark.golden


def test_ordinary_least_squares(golden, same):
    given, expected = golden("M6.5", "OLS part")
    found = interrupted(given["y"], given["t0"])
    for name, value in expected.items():
        same(getattr(found, name), value)
    assert found.short and found.label == "no comparison group"  # 8 + 4 periods; 12 + 8 are asked for
