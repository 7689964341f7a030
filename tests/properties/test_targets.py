"""Targets: the same for the same, never worse than today, never beyond the best reliable peer, without a unit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.methods.burden import burden, concentration
from pipelines.methods.challenge import calibrate, improvement_limit, windows
from pipelines.methods.fairness import consistency_of
from pipelines.methods.glide import KINDS, glide
from pipelines.methods.sustained import sustained, years_held
from pipelines.methods.targets import target

SEEDS = st.integers(0, 10**6)
SIGNS = st.sampled_from([1, -1])
SCALES = st.sampled_from([1e-3, 0.25, 7.0, 1e5])
REFERENCES = st.sampled_from(["top_quartile", "median", "exemplar", "model"])
OPTIONS = st.fixed_dictionaries(
    {
        "reference": REFERENCES,
        "pi": st.floats(0.05, 1),
        "horizon": st.integers(1, 6),
        "shift": st.floats(0, 0.05),
        "limit": st.one_of(st.just(np.nan), st.floats(0, 200)),
        "precision": st.sampled_from([0.0, 0.1, 1.0, 5.0]),
    }
)


def case(seed):
    rng = np.random.default_rng(seed)
    peers = rng.uniform(100, 500, rng.integers(8, 16))
    return rng.uniform(100, 500), peers, rng.uniform(0, 1, peers.size), rng.uniform(100, 500)


@settings(max_examples=80, deadline=None)
@given(SEEDS, SIGNS, OPTIONS)
def test_never_worse_than_today_and_never_beyond_the_best_reliable_peer(seed, direction, options):
    x, peers, trust, given = case(seed)
    found = target(x, 9, peers, direction, reliability=trust, given=given, **options)
    assert direction * (found.value - x) >= 0
    best = direction * np.append(peers[trust >= 0.7], x)
    assert direction * found.value <= best.max() + 1e-6
    assert direction * (found.value - x) <= max(0, direction * (found.reference - x)) + 1e-9
    if not np.isnan(options["limit"]):
        assert direction * (found.value - x) <= options["limit"] + 1e-9
    assert (found.status == "hold") == (found.value == x)
    assert (direction * np.diff(found.glide.path) >= -1e-9).all()
    assert found.steps[-1].after == found.value


@settings(max_examples=50, deadline=None)
@given(SEEDS, SIGNS, OPTIONS)
def test_swap(seed, direction, options):
    # Two bodies with the same context have the same peers; with the same performance they get the same target, in
    # whatever order the peers are listed.
    x, peers, trust, given = case(seed)
    order = np.random.default_rng(seed).permutation(peers.size)
    first = target(x, 9, peers, direction, reliability=trust, given=given, **options)
    second = target(x, 9, peers[order], direction, reliability=trust[order], given=given, **options)
    assert first.value == second.value
    assert consistency_of([[x], [x]], [first.value, second.value]).pairs == ()


@settings(max_examples=50, deadline=None)
@given(SEEDS, SIGNS, OPTIONS, SCALES)
def test_no_unit(seed, direction, options, factor):
    x, peers, trust, given = case(seed)
    first = target(x, 9, peers, direction, reliability=trust, given=given, **options)
    scaled = {**options, "limit": factor * options["limit"], "precision": factor * options["precision"]}
    second = target(
        factor * x, factor * 9, factor * peers, direction, reliability=trust, given=factor * given, **scaled
    )
    assert_allclose(second.value, factor * first.value, rtol=1e-9)
    assert_allclose(second.glide.path, factor * first.glide.path, rtol=1e-9)
    assert second.status == first.status


@settings(max_examples=40, deadline=None)
@given(SEEDS, OPTIONS)
def test_mirror(seed, options):
    # Lower-is-better figures turned upside down are higher-is-better figures.
    x, peers, trust, given = case(seed)
    down = target(x, 9, peers, -1, reliability=trust, given=given, path="linear", **options)
    up = target(-x, 9, -peers, 1, reliability=trust, given=-given, path="linear", **options)
    assert_allclose(up.value, -down.value)
    assert up.there == down.there


@settings(max_examples=40, deadline=None)
@given(st.floats(1, 1000), st.floats(1, 1000), st.integers(1, 10), st.sampled_from(KINDS))
def test_paths_begin_today_and_end_at_the_target(x0, goal, horizon, kind):
    adoption = np.linspace(0.1, 0.9, horizon)
    found = glide(x0, goal, horizon, kind, adoption=adoption)
    assert_allclose(found.path[[0, -1]], [x0, goal])
    steps = np.diff(found.path) * np.sign(goal - x0)
    assert (steps >= -1e-9).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS, SIGNS, st.integers(1, 5))
def test_a_sustained_level_was_held_for_all_of_its_years(seed, direction, years):
    rng = np.random.default_rng(seed)
    values, quality = rng.normal(100, 10, (8, 6)), rng.normal(0, 1, (8, 6)).round()
    found = sustained(values, quality, direction, years)
    for row in np.flatnonzero(~np.isnan(found.level)):
        recent = direction * values[row, -years:]
        assert (recent >= direction * found.level[row]).all()
        assert (quality[row, -1] >= quality[row, -years:]).all()
        assert found.years[row] >= years
        assert years_held(values, quality, found.level[row], direction)[row] == found.years[row]
    longer = sustained(values, quality, direction, years + 1).level
    both = ~np.isnan(longer)
    assert (direction * longer[both] <= direction * found.level[both]).all()  # a longer proof proves less


@settings(max_examples=40, deadline=None)
@given(SEEDS, SIGNS, SCALES)
def test_challenge_has_no_unit_and_falls_with_what_is_asked(seed, direction, factor):
    values = np.random.default_rng(seed).lognormal(5, 0.1, (12, 8))
    first, scaled = (windows(k * values, k * values, 3, direction) for k in (1, factor))
    assert_allclose(scaled.improvement, first.improvement, atol=1e-12)
    shares = [calibrate(asked, 2, first).c for asked in (0.0, 0.05, 0.1, 0.3)]
    assert (np.diff(shares) <= 0).all()
    assert_allclose(improvement_limit(factor, 2, scaled), factor * improvement_limit(1, 2, first))


@settings(max_examples=40, deadline=None)
@given(SEEDS, SCALES)
def test_burden_is_bounded_has_no_unit_and_mirrors(seed, factor):
    rng = np.random.default_rng(seed)
    saving, budget, poor = rng.uniform(0, 1, 9), rng.uniform(5, 50, 9), rng.integers(0, 5, 9).astype(float)
    first, scaled = burden(saving, budget, poor, 3), burden(factor * saving, factor * budget, poor, 3)
    assert_allclose(scaled.concentration, first.concentration, atol=1e-12)
    assert abs(first.concentration) <= first.gini + 1e-12 <= 1
    assert_allclose(concentration(first.rate, -poor, budget), -first.concentration, atol=1e-12)
