"""M5.2 ceiling path: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.terms import Terms

pytestmark = pytest.mark.golden


def test_power_form(golden, same):
    given, expected = golden("M5.2", "ceiling (power form)")
    terms = Terms(
        catch_up=given["phi"], catch_up_years=given["H"], frontier_shift=given["f"], elasticity=given["eps"], years=5
    )
    found = ceiling(given["B0"], given["g"], terms, volume=given["v"], prices=given["p"])
    same(found.real, expected["real"])
    same(found.nominal, expected["nominal"])
    same(
        np.diff(found.real, prepend=given["B0"]) / np.concatenate([[given["B0"]], found.real[:-1]]),
        expected["real_change"],
    )
    same((found.flat - found.real).sum(), expected["cumulative_saving"])
