"""A level counts when it was held for years and quality did not pay for it."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pipelines.methods.sustained import sustained, years_held

NAN = np.nan
# Cost per case of five peers over four years, lower is better, and their quality, higher is better.
COST = [[320, 310, 305, 300], [320, 318, 290, 315], [300, 300, 300, 300], [NAN, 300, NAN, 299], [310, 305, 301, 299]]
QUALITY = [[80, 80, 81, 81], [80, 80, 80, 80], [80, 80, 80, 77], [80, 80, 80, 80], [80, NAN, 80, 80]]


def test_the_level_is_the_least_favourable_of_the_last_years():
    found = sustained(COST, QUALITY, -1, 3)
    # Peer 1: 310, 305, 300 -> 310. Peer 2: 318, 290, 315 -> 318: one good year sets nothing.
    assert_array_equal(found.level, [310, 318, NAN, NAN, NAN])
    assert list(found.reason) == ["held", "held", "quality worse", "too few years", "quality unknown"]
    assert_array_equal(found.unchecked, [310, 318, 300, NAN, 305])
    assert_array_equal(found.years, [3, 3, 0, 0, 0])


def test_years_run_further_back_than_asked_for():
    found = sustained([[100, 90, 95, 95, 95]], np.full((1, 5), 1.0), -1, 2)
    assert (found.level[0], found.years[0]) == (95, 4)  # 95, 95, 95 and the 90 before them


def test_a_fall_of_quality_within_tolerance_is_chance():
    assert sustained(COST, QUALITY, -1, 3, tolerance=3).level[2] == 300
    assert np.isnan(sustained(COST, QUALITY, -1, 3, tolerance=2.9).level[2])


def test_quality_may_be_better_when_lower():
    waits = [[9, 8, 7]]
    assert sustained([[5, 6, 7]], waits, 1, 3, quality_direction=-1).level[0] == 5
    assert np.isnan(sustained([[5, 6, 7]], waits, 1, 3, quality_direction=1).level[0])


def test_who_has_been_at_a_level_for_how_long():
    # The latest year alone says nothing against quality: 1, and a reader counts from 2 or 3 on.
    assert_array_equal(years_held(COST, QUALITY, 310, -1), [3, 0, 1, 1, 2])


def test_refusals():
    with pytest.raises(ValueError, match="direction"):
        sustained(COST, QUALITY, 0)
    with pytest.raises(ValueError, match="5 years cannot be read from 4"):
        sustained(COST, QUALITY, -1, 5)
    with pytest.raises(ValueError, match="same peers and years"):
        sustained(COST, QUALITY[:2], -1)
