"""Convex fits: concave and rising for any table, the same in any order, unit and origin."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.methods.convex_fit import KKT
from pipelines.methods.stoned import stoned_cost, stoned_production

EXAMPLES = settings(max_examples=20, deadline=None)


@st.composite
def tables(draw):
    """Outputs, inputs and context of small sectors: smooth, with ties, with twins, without any order at all."""
    n, m, k = draw(st.integers(2, 25)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x, z = rng.uniform(1, 10, (n, m)), rng.normal(size=(n, k))
    y = np.sqrt(x).sum(axis=1) - np.abs(rng.normal(size=n))
    kind = draw(st.sampled_from(["smooth", "ties", "twins", "noise", "falling", "constant"]))
    if kind == "ties":
        x, y = np.round(x / 3), np.round(y)
    elif kind == "twins":
        some = rng.integers(0, n, n)
        x, y, z = x[some], y[some], z[some]
    elif kind in ("noise", "falling"):
        y = rng.normal(size=n) if kind == "noise" else -x.sum(axis=1)
    elif kind == "constant":
        x[:, 0], y = 3, np.full(n, 7.0)
    return y, x, z


@EXAMPLES
@given(tables())
def test_the_surface_is_concave_and_rising(data):
    y, x, z = data
    found = stoned_production(y, x, z)
    shape, tall = found.fitted - z @ found.context, max(np.ptp(y), 1.0)
    tangent = shape[:, None] + np.einsum("im,ijm->ij", found.slopes, x[None] - x[:, None])
    assert found.kkt <= KKT
    assert (found.slopes >= -KKT * tall).all()
    assert (shape[None] <= tangent + 1e-7 * tall).all()
    more = (x[:, None] <= x[None]).all(axis=2)  # [i, j]: j has at least as much of everything
    assert ((shape[:, None] <= shape[None] + 1e-7 * tall) | ~more).all()
    assert (found.inefficiency >= 0).all()


@EXAMPLES
@given(tables(), st.integers(0, 100))
def test_order_does_not_matter(data, seed):
    y, x, z = data
    turn = np.random.default_rng(seed).permutation(len(y))
    first, second = stoned_cost(y, x, z), stoned_cost(y[turn], x[turn], z[turn])
    assert_allclose(second.fitted, first.fitted[turn], atol=1e-6)


@EXAMPLES
@given(tables(), st.sampled_from([1e-3, 7.0, 1e6]), st.floats(-50, 50))
def test_units_and_origin_do_not_matter(data, factor, move):
    y, x, z = data
    first = stoned_production(y, x, z)
    second = stoned_production(factor * (y + move), x / factor, z)
    assert_allclose(second.fitted / factor - move, first.fitted, atol=1e-6)
    assert_allclose(second.ssr / factor**2, first.ssr, atol=1e-6)
