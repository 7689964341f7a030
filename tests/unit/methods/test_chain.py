"""The parts of a gap sum to the whole, whichever way it is read, and a broken chain shows only what it can."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.chain import chain_decompose, chain_reference, log_mean, shapley, stage_factors


def test_factors_multiply_to_cost_per_outcome():
    factors = stage_factors([5200.0], [100.0], [400.0], [50.0])
    assert_allclose(factors, [[52.0, 0.25, 8.0]])
    assert factors.prod() == 5200 / 50


@pytest.mark.parametrize(
    ("inputs", "outputs", "outcomes", "left"),
    [(np.nan, 4.0, 2.0, 0), (1.0, 0.0, 2.0, 1), (1.0, 4.0, np.nan, 2), (1, 4, 2, 3)],
)
def test_only_the_prefix_before_a_gap_is_separable(inputs, outputs, outcomes, left):
    found = chain_decompose([8.0], [inputs], [outputs], [outcomes], reference=[1.0, 1.0, 1.0])
    assert found.separable[0] == left
    assert np.isnan(found.ratios[0, left:]).all()
    assert not np.isnan(found.ratios[0, :left]).any()
    # The first stage's money needs cost and outcomes only.
    assert np.isnan(found.gap_gbp[0]).tolist() == [stage >= left or bool(np.isnan(outcomes)) for stage in range(3)]


def test_a_total_gap_stands_without_its_parts():
    found = chain_decompose([80.0], [np.nan], [4.0], [2.0], reference=[10.0, 1.0, 1.0])
    assert found.total_gbp[0] == 2 * (40 - 10)


def test_logarithmic_mean():
    assert log_mean(4.0, 1.0) == pytest.approx(3 / np.log(4))
    assert log_mean(7.0, 7.0) == 7.0
    assert log_mean(1 + 1e-9, 1.0) == pytest.approx(1 + 5e-10, rel=1e-12)
    assert np.isnan(log_mean(0.0, 1.0))


def test_the_reference_multiplies_and_leaves_out_the_ends():
    rng = np.random.default_rng(1)
    factors, mask = np.exp(rng.normal(size=(10, 3))), np.ones((10, 10), dtype=bool)
    factors[9, 2] = np.nan  # not whole: never in a reference
    found = chain_reference(factors, mask)
    others = factors[1:9]  # body 0 has eight whole peers
    inner = others[np.argsort(others.prod(axis=1))[1:-1]]
    assert_allclose(found[0], np.exp(np.log(inner).mean(axis=0)))
    assert found[0].prod() == pytest.approx(np.exp(np.log(inner.prod(axis=1)).mean()))


def test_small_groups_keep_everybody_and_tiny_ones_have_no_reference():
    factors = np.exp(np.random.default_rng(2).normal(size=(6, 3)))
    whole = chain_reference(factors, np.ones((6, 6), dtype=bool))
    assert_allclose(whole[0], np.exp(np.log(factors[1:]).mean(axis=0)))
    assert np.isnan(chain_reference(factors[:5], np.ones((5, 5), dtype=bool))).all()  # four peers each


def test_shapley_of_two_stages_that_do_not_move():
    assert_allclose(shapley([3.0, 2.0, 5.0], [1.0, 2.0, 5.0]), [20.0, 0, 0])  # (3 - 1) x 2 x 5


def test_a_reference_must_be_positive():
    with pytest.raises(ValueError, match="reference"):
        chain_decompose([1.0], [1.0], [1.0], [1.0], reference=[1.0, 0.0, 1.0])
