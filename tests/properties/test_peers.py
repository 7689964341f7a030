"""Peers do not depend on units, on the order of variables, or on bodies that may not be peers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.context import robust_scores, transform
from pipelines.methods.peers import nearest

PANELS = arrays(np.float64, st.tuples(st.integers(6, 14), st.integers(1, 4)), elements=st.integers(1, 40).map(float))


def scored(raw):
    return robust_scores(transform(raw, ["log"] * raw.shape[1]))


def usable(raw):
    return np.isfinite(scored(raw)).any()


@settings(max_examples=60, deadline=None)
@given(PANELS.filter(usable), st.sampled_from([0.001, 3.0, 1e6]))
def test_units_do_not_matter(raw, factor):
    w = np.ones(raw.shape[1])
    first, scaled = (nearest(scored(x), w, k=4, cap=1.0) for x in (raw, raw * factor))
    assert_allclose(first.distance, scaled.distance, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(PANELS.filter(usable), st.randoms(use_true_random=False))
def test_permuted_variables_do_not_matter(raw, random):
    order = random.sample(range(raw.shape[1]), raw.shape[1])
    w, z = np.arange(1.0, raw.shape[1] + 1), scored(raw)
    first, mixed = nearest(z, w, k=4), nearest(z[:, order], w[order], k=4)
    assert_allclose(first.distance, mixed.distance, atol=1e-9)
    assert_array_equal(first.ids, mixed.ids)


@settings(max_examples=60, deadline=None)
@given(PANELS.filter(usable))
def test_lists_are_sorted_symmetrical_in_distance_and_never_padded(raw):
    found = nearest(scored(raw), np.ones(raw.shape[1]), k=4)
    n = raw.shape[0]
    for body in range(n):
        ids, far = found.ids[body], found.distance[body]
        near = ids[ids >= 0]
        assert body not in near
        assert len(set(near)) == near.size == found.size[body]
        assert (np.diff(far[: near.size]) >= 0).all()
        assert (ids[near.size :] == -1).all()
        assert np.isnan(far[near.size :]).all()
        assert (far[: near.size] <= found.cap).all()


@settings(max_examples=60, deadline=None)
@given(PANELS.filter(usable))
def test_a_forbidden_body_changes_nothing_but_itself(raw):
    z, w, n = scored(raw), np.ones(raw.shape[1]), raw.shape[0]
    extra = np.vstack([z, np.full((1, z.shape[1]), 0.25)])
    allowed = np.ones((n + 1, n + 1), dtype=bool)
    allowed[n, :] = allowed[:, n] = False
    with_it, without = nearest(extra, w, allowed, k=4), nearest(np.vstack([z]), w, k=4)
    if not np.isnan(z).all(axis=0).any():
        assert_array_equal(with_it.ids[:n], without.ids)


@settings(max_examples=60, deadline=None)
@given(PANELS.filter(usable))
def test_contributions_sum_to_one(raw):
    found = nearest(scored(raw), np.ones(raw.shape[1]), k=4, cap=1.0)
    shown = (found.ids >= 0) & (found.distance > 0)
    assert_allclose(found.contribution[shown].sum(axis=-1), 1.0)


@settings(max_examples=40, deadline=None)
@given(PANELS.filter(usable), st.integers(0, 5))
def test_a_duplicate_is_at_distance_zero_and_first(raw, body):
    doubled = np.vstack([raw, raw[body]])
    found = nearest(scored(doubled), np.ones(raw.shape[1]), k=doubled.shape[0], cap=1.0)
    at_zero = found.ids[body][found.distance[body] == 0]
    assert raw.shape[0] in at_zero
