"""The yearly settlement: gates, escrow, banks and losses, each on a path small enough to check in the head."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.scenarios.settlement import settle
from pipelines.scenarios.terms import Terms

PLAIN = Terms(start="notch", threshold=0.0, loss_free_years=0, bank_cap=None, bank_expiry=None)


def terms(**changed):
    """Plain terms, some changed."""
    return Terms.from_mapping({**PLAIN.canonical(), **changed})


def test_a_failed_gate_holds_the_payment_for_a_year():
    # Saving 10 a year at 50 %. Fails, passes: 5 held, then paid beside the 5 of its own year.
    found = settle([100, 100], [90, 90], PLAIN, quality=[False, True])
    assert found.escrow.tolist() == [5, 0]
    assert found.payment.tolist() == [0, 5]
    assert found.released.tolist() == [0, 5]
    assert found.deposit.tolist() == [0, 10]


def test_a_gate_that_fails_twice_forfeits_the_first_and_holds_the_second():
    found = settle([100] * 3, [90] * 3, PLAIN, quality=[False, False, True])
    assert found.escrow_lapsed.tolist() == [0, 5, 0]
    assert found.released.tolist() == [0, 0, 5]
    assert found.centre.tolist() == [5, 10, 5]


def test_without_escrow_a_failed_gate_returns_everything():
    found = settle([100], [90], terms(escrow=False), quality=[False])
    assert (found.returned[0], found.escrow[0]) == (10, 0)


def test_a_sentinel_failure_takes_the_payment_and_what_waits():
    found = settle([100] * 2, [90] * 2, PLAIN, quality=[False, True], sentinel=[False, True])
    assert found.escrow_lapsed.tolist() == [0, 5]
    assert found.returned.tolist() == [5, 10]
    kept = settle([100] * 2, [90] * 2, terms(sentinel=False), quality=[False, True], sentinel=[False, True])
    assert kept.payment.tolist() == [0, 5]


def test_a_sliding_gate_multiplies_the_rate_and_pays_nothing_below_its_start():
    # Percentiles 39, 40, 80, 100 of 50 % of 10.
    found = settle([100] * 4, [90] * 4, terms(gate="sliding"), quality=[39, 40, 80, 100])
    assert found.payment.tolist() == [0, 2, 4, 5]
    assert found.escrow.tolist() == [0, 0, 0, 0]


def test_the_oldest_tranche_is_drawn_first_and_lapses_after_its_years():
    # Deposits 5, 5, 0, ...; 3 drawn in year 3 come from the first; the 2 left of it lapse in year 5, the other 5 in 6.
    found = settle([100] * 6, [90, 90, 103, 100, 100, 100], terms(bank_expiry=3))
    assert found.draw.tolist() == [0, 0, 3, 0, 0, 0]
    assert found.lapsed.tolist() == [0, 0, 0, 0, 2, 5]
    assert found.bank.tolist() == [5, 10, 7, 7, 5, 0]
    assert found.kept.sum() == 0


def test_decay_goes_to_the_centre():
    found = settle([100] * 2, [90, 100], terms(bank_decay=0.1))
    assert found.lapsed.tolist() == [0, 0.5]
    assert found.centre.tolist() == [5, 0.5]


def test_an_opening_bank_counts_as_deposited_in_the_year_before():
    found = settle([100] * 3, [100] * 3, terms(bank_expiry=1), opening=4)
    assert found.lapsed.tolist() == [0, 4, 0]


def test_the_cap_is_tested_at_deposit_and_takes_nothing_that_is_banked():
    # Cap 3 %: ceiling 100 takes 3 of 5; at ceiling 50 the bank of 3 stays though it is 6 %, and takes no more.
    found = settle([100, 50], [90, 40], terms(bank_cap=0.03))
    assert found.deposit.tolist() == [3, 0]
    assert found.overflow.tolist() == [2, 5]
    assert found.bank.tolist() == [3, 3]


def test_what_is_reinvested_needs_no_room_in_the_bank():
    found = settle([100], [90], terms(bank_cap=0.01, reinvest=0.5), reinvest=[4])
    assert (found.reinvested[0], found.deposit[0], found.overflow[0]) == (2.5, 1, 1.5)


def test_projects_are_paid_from_what_an_overspend_leaves_in_the_bank():
    found = settle([100], [104], terms(dead_band=0.0), opening=10, bank_spend=[8])
    assert (found.draw[0], found.bank_spent[0], found.bank[0]) == (4, 6, 0)
    assert found.kept[0] == -4  # spending on projects is not a loss


def test_who_bears_an_overspend_under_either_rule():
    # 8 over at 30 %, bank 5. Balance: 5 drawn, 30 % of 3. Liability: 2.4 owed, all from the bank.
    balance = settle([100], [108], terms(dead_band=0.0), opening=5)
    assert_allclose([balance.draw[0], balance.penalty[0], balance.met[0]], [5, 0.9, 2.1])
    liability = settle([100], [108], terms(dead_band=0.0, draw_rule="liability"), opening=5)
    assert_allclose([liability.draw[0], liability.penalty[0], liability.met[0]], [2.4, 0, 5.6])


def test_no_penalty_in_the_first_years_nor_inside_the_dead_band():
    found = settle([100] * 4, [110, 110, 101.99, 102], terms(loss_free_years=2, dead_band=0.02))
    assert found.penalty.tolist() == [0, 0, 0, 0.6]
    assert settle([100], [103], terms(dead_band=0.02, loss_start="above")).penalty[0] == 0.3


def test_a_threshold_that_is_met_exactly_is_met():
    # 0.07 * 100 is 7.000000000000001 in binary: comparing amounts would miss it.
    for percent in range(1, 30):
        paid = settle([100.0], [100.0 - percent], terms(threshold=percent / 100, cap=None)).payment
        assert paid[0] == percent / 2


def test_half_pence_go_up_as_decimals_have_them():
    # 5 % of 10p, 30p, 50p, 70p: 0.5, 1.5, 2.5, 3.5p.
    found = settle(np.full((4, 1), 100.0), 100 - np.array([[0.1], [0.3], [0.5], [0.7]]), terms(share=0.05))
    assert found.payment[:, 0].tolist() == [0.01, 0.02, 0.03, 0.04]


def test_a_year_without_figures_pays_nothing_and_leaves_escrow_open():
    found = settle([100, np.nan, 100], [90, 90, 90], PLAIN, quality=[0, 1, 1])
    assert found.settled.tolist() == [True, False, True]
    assert found.payment.tolist() == [0, 0, 5]
    assert found.escrow_open.tolist() == [5, 5, 0]
    assert found.released.tolist() == [0, 0, 5]
    unknown = settle([100, 100], [90, 90], PLAIN, quality=[np.nan, 1])
    assert unknown.payment.tolist() == [0, 5]


def test_a_threshold_for_each_body():
    found = settle(np.full((2, 1), 100.0), np.full((2, 1), 97.0), PLAIN, threshold=np.array([[0.02], [0.04]]))
    assert found.payment[:, 0].tolist() == [1.5, 0]


def test_any_leading_shape():
    cost = np.random.default_rng(0).uniform(80, 120, (2, 3, 4, 5))
    found = settle(100.0, cost, Terms())
    assert found.kept.shape == (2, 3, 4, 5)
    assert_array_equal(found.kept[1, 2, 3], settle(np.full(5, 100.0), cost[1, 2, 3], Terms()).kept)


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        (([0.0], [1.0]), {}, "ceilings above 0"),
        ((1.0, 1.0), {}, "last axis of years"),
        (([100], [90]), {"reinvest": -1}, "cannot be negative"),
        (([100], [90]), {"opening": -1}, "cannot be negative"),
        (([100], [90]), {"threshold": 2}, "from 0 to 1"),
        (([np.inf], [90]), {}, "ceiling holds an infinite value"),
    ],
)
def test_impossible_inputs(arguments, more, words):
    with pytest.raises(ValueError, match=words):
        settle(*arguments, PLAIN, **more)


def test_a_percentile_beyond_the_scale_is_refused():
    with pytest.raises(ValueError, match="percentiles from 0 to 100"):
        settle([100], [90], terms(gate="sliding"), quality=[101])
