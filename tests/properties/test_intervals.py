"""Intervals hold their value, widen with confidence, shrink with data and mirror what they should."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.methods.indicators import group_rate, log_se, ratio, real_terms
from pipelines.methods.intervals import count_ci, prop_ci, unit_cost_ci

COUNTS = st.integers(0, 10**7).map(float)
LEVELS = st.floats(0.5, 0.998)


@settings(max_examples=200, deadline=None)
@given(COUNTS, LEVELS)
def test_counts(count, level):
    found, wider = count_ci(count, level), count_ci(count, (1 + level) / 2)
    assert 0 <= wider.lo <= found.lo <= count <= found.hi <= wider.hi


@settings(max_examples=200, deadline=None)
@given(st.tuples(COUNTS, COUNTS).map(sorted).filter(lambda pair: pair[1] > 0), LEVELS)
def test_proportions(pair, level):
    x, n = pair
    found, mirror = prop_ci(x, n, level), prop_ci(n - x, n, level)
    assert 0 <= found.lo <= found.value <= found.hi <= 1
    assert_allclose([found.lo, found.hi], [1 - mirror.hi, 1 - mirror.lo], atol=1e-9)
    more = prop_ci(10 * x, 10 * n, level)
    assert more.hi - more.lo <= found.hi - found.lo + 1e-12


@settings(max_examples=100, deadline=None)
@given(st.floats(1e-9, 1e12), st.floats(0, 2), LEVELS)
def test_unit_costs(value, se, level):
    found = unit_cost_ci(value, se, level)
    assert found.lo <= value <= found.hi
    assert_allclose(found.lo * found.hi, value**2)


PAIRS = st.lists(st.tuples(st.integers(0, 9999), st.integers(1, 999)), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(PAIRS)
def test_the_group_lies_between_its_least_and_greatest_rate(pairs):
    top, bottom = np.array(pairs, dtype=float).T
    rates, group = ratio(top, bottom, 100, minimum=0).value, group_rate(top, bottom, 100)
    assert rates.min() - 1e-9 <= group.rate <= rates.max() + 1e-9


@settings(max_examples=100, deadline=None)
@given(PAIRS, st.permutations(range(12)))
def test_the_group_does_not_depend_on_order_or_absent_bodies(pairs, order):
    top, bottom = np.array([*pairs, (np.nan, 5.0)], dtype=float).T
    shuffled = [i for i in order if i < top.size]
    if len(shuffled) == top.size:
        assert_allclose(group_rate(top[shuffled], bottom[shuffled]).rate, group_rate(top, bottom).rate)
    assert_allclose(group_rate(top, bottom).rate, group_rate(top[:-1], bottom[:-1]).rate)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-3, 1e3))
def test_standard_errors_of_logs_have_no_unit(seed, factor):
    rate = np.exp(np.random.default_rng(seed).normal(0, 0.3, (5, 7)))
    assert_allclose(log_se(rate).se, log_se(factor * rate).se, rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 5))
def test_the_base_year_moves_no_order_and_no_growth(seed, base):
    rng = np.random.default_rng(seed)
    cost, index = rng.uniform(1, 9, (4, 6)), rng.uniform(80, 120, 6)
    first, other = real_terms(cost, index, index[0]), real_terms(cost, index, index[base])
    assert_allclose(first[:, 1:] / first[:, :-1], other[:, 1:] / other[:, :-1])
    assert (np.argsort(first, axis=0) == np.argsort(other, axis=0)).all()
