"""Ranges of ranks hold what they say, whatever the order, and groups are those that chance cannot split."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from pipelines.methods.rank import _largest, rank_sim, told_apart

IDS = [f"E{i}" for i in range(12)]


def test_certain_values_have_certain_places():
    found = rank_sim([3.0, 1.0, 2.0], [0.0, 0.0, 0.0], -1, IDS[:3], draws=200)
    assert_allclose(found.expected, [3, 1, 2])
    assert_array_equal(found.range90, [[3, 3], [1, 1], [2, 2]])
    assert_allclose(found.p_top, [0, 1, 0])
    assert_allclose(found.p_bottom, [1, 0, 0])


def test_equal_values_without_noise_may_stand_anywhere():
    found = rank_sim([5.0] * 4, [0.0] * 4, 1, IDS[:4], draws=4000)
    assert_allclose(found.expected, 2.5, atol=0.1)
    assert_array_equal(found.range90, [[1, 4]] * 4)
    assert not found.printable.any()


def test_two_bodies_by_the_normal_law():
    # P(first lower) = Phi(1/sqrt(2)) = 0.7602
    found = rank_sim([0.0, 1.0], [1.0, 1.0], -1, IDS[:2], draws=40_000)
    assert found.p_top[0] == pytest.approx(0.7602, abs=0.01)
    assert found.expected.sum() == pytest.approx(3)


def test_a_body_keeps_its_draws_whoever_stands_beside_it():
    values, sd = np.arange(6.0), np.full(6, 0.8)
    found = rank_sim(values, sd, -1, IDS[:6], draws=500)
    mixed = rank_sim(values[::-1], sd, -1, IDS[5::-1], draws=500)
    assert_array_equal(found.expected, mixed.expected[::-1])
    gone = rank_sim([*values, np.nan], [*sd, 1.0], -1, IDS[:7], draws=500)
    assert_array_equal(gone.expected[:6], found.expected)
    assert np.isnan(gone.range90[6]).all()
    assert not gone.printable[6]


def test_a_range_under_a_third_of_the_field_may_be_printed():
    found = rank_sim(np.arange(12.0), np.full(12, 0.01), 1, IDS, draws=200)
    assert found.printable.all()
    assert not rank_sim(np.arange(12.0), np.full(12, 9.0), 1, IDS, draws=200).printable.any()


@pytest.mark.parametrize(("sd", "direction", "ids"), [([1.0], 0, ["A"]), ([-1.0], 1, ["A"]), ([1.0], 1, ["A", "B"])])
def test_what_is_refused(sd, direction, ids):
    with pytest.raises(ValueError, match=r"direction|negative"):
        rank_sim([1.0], sd, direction, ids)
    with pytest.raises(ValueError, match=r"direction|negative"):
        told_apart([1.0], sd, direction, ids)


def test_two_clear_groups():
    found = told_apart([1.0, 1.1, 0.9, 9.0, 9.1, np.nan], [0.2] * 6, -1, IDS[:6])
    assert found.group.tolist() == [1, 1, 1, 2, 2, 0]
    assert_array_equal(found.places[:5], [[1, 3]] * 3 + [[4, 5]] * 2)
    assert found.better[:3, 3:5].all()
    assert found.better.sum() == 6


def test_a_chain_of_near_neighbours_is_one_group_though_its_ends_differ():
    found = told_apart(np.arange(8.0), [0.6] * 8, 1, IDS[:8])
    assert set(found.group) == {1}
    assert found.better[7, 0]


def test_alone_there_is_nothing_to_tell():
    found = told_apart([1.0], [1.0], 1, ["E1"])
    assert found.places.tolist() == [[1, 1]]
    assert found.group.tolist() == [1]


def test_the_critical_value_of_one_pair_is_the_normal_one():
    # 90 % two-sided: 1.645. A difference of 1.5 standard errors is not told, 1.8 is.
    se = np.sqrt([0.5, 0.5])
    assert not told_apart([0.0, 1.5], se, 1, IDS[:2], draws=20_000).better.any()
    assert told_apart([0.0, 1.8], se, 1, IDS[:2], draws=20_000).better[1, 0]


def test_places_hold_the_true_order_as_often_as_they_say():
    rng, true, se, hits = np.random.default_rng(1), np.arange(6.0), np.full(6, 0.7), []
    for seed in range(200):
        found = told_apart(true + se * rng.normal(size=6), se, -1, IDS[:6], draws=400, seed=seed)
        hits.append(((found.places[:, 0] <= np.arange(1, 7)) & (np.arange(1, 7) <= found.places[:, 1])).all())
    assert np.mean(hits) >= 0.87  # nominal 0.90, two sds of 200 trials below


def test_far_draws_first_give_the_same_largest_difference_as_every_pair():
    # One body's noise is 30 times the others', so that for some draws the 24 farthest do not settle it.
    rng = np.random.default_rng(5)
    draws, noise = rng.normal(size=(60, 200)), np.r_[3.0, np.full(59, 0.1)]
    weight = np.where(rng.random((60, 60)) < 0.4, 0.0, 1 / np.hypot(noise[:, None], noise))
    weight = np.triu(weight, 1) + np.triu(weight, 1).T
    scaled = noise[:, None] * draws
    every = (np.abs(scaled[:, None] - scaled[None]) * weight[:, :, None]).max(axis=(0, 1))
    assert _largest(draws, noise, weight) == pytest.approx(every, rel=1e-12)
