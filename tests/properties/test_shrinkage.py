"""Shrinkage, funnels and ranks: no unit, no order, nothing from the absent, precision respected."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.funnel import funnel, limits
from pipelines.methods.rank import rank_sim, told_apart
from pipelines.methods.shrinkage import shrink

SEEDS = st.integers(0, 10**6)
SCALES = st.sampled_from([1e-3, 7.0, 1e5])


def panel(seed, n=14):
    rng = np.random.default_rng(seed)
    return rng.normal(3, 1, n), rng.uniform(0.1, 2, n)


@settings(max_examples=80, deadline=None)
@given(SEEDS, SCALES)
def test_shrinkage_has_no_unit(seed, factor):
    y, s = panel(seed)
    first, scaled = shrink(y, s), shrink(factor * y, factor * s)
    assert_allclose(scaled.value, factor * first.value, rtol=1e-6)
    assert_allclose(scaled.reliability, first.reliability, atol=1e-6)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_shrinkage_respects_precision_and_stays_between_value_and_mean(seed):
    y, s = panel(seed)
    found = shrink(y, s)
    assert found.tau2 >= 0
    assert (np.diff(found.reliability[np.argsort(s)]) <= 1e-12).all()
    low, high = np.minimum(y, found.mu), np.maximum(y, found.mu)
    assert ((low - 1e-9 <= found.value) & (found.value <= high + 1e-9)).all()
    assert (found.sd >= found.sd_conditional - 1e-12).all()
    assert ((found.lo <= found.value) & (found.value <= found.hi)).all()


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_order_and_absent_bodies_do_not_matter(seed):
    y, s = panel(seed)
    order = np.random.default_rng(seed).permutation(y.size)
    first = shrink(y, s)
    assert_allclose(shrink(y[order], s[order]).value, first.value[order], rtol=1e-8)
    assert_allclose(shrink(np.append(y, np.nan), np.append(s, 1.0)).value[:-1], first.value)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_funnels_widen_never_narrow(seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(20, 200, 15)
    found = funnel(rng.poisson(expected * rng.lognormal(0, 0.2, 15)) + 1.0, expected, "log_ratio")
    assert found.tau2 >= 0
    assert (np.abs(found.widened) <= np.abs(found.z) + 1e-12).all()
    assert_array_equal(np.sign(found.flag)[found.flag != 0], np.sign(found.z)[found.flag != 0])


@settings(max_examples=80, deadline=None)
@given(st.floats(0.01, 1), st.floats(0, 1), st.floats(-2, 2))
def test_funnel_limits_are_symmetrical_in_logs_and_nested(s, tau2, theta0):
    low, high, lower, higher = np.log(limits([s], theta0, tau2, "log_ratio")[0])
    assert_allclose([low + high, lower + higher], 2 * theta0, atol=1e-9)
    assert lower <= low <= high <= higher


@settings(max_examples=40, deadline=None)
@given(SEEDS, SCALES)
def test_ranges_have_no_unit_and_sum_to_the_field(seed, factor):
    y, s = panel(seed, 9)
    ids = [f"E{i}" for i in range(9)]
    first, scaled = rank_sim(y, s, -1, ids, draws=200), rank_sim(factor * y, factor * s, -1, ids, draws=200)
    assert_allclose(first.expected, scaled.expected, atol=0.02)
    assert_allclose(first.expected.sum(), 45)  # 1 + ... + 9
    assert (first.range90[:, 0] <= first.range90[:, 1]).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_directions_mirror_each_other(seed):
    y, s = panel(seed, 9)
    ids = [f"E{i}" for i in range(9)]
    up, down = (told_apart(y, s, d, ids, draws=200) for d in (1, -1))
    assert_array_equal(up.better, down.better.T)
    assert_array_equal(up.places, 10 - down.places[:, ::-1])


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_groups_follow_the_pairs(seed):
    y, s = panel(seed, 9)
    found = told_apart(y, s / 20, 1, [f"E{i}" for i in range(9)], draws=200)
    for a in range(9):
        for b in range(9):
            if found.group[a] < found.group[b]:
                assert found.better[a, b]
    assert not (found.better & found.better.T).any()
