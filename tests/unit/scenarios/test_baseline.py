"""Baselines: volume-normalised, flagged when the last year moves them, restated by listed events only."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.baseline import Reopener, baseline, reopen
from pipelines.scenarios.terms import Terms


def test_spending_up_before_the_baseline_is_flagged():
    # 100, 100, 110: mean 103.33, without the last year 100, moved by 3.3 %; 100, 100, 104: 1.3 %.
    found = baseline([[100, 100, 110], [100, 100, 104]], 1.0)
    assert_allclose(found.value, [310 / 3, 304 / 3])
    assert_allclose(found.without_last, [100, 100])
    assert_allclose(found.moved, [0.1 / 3, 0.04 / 3])
    assert found.flagged.tolist() == [True, False]


def test_a_missing_year_leaves_no_baseline_and_no_flag():
    found = baseline([100, np.nan, 100], [1, 1, 1])
    assert np.isnan(found.value) and not found.flagged


def test_the_vintage_names_the_inputs():
    usual = baseline([100, 101, 102], [1, 1, 1]).vintage
    assert usual == baseline([100.0, 101.0, 102.0], 1.0).vintage
    others = [baseline([100, 101, 102.01], 1.0), baseline([100, 101, 102], 1.0, one_offs=[0, 0, 1])]
    assert usual not in [found.vintage for found in others]


@pytest.mark.parametrize(
    ("cost", "volume", "words"), [([100], [1], "at least two years"), ([1, 1, 1], [1, 0, 1], "volumes above 0")]
)
def test_impossible_inputs(cost, volume, words):
    with pytest.raises(ValueError, match=words):
        baseline(cost, volume)


def test_a_listed_event_restates_the_years_from_its_own_on():
    event = Reopener("boundary", 3, -20.0, "two wards moved to the neighbour")
    assert reopen([100, 99, 98, 97], [event], Terms().reopeners).tolist() == [100, 99, 78, 77]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Reopener("hardship", 1, 5, "it was a hard year"), "'hardship' is not listed; listed are boundary"),
        (Reopener("boundary", 5, 5, "moved"), "year 5 is outside 1 to 4"),
        (Reopener("boundary", 2, 5, " "), "gives no reason"),
    ],
)
def test_nothing_else_restates_a_ceiling(event, words):
    with pytest.raises(ValueError, match=words):
        reopen([100, 99, 98, 97], [event], ["boundary"])
