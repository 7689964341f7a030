"""M3.8, M3.10, M3.14 and M3.15 frontiers: the worked values of methods.md."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.frontier import dea, dea_conditional, fdh, order_alpha, order_m, scale, super_efficiency
from pipelines.methods.outliers import leverage

pytestmark = pytest.mark.golden
ABSOLUTE = {"rtol": 0, "atol": 1e-8}
TWELVE = "twelve bodies, 2 inputs, 2 outputs, one zero output and one duplicate; theta (in) or phi (out)"
RETURNS = {"crs": "crs", "vrs": "vrs", "nirs": "drs", "ndrs": "irs"}


def test_one_input_one_output(golden):
    given, expected = golden("M3.8", "one input, one output")
    x, y = given["x"], given["y"]
    assert_allclose(dea(x, y, rts="crs").score, expected["ccr"], **ABSOLUTE)
    assert_allclose(dea(x, y).score, expected["bcc_in"], **ABSOLUTE)
    assert_allclose(dea(x, y, orientation="out").score, expected["bcc_out_phi"], **ABSOLUTE)
    assert_allclose(dea(x, y, rts="drs").score, expected["nirs"], **ABSOLUTE)
    assert_allclose(dea(x, y, rts="irs").score, expected["ndrs"], **ABSOLUTE)
    assert_allclose(dea(x, y).weights[4], expected["lambda_body5"], **ABSOLUTE)
    assert dea(x, y).peers(4).tolist() == [0, 1]


def test_scale_and_super_efficiency(golden):
    given, expected = golden("M3.8", "one input, one output")
    found = scale(given["x"], given["y"])
    assert_allclose(found.efficiency, expected["scale"], **ABSOLUTE)
    # crs = vrs at the second and the last body; drs = crs < vrs at the first and fifth; crs < drs = vrs at the rest
    assert found.returns.tolist() == ["increasing", "constant", "decreasing", "decreasing", "increasing", "constant"]
    beyond = np.array(expected["super_vrs_in"], dtype=np.float64)  # None: nobody else makes 8
    assert_allclose(super_efficiency(given["x"], given["y"]), beyond, **ABSOLUTE)


def test_slack(golden):
    given, expected = golden("M3.8", "slack (variable returns)")
    found = dea(given["x"], given["y"])
    assert_allclose(found.score, expected["theta"], **ABSOLUTE)
    assert_allclose(found.slacks[2:, 2], expected["slack_output2"][2:], **ABSOLUTE)


def test_assurance_region(golden):
    given, expected = golden("M3.8", "assurance region, CCR input")
    free = dea(given["x"], given["y"], rts="crs")
    bound = dea(given["x"], given["y"], rts="crs", output_bounds=(given["l"], given["h"]))
    assert_allclose(free.score[0], expected["A_unrestricted"], **ABSOLUTE)
    assert_allclose(bound.score, [expected["A_restricted"], expected["B_restricted"]], **ABSOLUTE)
    ratio = bound.multipliers[:, 2] / bound.multipliers[:, 1]
    assert (ratio >= given["l"] - 1e-9).all()
    assert (ratio <= given["h"] + 1e-9).all()


@pytest.mark.parametrize("orientation", ["in", "out"])
@pytest.mark.parametrize("name", RETURNS)
def test_twelve_bodies(golden, name, orientation):
    given, expected = golden("M3.8", TWELVE)
    found = dea(given["X"], given["Y"], rts=RETURNS[name], orientation=orientation)
    assert_allclose(found.score, expected[f"{name}_{orientation}"], **ABSOLUTE)
    assert found.fallbacks == 0


@pytest.mark.parametrize("orientation", ["in", "out"])
def test_twelve_bodies_against_the_others(golden, orientation):
    given, expected = golden("M3.8", TWELVE)
    unmatched = np.array(expected[f"super_vrs_{orientation}"], dtype=np.float64)
    assert_allclose(super_efficiency(given["X"], given["Y"], orientation=orientation), unmatched, **ABSOLUTE)


def test_free_disposal_and_partial_frontiers(golden, same):
    given, expected = golden("M3.10", "FDH and order-m")
    x, y = given["x"], given["y"]
    same(fdh(x, y).score, expected["fdh"])
    for m in (5, 25, 50):
        same(order_m(x, y, m).score, expected[f"order{m}"])
    same(order_alpha(x, y, 0.95).score, expected["order_alpha_0.95"])
    same(order_alpha(x, y, 0.75).score, expected["order_alpha_0.75"])


def test_conditioned_on_context(golden):
    given, expected = golden("M3.14", "conditioned VRS")
    found = dea_conditional(given["x"], given["y"], given["z"])
    assert_allclose(found.score, expected["theta"], **ABSOLUTE)


def test_leverage(golden, same):
    given, expected = golden("M3.15", "leverage, CRS")
    same(leverage(given["x"], given["y"], rts="crs"), expected["leverage"])
