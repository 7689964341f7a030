"""The constraint is a stage that is full and falling behind, week after week."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.methods.bottleneck import (
    demonstrated_capacity,
    flow,
    highlighted,
    marginal_throughput,
    stage_gaps,
    throughput,
)


def line(weeks, arrivals, capacity, completions, wip):
    return [np.tile(np.array(row, dtype=float), (weeks, 1)) for row in (arrivals, capacity, completions, wip)]


def test_five_weeks_of_growth_are_not_sustained():
    busy = line(8, [100, 98], [100, 100], [98, 98], [60, 60])
    assert flow(*busy).constraint == 1
    busy[2][:3] = 100  # three weeks in which the queue stood still
    found = flow(*busy)
    assert found.growing.tolist() == [5, 0]
    assert found.constraint == 0


def test_ties_go_to_the_earlier_stage_and_old_weeks_do_not_count():
    flows = line(20, [100, 100], [100, 100], [99, 99], [60, 60])
    flows[0][:12] = 0
    assert flow(*flows).constraint == 1


def test_rework_fills_a_stage():
    flows = line(8, [80], [100], [79], [50])
    assert flow(*flows).constraint == 0
    again = flow(*flows, rework=[0.2])  # 80/0.8 = 100 of 100
    assert again.utilisation[0] == pytest.approx(1.0)
    assert again.constraint == 1
    with pytest.raises(ValueError, match="rework"):
        flow(*flows, rework=1.0)


def test_no_wait_for_a_queue_that_moves_too_fast():
    found = flow(*line(8, [100, 100], [100, 100], [90, 70], [100, 100]))
    assert_allclose(found.wait, [100 / 90, np.nan])  # growth 10 % of the queue, and 30 %


def test_score_is_the_mean_rank_of_what_is_known():
    found = flow(*line(8, [100, 90], [100, 100], [90, 85], [100, 300]))
    assert_allclose(found.score, [(2 + 2 + 1) / 3, (1 + 1 + 2) / 3])


def test_the_four_tables_must_agree():
    with pytest.raises(ValueError, match="four tables"):
        flow(np.ones((8, 2)), np.ones((8, 2)), np.ones((8, 2)), np.ones((8, 3)))


def test_demonstrated_capacity_is_of_the_last_year():
    weeks = np.arange(100.0)[:, None]
    assert demonstrated_capacity(weeks)[0] == pytest.approx(np.quantile(np.arange(48, 100), 0.95))


def test_only_the_binding_stage_adds_throughput():
    capacity = [130.0, 100.0, 82.0, 110.0]
    assert throughput(100.0, capacity) == 82
    assert_allclose(marginal_throughput(100.0, capacity), [0, 0, 1, 0])
    assert_allclose(marginal_throughput(60.0, capacity), [0, 0, 0, 0])
    assert_allclose(marginal_throughput(100.0, capacity, [0, 0.2, 0, 0]), [0, 0.8, 0, 0])  # 100 x 0.8 = 80 binds


def test_throughput_against_a_step_by_step_line():
    capacity, waiting, done = [130, 100, 82, 110], [0, 0, 0, 0], 0
    for _ in range(400):
        waiting[0] += 100
        for stage, limit in enumerate(capacity):
            moved = min(waiting[stage], limit)
            waiting[stage] -= moved
            if stage < 3:
                waiting[stage + 1] += moved
        done += moved
    assert done / 400 == throughput(100.0, capacity)


def test_stage_gaps_by_plain_loops():
    rng = np.random.default_rng(1)
    factors, mask = np.exp(rng.normal(size=(12, 3))), rng.random((12, 12)) < 0.7
    factors[3, 1] = np.nan
    found = stage_gaps(factors, mask)
    for body in range(12):
        for stage in range(3):
            group = [np.log(factors[j, stage]) for j in range(12) if mask[body, j] and j != body]
            group = [value for value in group if not np.isnan(value)]
            mad = np.median(np.abs(group - np.median(group)))
            own = (np.log(factors[body, stage]) - np.median(group)) / (1.4826 * mad)
            assert_allclose(found[body, stage], own if len(group) >= 5 else np.nan)


def test_the_highlight_needs_both_money_and_distance():
    money = [[5.0, 9.0, 1.0], [5.0, 9.0, 1.0], [-5.0, -9.0, -1.0], [np.nan] * 3]
    gaps = [[3.0, 1.2, 0.0], [3.0, 0.8, 0.0], [2.0, 2.0, 2.0], [np.nan] * 3]
    assert highlighted(money, gaps).tolist() == [2, 0, 0, 0]
