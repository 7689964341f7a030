"""The steady saving from which something is kept: by hand, at a jump, and where what is banked runs out again."""

import numpy as np
import pytest

from pipelines.scenarios.begins import begins_words, keeps_from
from pipelines.scenarios.terms import Terms

TENTHS = np.arange(81) / 1000
FREE = {"threshold": 0.0, "cap": None, "bank_cap": None}


def test_by_hand():
    # One year, ceiling 95 after a cost of 100: every saving above 5% lies below the ceiling, and half of it is kept.
    one = Terms(years=1, **FREE)
    assert keeps_from([95.0], 100.0, one, TENTHS, own=0.02) == 0.051
    # A ramp to 2% shares from 1% of the ceiling on: 100 - 0.99 x 95 = 5.95% is the edge, and nothing is kept there.
    assert keeps_from([95.0], 100.0, Terms(years=1), TENTHS, own=0.02) == 0.06
    # A notch shares nothing under 2%: 100 - 0.98 x 95 = 6.9% reaches it.
    assert keeps_from([95.0], 100.0, Terms(years=1, start="notch"), TENTHS, own=0.02) == 0.069
    assert (
        keeps_from([95.0], 100.0, Terms(years=1), TENTHS, own=0.02, threshold=0.03) == 0.065
    )  # 100 - 0.985 x 95 = 6.4


def test_years_that_pay_are_set_against_years_that_keep():
    # Ceilings 100 and 90, cost 100 (1 - x), 100 (1 - x)^2; half of a saving is kept and 30% of an overspend paid.
    # x = 4%: 2.00 kept (drawn from the bank), then 2.16 above: nothing stays.
    # x = 5%: 2.50 banked, then 0.25 above: 2.25 stay. The first that stays is where 50x = 100 (1 - x)^2 - 90: 4.1%.
    terms = Terms(years=2, loss_free_years=0, reinvest=0.0, **FREE)
    assert keeps_from([100.0, 90.0], 100.0, terms, TENTHS, own=0.0) == 0.041


def test_nothing_is_kept_where_nothing_can_be():
    none = {"own": 0.02, "quality": [0.0]}
    assert keeps_from([95.0], 100.0, Terms(years=1, **FREE), TENTHS, **none) is None  # the gate fails
    assert keeps_from([95.0], 100.0, Terms(years=1, share=0.0), TENTHS, own=0.02) is None
    assert keeps_from([90.0], 100.0, Terms(years=1, **FREE), TENTHS, own=0.02) is None  # 8% leaves 92, over 90


def test_a_plan_above_every_saving_that_pays_is_told_the_last_of_them():
    # Year 5 fails: a small saving is banked late and stands at the end; a large one fills the bank in year 1, which
    # leaves no room for later years and runs out in year 5.
    terms = Terms(share=0.8, threshold=0.065, reinvest=0.0)
    path = [53085482.25, 52291954.38, 51506037.77, 50727669.65, 49956787.73]
    grade = [100.0, 100.0, 100.0, 100.0, 0.0]
    asked = {"quality": grade, "threshold": 0.065}
    # 0.4% is the first of which something stays, 1.2% the last; in between all do.
    assert keeps_from(path, 50841551.36, terms, TENTHS, own=0.0, **asked) == 0.004
    assert keeps_from(path, 50841551.36, terms, TENTHS, own=0.05, **asked) == 0.012


def test_one_body_at_a_time():
    with pytest.raises(ValueError, match="one body"):
        keeps_from(np.full((2, 3), 100.0), 100.0, Terms(years=3), TENTHS, own=0.0)


def test_what_was_found_in_a_sentence():
    assert begins_words(0.073, 0.02, 0.08) == (
        "It would begin to keep more than it pays at a saving of 7.3% a year, over all years."
    )
    assert begins_words(None, 0.02, 0.08).startswith("No saving up to 8% a year would let it keep more than it pays")
    assert begins_words(0.012, 0.05, 0.08).startswith("It would keep more than it pays at a lower saving, 1.2% a year")
