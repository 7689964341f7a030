"""M4.5 effective number of targets: the worked value of methods.md."""

import numpy as np
import pytest

from pipelines.methods.target_budget import effective_number

pytestmark = pytest.mark.golden


def test_three_measures_that_count_as_little_more_than_one(golden, same):
    given, expected = golden("M4.5", "effective number")
    same(effective_number(np.diag(given["eigenvalues"])), expected["n_eff"])
