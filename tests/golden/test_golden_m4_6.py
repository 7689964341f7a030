"""M4.6 paired counter-measures has no case in golden.json; these are worked by hand from the card."""

import pytest
from numpy.testing import assert_allclose

from pipelines.methods.target_budget import joint_success

pytestmark = pytest.mark.golden


def test_the_chance_of_having_worsened_is_a_normal_tail():
    # Quality fell by 1 with se 2 against a tolerance of 1: exactly as likely as not to have fallen by more.
    assert_allclose(joint_success(True, [-1.0], [2.0], [1.0], [1]).p_worse, 0.5, rtol=1e-6)
    # Unchanged, tolerance 1.96 se: 2.5 %.
    found = joint_success(True, [0.0], [1.0], [1.959963984540054], [1])
    assert_allclose(found.p_worse, 0.025, rtol=1e-6)
    assert found.success


def test_the_limit_is_a_fifth():
    assert joint_success(True, [0.0], [1.0], [0.8416212335729143 + 1e-6], [-1]).success
    assert not joint_success(True, [0.0], [1.0], [0.8416212335729143 - 1e-6], [-1]).success
