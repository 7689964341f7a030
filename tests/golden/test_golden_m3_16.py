"""M3.16 catch-up potential: the worked values of methods.md."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.potential import catch_up, raw_potential, route
from pipelines.methods.quantiles import quantile

pytestmark = pytest.mark.golden


def test_raw(golden, same):
    given, expected = golden("M3.16", "raw")
    found = raw_potential(given["actual"], given["modelled"])
    same(np.divide(given["actual"], given["modelled"]), expected["ratio"])
    same(quantile(expected["ratio"], 0.25), expected["q25"])
    same(found, expected["potential"])
    same([found.sum(), found.sum() / sum(given["actual"])], [expected["total"], expected["share"]])


def test_shrunk_without_simulation(golden, same):
    given, expected = golden("M3.16", "shrunk, no simulation")
    found = route(given["actual"], given["modelled"], given["se"])
    same(found.ratio, expected["shrunk_ratio"])
    same(found.reliability, [expected["R"]] * 10)
    same(found.plug_in, expected["plug_in_potential"])
    same(found.plug_in.sum(), expected["plug_in_total"])


def test_simulated(golden):
    given, expected = golden("M3.16", "simulated (1e6 draws, conditional sd, no cap in draws)")
    found = route(given["actual"], given["modelled"], given["se"])
    first = [found.lo[0], found.median[0], found.hi[0]]
    assert_allclose(first, expected["body1"], rtol=0, atol=0.3)
    assert_allclose(found.total, expected["sector"], rtol=0, atol=0.3)
    assert catch_up({"R": found}, {"R": True}).grade[0] == "B"  # 5 % point above 0, but R = 0.639 < 0.7
