"""What holds of the dial, of potential and of exemplars whatever the figures."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.exemplars import Quality, holds
from pipelines.methods.peer_quartile import peer_raw, peer_route
from pipelines.methods.potential import catch_up
from pipelines.methods.robustness import Entries, PeerSet, dial, judge

SEEDS = st.integers(0, 10_000)
N, NAMES = 16, [f"B{n:02}" for n in range(16)]


def lists(rng: np.random.Generator, k: int) -> np.ndarray:
    """k peers of each body, some lists shorter, nobody in its own list."""
    ids = np.array([rng.permutation([n for n in range(N) if n != b])[:k] for b in range(N)])
    ids[rng.random(ids.shape) < 0.1] = -1
    return ids


def entries(values: np.ndarray, factor: float = 1.0) -> Entries:
    column = np.zeros(N, dtype=np.int64)
    ends = values * 0.8 * factor, values * 1.2 * factor
    return Entries(
        np.arange(N), column, values * factor, *ends, np.full(N, "ok"), column * 1.0, values[:, None] * factor
    )


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, factor=st.floats(0.01, 1000))
def test_shares_are_parts_of_one_and_units_do_not_matter(seed, factor):
    rng = np.random.default_rng(seed)
    values = rng.lognormal(0, 0.5, N)
    values[rng.random(N) < 0.15] = np.nan
    sets = [PeerSet("s", lists(rng, k), k) for k in (10, 8, 12, 5)]
    found, scaled = (dial(e, judge(e, sets)) for e in (entries(values), entries(values, factor)))
    total = found.share.sum(axis=0)
    assert ((np.isnan(total)) | (np.abs(total - 1) < 1e-12)).all()
    assert (np.isnan(total) == (found.n_sets == 0)).all()
    assert_array_equal(found.word, scaled.word)
    assert_allclose(found.share, scaled.share)
    assert_allclose(found.ratio, scaled.ratio)
    known = ~np.isnan(found.median[0])
    assert (np.diff(found.median[:, known], axis=0) >= 0).all()


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_order_within_a_set_and_absent_peers_change_nothing(seed):
    rng = np.random.default_rng(seed)
    given_figures, ids = entries(rng.lognormal(0, 0.5, N)), lists(rng, 9)
    mixed = np.column_stack([np.full(N, -1), rng.permuted(ids, axis=1)])
    one, other = judge(given_figures, [PeerSet("s", ids, 9)]), judge(given_figures, [PeerSet("s", mixed, 9)])
    for part, again in zip(one, other, strict=True):
        assert_allclose(part, again)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, se=st.floats(0.01, 0.5), factor=st.floats(0.01, 1000))
def test_potential_is_a_part_of_the_cost_and_scales_with_money(seed, se, factor):
    rng = np.random.default_rng(seed)
    actual, unit = rng.lognormal(3, 1, N), rng.lognormal(0, 0.4, N)
    actual[rng.random(N) < 0.1] = np.nan
    ids = lists(rng, 12)
    found = peer_route(actual, unit, se, ids, names=NAMES, draws=200)
    known = ~np.isnan(found.median)
    assert ((found.lo >= 0) & (found.lo <= found.median) & (found.median <= found.hi))[known].all()
    assert (found.hi[known] < actual[known]).all()
    assert np.isnan(found.median[np.isnan(actual)]).all()
    caught = catch_up({"P": found}, {})
    assert_array_equal(np.isnan(caught.headline), ~np.isin(caught.grade, ["A", "B"]))
    richer = peer_route(factor * actual, unit, se, ids, names=NAMES, draws=200)
    assert_allclose(richer.median, factor * found.median, rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_a_dearer_body_never_lowers_its_own_and_never_raises_anybody_elses(seed):
    rng = np.random.default_rng(seed)
    unit, ids = rng.lognormal(0, 0.4, N), lists(rng, 12)
    worse = unit.copy()
    worse[0] *= 1.5
    before, after = peer_raw(np.ones(N), unit, ids), peer_raw(np.ones(N), worse, ids)
    assert np.isnan(before[0]) or after[0] >= before[0]
    known = ~np.isnan(before[1:])
    assert (after[1:][known] <= before[1:][known] + 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_a_further_condition_on_quality_never_adds_an_exemplar(seed):
    rng = np.random.default_rng(seed)
    cost, ids = rng.lognormal(0, 0.4, (N, 2)), lists(rng, 9)
    first, second = (rng.normal(50, 10, (N, 2)) for _ in range(2))
    pair = [Quality(v, v - 3, v + 3, d, np.ones(N, dtype=bool)) for v, d in ((first, 1.0), (second, -1.0))]
    one, both = holds(cost, ids, pair[:1]), holds(cost, ids, pair)
    assert (both <= one).all()
    assert not one[ids < 0].any()
