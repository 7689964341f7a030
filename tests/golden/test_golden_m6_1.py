"""M6.1 difference-in-differences: the worked values of methods.md, by the four means and by the panel."""

import numpy as np
import pytest

from pipelines.methods.did import effect, two_by_two

pytestmark = pytest.mark.golden


def test_two_by_two(golden, same):
    given, expected = golden("M6.1", "two by two")
    found = two_by_two(given["treated"], given["control"])
    same(found.did, expected["did"])  # (92 - 100) - (97 - 98)
    same(found.did_log, expected["did_log"])  # ln 0.92 - ln(97/98)
    same(found.pct, expected["pct"])


def test_the_panel_of_two_bodies_says_the_same(golden, same):
    given, expected = golden("M6.1", "two by two")
    panel = np.array([given["treated"], given["control"]])
    same(effect(panel, [True, False], 1).effect, expected["did"])
    same(effect(np.log(panel), [True, False], 1).effect, expected["did_log"])
