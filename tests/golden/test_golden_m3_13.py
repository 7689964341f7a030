"""M3.13 productivity change: the worked values of methods.md."""

import pytest

from pipelines.methods.malmquist import malmquist

pytestmark = pytest.mark.golden


def test_malmquist(golden, same):
    given, expected = golden("M3.13", "Malmquist CRS")
    found = malmquist(given["x0"], given["y0"], given["x1"], given["y1"])
    same(found.ec, expected["EC"])
    same(found.tc, expected["TC"])
    same(found.m, expected["M"])
