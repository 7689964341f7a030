"""A field's figures drawn on the scale of their standard errors, and the funnel of its counts, in the unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.methods.funnel_field import NO_EVENT, TOO_FEW, funnel_field
from pipelines.methods.standing import drawn_scale, place_field, shrink_field

OK = np.full(6, "ok")


def test_logarithms_for_histories_and_the_own_scale_for_counts() -> None:
    y, se = drawn_scale([100.0, 0.0, -5.0, np.nan], [0.1] * 4, [90.0] * 4, [110.0] * 4, "history")
    assert y[0] == pytest.approx(np.log(100)) and np.isnan(y[1:]).all() and np.isnan(se[1:]).all()
    # No event: half of 0 to 3.7 over 1.96.
    y, se = drawn_scale([0.0, 10.0], [0.0, 2.0], [0.0, 6.0], [3.7, 14.0], "count")
    assert (y[0], y[1], se[1]) == (0.0, 10.0, 2.0)
    assert se[0] == pytest.approx(3.7 / 2 / 1.959964)


def test_a_share_stays_a_share() -> None:
    values = np.array([99.0, 99.5, 100.0, 98.0, 97.0, 100.0])
    found = shrink_field(values, np.full(6, 1.5), values - 3, values + 3, OK, interval="proportion", most=100.0)
    assert found.hi.max() <= 100.0
    assert (found.lo < found.hi).all()


def test_no_spread_beyond_chance_leaves_every_place_open() -> None:
    values = np.array([10.0, 10.1, 9.9, 10.0, 10.05, 9.95])
    found = shrink_field(values, np.full(6, 0.2), values, values, OK, interval="history")
    assert found.spread == 0 and (found.reliability == 0).all() and set(found.use) == {"none"}
    place = place_field(found, 0, list("ABCDEF"))
    assert (place.range == [1, 6]).all() and (place.apart == 0).all()


@given(st.lists(st.floats(1, 1e4), min_size=6, max_size=12), st.floats(0.01, 1e3))
@settings(max_examples=30, deadline=None)
def test_money_in_another_unit_is_the_same_standing(values: list[float], rate: float) -> None:
    y, se = np.array(values), np.linspace(0.05, 0.3, len(values))
    status = np.full(len(values), "ok")
    here = shrink_field(y, se, y, y, status, interval="history")
    there = shrink_field(rate * y, se, y, y, status, interval="history")
    assert there.value == pytest.approx(rate * here.value, rel=1e-6)
    assert there.reliability == pytest.approx(here.reliability, abs=1e-6)


def test_a_rate_is_held_against_the_events_expected_at_its_size() -> None:
    # 60 events in 6,000 cases: one in a hundred. At 1,000 cases 10 are expected, and exp(1.96 / root 10) = 1.858.
    found = funnel_field([10, 12, 8, 9, 11, 10], np.full(6, 1000.0), OK, interval="count", multiplier=1000.0)
    assert (found.kind, found.centre, found.n) == ("ratio", 10.0, 6)
    assert found.size == pytest.approx(np.full(6, 10.0))
    assert found.plain[0, 1] == pytest.approx(10 * np.exp(1.959964 / np.sqrt(10)))
    assert found.flag.tolist() == ["within"] * 6


def test_a_body_without_an_event_moves_all_to_roots() -> None:
    found = funnel_field([0, 12, 8, 9, 11, 20], np.full(6, 1000.0), OK, interval="count", multiplier=1.0)
    assert found.kind == "root"
    assert (found.plain[:, 0] >= 0).all()


def test_no_funnel_says_why() -> None:
    few = funnel_field([1.0, 2.0], [10.0, 10.0], OK[:2], interval="count", multiplier=1.0)
    none = funnel_field(np.zeros(6), np.full(6, 10.0), OK, interval="proportion", multiplier=1.0)
    assert (few.note, none.note) == (TOO_FEW, NO_EVENT)
    assert set(few.flag) == {"withheld"} and np.isnan(none.wide).all()
