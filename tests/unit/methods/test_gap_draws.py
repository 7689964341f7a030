"""The draws of potentials: with as many draws as the routes take, the routes' own figures; with fewer, their first."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.gap_draws import model_draws, peer_draws
from pipelines.methods.peer_quartile import peer_route
from pipelines.methods.potential import route

N = 14
NAMES = [f"b{n:02}" for n in range(N)]
COST = np.linspace(50.0, 180.0, N)
UNIT = np.exp(np.random.default_rng(3).normal(0, 0.2, N)) * 100
IDS = np.array([[(row + step) % N for step in range(1, 11)] for row in range(N)])


def test_peer_draws_give_the_figures_of_the_route():
    expected = peer_route(COST, UNIT, np.full(N, 0.05), IDS, names=NAMES, draws=2000)
    found = peer_draws(COST, UNIT, np.full(N, 0.05), IDS, names=NAMES, draws=2000)
    assert np.allclose(np.median(found, axis=1), expected.median, rtol=1e-12)
    assert np.allclose(np.quantile(found.sum(axis=0), 0.95), expected.total[2], rtol=1e-12)


def test_fewer_draws_are_the_first_of_more():
    few, many = (peer_draws(COST, UNIT, np.full(N, 0.05), IDS, names=NAMES, draws=k) for k in (100, 400))
    assert np.array_equal(few, many[:, :100])


def test_model_draws_give_the_figures_of_the_route():
    ratio = UNIT / 100
    expected = route(COST, COST / ratio, np.full(N, 0.04), bodies=NAMES, draws=2000)
    found = model_draws(COST, ratio, np.full(N, 0.04), names=NAMES, draws=2000)
    assert np.allclose(np.quantile(found, 0.05, axis=1), expected.lo, rtol=1e-12)


def test_a_body_without_eight_usable_peers_or_without_a_cost_has_no_draws():
    ids = IDS.copy()
    ids[0, 7:] = -1  # seven peers
    cost = COST.copy()
    cost[1] = np.nan
    found = peer_draws(cost, UNIT, np.full(N, 0.05), ids, names=NAMES, draws=50)
    assert np.isnan(found[:2]).all()
    assert np.isfinite(found[2:]).all()


def test_a_cost_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive"):
        peer_draws(COST * 0, UNIT, np.full(N, 0.05), IDS, names=NAMES, draws=10)
