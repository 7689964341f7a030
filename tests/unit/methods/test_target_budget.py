"""Few targets, no duplicates, no pairs that pull apart, and counter-measures that are watched."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.target_budget import effective_number, is_pair, joint_success, overlap, overload


def test_one_in_one_out():
    found = overload(["waste"] * 5 + ["roads"] * 2, [10, 5, 1, 1, 1, 2, 2])
    assert (found.load, found.over, found.hours) == (7 / 12, (), 22)
    assert found.room == {"roads": 3, "waste": 0}
    assert overload(["waste"] * 6).over == ("waste",)
    assert overload([f"s{i}" for i in range(13)]).over == ("body",)


def test_effective_number_of_equal_and_unrelated_measures():
    assert_allclose(effective_number(np.eye(4)), 4)
    assert_allclose(effective_number(np.ones((4, 4))), 1)


def measures(n=200):
    rng = np.random.default_rng(0)
    a = rng.normal(size=n)
    return np.column_stack([a, a + 0.1 * rng.normal(size=n), -0.6 * a + rng.normal(size=n), rng.normal(size=n)])


def test_duplicates_and_conflicts():
    found = overlap(measures(), [1, 1, 1, 1])
    assert found.duplicates == ((0, 1),)
    assert found.conflicts == ((0, 2), (1, 2))  # each of the twins pulls against the third
    assert (found.partial[0, 3], found.p[0, 3]) > (-0.3, 0.01)
    turned = overlap(measures(), [1, 1, -1, 1])
    assert turned.conflicts == ()
    assert turned.observations == 200


def test_partial_correlation_by_the_textbook_formula():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 3)) @ np.array([[1, 0.4, -0.5], [0, 1, 0.3], [0, 0, 1]])
    r = np.corrcoef(x, rowvar=False)
    by_hand = (r[0, 1] - r[0, 2] * r[1, 2]) / np.sqrt((1 - r[0, 2] ** 2) * (1 - r[1, 2] ** 2))
    assert_allclose(overlap(x, [1, 1, 1]).partial[0, 1], by_hand)


def test_too_little_history():
    with pytest.raises(ValueError, match="7 are needed"):
        overlap(np.random.default_rng(0).normal(size=(6, 4)), [1, 1, 1, 1])
    with pytest.raises(ValueError, match="direction"):
        overlap(measures(), [1, 1, 0, 1])


def test_pairs_come_from_different_families():
    assert is_pair("cost", "quality") and is_pair("quality", "cost")
    assert not is_pair("cost", "cost") and not is_pair("cost", "equity")


def test_joint_success():
    assert not joint_success(False, [0.0], [1.0], [2.0], [1]).success
    assert not joint_success(True, [], [], [], []).success
    # Two counter-measures: the worse one decides. Waits up 3 (lower is better), se 1, tolerance 1: P = Phi(2).
    found = joint_success(True, [5.0, 3.0], [1.0, 1.0], [1.0, 1.0], [1, -1])
    assert_allclose(found.p_worse, 0.97724987)
    assert not found.success
    assert np.isnan(joint_success(True, [np.nan], [1.0], [1.0], [1]).p_worse)
    with pytest.raises(ValueError, match="standard error above 0"):
        joint_success(True, [1.0], [0.0], [1.0], [1])
