"""Agreement of peer sets, and the suspicion that one was picked for its answer."""

import itertools

import numpy as np
import pytest

from pipelines.methods.peer_sets import cherry_pick_index, jaccard, picked, rank_biased_overlap


def test_jaccard():
    assert jaccard("ABC", "BCD") == 2 / 4
    assert jaccard("AB", "") == 0
    assert np.isnan(jaccard("", ""))


def test_overlap_of_equal_and_disjoint_lists():
    assert rank_biased_overlap("ABCD", "ABCD") == pytest.approx(1.0)
    assert rank_biased_overlap("ABCD", "EFGH") == 0
    assert np.isnan(rank_biased_overlap("", "A"))


def test_overlap_by_hand():
    # A B against B A, p = 0.5: depth 1 shares 0, depth 2 shares 2 of 2. (1-p)/p (0 + 1 x 0.25) + 1 x 0.25 = 0.5.
    assert rank_biased_overlap("AB", "BA", 0.5) == pytest.approx(0.5)
    # A against A B, p = 0.5: common 1 at both depths. (0.5 + 0.5 x 0.25 + 1/2 x 0.25) + (0/2 + 1) 0.25 = 1.
    assert rank_biased_overlap("A", "AB", 0.5) == pytest.approx(1.0)


def test_the_front_of_a_list_weighs_most():
    assert rank_biased_overlap("ABCD", "BACD") < rank_biased_overlap("ABCD", "ABDC")
    assert rank_biased_overlap("ABC", "CDE") == rank_biased_overlap("CDE", "ABC")


def test_what_is_refused():
    with pytest.raises(ValueError, match="twice"):
        rank_biased_overlap("AA", "AB")
    with pytest.raises(ValueError, match="persistence"):
        rank_biased_overlap("A", "A", 1.0)


def test_the_index_against_every_possible_set():
    pool, custom = np.arange(8.0), [1.0, 5.0, 6.0]
    medians = [np.median(group) for group in itertools.combinations(pool, 3)]
    exact = np.mean([(m < 5) + 0.5 * (m == 5) for m in medians])
    assert cherry_pick_index(custom, pool, "E1", sets=20_000) == pytest.approx(exact, abs=0.02)


def test_the_flattering_end_asks_for_caution():
    pool = np.append(np.arange(30.0), np.nan)
    low, high = (cherry_pick_index(ends, pool, "E1") for ends in (range(8), range(22, 30)))
    assert low < 0.01 < 0.99 < high
    assert picked(low)
    assert picked(high)
    assert not picked(0.5)


def test_the_index_repeats_and_needs_a_pool_as_large_as_the_set():
    pool = np.arange(30.0)
    assert cherry_pick_index([3, 9, 12], pool, "E1") == cherry_pick_index([3, 9, 12], pool, "E1")
    assert np.isnan(cherry_pick_index([1, 2, 3], [1, 2], "E1"))
    assert np.isnan(cherry_pick_index([np.nan], pool, "E1"))
