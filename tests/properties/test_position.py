"""Percentiles, bands and verdicts: monotone, unit-free, blind to what is left out, true to their interval."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.position import quantile_bands, quantile_position, verdict

VALUES = st.lists(st.integers(-20, 20).map(float), min_size=9, max_size=25).map(np.array)
POSITIVE = st.floats(1e-6, 1e9)


def everyone(n):
    return np.ones((n, n), dtype=bool)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_the_two_directions_are_mirror_images(x):
    up, down = (quantile_position(x, everyone(x.size), d) for d in (1, -1))
    assert_allclose(up.percentile + down.percentile, 100)
    assert_array_equal(quantile_bands(x, -1), quantile_bands(-x, 1))


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_better_values_never_stand_lower_and_ties_stand_together(x):
    found = quantile_position(x, everyone(x.size), 1)
    order = np.argsort(x, kind="stable")
    assert (np.diff(found.percentile[order]) >= -1e-9).all()
    assert (np.diff(found.band[order]) <= 0).all()
    for value in set(x):
        assert len(set(found.band[x == value])) == 1


@settings(max_examples=100, deadline=None)
@given(VALUES, st.sampled_from([0.5, 4.0, 1024.0]))
def test_units_move_quartiles_and_leave_positions(x, factor):
    first, scaled = (quantile_position(y, everyone(x.size), -1) for y in (x, x * factor))
    assert_array_equal(first.percentile, scaled.percentile)
    assert_array_equal(first.band, scaled.band)
    assert_allclose(scaled.q3, factor * first.q3)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_absent_bodies_change_nothing(x):
    first = quantile_position(x, everyone(x.size), 1)
    more = quantile_position(np.append(x, [np.nan, np.nan]), everyone(x.size + 2), 1)
    for with_absent, alone in zip(more, first, strict=True):
        assert_array_equal(with_absent[:-2], alone)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_quartiles_are_numpys(x):
    found = quantile_position(x, everyone(x.size), 1)
    for body in range(x.size):
        others = np.delete(x, body)
        expected = np.quantile(others, [0.25, 0.5, 0.75])
        assert_allclose([found.q1[body], found.median[body], found.q3[body]], expected)


@settings(max_examples=200, deadline=None)
@given(POSITIVE, st.floats(0, 3), st.floats(0, 3), st.integers(0, 20))
def test_every_verdict_follows_from_its_interval(value, down, up, peers):
    lo, hi = value * np.exp(-down), value * np.exp(up)
    lo, hi = min(lo, value), max(hi, value)
    word = str(verdict(value, lo, hi, peers))
    expected = "withheld" if peers < 5 else "lower" if hi < 1 else "higher" if lo > 1 else "same"
    assert word == expected
