"""Paths end at their target, keep their parts apart and allow for noise."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import ndtr

from pipelines.methods.glide import allowance, glide, shocked, standing


def test_back_loaded_waits_for_the_investment():
    path = glide(400, 100, 4, "back_loaded", lag=2).path
    assert_allclose(path, [400, 400, 400, 200, 100])  # a quarter in two steps: half each


def test_adoption_spreads_the_change_as_the_tool_is_taken_up():
    path = glide(100, 80, 3, "adoption", adoption=[0.1, 0.4, 0.8]).path
    assert_allclose(path, [100, 97.5, 90, 80])  # 1/8, 4/8, 8/8 of 20


def test_two_parts_make_the_path():
    found = glide(0.60, 0.72, 3, "linear", direction=1, shift=0.01)
    assert_allclose(found.catch_up, [0.60, 0.64, 0.68, 0.72])
    assert_allclose(found.path, found.catch_up * 1.01 ** np.arange(4))
    assert_allclose(found.catch_up + found.frontier, found.path)
    assert glide(0.95, 0.99, 3, "linear", direction=1, shift=0.02, bounds=(0, 1)).path[-1] == 1


def test_a_body_on_its_path_leaves_the_band_one_time_in_five():
    low, high = allowance([100.0], 5)
    assert_allclose([low[0], high[0]], 100 + np.array([-1, 1]) * 1.2815515655 * np.sqrt(2) * 5)
    # Start and figure each with sd 5: their difference has sd 7.07, and a fifth of it lies outside.
    assert_allclose(2 * ndtr((low[0] - 100) / np.hypot(5, 5)), 0.2)


def test_standing_names_better_and_worse_by_direction():
    figures = [80.0, 95, 120, np.nan]
    assert list(standing(figures, [100.0] * 4, 5, -1)) == ["ahead", "on path", "behind", ""]
    assert list(standing(figures, [100.0] * 4, 5, 1)) == ["behind", "on path", "ahead", ""]


def test_a_shock_is_two_sds_of_earlier_changes():
    assert not shocked([100, 101, 103, 104, 106])
    assert shocked([100, 101, 103, 104, 116])
    with pytest.raises(ValueError, match="at least 5"):
        shocked([1, 2, 3])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "curly"}, "unknown path"),
        ({"kind": "back_loaded", "lag": 3}, "leaves no period"),
        ({"kind": "adoption", "adoption": [0.5, 0.4, 0.6]}, "never fall"),
        ({"kind": "adoption", "adoption": []}, "never fall"),
        ({"shift": 1.0}, "frontier shift"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(ValueError, match=words):
        glide(100, 90, 3, **options)


def test_a_geometric_path_needs_levels_above_nothing():
    with pytest.raises(ValueError, match="above 0"):
        glide(-5, 3, 3)
