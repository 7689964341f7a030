"""M5.11 comparison of schemes: the worked values of methods.md."""

import numpy as np
import pytest

from pipelines.scenarios.compare import benchmark_cuts, compare_schemes, largest_feasible

pytestmark = pytest.mark.golden


def test_five_equal_budgets(golden, same):
    given, expected = golden("M5.11", "five equal budgets")
    budgets = np.ones(5)
    found = compare_schemes(budgets, given["gaps"], given["x"])
    same(found["X"].overcut, expected["overcut_X"])
    same(found["X"].untapped, expected["untapped_X"])
    same(found["B"].factor, expected["phi"])
    same(found["B"].cut, expected["cuts_B"])
    assert not found["B"].overcut.any()


def test_with_a_cap(golden, same):
    given, expected = golden("M5.11", "five equal budgets")
    found = benchmark_cuts(np.ones(5), given["gaps"], given["x"], given["cap"])
    same(found.factor, expected["phi_star"])
    same(found.cut, expected["cuts_capped"])
    same(largest_feasible(np.ones(5), given["gaps"], given["cap"]), expected["largest_feasible_x"])
