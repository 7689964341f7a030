"""Peers: the nearest allowed bodies, never padded, each with its reasons and its firmness."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.spatial.distance import cdist

from pipelines.methods.peers import (
    Reach,
    blocks,
    distances,
    listings,
    nearest,
    peer_mask,
    rebased,
    retention,
    select,
    towards,
)


def line(*places):
    return np.array(places, dtype=float)[:, None]


def test_distances_equal_scipy():
    z, w = np.random.default_rng(1).normal(size=(30, 4)), np.array([0.4, 0.3, 0.2, 0.1])
    assert_allclose(distances(z, 7 * w), cdist(z, z, "minkowski", p=2, w=w), atol=1e-11)


def test_nearest_first_and_never_itself():
    found = nearest(line(0, 1, 3, 7), [1.0], k=2, cap=1.0)
    assert_array_equal(found.ids, [[1, 2], [0, 2], [1, 0], [2, 1]])
    assert_allclose(found.distance[0], [1, 3])
    assert found.size.tolist() == [2, 2, 2, 2]


def test_equal_distances_go_by_row_order():
    found = nearest(line(0, 1, -1, 1), [1.0], k=3, cap=1.0)
    assert found.ids[0].tolist() == [1, 2, 3]


def test_the_cap_is_a_type_7_quantile_of_unordered_allowed_pairs():
    # Places 0 1 3 7: pair distances 1 2 3 4 6 7; the 20 % point is at place 0.2 x 5 = 1, that is 2.
    found = nearest(line(0, 1, 3, 7), [1.0], k=3, cap=0.2)
    assert found.cap == pytest.approx(2)
    assert_array_equal(found.ids, [[1, -1, -1], [0, 2, -1], [1, -1, -1], [-1, -1, -1]])
    assert found.size.tolist() == [1, 2, 1, 0]
    # Without body 3 the pairs are 1 2 3 and the point is 1 + 0.4 = 1.4: body 2 loses its peer.
    allowed = np.ones((4, 4), dtype=bool)
    allowed[3, :] = allowed[:, 3] = False
    assert nearest(line(0, 1, 3, 7), [1.0], allowed, k=3, cap=0.2).size.tolist() == [1, 1, 0, 0]


def test_a_constraint_may_run_one_way():
    allowed = np.ones((3, 3), dtype=bool)
    allowed[:, 1] = False  # merged last year: may look for peers, may not be one
    found = nearest(line(0, 1, 2), [1.0], allowed, k=2, cap=1.0)
    assert_array_equal(found.ids, [[2, -1], [0, 2], [0, -1]])


def test_nobody_allowed_leaves_empty_lists():
    found = nearest(line(0, 1), [1.0], np.zeros((2, 2), dtype=bool))
    assert (found.ids == -1).all()
    assert np.isnan(found.cap)


def test_an_absent_value_is_left_out_of_its_pairs():
    z, w = np.array([[0.0, 0.0], [3.0, np.nan], [1.0, 2.0]]), np.array([0.8, 0.2])
    found = distances(z, w)
    assert found[0, 1] == pytest.approx(3.0)  # sqrt(0.8 x 9 / 0.8)
    assert found[0, 2] == pytest.approx(np.sqrt(0.8 * 1 + 0.2 * 4))


def test_under_seventy_per_cent_of_weight_is_not_comparable():
    z = np.array([[0.0, 0.0], [3.0, np.nan], [1.0, 2.0]])
    assert np.isnan(distances(z, [0.69, 0.31])[0, 1])
    assert not np.isnan(distances(z, [0.70, 0.30])[0, 1])
    assert 1 not in nearest(z, [0.69, 0.31], k=2, cap=1.0).ids


def test_a_variable_without_scores_gives_up_its_weight():
    z = np.array([[0.0, np.nan], [3.0, np.nan]])
    assert distances(z, [0.5, 0.5])[0, 1] == pytest.approx(3.0)


def test_contributions_say_why():
    # From 0: squared differences 9 and 16 under weights 0.5 each: 36 % and 64 %.
    found = nearest(np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]), [1, 1], k=2, cap=1.0)
    assert found.ids[0].tolist() == [2, 1]
    assert np.isnan(found.contribution[0, 0]).all()  # a twin: nothing to explain
    assert_allclose(found.contribution[0, 1], [0.36, 0.64])


def test_mask_listings_and_rebased():
    found = nearest(line(0, 1, 3, 7), [1.0], k=2, cap=0.2)
    mask = peer_mask(found.ids)
    assert [np.flatnonzero(row).tolist() for row in mask] == [[1], [0, 2], [1], []]
    assert listings(found.ids).tolist() == [1, 2, 1, 0]
    assert_allclose(rebased(distances(line(0, 1, 3, 7), [1.0]))[0], [0, 1 / 7, 3 / 7, 1])


def test_retention_by_plain_recomputation():
    rng = np.random.default_rng(3)
    z, w = rng.normal(size=(25, 4)).round(1), np.array([0.4, 0.3, 0.2, 0.1])  # rounded, so that ties occur
    z[3, 3] = np.nan
    found = nearest(z, w, k=5, cap=0.5)
    share = retention(z, w, found.ids, k=5, cap=0.5, draws=0)
    kept = np.zeros(found.ids.shape)
    for left_out in range(4):
        again = nearest(z, np.where(np.arange(4) == left_out, 0, w), k=5, cap=0.5)
        kept += [[i >= 0 and i in row for i in ids] for ids, row in zip(found.ids, again.ids, strict=True)]
    assert_allclose(share, np.where(found.ids >= 0, kept / 4, np.nan))


def test_a_clear_neighbour_is_kept_and_a_borderline_one_is_not():
    # Body 1 beats all others in both variables; 2 is near only by the first variable, 3 only by the second.
    z = np.array([[0, 0], [0.1, 0.1], [0.5, 2.0], [2.0, 0.51], [6, 6], [7, 7]], dtype=float)
    found = nearest(z, [0.5, 0.5], k=2, cap=1.0)
    share = retention(z, [0.5, 0.5], found.ids, k=2, cap=1.0)
    assert found.ids[0].tolist()[0] == 1
    assert share[0, 0] == 1.0
    assert 0.2 < share[0, 1] < 0.8


def test_retention_repeats_to_the_last_digit_and_follows_its_seed():
    z, w = np.random.default_rng(4).normal(size=(20, 3)), np.ones(3)
    ids = nearest(z, w, k=4, cap=1.0).ids
    first, again, other = (retention(z, w, ids, k=4, cap=1.0, draws=40, seed=s) for s in (0, 0, 1))
    assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("z", "w", "words"),
    [
        ([[1.0, 2.0]], [1.0], "do not fit"),
        ([[1.0], [2.0]], [-1.0], "negative"),
        ([[np.nan], [np.nan]], [1.0], "no weighted variable"),
        ([[1.0], [2.0]], [0.0], "no weighted variable"),
    ],
)
def test_what_is_refused(z, w, words):
    with pytest.raises(ValueError, match=words):
        distances(z, w)


def test_any_distance_matrix_can_be_ranked():
    found = select(np.array([[0, 2, np.nan], [2, 0, 1], [np.nan, 1, 0]]), k=2, cap=1.0)
    assert_array_equal(found.ids, [[1, -1], [2, 0], [1, -1]])


def country(n, size):
    """A mask that allows pairs within runs of `size` bodies, one of which may look but not be looked at."""
    mask = np.arange(n)[:, None] // size == np.arange(n)[None, :] // size
    mask[:, 1] = False
    return mask


def test_blocks_are_what_the_constraints_leave():
    mask = np.zeros((6, 6), dtype=bool)
    mask[0, 4] = mask[4, 2] = True  # 0-4 and 4-2, each one way: one block; 1 and 5 another; 3 has nobody
    mask[1, 5] = mask[5, 1] = True
    found = blocks(mask)
    assert [part.rows.tolist() for part in found.parts] == [[0, 2, 4], [1, 5]]
    assert_array_equal(found.parts[0].allowed, [[0, 0, 1], [0, 0, 0], [0, 1, 0]])


def test_blocks_give_the_peers_that_the_whole_matrix_gives():
    z, w = np.random.default_rng(5).normal(size=(24, 3)).round(1), np.array([0.5, 0.3, 0.2])
    z[7, 2] = np.nan
    mask = country(24, 8)
    whole = select(distances(z, w), mask, k=4, cap=0.3)  # every pair of the sector, then the mask
    by_mask, by_block = nearest(z, w, mask, k=4, cap=0.3), nearest(z, w, blocks(mask), k=4, cap=0.3)
    for found in (by_mask, by_block):
        assert_array_equal(found.ids, whole.ids)
        assert_array_equal(found.distance, whole.distance)
        assert_array_equal(found.farthest, whole.farthest)
        assert found.cap == whole.cap  # over the pairs of all blocks together
    assert_array_equal(*(retention(z, w, whole.ids, rule, k=4, cap=0.3, draws=20) for rule in (mask, blocks(mask))))


def test_an_id_of_another_block_is_never_kept():
    mask = country(6, 3)
    ids = np.array([[2, 4], [0, 2], [0, -1], [5, 4], [3, 5], [4, 3]])  # row 0 lists body 4, of the other block
    share = retention(line(0, 1, 2, 10, 11, 12), [1.0], ids, blocks(mask), k=2, cap=1.0, draws=3)
    assert share[0].tolist() == [1.0, 0.0]


def test_the_farthest_allowed_body_scales_what_is_shown():
    found = nearest(line(0, 1, 3, 7), [1.0], k=1, cap=0.2)
    assert found.farthest.tolist() == [7, 6, 4, 7]


def test_towards_one_body_is_as_nearest_has_it():
    """Body 0 stands at (0, 0), body 1 at (3, 1), body 2 at (1, absent); weights 3 and 1, so 3/4 and 1/4.

    To body 1: 3/4 x 9 + 1/4 x 1 = 7, shares 27/28 and 1/28. To body 2: 3/4 of the weight can be compared, and
    (3/4 x 1)/(3/4) = 1, all of it by the first variable. To itself 0, of which there are no shares.
    """
    z = [[0.0, 0.0], [3.0, 1.0], [1.0, np.nan]]
    away, share = towards(z, [3, 1], 0)
    assert away == pytest.approx([0.0, 7**0.5, 1.0])
    assert share[1:] == pytest.approx(np.array([[27 / 28, 1 / 28], [1.0, 0.0]])) and np.isnan(share[0]).all()
    found = nearest(z, [3, 1], k=2, cap=1.0)
    assert list(away[found.ids[0]]) == list(found.distance[0])
    assert np.isnan(towards(z, [1, 3], 0)[0][2])  # a quarter of the weight is too little


def test_reach_is_the_cap_of_nearest_under_every_weighting():
    z = np.random.default_rng(7).normal(size=(40, 3))
    z[3, 1] = np.nan
    allowed = np.add.outer(np.arange(40), np.arange(40)) % 3 > 0
    reach = Reach(z, allowed)
    for weights in ([1, 1, 1], [0, 2, 1], [5, 1, 0]):
        assert reach.limit(weights, 0.2) == nearest(z, weights, allowed, cap=0.2).cap
    with pytest.raises(ValueError, match="no weighted variable"):
        reach.limit([0, 0, 0], 0.2)
