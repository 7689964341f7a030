"""Gaps of a chain in whole pence: parts that add up to the penny, and limits that agree with those of the ratio."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.bottleneck import highlighted, stage_gaps
from pipelines.methods.chain import chain_decompose, chain_reference, gap_ci, shapley, stage_factors, whole_parts


def test_two_stages_are_a_chain_and_so_are_four():
    # 120 for 6 done and 2 wanted: 20 each, 3 done per wanted; peers 10 and 3: the whole gap, 2 x (60 - 30), is stage 1.
    found = chain_decompose([120.0], [6.0], [2.0], reference=[10.0, 3.0])
    assert_allclose(found.gap_gbp, [[60.0, 0.0]], atol=1e-12)
    assert found.total_gbp[0] == 60
    four = chain_decompose([120.0], [60.0], [6.0], [3.0], [2.0], reference=[2.0, 5.0, 2.0, 1.5])
    assert_allclose(four.gap_gbp, [[0.0, 2 * 30 / np.log(2) * np.log(2), 0.0, 0.0]], atol=1e-12)  # 10 against 5
    assert found.separable.tolist() == [2]
    assert four.separable.tolist() == [4]


def test_reference_shapley_and_distance_take_any_number_of_stages():
    factors = np.exp(np.random.default_rng(3).normal(size=(9, 2)))
    mask = np.ones((9, 9), dtype=bool)
    assert chain_reference(factors, mask).shape == (9, 2)
    assert stage_gaps(factors, mask).shape == (9, 2)
    assert_allclose(shapley([3.0, 2.0], [1.0, 2.0]), [4.0, 0.0])  # (3 - 1) x 2
    assert highlighted([[1.0, 9.0]], [[2.0, 2.0]]).tolist() == [2]
    assert stage_factors([8.0], [4.0], [2.0]).tolist() == [[2.0, 2.0]]


@pytest.mark.parametrize(
    ("parts", "total", "rounded"),
    [
        ([1.4, 1.4, 1.4], 4.2, [2, 1, 1]),  # 3 short of 4 by one; equal remainders, so the first
        ([2.5, 2.5], 5.0, [3, 2]),
        ([-1.2, 3.6], 2.4, [-1, 3]),  # floors -2 and 3, one short of 2; remainders 0.8 and 0.6
        ([-1.6, 3.9], 2.3, [-2, 4]),  # floors -2 and 3, one short of 2; remainders 0.4 and 0.9
        ([7.0, -7.0], 0.0, [7, -7]),
    ],
)
def test_largest_remainder(parts, total, rounded):
    found = whole_parts([parts], [total])
    assert found.tolist() == [rounded]
    assert found.sum() == np.rint(total)


def test_a_chain_that_ends_early_is_rounded_part_by_part():
    assert_allclose(whole_parts([[1.6, np.nan]], [4.0]), [[2.0, np.nan]])
    assert_allclose(whole_parts([[1.6, 1.6]], [np.nan]), [[2.0, 2.0]])


def test_limits_of_a_gap():
    # 2 wanted; own 20 x 3 = 60, peers 10 x 3 = 30; one unit of log ratio is worth 2 x 30 / ln 2.
    found = chain_decompose([120.0], [6.0], [2.0], reference=[10.0, 3.0])
    lo, hi = gap_ci(found, [120.0], [[0.1, 0.1, np.nan]])
    worth, half = 60 / np.log(2), 1.959963984540054 * 0.1
    assert_allclose(hi[0, :2], [120 * np.exp(half) - 60, worth * (np.log(2) + half)])
    assert_allclose(lo[0, :2], [120 * np.exp(-half) - 60, worth * (np.log(2) - half)])
    assert np.isnan([lo[0, 2], hi[0, 2]]).all()  # a stage without a standard error has no limits


def test_a_gap_leaves_out_zero_when_the_ratio_leaves_out_one():
    for ratio, se in ((1.3, 0.1), (1.3, 0.2), (0.8, 0.1), (0.8, 0.2)):
        found = chain_decompose([12.0 * ratio], [6.0], [2.0], reference=[2.0, 3.0])
        lo, hi = gap_ci(found, [12.0 * ratio], [[se, se, se]])
        apart = abs(np.log(ratio)) > 1.959963984540054 * se
        assert (lo[0, :2] * hi[0, :2] > 0).tolist() == [apart, apart]
