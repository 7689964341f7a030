"""Envy is about equal context and gap; participation about not losing."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.acceptance import envy, participation
from pipelines.scenarios.compare import benchmark_cuts

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
