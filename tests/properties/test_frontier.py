"""Frontiers: no unit, no order, no twin, no column order matters, and a worse neighbour helps or harms nobody."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.methods.frontier import dea, dea_conditional, fdh, order_alpha, order_m, super_efficiency
from pipelines.methods.malmquist import malmquist
from tests.frontiers import scores_by_highs, sector

RETURNS = st.sampled_from(["crs", "vrs", "drs", "irs"])
WAYS = st.sampled_from(["in", "out"])
EXAMPLES = settings(max_examples=40, deadline=None)


@st.composite
def sectors(draw, least=2):
    """Small sectors of every awkward kind, some with fewer bodies than columns."""
    n, m, s = draw(st.integers(least, 14)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    kind = draw(st.sampled_from(["smooth", "ties", "zeros", "constant", "repeats", "collinear"]))
    X, Y = sector(int(rng.integers(10**6)), n, m, s)
    if kind == "ties":
        X, Y = rng.integers(1, 4, X.shape).astype(float), rng.integers(1, 4, Y.shape).astype(float)
    elif kind == "zeros":
        X[rng.random(X.shape) < 0.2], Y[rng.random(Y.shape) < 0.3] = 0, 0
        X[~(X > 0).any(axis=1), 0], Y[~(Y > 0).any(axis=1), 0] = 1, 1
    elif kind == "constant":
        X[:, 0] = 3
    elif kind == "repeats":
        some = rng.integers(0, n, n)
        X, Y = X[some], Y[some]
    elif kind == "collinear":
        X = np.column_stack([X, 2 * X[:, 0]])
    return X, Y


def same(found, wanted):
    assert_allclose(found, wanted, rtol=1e-8, atol=1e-9)


@EXAMPLES
@given(sectors(), RETURNS, WAYS)
def test_agrees_with_highs(data, rts, way):
    X, Y = data
    found = dea(X, Y, rts=rts, orientation=way)
    assert_allclose(found.score, scores_by_highs(X, Y, rts, way), rtol=1e-6, atol=1e-6)


@EXAMPLES
@given(sectors(), RETURNS, WAYS, st.sampled_from([1e-6, 3.0, 1e6]))
def test_units_do_not_matter(data, rts, way, factor):
    X, Y = data
    first = dea(X, Y, rts=rts, orientation=way)
    X2, Y2 = X * np.r_[factor, np.ones(X.shape[1] - 1)], Y / factor
    other = dea(X2, Y2, rts=rts, orientation=way)
    same(other.score, first.score)
    mean = np.r_[X.mean(axis=0), Y.mean(axis=0)]
    mean2 = np.r_[X2.mean(axis=0), Y2.mean(axis=0)]
    sums = [(found.slacks / np.where(by > 0, by, 1)).sum(axis=1) for found, by in ((first, mean), (other, mean2))]
    assert_allclose(sums[1], sums[0], atol=1e-6)


@EXAMPLES
@given(sectors(), RETURNS, WAYS, st.integers(0, 10**6))
def test_order_of_bodies_and_columns_does_not_matter(data, rts, way, seed):
    X, Y = data
    rng = np.random.default_rng(seed)
    order, left, right = (rng.permutation(size) for size in (len(X), X.shape[1], Y.shape[1]))
    turned = dea(X[order][:, left], Y[order][:, right], rts=rts, orientation=way).score
    same(turned, dea(X, Y, rts=rts, orientation=way).score[order])


@EXAMPLES
@given(sectors(), RETURNS, WAYS)
def test_twins_change_nobody_and_share_a_score(data, rts, way):
    X, Y = data
    alone = dea(X, Y, rts=rts, orientation=way).score
    double = dea(np.vstack([X, X[:2]]), np.vstack([Y, Y[:2]]), rts=rts, orientation=way).score
    same(double, np.r_[alone, alone[:2]])


@EXAMPLES
@given(sectors(), RETURNS, WAYS, st.floats(1.0, 3.0))
def test_a_worse_body_changes_nobody(data, rts, way, worse):
    X, Y = data
    before = dea(X, Y, rts=rts, orientation=way).score
    after = dea(np.vstack([X, worse * X[:1]]), np.vstack([Y, Y[:1] / worse]), rts=rts, orientation=way).score
    same(after[:-1], before)


@EXAMPLES
@given(sectors(least=3), RETURNS)
def test_another_body_never_raises_a_score(data, rts):
    X, Y = data
    fewer, more = dea(X[:-1], Y[:-1], rts=rts).score, dea(X, Y, rts=rts).score
    assert (more[:-1] <= fewer + 1e-9).all()


@EXAMPLES
@given(sectors(), st.floats(1.01, 5.0))
def test_spending_more_never_helps_oneself(data, factor):
    X, Y = data
    dearer = np.vstack([X[:1] * factor, X[1:]])
    for method in (dea, fdh):
        assert method(dearer, Y).score[0] <= method(X, Y).score[0] + 1e-9


@EXAMPLES
@given(sectors(), WAYS)
def test_technologies_are_nested(data, way):
    X, Y = data
    crs, vrs = (dea(X, Y, rts=rts, orientation=way).score for rts in ("crs", "vrs"))
    drs, irs = (dea(X, Y, rts=rts, orientation=way).score for rts in ("drs", "irs"))
    free = fdh(X, Y, orientation=way).score
    sign = 1 if way == "in" else -1
    for lower, upper in ((crs, drs), (crs, irs), (drs, vrs), (irs, vrs), (vrs, free)):
        assert (sign * lower <= sign * upper + 1e-8).all()
    same(np.where(sign * (drs - irs) > 0, drs, irs), vrs)  # one of the halves is the whole
    assert (sign * vrs <= sign + 1e-9).all()


@EXAMPLES
@given(sectors(), RETURNS, WAYS)
def test_weights_slacks_and_multipliers_add_up(data, rts, way):
    X, Y = data
    found = dea(X, Y, rts=rts, orientation=way)
    m, stretch = X.shape[1], found.score[:, None]
    target_x, target_y = (stretch * X, Y) if way == "in" else (X, stretch * Y)
    scale = 1e-8 * (1 + np.abs(found.score).max()) * max(X.max(), Y.max())
    assert_allclose(found.weights @ X + found.slacks[:, :m], target_x, atol=scale)
    assert_allclose(found.weights @ Y - found.slacks[:, m:], target_y, atol=scale)
    v, u, u0 = found.multipliers[:, :m], found.multipliers[:, m:], found.intercept
    assert ((v @ X.T - u @ Y.T - u0[:, None]) >= -1e-6 * (1 + np.abs(u0[:, None]))).all()


@EXAMPLES
@given(sectors(least=4), RETURNS, WAYS)
def test_super_efficiency_is_the_score_of_everybody_else(data, rts, way):
    X, Y = data
    plain, beyond = (method(X, Y, rts=rts, orientation=way) for method in (dea, super_efficiency))
    inefficient = np.abs(plain.score - 1) > 1e-6
    same(beyond[inefficient], plain.score[inefficient])
    sign = 1 if way == "in" else -1
    others = beyond[~inefficient]
    assert (sign * others[~np.isnan(others)] >= sign - 1e-6).all()


@EXAMPLES
@given(sectors())
def test_order_m_lies_above_the_hull_and_falls_to_it(data):
    X, Y = data
    assume((X > 0).all())  # with a zero somewhere an infinite ratio is drawn sooner or later
    curve = [order_m(X, Y, m).score for m in (1, 10, 25, 10_000)]
    for wider, nearer in pairwise(curve):
        assert (wider >= nearer - 1e-12).all()
    assert_allclose(curve[-1], fdh(X, Y).score, rtol=1e-6)
    assert_allclose(order_alpha(X, Y, 1.0).score, fdh(X, Y).score)


@EXAMPLES
@given(sectors(least=3), st.integers(0, 10**6))
def test_a_missing_body_changes_only_what_it_must(data, seed):
    X, Y = data
    rng = np.random.default_rng(seed)
    X1, Y1 = X * rng.uniform(0.8, 1.2, X.shape), Y * rng.uniform(0.8, 1.2, Y.shape)
    gone = X1.copy()
    gone[-1] = np.nan
    found = malmquist(X, Y, gone, Y1)
    assert np.isnan(found.m[-1])
    again = malmquist(
        X, Y, np.vstack([X1[:-1], np.full((1, X.shape[1]), np.nan)]), Y1 * np.r_[np.ones(len(Y) - 1), 9][:, None]
    )
    assert_allclose(again.m, found.m, rtol=1e-12)


@EXAMPLES
@given(sectors(least=3))
def test_malmquist_identities(data):
    X, Y = data
    assume((Y > 0).all() and (X > 0).all())
    rng = np.random.default_rng(len(X))
    X1, Y1 = X * rng.uniform(0.8, 1.2, X.shape), Y * rng.uniform(0.8, 1.2, Y.shape)
    there, back = malmquist(X, Y, X1, Y1), malmquist(X1, Y1, X, Y)
    assert_allclose(there.m, there.ec * there.tc, rtol=1e-12)
    assert_allclose(there.ec, there.pure * there.scale, rtol=1e-12)
    assert_allclose(there.m * back.m, 1, rtol=1e-10)


@EXAMPLES
@given(sectors(), st.integers(0, 10**6))
def test_conditioning_never_lowers_a_score(data, seed):
    X, Y = data
    z = np.random.default_rng(seed).integers(0, 3, len(X))
    assert (dea_conditional(X, Y, z).score >= dea(X, Y).score - 1e-9).all()
    same(dea_conditional(X, Y, np.zeros(len(X))).score, dea(X, Y).score)
