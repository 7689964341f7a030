"""Ceilings: parts that add up, a collar that only delays, and no gap without a grade."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.ceiling import ceiling, predictability, usable_gap
from pipelines.scenarios.terms import Terms


def test_parts_add_up_to_the_nominal_ceiling():
    rng = np.random.default_rng(1)
    volume, prices = rng.uniform(-0.03, 0.05, (6, 5)), rng.uniform(0, 0.06, 5)
    base, gap = rng.uniform(1e6, 1e9, 6), rng.uniform(0, 0.4, 6)
    found = ceiling(base, gap, Terms(), volume=volume, prices=prices, ring_fenced=7e5)
    assert found.parts.shape == (6, 5, 4)
    assert_allclose(base[:, None] + found.parts.sum(axis=-1) + 7e5, found.nominal)


def test_one_cause_at_a_time_fills_one_part():
    # Gap 10 %, half of it in 5 years: 1, 2, 3, 4, 5 % of 100; nothing else moves.
    still = Terms(frontier_shift=0.0)
    assert_allclose(ceiling(100, 0.1, still).parts[:, 1], [-1, -2, -3, -4, -5])
    assert_allclose(ceiling(100, 0.0, Terms()).parts[:, 2], 100 * (0.992 ** np.arange(1, 6) - 1))
    assert_allclose(ceiling(100, 0.0, still, prices=0.02).parts[:, 3], 100 * (1.02 ** np.arange(1, 6) - 1))
    assert_allclose(ceiling(100, 0.0, Terms(frontier_shift=0.0, elasticity=1.0), volume=0.01).parts[0], [1, 0, 0, 0])


def test_the_collar_delays_a_steep_catch_up_and_gives_nothing_away():
    # Wanted 1 - 0.2 t/2: 0.9, 0.8, 0.8, ...; at most 2.5 % a year: 0.975, 0.950625, ... until 0.8 is reached.
    terms = Terms(years=12, catch_up=1.0, catch_up_years=2, frontier_shift=0.0)
    path = ceiling(1.0, 0.2, terms).real
    assert_allclose(path[:3], 0.975 ** np.arange(1, 4))
    assert_allclose(path[-3:], 0.8)
    assert_allclose(
        ceiling(1.0, 0.2, Terms(**{**terms.canonical(), "collar_down": None, "collar_up": None})).real[0], 0.9
    )


def test_volume_and_prices_pass_through_the_collar():
    assert_allclose(ceiling(100, 0.0, Terms(frontier_shift=0.0, elasticity=1.0), volume=[-0.3, 0, 0, 0, 0]).real, 70)


def test_no_gap_without_a_grade():
    found = usable_gap([3.0, 3.0, 3.0, 3.0], [100.0, 60.0, 100.0, np.nan], ["A", "B", "C", "A"])
    assert_allclose(found, [0.03, 0.05, 0.0, np.nan])


def test_predictability_is_one_when_nothing_was_revised():
    # Revised by 2 % and by 0 %, and one year unknown: 1 - 1 %.
    assert_allclose(predictability([100, 100, np.nan], [98, 100, 97]), 0.99)
    assert predictability([100, 90], [100, 90]) == 1
    assert np.isnan(predictability([np.nan], [1.0]))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ceiling(0, 0.1, Terms()), "base above 0"),
        (lambda: ceiling(1, 1.0, Terms()), "gap from 0 to below 1"),
        (lambda: ceiling(1, 0.1, Terms(), volume=-1.0), "volume growth of -100%"),
        (lambda: ceiling(1, 0.1, Terms(), prices=[0.1, 0.2]), "price growth has 2 years; the settlement has 5"),
        (lambda: usable_gap(-1.0, 10.0, "A"), "never negative"),
    ],
)
def test_impossible_inputs(call, words):
    with pytest.raises(ValueError, match=words):
        call()
