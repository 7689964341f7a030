"""M3.4 funnel: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.funnel import Z95, funnel, limits, sd_at, trimmed_dispersion

pytestmark = pytest.mark.golden


def test_log_winsorised(golden, same):
    given, expected = golden("M3.4", "log, winsorised")
    found = funnel(given["O"], given["E"], "log_ratio")
    same(found.z, expected["z"])
    same(np.clip(found.z, *np.quantile(found.z, [0.1, 0.9])), expected["z_wins"])
    same([found.phi, found.tau2], [expected["phi"], expected["tau2"]])
    same(found.widened, expected["z_widened"])
    assert (np.abs(found.z) > Z95).sum() == expected["n_outside_plain95"]
    assert (found.flag != 0).sum() == expected["n_outside_widened95"]


def test_limits_at_ninety(golden, same):
    given, expected = golden("M3.4", "log, winsorised")
    found, s = funnel(given["O"], given["E"], "log_ratio"), sd_at([90.0], "log_ratio")
    lines = {
        "plain": limits(s, 0.0, 0.0, "log_ratio"),
        "widened": limits(s, 0.0, found.tau2, "log_ratio"),
        "multiplicative": limits(s * np.sqrt(found.phi), 0.0, 0.0, "log_ratio"),
    }
    for name, ends in lines.items():
        same(ends[0, :2], expected["limits_E90"][name])


def test_trimmed(golden, same):
    given, expected = golden("M3.4", "same, trimmed (strictly inside the two quantiles)")
    found = funnel(given["O"], given["E"], "log_ratio")
    spread = trimmed_dispersion(found.z, found.s, given["trim"])
    same([spread.kept, spread.phi, spread.tau2], [expected["n_kept"], expected["phi"], expected["tau2"]])
