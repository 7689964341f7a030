"""Who is named as an exemplar: cheaper than most peers and than oneself, and not worse in what is paired."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.methods.exemplars import Quality, holds, level_kept, run

NAN = np.nan
# Body 0 costs 100; its peers 1 to 6 cost 80, 90, 95, 105, 110, 120: their median is 100.
COST = np.array([100.0, 80, 90, 95, 105, 110, 120])[:, None]
IDS = np.full((7, 6), -1)
IDS[0] = np.arange(1, 7)


def quality(values, lo=None, hi=None, direction=1.0, applies=True) -> Quality:
    """One quality in one period."""
    value = np.array(values, dtype=float)[:, None]
    ends = [value if end is None else np.array(end, dtype=float)[:, None] for end in (lo, hi)]
    return Quality(value, *ends, direction, np.full(7, applies))


def named(*qualities: Quality, cost=COST) -> list[int]:
    return IDS[0][holds(cost, IDS, qualities)[0, :, 0]].tolist()


def test_cheaper_than_the_peers_median_and_no_worse():
    assert named(quality([50, 50, 60, 40, 90, 90, 90])) == [1, 2]  # 3 is cheaper and worse, 4 to 6 are dearer


def test_worse_by_no_more_than_chance_is_not_worse():
    hi = [52, 50, 60, 51, 90, 90, 90]
    assert named(quality([50, 50, 60, 40, 90, 90, 90], hi=hi)) == [1, 2, 3]  # 40 (up to 51) reaches 50
    few = quality([5, 5, 4, 6, 1, 1, 1], lo=[4, 4, 3, 5.5, 1, 1, 1], direction=-1.0)
    assert named(few) == [1, 2]  # fewer is better: 6 (from 5.5) does not reach down to 5


def test_what_is_not_known_is_not_shown_to_be_no_worse():
    assert named(quality([50, NAN, 60, 60, 60, 60, 60])) == [2, 3]
    assert named(quality([NAN, 50, 60, 60, 60, 60, 60])) == []
    assert named() == []
    assert named(quality([50] * 7, applies=False)) == []
    assert named(quality([50] * 7), quality([NAN] * 7, applies=False)) == [1, 2, 3]


def test_nobody_dearer_than_oneself_is_an_example():
    cheap = np.array([85.0, 80, 90, 95, 105, 110, 120])[:, None]
    assert named(quality([50] * 7), cost=cheap) == [1]
    unknown = np.array([NAN, 80, 90, 95, 105, 110, 120])[:, None]
    assert named(quality([50] * 7), cost=unknown) == [1, 2, 3]


def test_four_peers_are_too_few():
    assert named(quality([50] * 7), cost=np.array([100.0, 80, 90, 105, 110, NAN, NAN])[:, None]) == []


def test_the_run_ends_where_it_first_failed():
    held = np.array([[[True, False, True, True], [True, True, True, False], [True] * 4]])
    assert run(held, np.ones_like(held)).tolist() == [[2, 0, 4]]


def test_the_run_begins_after_the_last_step_in_its_level():
    held = np.ones((1, 3, 4), dtype=bool)
    kept = np.array([[[False, True, True, False], [False, True, False, True], [False, True, True, True]]])
    assert run(held, kept).tolist() == [[1, 2, 4]]  # a step into the last period leaves one period at its level


def test_a_level_is_kept_where_the_step_is_within_the_chance_of_both_ends():
    cost = np.array([[60.0, 48, 19], [60, 48, 46], [60, 48, 46], [60, 48, 46]])
    ends = np.exp(1.96 * 0.17)  # se of the logarithm 0.17: two figures part at 1.96 x 0.17 x sqrt(2) = 0.471
    lo, hi = cost / ends, cost * ends
    lo[2, 1] = NAN  # ln(60/48) = 0.22 and ln(48/46) = 0.04 are chance, ln(48/19) = 0.93 is not
    status = np.array([["ok"] * 3, ["ok"] * 3, ["ok"] * 3, ["ok", "ok", "break"]])
    kept = level_kept(cost, lo, hi, status)
    assert kept.tolist() == [[False, True, False], [False, True, True], [False] * 3, [False, True, False]]


def test_a_quality_needs_a_direction():
    with pytest.raises(ValueError, match="wanted direction"):
        named(quality([50] * 7, direction=0.0))
