"""M3.3 exact and score intervals and M3.5 indirect ratio: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.methods.intervals import count_ci, dsr_ci, indirect_ci, prop_ci

pytestmark = pytest.mark.golden


@pytest.mark.parametrize("count", [25, 5, 0])
def test_counts(golden, same, count):
    given, expected = golden("M3.3", f"count {count}")
    found = count_ci(given["O"], given["level"])
    same([found.lo, found.hi], expected["ci"])


@pytest.mark.parametrize("case", ["proportion 18/20", "proportion 0/20"])
def test_wilson(golden, same, case):
    given, expected = golden("M3.3", case)
    found = prop_ci(given["x"], given["n"])
    same([found.lo, found.hi], expected["wilson"])


def test_directly_standardised(golden, same):
    given, expected = golden("M3.3", "DSR")
    found = dsr_ci(given["O"], given["n"], given["w"], given["k"])
    same(found.value, expected["dsr"])
    same([found.lo, found.hi], expected["ci"])


def test_indirect(golden, same):
    given, expected = golden("M3.5", "indirect ratio")
    cases = float(np.dot(given["rates"], given["denominators"]))  # 0.02 x 1000 + 0.05 x 600 = 50
    same(cases, expected["E"])
    found = indirect_ci(given["O"], cases, 100)
    same(found.value, expected["ratio"])
    same([found.lo, found.hi], expected["ci"])
