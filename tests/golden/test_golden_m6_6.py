"""M6.6 power: the worked value of methods.md. A gain of 5 % could not be detected."""

import pytest

from pipelines.methods.power_design import detectable

pytestmark = pytest.mark.golden


def test_smallest_detectable_effect(golden, same):
    given, expected = golden("M6.6", "MDE")
    found = detectable(given["sigma"], given["n_T"], given["n_C"], given["T_pre"], given["T_post"])
    same(found, expected["mde"])  # 2.8 x 0.04 x sqrt((1 + 1/15)(1/4 + 1/4))
    assert found > 0.05
