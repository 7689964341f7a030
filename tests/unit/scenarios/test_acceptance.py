"""Envy is about equal context and gap; participation about not losing."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.acceptance import burdens, envy, participation
from pipelines.scenarios.compare import benchmark_cuts, compare_schemes

GAPS = np.array([0.02, 0.05, 0.10, 0.15, 0.25])
BUDGETS = np.ones(5)


def test_envy_is_about_equal_context_and_gap():
    context = ["a", "a", "a", "b", "b"]
    assert not envy(benchmark_cuts(BUDGETS, GAPS, 0.075).cut, GAPS, context).envious.any()
    assert not envy(np.full(5, 0.075), GAPS, context).envious.any()
    found = envy([0.02, 0.03, 0.01, 0.05, 0.06], GAPS, context)  # body 3 has the widest gap of "a" and is asked least
    assert found.envious.tolist() == [True, True, False, False, False]
    assert_allclose(found.largest, [0.01, 0.02, 0, 0, 0])
    assert envy([0.02, 0.03], [0.1, 0.1], ["a", "a"]).envious.tolist() == [False, True]


def test_participation():
    found = participation([[1.0, -1], [0, 1], [2, -1], [3, -2], [-1, 1]])
    assert found.chance.tolist() == pytest.approx([0.8, 0.4])
    assert found.holds.tolist() == [True, False]


def test_who_carries_what():
    # Gaps rise with deprivation here: an equal cut is level (0), the path follows the gaps (+), the over-cut falls on
    # the two least deprived (-).
    found = burdens(compare_schemes(BUDGETS, GAPS, 0.075), BUDGETS, [1.0, 2, 3, 4, 5], 5)
    assert found["X"][0].concentration == pytest.approx(0, abs=1e-12)
    assert found["B"][0].concentration > 0.25
    # Rates 5.5, 2.5, 0, 0, 0 with mean 1.6 at ranks 0.1, 0.3: 2(5.5 x -0.4 + 2.5 x -0.2)/5/1.6 = -0.675.
    assert found["X"][1].concentration == pytest.approx(-0.675)
    assert np.isnan(found["B"][1].concentration)
