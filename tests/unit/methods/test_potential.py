"""Potential in pounds: what is refused, when there is no headline, and that sums are sums over draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.potential import catch_up, largest_only, raw_potential, rounded_ends, route, simulate

ACTUAL = np.array([60.0, 42, 88, 35, 120, 51, 73, 64, 29, 95])
MODELLED = np.array([55.8, 43.5, 83, 36.2, 113, 53, 75, 60, 30.1, 97])


def test_headline_only_where_the_lower_end_is_above_zero():
    found = route(ACTUAL, MODELLED, 0.03, draws=4000)
    answer = catch_up({"R": found}, {"R": True})
    assert ((answer.grade == "C") == np.isnan(answer.headline)).all()
    assert ((found.lo > 0) == (answer.grade == "B")).all()
    assert_allclose(answer.headline[answer.grade == "B"], found.median[answer.grade == "B"])


def test_grade_a_needs_reliability_and_agreement():
    sharp = route(ACTUAL, MODELLED, 0.01, draws=2000)  # R = 0.95
    assert catch_up({"R": sharp}, {"R": True}).grade[0] == "A"
    elsewhere = route(ACTUAL * 3, MODELLED, 0.01, draws=2000)  # pounds that do not overlap
    answer = catch_up({"R": sharp, "P": elsewhere}, {"R": True})
    assert answer.grade[0] == "B"
    assert answer.lo[0] == pytest.approx(sharp.lo[0])
    assert answer.hi[0] == pytest.approx(elsewhere.hi[0])


def test_grade_a_needs_every_route_to_start_above_nothing():
    sharp = route(ACTUAL, MODELLED, 0.01, draws=2000)  # R = 0.95, and A alone
    wide = replace(sharp, lo=np.zeros(10))  # overlaps it everywhere, and says that there may be nothing
    assert (catch_up({"P": sharp}, {}).grade == "A").any()
    answer = catch_up({"P": sharp, "F": wide}, {"F": True})
    assert set(answer.grade.tolist()) == {"B", "C"}
    assert (answer.lo == 0).all()


def test_a_range_is_rounded_to_two_digits_of_its_standard_deviation():
    # 13,846,553 / 3.29 = 4.2m: two digits of it are 0.1m.
    assert rounded_ends(0.0, 13_846_553) == pytest.approx((0.0, 13_800_000))
    assert rounded_ends(5_202_137, 13_846_553) == pytest.approx((5_200_000, 13_800_000))
    # 34,200 is nothing at 0.1m, but the range does not begin at nothing.
    assert rounded_ends(34_200, 13_846_553) == pytest.approx((30_000, 13_800_000))
    assert rounded_ends(0.0, 0.0) == (0.0, 0.0)


def test_peers_take_over_when_the_regression_fails():
    peers, model = route(ACTUAL, MODELLED, 0.03, draws=500), route(ACTUAL, MODELLED, 0.01, draws=500)
    answer = catch_up({"R": model, "P": peers}, {"R": False})
    assert answer.route == "P"
    assert_allclose(answer.lo, peers.lo)  # a route that failed does not widen the range either
    with pytest.raises(ValueError, match="no headline route"):
        catch_up({"R": model}, {"R": False})


def test_a_dea_route_is_refused():
    with pytest.raises(ValueError, match="leave D out"):
        catch_up({"D": route(ACTUAL, MODELLED, 0.03, draws=10)}, {"D": True})


def test_total_is_the_sum_over_draws():
    found = route(ACTUAL, MODELLED, 0.03, draws=3000)
    names = [str(number) for number in range(10)]
    sampled, sums = simulate(ACTUAL, np.log(found.ratio), np.full(10, 0.02398882878902073), names, 3000, 0)
    assert_allclose(sums, sampled.sum(axis=0))
    assert_allclose(found.total, np.quantile(sums, [0.05, 0.5, 0.95]), rtol=1e-9)
    assert found.total[1] > found.median.sum()  # halves of max(0, .) do not add up to the half of the sum


def test_constants_of_the_model_cancel_and_names_keep_their_draws():
    found = route(ACTUAL, MODELLED, 0.03, draws=500)
    assert_allclose(route(ACTUAL, 17 * MODELLED, 0.03, draws=500).median, found.median, rtol=1e-9)
    names, order = np.array(list("abcdefghij")), np.arange(10)[::-1]
    named = route(ACTUAL, MODELLED, 0.03, bodies=names, draws=500)
    turned = route(ACTUAL[order], MODELLED[order], 0.03, bodies=names[order], draws=500)
    assert_allclose(turned.median, named.median[order])


def test_absent_bodies_stay_absent():
    actual = np.append(ACTUAL, np.nan)
    found = route(actual, np.append(MODELLED, 1.0), 0.03, draws=500)
    assert np.isnan(found.median[10])
    assert_allclose(found.median[:10], route(ACTUAL, MODELLED, 0.03, draws=500).median)
    assert catch_up({"P": found}, {}).grade[10] == ""
    with pytest.raises(ValueError, match="positive"):
        raw_potential([1.0, 0.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="one figure per body"):
        raw_potential([1.0, 2.0], [1.0])


def test_raw_potential_never_falls_when_cost_rises():
    before = raw_potential(ACTUAL, MODELLED)
    assert raw_potential(np.r_[66.0, ACTUAL[1:]], MODELLED)[0] >= before[0]


def test_overlapping_measures_count_once():
    potential = {"bed cost": 5.0, "length of stay": 7.0, "drugs": 2.0}
    kept = largest_only(potential, {"bed cost": "beds", "length of stay": "beds"})
    assert kept == {"bed cost": 0.0, "length of stay": 7.0, "drugs": 2.0}
    with pytest.raises(ValueError, match="never negative"):
        largest_only({"a": -1.0}, {})
