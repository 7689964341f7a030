"""The robustness dial on figures small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods import peers
from pipelines.methods.position import position_among, verdict
from pipelines.methods.robustness import (
    WORDS,
    Entries,
    PeerSet,
    cut,
    dial,
    judge,
    one_less,
    overlap,
    plausible,
    sizes_of,
)


def entries(values, lo=None, hi=None, direction=0.0, status="ok") -> Entries:
    """One column of figures; every body is an entry."""
    value = np.asarray(values, dtype=np.float64)
    n = value.size
    return Entries(
        np.arange(n),
        np.zeros(n, dtype=np.int64),
        value,
        value * 0.9 if lo is None else np.asarray(lo),
        value * 1.1 if hi is None else np.asarray(hi),
        np.full(n, status),
        np.full(n, direction),
        value[:, None],
    )


def others(n: int, k: int) -> np.ndarray:
    """Every body's peers: the next k in a ring."""
    return (np.arange(n)[:, None] + np.arange(1, k + 1)) % n


def test_numbers_of_peers_run_from_half_to_twice_and_never_under_eight():
    assert sizes_of(15) == (8, 10, 15, 20, 30)
    assert sizes_of(10) == (8, 10, 13, 20)  # a half and two thirds would be fewer than 8


def test_shares_count_the_verdicts_of_the_sets():
    # Body 0 has 10 (9 to 11). Its sets have medians 10 (cannot tell), 10 of six others, and 8 (so it is higher).
    given = entries([10.0, *[8.0] * 5, *[10.0] * 6])
    low, same, more = (np.array(part)[None].repeat(12, 0) for part in (range(1, 6), range(6, 11), range(6, 12)))
    sets = [PeerSet("a", same, 5), PeerSet("b", more, 6), PeerSet("c", low, 5)]
    found = dial(given, judge(given, sets))
    assert_allclose(found.share[:, 0], [0, 2 / 3, 1 / 3])
    assert (WORDS[found.word[0]], found.n_sets[0], found.firm[0]) == ("same", 3, True)
    assert_allclose(found.agreement[0], 2 / 3)
    # Medians 8, 10, 10: type 7 at 5 % is 8 + 0.1 x 2 = 8.2; the middle ratio is 10/10.
    assert_allclose(found.median[:, 0], [8.2, 10.0, 10.0])
    assert_allclose(found.ratio[1, 0], 1.0)


def test_sets_with_the_same_usable_peers_count_once_and_a_list_for_other_services_not_at_all():
    given = entries([10.0, *[8.0] * 5, *[10.0] * 5, np.nan])
    low, same = (np.array(part)[None].repeat(12, 0) for part in (range(1, 6), range(6, 11)))
    turned, longer = same[:, ::-1], np.hstack([same, np.full((12, 1), 11)])  # 11 has no figure
    sets = [PeerSet("a", same, 5), PeerSet("b", turned, 5), PeerSet("c", longer, 6), PeerSet("d", low, 5)]
    found = dial(given, judge(given, sets))
    assert (found.n_sets[0], found.agreement[0]) == (2, 0.5)
    elsewhere = sets[3]._replace(about=np.zeros(given.field.shape[1], dtype=bool))
    alone = dial(given, judge(given, [*sets[:3], elsewhere]))
    assert (alone.n_sets[0], alone.agreement[0]) == (1, 1.0)


def test_a_default_of_four_withholds_everything():
    given = entries(np.arange(1.0, 12.0))
    found = dial(given, judge(given, [PeerSet("a", others(11, 4), 4), PeerSet("b", others(11, 8), 8)]))
    assert (found.word == WORDS.index("withheld")).all()
    assert (found.n_sets == 0).all()
    assert np.isnan(found.median).all()
    assert np.isnan(found.agreement).all()
    assert not found.firm.any()


def test_a_set_of_four_has_no_verdict_and_is_not_counted():
    given = entries(np.arange(1.0, 12.0))
    found = dial(given, judge(given, [PeerSet("a", others(11, 8), 8), PeerSet("b", others(11, 4), 4)]))
    assert (found.n_sets == 1).all()
    assert_allclose(found.agreement, 1.0)


def test_without_an_interval_there_is_a_band_and_no_verdict():
    nothing = np.full(11, np.nan)
    given = entries(np.arange(1.0, 12.0), nothing, nothing)
    found = dial(given, judge(given, [PeerSet("a", others(11, 8), 8)]))
    assert (found.n_sets == 0).all()
    assert np.isfinite(found.median).all()


@pytest.mark.parametrize("direction", [1.0, -1.0, 0.0])
def test_each_set_is_judged_as_positions_are(direction):
    rng = np.random.default_rng(7)
    values = rng.lognormal(size=30).round(1)
    values[[3, 9]] = np.nan
    given = entries(values, direction=direction)
    ids = others(30, 12)
    ids[5, 4:] = -1
    found = judge(given, [PeerSet("a", ids, 12)])
    same = position_among(values, ids, direction)
    assert_array_equal(found.peers[0], same.peers)
    assert_allclose(found.median[0], same.median)
    assert_allclose(found.percentile[0], same.percentile)
    words = verdict(values, values * 0.9, values * 1.1, same.peers, reference=same.median)
    assert_array_equal(np.array(WORDS)[found.word[0]], words)


def test_leaving_one_out_leaves_out_each_in_turn():
    ids = np.array([[4, 5, 6], [7, 8, -1]])
    sets = list(one_less(ids))
    assert [one.ids[0].tolist() for one in sets] == [[5, 6], [4, 6], [4, 5]]
    assert sets[2].ids[1].tolist() == [-1, -1]  # the second body has no third peer to leave out


def test_a_list_is_asked_whole_and_cut():
    assert [one.size for one in cut("model", others(40, 20), 15)] == [20, 8, 10, 15]
    assert [one.size for one in cut("model", others(40, 9), 15)] == [9, 8]


def test_plausible_sets_start_from_the_models_own():
    rng = np.random.default_rng(3)
    z, weights = rng.normal(size=(40, 3)), np.array([1.0, 1.0, 2.0])
    region = np.arange(40) % 2
    blocks = peers.blocks(np.ones((40, 40), dtype=bool))
    found = list(plausible(z, weights, blocks, peers.blocks(region[:, None] == region), k=10, cap=0.5, draws=4))
    kinds = [one.kind for one in found]
    # 4 numbers for each of: model, without cap, region, region without cap, three variables, four draws
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "size": 4, "uncapped": 4, "region": 4, "region_uncapped": 4, "variable": 12, "weights": 16,
    }  # fmt: skip
    own = next(one for one in found if (one.kind, one.size) == ("size", 10))
    assert_array_equal(own.ids, peers.nearest(z, weights, blocks, k=10, cap=0.5).ids)
    local = next(one for one in found if one.kind == "region_uncapped")
    assert (region[local.ids] == region[:, None])[local.ids >= 0].all()
    again = list(plausible(z, weights, blocks, peers.blocks(region[:, None] == region), k=10, cap=0.5, draws=4))
    assert all((one.ids == other.ids).all() for one, other in zip(found, again, strict=True))


def test_overlap_is_the_share_in_both_of_those_in_either():
    assert_allclose(overlap(np.array([[1, 2, 3]]), np.array([[2, 3, 4]])), [0.5])
    assert np.isnan(overlap(np.array([[-1]]), np.array([[-1]]))).all()
