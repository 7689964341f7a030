"""Sector-neutral calibration: the total is met, or its being out of reach is said."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.ceiling import ceiling
from pipelines.scenarios.sector import calibrated_catch_up, calibrated_share, scaled_payments
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

BASE, GAP = np.array([100.0, 200.0, 300.0]), np.array([0.0, 0.1, 0.2])
TERMS = Terms(frontier_shift=0.0, elasticity=0.0)


def test_the_share_of_gaps_that_meets_an_envelope():
    # Gaps are worth 20 + 60; to save 20 in year 5 a quarter of each is closed.
    found = calibrated_catch_up(BASE, GAP, TERMS, 580.0)
    assert found.feasible
    assert_allclose([found.value, found.total], [0.25, 580], rtol=1e-8)
    assert_allclose(ceiling(BASE, GAP, found.terms).real[:, -1].sum(), 580)
    earlier = calibrated_catch_up(BASE, GAP, TERMS, 592.0, year=2)  # year 2 has two fifths of the way: 32 phi = 8
    assert_allclose(earlier.value, 0.25, rtol=1e-8)


def test_an_envelope_out_of_reach_is_said():
    found = calibrated_catch_up(
        BASE, GAP, Terms(frontier_shift=0.0, elasticity=0.0, collar_down=None, collar_up=None), 500.0
    )
    assert (found.feasible, found.terms, found.total) == (False, None, 520.0)
    assert np.isnan(found.value)
    assert found.why == "infeasible: real ceilings can add up to 520.00 to 600.00 and not to 500.00"
    assert not calibrated_catch_up(BASE, GAP, TERMS, 601.0).feasible


def test_the_collar_is_not_lifted_to_meet_an_envelope():
    # Gap 20 % wants 4 % a year; 2.5 % a year leaves 300 * 0.975 in year 1.
    found = calibrated_catch_up(300.0, 0.2, TERMS, 290.0, year=1)
    assert not found.feasible
    assert_allclose(found.total, 292.5)


def test_a_sharing_rate_that_fits_the_pot():
    # Savings of 5 % and 10 % of 100: a share s pays 15 s.
    costs = np.array([[95.0], [90.0]])
    found = calibrated_share(np.full((2, 1), 100.0), costs, Terms(), 6.0)
    assert_allclose([found.value, found.total], [0.4, 6.0], atol=1e-3)
    assert settle(np.full((2, 1), 100.0), costs, found.terms).payment.sum() == found.total
    assert (
        "infeasible: payments can add up to 0.00 to 15.00"
        in calibrated_share(np.full((2, 1), 100.0), costs, Terms(), 16.0).why
    )


def test_payments_cut_to_a_pot_add_up_to_it_in_pence():
    # 1/3 each of 1.00: 34p, 33p, 33p; the first has the odd penny.
    assert scaled_payments([5.0, 5.0, 5.0], 1.0).tolist() == [0.34, 0.33, 0.33]
    assert scaled_payments([5.0, 0.0], 7.0).tolist() == [5.0, 0.0]
    many = np.random.default_rng(2).integers(0, 10**8, 997) / 100
    cut = scaled_payments(many, 1_234_567.89)
    assert np.rint(cut * 100).sum() == 123_456_789
    assert (cut <= many).all()


def test_impossible_inputs():
    with pytest.raises(ValueError, match="year 6 is outside 1 to 5"):
        calibrated_catch_up(BASE, GAP, TERMS, 580.0, year=6)
    with pytest.raises(ValueError, match="cannot be negative"):
        scaled_payments([1.0], -1.0)
