"""M3.12 convex fit with noise: the worked values of methods.md, tolerance 1e-5 relative."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.stoned import stoned_production

pytestmark = pytest.mark.golden


def test_convex_fit_and_its_moments(golden):
    given, expected = golden("M3.12", "CNLS production")
    found = stoned_production(given["y"], np.array(given["x"])[:, None])
    assert_allclose(found.fitted, expected["fitted"], rtol=1e-5)
    for name in ("ssr", "m2", "m3", "sigma_u", "mean_inefficiency"):
        assert_allclose(getattr(found, name), expected[name], rtol=1e-5)
    assert_allclose(found.sigma_v**2, expected["sigma_v2"], rtol=1e-5)
    assert found.kkt < 1e-8
