"""Ratchet protection: norms of others, a limit on what is taken, and the index that shows what was done."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.ratchet import (
    limited_path,
    next_baseline,
    norms_without_own,
    own_average,
    own_influence,
    ratchet_index,
)
from pipelines.scenarios.terms import Terms


def test_the_norm_of_a_body_is_what_the_others_would_spend_on_its_output():
    # Costs 10, 30, 80 for 1, 2, 4: for the first (30 + 80)/(2 + 4) * 1, for the last (10 + 30)/(1 + 2) * 4.
    assert_allclose(norms_without_own([10, 30, 80], [1, 2, 4]), [110 / 6, 2 * 90 / 5, 4 * 40 / 3])


def test_a_quantile_of_the_others():
    # Unit costs 10, 15, 20; the median of the other two.
    assert_allclose(norms_without_own([10, 30, 80], [1, 2, 4], at=0.5), [17.5, 2 * 15, 4 * 12.5])


def test_own_peers_only_and_never_oneself():
    peers = np.array([[True, True, False], [True, True, False], [True, False, True]])
    assert_allclose(norms_without_own([10, 30, 80], [1, 2, 4], peers=peers), [15, 20, 40])
    assert_allclose(norms_without_own([10, 30, 80], [1, 2, 4], peers=peers, at=0.25), [15, 20, 40])


def test_a_body_without_another_has_no_norm():
    assert np.isnan(norms_without_own([10], [1]))
    assert np.isnan(norms_without_own([10], [1], at=0.5))
    assert_allclose(norms_without_own([10, np.nan, 30], [1, 1, 1]), [30, 20, 10])


def test_influence_of_own_cost_is_seen_pound_for_pound():
    pulled = own_influence(lambda cost: 0.3 * cost + 100, [50.0, 60.0])
    assert_allclose(pulled, 0.3)


def test_the_next_baseline_takes_its_weight_of_a_saving():
    terms = Terms(own_weight=0.5)
    usual, saved = (
        next_baseline(own_average(cost, terms), 100, 0.5) for cost in ([99, 100, 100, 100], [99, 90, 90, 90])
    )
    assert usual - saved == 5
    assert own_average([3, 2, 1], Terms(rebase="last_year")) == 1
    with pytest.raises(ValueError, match="averages 3 years and was given 2"):
        own_average([1, 2], terms)


def test_no_more_than_half_of_a_gain_is_taken():
    # Ceiling 100 beaten by 6: not below 97. No gain, no limit.
    assert_allclose(limited_path([90, 98, 90], 100, [6, 6, -1], Terms()), [97, 98, 90])


def test_the_index_is_1_under_a_full_ratchet_and_0_under_none():
    gain = [1.0, 2.0, 4.0, 3.0]
    assert_allclose(ratchet_index([gain, [5.0] * 4, [0.5, 1.0, 2.0, 1.5]], gain), [1, 0, 0.5])
    assert_allclose(ratchet_index([1.0, np.nan, 4.0, 3.0], gain), 1)
    assert np.isnan(ratchet_index([1.0, 2.0], [1.0, 2.0]))
    assert np.isnan(ratchet_index([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]))


@pytest.mark.parametrize(
    ("cost", "output", "words"), [([1, 2], [1, 0], "outputs above 0"), ([1, 2], [1], "one cost and one output")]
)
def test_impossible_inputs(cost, output, words):
    with pytest.raises(ValueError, match=words):
        norms_without_own(cost, output)
