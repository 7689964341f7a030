"""Cliffs, perverse slopes and the marginal pound: found where the arithmetic of the terms puts them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.scenarios.incentives import OVERPAID, PUNISHED, Cliff, examine, marginal_pound, scan
from pipelines.scenarios.ratchet import next_baseline, own_average
from pipelines.scenarios.schedule import kept_share, schedule, slopes
from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

TERMS = Terms()  # s 0.5, threshold 2 %, cap 10 %, loss rate 0.3, floor 5 %
STEP = replace(TERMS, start="notch")


def test_a_step_is_a_cliff_on_either_side():
    # Saving: half of 2 % at once. Loss: 30 % of 2 % at once.
    found = examine(schedule(STEP)).cliffs
    assert_allclose(found, [(-0.02, 0.006), (0.02, 0.01)])


def test_the_ramp_has_no_cliff_and_pays_up_to_three_times_the_share_inside():
    # s (4x/MSR - 1) exceeds 1 from x = MSR (1 + 1/s)/4 = 1.5 % and reaches 3s at the threshold.
    found = examine(schedule(replace(TERMS, loss_start="above")))
    assert found.cliffs == ()
    (slope,) = found.slopes
    assert_allclose(slope[:4], [0.015, 0.02, 1.0, 1.5])
    assert slope.kind == OVERPAID


def test_paying_above_the_threshold_has_neither():
    found = examine(schedule(replace(TERMS, start="above", loss_start="above")))
    assert found == ((), ())


def test_exact_slopes_on_both_sides_of_a_point():
    pieces = schedule(TERMS)
    assert_allclose(slopes(pieces, 0.02), (1.5, 0.5))
    assert_allclose(slopes(pieces, 0.2), (0.5, 0.0))  # the cap
    assert_allclose(slopes(pieces, 0.005), (0, 0))
    assert slopes(schedule(STEP), 0.02) == (np.inf, 0.5)  # the threshold itself is paid
    assert slopes(schedule(STEP), -0.02) == (0.3, np.inf)
    with pytest.raises(ValueError, match="between -1 and 1"):
        slopes(pieces, 1.0)


def test_a_full_bank_flattens_what_is_kept():
    # Room for 1 % of the ceiling: reached at a saving of 2 %.
    pieces = schedule(TERMS, usable=0.01)
    assert_allclose(kept_share(pieces, [0.02, 0.05, 0.3]), 0.01)
    assert_allclose(slopes(pieces, 0.05), (0, 0))


def test_an_overspend_is_met_from_the_bank_pound_for_pound():
    # Bank 3 %, dead band 2 % after it, then 30 % of what is not drawn, at most 5 %.
    pieces = schedule(TERMS, opening=0.03)
    assert_allclose(kept_share(pieces, [-0.01, -0.03, -0.04, -0.06, -0.5]), [-0.01, -0.03, -0.03, -0.039, -0.08])
    assert_allclose(slopes(pieces, -0.01), (1, 1))
    assert_allclose(examine(pieces).cliffs, [(-0.05, 0.006)])


def test_the_first_years_have_no_loss_side():
    assert_allclose(kept_share(schedule(TERMS, year=2), [-0.5, -0.01]), 0)
    assert kept_share(schedule(TERMS, year=3), -0.5) == -0.05


def test_a_sliding_gate_scales_the_saving_side():
    assert_allclose(kept_share(schedule(TERMS, scale=0.8), 0.05), 0.5 * 0.8 * 0.05)


def test_a_scan_finds_jumps_and_punished_saving_in_any_rule():
    def kept(x):
        return np.where(x < 0.3, 0.2 * x, 0.5 * x) - np.where(x > 0.7, 2 * (x - 0.7), 0.0)

    found = scan(kept, 0.0, 1.0, 1001)
    assert_allclose(found.cliffs, [(0.3, 0.09)], atol=1e-9)
    (slope,) = found.slopes
    assert_allclose(slope[:4], [0.7, 1.0, -1.5, -1.5], atol=2e-3)
    assert slope.kind == PUNISHED


def test_a_steep_slope_is_no_cliff():
    found = scan(lambda x: np.clip(500 * (x - 0.5), 0, 1), 0.0, 1.0, 501)
    assert found.cliffs == ()
    assert found.slopes[0].kind == OVERPAID


@pytest.mark.parametrize(("weight", "slope"), [(1.0, -1.35), (0.5, -0.6), (0.0, 0.5)])
def test_the_ratchet_shows_as_punished_saving_over_two_settlements(weight, slope):
    # x saved once, in the last year: 0.5x kept. The next five ceilings fall by w x. With w = 1 the bank meets 0.5x of
    # the first overspend, then 30 % of 0.5x and of four more: 0.5 - 0.5 - 0.15 - 1.2. With w = 0.5 the bank meets
    # all of the first 0.5x, and 30 % of 0.5x is paid four times: 0.5 - 0.5 - 0.6. With w = 0 nothing comes back.
    terms = replace(
        STEP, threshold=0.0, loss_free_years=0, own_weight=weight, rebase="last_year", bank_cap=None, bank_expiry=None
    )

    def kept(x):
        first = np.full((len(x), 5), 100.0)
        first[:, 4] -= x
        after = next_baseline(own_average(first, terms), 100.0, weight)[:, None]
        ceilings = np.concatenate([np.full((len(x), 5), 100.0), np.broadcast_to(after, (len(x), 5))], axis=1)
        costs = np.concatenate([first, np.full((len(x), 5), 100.0)], axis=1)
        return settle(ceilings, costs, terms, units=0).kept.sum(axis=1)

    assert_allclose(np.diff(kept(np.array([0.0, 1.0]))), slope)
    found = scan(kept, 0.0, 1.0, 101).slopes
    assert [one.kind for one in found] == ([PUNISHED] if slope < 0 else [])


def test_the_marginal_pound_with_every_rule_on():
    # Spend 97 of 100 every year at 50 %: two deposits of 1.5 fill the bank (3 %), so a later pound overflows; in year 5
    # the first tranche has lapsed and the year's own 1.5 fills its place.
    cost = np.full(5, 97e6)
    total = [marginal_pound(100e6, cost, TERMS, year=year).sum() for year in (2, 3, 5)]
    assert_allclose(total, 0, atol=1e-6)
    assert_allclose(marginal_pound(100e6, cost, TERMS, year=5, amount=-1.0).sum(), 0.5, atol=1e-6)
    with pytest.raises(ValueError, match="year 6 is outside 1 to 5"):
        marginal_pound(100e6, cost, TERMS, year=6)


def test_a_bank_that_is_full_and_lapses_punishes_the_early_pound():
    # One more pound in year 1 banks 50p, which takes the room of 50p in year 2 and lapses, older, in year 5.
    by_year = marginal_pound(100e6, np.full(5, 97e6), TERMS, year=1)
    assert_allclose(by_year, [0.5, -0.5, 0, 0, -0.5], atol=1e-6)

    def kept(x):
        cost = np.full((len(x), 5), 97.0)
        cost[:, 0] -= x
        return settle(100.0, cost, TERMS, units=0).kept.sum(axis=1)

    (slope,) = scan(kept, 0.0, 1.0, 101).slopes
    assert (slope.low, slope.high, slope.kind) == (0.0, 1.0, PUNISHED)
    lasting = replace(TERMS, bank_expiry=None)
    assert_allclose(marginal_pound(100e6, np.full(5, 97e6), lasting, year=1).sum(), 0, atol=1e-6)


def test_what_cannot_be_examined():
    with pytest.raises(ValueError, match="cannot be negative"):
        schedule(TERMS, opening=-0.1)
    with pytest.raises(ValueError, match="range and at least three points"):
        scan(lambda x: x, 1.0, 0.0)
    with pytest.raises(ValueError, match="between -1 and 1"):
        kept_share(schedule(TERMS), 1.5)


def test_a_cliff_is_a_place_and_a_jump():
    assert Cliff(0.02, 0.01).jump == 0.01
