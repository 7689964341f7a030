"""Potential against a body's own peers and against one real body: by hand, by brute force, by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.peer_quartile import exemplar_route, low_quantile, peer_raw, peer_route, towards_peers
from pipelines.methods.potential import catch_up
from pipelines.methods.shrinkage import shrink

NAMES = [f"B{n:02}" for n in range(40)]
RING = (np.arange(40)[:, None] + np.arange(1, 13)) % 40


def costs(seed: int = 5) -> np.ndarray:
    """Unit costs of 40 bodies that differ by about a fifth."""
    return np.exp(np.random.default_rng(seed).normal(0, 0.2, 40)) * 100


def test_the_low_quantile_is_that_of_numpy():
    rows = np.random.default_rng(1).normal(size=(15, 300))
    for k in (1, 2, 8, 9, 15):
        assert_allclose(low_quantile(rows[:k], 0.25), np.quantile(rows[:k], 0.25, axis=0), rtol=1e-12)


def test_raw_potential_against_eight_peers():
    # Peers 10, 20, ..., 80: the quartile of their logarithms lies 0.75 of the way from ln 20 to ln 30 = ln 27.11.
    unit = np.array([54.22, *range(10, 90, 10)], dtype=float)
    ids = np.full((9, 8), -1)
    ids[0] = np.arange(1, 9)
    found = peer_raw(np.full(9, 200.0), unit, ids)
    quartile = 20**0.25 * 30**0.75
    assert quartile == pytest.approx(27.1081, abs=1e-4)
    assert found[0] == pytest.approx(200 * (1 - quartile / 54.22))
    assert np.isnan(found[1:]).all()  # nobody else has peers


def test_a_body_with_seven_usable_peers_has_none():
    unit, status = costs(), np.full(40, "ok", dtype="U16")
    ids = RING[:, :8]
    status[1] = "imputed"  # a peer of bodies 33 to 39 and 0
    found = peer_route(unit, unit, 0.05, ids, names=NAMES, status=status, draws=200)
    assert np.isnan(found.median[[0, 1, 39]]).all()
    assert np.isfinite(found.median[2:32]).all()


def test_ends_are_in_order_never_negative_and_the_total_is_over_draws():
    found = peer_route(1000.0 * costs(9), costs(), 0.08, RING, names=NAMES, draws=2000)
    assert ((found.lo >= 0) & (found.lo <= found.median) & (found.median <= found.hi)).all()
    assert found.total[0] < found.total[1] < found.total[2]
    assert found.total[1] > found.median.sum()  # halves of max(0, .) do not add up to the half of the sum
    assert found.total[2] - found.total[0] < (found.hi - found.lo).sum()


def test_money_and_units_scale_through():
    usual = peer_route(costs(9), costs(), 0.05, RING, names=NAMES, draws=500)
    assert_allclose(peer_route(7 * costs(9), costs(), 0.05, RING, names=NAMES, draws=500).median, 7 * usual.median)
    scaled = peer_route(costs(9), 1000 * costs(), 0.05, RING, names=NAMES, draws=500)
    assert_allclose(scaled.median, usual.median, rtol=1e-8, atol=1e-8)


def test_order_of_bodies_does_not_matter():
    order = np.random.default_rng(2).permutation(40)
    place = np.argsort(order)
    usual = peer_route(costs(9), costs(), 0.05, RING, names=NAMES, draws=500)
    mixed = peer_route(
        costs(9)[order], costs()[order], 0.05, place[RING[order]], names=[NAMES[n] for n in order], draws=500
    )
    assert_allclose(mixed.median, usual.median[order], rtol=1e-9, atol=1e-9)


def test_no_spread_beyond_chance_is_grade_c_whatever_the_draws():
    unit = np.exp(np.random.default_rng(4).normal(0, 0.05, 40))  # all of it chance of 0.1
    found = peer_route(unit, unit, 0.1, RING, names=NAMES, draws=500)
    assert (found.reliability == 0).all()
    assert (catch_up({"P": found}, {}).grade == "C").all()


def test_without_peers_the_field_is_what_one_is_drawn_towards():
    nobody = np.full((40, 3), -1)
    assert_allclose(towards_peers(costs(), 0.1, nobody).value, shrink(np.log(costs()), np.full(40, 0.1)).value)


def test_the_real_body_that_does_it_for_less():
    # Cost twice that of the exemplar, no noise to speak of, full reliability: half of the cost.
    found = exemplar_route(
        [100.0, 50.0, 70.0],
        [0.5, 1.0, np.nan],
        [1, 1, 2],
        [1e-9, 1e-9, 1e-9],
        [1.0, 1.0, 1.0],
        names=["a", "b", "c"],
        draws=50,
    )
    assert_allclose(found.median[:2], [50.0, 0.0], atol=1e-6)
    assert np.isnan(found.median[2])
    half = exemplar_route([100.0, 50.0], [0.5, 1.0], [1, 1], [1e-9] * 2, [0.5, 0.5], names=["a", "b"], draws=50)
    assert half.median[0] == pytest.approx(100 * (1 - 2**-0.5), rel=1e-6)  # half the gap of the logarithms


@pytest.mark.slow
def test_estimated_against_true_potential_where_circumstances_explain_half_of_the_cost():
    # methods.md 10.3 asks for 0.5 to 1.1. Drawn towards the field instead, this case comes out at about 1.25.
    rng, found, field = np.random.default_rng(11), [], []
    for sector in range(6):
        place = rng.normal(size=150)
        truth = 0.3 * place + 0.22 * np.abs(rng.normal(size=150))
        seen = truth + 0.1 * rng.normal(size=150)
        away = np.abs(place[:, None] - place)
        np.fill_diagonal(away, np.inf)
        ids = np.argsort(away, axis=1)[:, :15]
        actual = np.exp(truth)
        real = (actual * np.maximum(0, 1 - np.exp(np.quantile(truth[ids], 0.25, axis=1) - truth))).sum()
        names = [f"{sector} {n}" for n in range(150)]
        found.append(peer_route(actual, np.exp(seen), 0.1, ids, names=names, draws=400).total[1] / real)
        plain = shrink(seen, np.full(150, 0.1))
        drawn = plain.value[:, None] + plain.sd_conditional[:, None] * rng.normal(size=(150, 400))
        gap = 1 - np.exp(np.quantile(drawn[ids], 0.25, axis=1) - drawn)
        field.append(np.median((actual[:, None] * np.maximum(0, gap)).sum(axis=0)) / real)
    assert 0.9 < np.mean(found) < 1.1
    assert np.mean(field) > 1.15
