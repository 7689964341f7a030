"""Charts and forecasts: no unit, mirrored by direction, nothing from what comes later."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.forecast import forecast
from pipelines.methods.xmr import xmr
from pipelines.methods.xmr_limits import limits

SEEDS = st.integers(0, 10**6)
SCALES = st.sampled_from([2.0**-10, 4.0, 2.0**20])  # powers of two: rounding is the same


def series(seed, size):
    rng = np.random.default_rng(seed)
    return 100 + np.cumsum(rng.normal(0, rng.choice([0, 1]), size)) + rng.normal(0, 2, size)


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(8, 40), SCALES)
def test_labels_have_no_unit_and_mirror(seed, size, factor):
    y = series(seed, size)
    one, scaled, turned = xmr(y, direction=1), xmr(factor * y, direction=1), xmr(-y, direction=-1)
    assert_array_equal(one.label, scaled.label)
    assert_array_equal(one.label, turned.label)
    assert (one.variation, one.way.tolist()) == (turned.variation, (-turned.way).tolist())
    assert_allclose(scaled.lines.upper, factor * one.lines.upper)


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(12, 30), st.floats(-50, 50))
def test_what_comes_after_a_frozen_baseline_moves_no_limit(seed, size, jump):
    y = series(seed, size + 5)
    later = y.copy()
    later[size:] += jump
    first, second = xmr(y, direction=-1, baseline=size), xmr(later, direction=-1, baseline=size)
    assert_array_equal(first.lines.lower, second.lines.lower)


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(8, 40))
def test_limits_lie_around_the_mean_and_screening_never_widens(seed, size):
    y = series(seed, size)
    found = limits(y, widen_above=np.inf)
    assert found.lower < found.near_lower < found.mean < found.near_upper < found.upper
    assert found.mr <= np.abs(np.diff(y)).mean() + 1e-12
    assert limits(y).upper >= found.upper - 1e-12


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(8, 40))
def test_each_label_is_marked_by_its_rule_and_each_mark_labelled(seed, size):
    chart = xmr(series(seed, size), direction=1)
    marked = {name: found != 0 for name, found in chart.marks._asdict().items()}
    assert_array_equal(chart.label != "", np.any(list(marked.values()), axis=0))
    assert all(marked[name][i] for i, name in enumerate(chart.label.tolist()) if name)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(6, 15), st.integers(1, 5), st.sampled_from([1, -1]), SCALES)
def test_forecasts_have_no_unit_and_mirror(seed, size, horizon, direction, factor):
    y = series(seed, size)
    goal = y[-1] + direction * 3
    one = forecast(y, goal, horizon, direction)
    scaled = forecast(factor * y, factor * goal, horizon, direction)
    turned = forecast(-y, -goal, horizon, -direction)
    assert_allclose([scaled.p_hit, turned.p_hit], one.p_hit, rtol=1e-7, atol=1e-9)
    assert_allclose(scaled.fan, factor * one.fan, rtol=1e-7)
    assert_allclose(turned.fan, -one.fan[:, ::-1], rtol=1e-7)
    assert one.call == scaled.call == turned.call


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(6, 15), st.integers(1, 5), st.floats(0, 10))
def test_a_harder_target_is_never_likelier(seed, size, horizon, step):
    y = series(seed, size)
    easy, hard = (forecast(y, y[-1] - ask, horizon, -1) for ask in (0, step))
    assert hard.p_hit <= easy.p_hit
    assert 0 <= hard.p_hit <= easy.p_hit <= 1
    assert (np.diff(easy.fan, axis=1) >= 0).all()
