"""One path by hand for each rule, and draws that belong to bodies."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.scenarios.behaviour import Assumptions, Chance, chance, paths, triangular

CALM = Assumptions(closure=(0.5, 0.5, 0.5), cost_sd=0, drift_sd=0, gap_sd=0)


def certain(gap, noise=(0.0, 0.0), drift=(0.0, 0.0), kappa=0.5):
    years = len(noise)
    return Chance(
        np.full((1, 1), kappa),
        np.full((1, 1), gap),
        np.reshape(noise, (years, 1, 1)).astype(float),
        np.reshape(drift, (years, 1, 1)).astype(float),
    )


def line(part):
    return part[:, 0, 0]


def test_an_equal_cut_forces_the_gap_first_and_then_the_service():
    # Cut 4 then 8 % with a gap of 6 %: the second year lacks 2 %; spending is the ceiling.
    found = paths("X", [0.08], 0.0, certain(0.06), CALM)
    assert_allclose(line(found.cost), [0.96, 0.92])
    assert_allclose(line(found.loss), [0, 0.02])


def test_an_unindexed_ceiling_bears_prices_and_an_indexed_one_does_not():
    drift = certain(0.06, drift=(0.01, 0.03))
    assert_allclose(line(paths("X", [0.08], 0.0, drift, CALM).loss), [0, 0.05])  # 0.92 for a need of 0.97
    assert_allclose(line(paths("B", [0.08], 0.0, drift, CALM).loss), [0, 0.02])


def test_a_shared_scheme_closes_by_itself_and_settles_the_rest():
    # Power 0.4 x kappa 0.5 = a fifth of the gap left: 10 % -> 8 % -> 6.4 %; ceilings 0.99 and 0.98 are met.
    found = paths("G", [0.02], 0.4, certain(0.10), CALM)
    assert_allclose(line(found.planned), [0.98, 0.964])
    assert_allclose(line(found.cost), [0.98, 0.964])
    # No gap and a dear year: the overspend is money, not service.
    dear = paths("G", [0.0], 0.4, certain(0.0, noise=(0.03, 0.0)), CALM)
    assert_allclose(line(dear.cost), [1.03, 1.0])
    assert not dear.loss.any()


def test_what_is_clawed_back_lowers_the_next_ceiling():
    # Closing 2 % in year 1 below a ceiling of 0.99 saves 1 %; year 2: 0.98 - 0.01 = 0.97, planned 0.964, 0.6 % saved.
    found = paths("U", [0.02], 0.4, certain(0.10), CALM)
    assert_allclose(line(found.saved), [0.01, 0.006])
    assert_allclose(line(found.ceiling), [0.99, 0.97])


def test_credibility_weakens_the_response():
    half = Assumptions(closure=(0.5, 0.5, 0.5), cost_sd=0, drift_sd=0, gap_sd=0, credibility=0.5)
    assert_allclose(line(paths("G", [0.0], 0.4, certain(0.10), half).planned), [0.99, 0.981])


def test_a_gap_is_never_closed_twice():
    found = paths("G", [0.5], 1.0, certain(0.10, kappa=9.0), CALM)
    assert_allclose(line(found.planned), [0.90, 0.90])


def test_draws_belong_to_bodies():
    assumed, names = Assumptions(), np.array(["A", "B", "C"])
    three = chance(names, [0.1, 0.2, 0.3], 4, 50, assumed)
    alone = chance(names[1:2], [0.2], 4, 50, assumed)
    for whole, part in zip(three, alone, strict=True):
        assert_array_equal(whole[..., 1:2], part)


def test_draws_have_the_spread_and_the_common_part_assumed():
    assumed = Assumptions(cost_sd=0.02, common=0.3)
    noise = chance(np.array(["A", "B"]), [0.1, 0.1], 1, 20_000, assumed).noise[0]
    assert_allclose(noise.std(axis=0), 0.02, rtol=0.03)
    assert np.corrcoef(noise.T)[0, 1] == pytest.approx(0.3, abs=0.03)


def test_the_triangle():
    assert_allclose(triangular(np.array([0, 0.25, 1]), 0, 1, 4), [0, 1, 4])  # a quarter lies below the mode
    assert_allclose(triangular(np.array([0.3]), 2, 2, 2), [2])
    even = triangular(np.linspace(0.0005, 0.9995, 1000), 0, 1, 4)
    assert even.mean() == pytest.approx(5 / 3, rel=1e-3)


def test_what_is_refused():
    with pytest.raises(ValueError, match="unknown scheme"):
        paths("Z", [0.1], 0.0, certain(0.1), CALM)
    with pytest.raises(ValueError, match="most likely"):
        Assumptions(closure=(1, 0, 2))
    with pytest.raises(ValueError, match="between 0 and 1"):
        Assumptions(common=2)
    with pytest.raises(ValueError, match="negative"):
        Assumptions(cost_sd=-1)
