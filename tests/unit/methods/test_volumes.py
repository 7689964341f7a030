"""Volumes, quality and productivity on small tables that can be worked by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.volumes import (
    area_adjust,
    area_factor,
    capped_quality,
    carried,
    chain_drift,
    chained,
    geks_level,
    input_index,
    national_level,
    productivity,
    quality_index,
    volume_links,
)


def test_area_factor_and_its_refusals():
    assert area_factor(1.2, 0.9, 0.5, 0.1) == pytest.approx(0.5 * 1.2 + 0.1 * 0.9 + 0.4)
    assert_allclose(
        area_adjust([[110.0, 220.0], [50.0, np.nan]], [1.2, 1.0], [1.0, 1.0], 0.5, 0), [[100, 200], [50, np.nan]]
    )
    with pytest.raises(ValueError, match="not parts of 1"):
        area_factor(1.0, 1.0, 0.8, 0.3)
    with pytest.raises(ValueError, match="area index"):
        area_factor(0.0, 1.0, 0.5, 0.1)


def test_a_new_activity_enters_one_link_late():
    # The second activity starts in period 1 without a unit cost before: link 1 is 110/100; link 2 weighs both.
    q = [[100.0, np.nan], [110.0, 10.0], [110.0, 20.0]]
    u = [[2.0, np.nan], [2.0, 5.0], [2.0, 5.0]]
    assert_allclose(volume_links(q, u).laspeyres, [1.1, (220 + 100) / (220 + 50)])


def test_a_vanished_activity_counts_as_nothing_except_in_tornqvist():
    links = volume_links([[10.0, 5.0], [10.0, 0.0]], [[1.0, 2.0], [1.0, 2.0]])
    assert links.laspeyres[0] == links.paasche[0] == links.fisher[0] == pytest.approx(10 / 20)
    assert np.isnan(links.tornqvist[0])


def test_a_missing_volume_is_not_a_zero():
    assert np.isnan(volume_links([[10.0, 5.0], [10.0, np.nan]], [[1.0, 2.0], [1.0, 2.0]]).laspeyres[0])
    with pytest.raises(ValueError, match="negative"):
        volume_links([[-1.0], [1.0]], [[1.0], [1.0]])


def test_a_chain_multiplies_and_drift_is_in_points():
    assert_allclose(chained([1.1, 0.5]), [100, 110, 55])
    # Golden card M1.4: 1.0247612 chained against 1.025 direct.
    q, u = [[1000, 200], [1050, 190], [1100, 195]], [[40, 300], [42, 330], [43, 345]]
    assert chain_drift(q, u) == pytest.approx(100 * (1.025 - 1.0247612359550562))


def test_many_bodies_at_once():
    rng = np.random.default_rng(1)
    q, u = rng.uniform(1, 9, (4, 3, 2)), rng.uniform(1, 9, (3, 2))
    together = volume_links(q, np.broadcast_to(u, q.shape))
    for body in range(4):
        assert_allclose(together.fisher[body], volume_links(q[body], u).fisher)


def test_levels_across_bodies():
    assert_allclose(national_level([[1, 2], [3, 4]], [10, 1]), [12, 34])
    # Equal unit costs: GEKS is the ratio of the same levels, here scaled to geometric mean 1.
    level = geks_level([[1.0, 2.0], [3.0, 4.0]], [[10.0, 1.0], [10.0, 1.0]])
    assert level[1] / level[0] == pytest.approx(34 / 12)
    assert np.prod(level) == pytest.approx(1.0)


def test_quality_is_a_weighted_product_and_is_capped_for_money():
    g = quality_index([[0.8, 10.0], [0.88, 10.0]], [0.5, 0.2])
    assert_allclose(g, [1.0, 1.1**0.5])
    assert_allclose(capped_quality([1.0, 1.1, 1.1, 0.99]), [1.0, 1.03, 1.03, 1.03 * 0.97])
    with pytest.raises(ValueError, match="more than the whole"):
        quality_index([[1.0, 1.0]], [0.7, 0.4])
    with pytest.raises(ValueError, match="zero or negative"):
        quality_index([[0.0]], [1.0])


def test_a_missing_component_is_carried_once():
    filled, status = carried([[0.9], [np.nan], [np.nan], [0.8]])
    assert_allclose(filled[:, 0], [0.9, 0.9, np.nan, 0.8])
    assert status[:, 0].tolist() == ["ok", "imputed", "missing", "ok"]


def test_outsourcing_flatters_labour_productivity_alone():
    # Same output; ten of 100 staff move to a contractor at the same cost: labour 100 -> 90, goods 50 -> 60.
    inputs = input_index([100.0, 50.0], [90.0, 60.0], [2 / 3, 1 / 3], [0.6, 0.4])
    assert productivity(1.0, 90 / 100) == pytest.approx(1 / 0.9)
    assert abs(productivity(1.0, inputs) - 1) < 0.01


def test_cost_shares_must_sum_to_one():
    with pytest.raises(ValueError, match="not 1"):
        input_index([1, 1], [1, 1], [0.5, 0.4], [0.5, 0.5])
