"""M6.3 synthetic control: the worked values of methods.md, tolerance 1e-3 as stated there."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.synthetic import placebo, synthetic_control

pytestmark = pytest.mark.golden

CASES = {
    "no demeaning, placebos without the treated body": False,
    "demeaned, placebos without the treated body": True,
}


@pytest.mark.parametrize("case", CASES)
def test_synthetic_control(golden, case):
    given, expected = golden("M6.3", case)
    asked = given["treated"], given["donors"], given["T_pre"]
    found = synthetic_control(*asked, demean=CASES[case])
    tried = placebo(*asked, demean=CASES[case])
    actual = {
        "weights": found.weights,
        "pre_rmspe": found.pre_rmspe,
        "gaps": found.gaps[given["T_pre"] :],
        "mean_gap": found.mean_gap,
        "ratio": found.ratio,
        "placebo_pre_rmspe_ratio": np.column_stack([tried.pre_rmspe, tried.ratio]),
        "p": tried.p,
        "p_after_5x_rule": tried.p_kept,
    }
    assert set(actual) == set(expected)
    for name, value in actual.items():
        assert_allclose(value, expected[name], rtol=0, atol=1e-3, err_msg=name)
    assert not found.poor
    assert tried.smallest_p == 0.2  # four donors: nothing rarer than 1 in 5 can be found
