"""The four rules of a control chart, as NHS England's Making Data Count publishes them (methods.md M4.11).

Each function answers for every point of one phase: 0, or +1 (high, rising) or -1 (low, falling). Rules never look
across a re-base, and an absent point breaks every run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, TextArray

SHIFT, TREND = 7, 7
PRIORITY = ("outside", "trend", "two_of_three", "shift")
# How often chance alone labels the latest point of a steady measure, by each rule on its own and by any: normal noise,
# limits from 12 points, read 12 points later; 20 000 series (perf/tracking.py).
FALSE_RATES = {"outside": 0.022, "trend": 0.0004, "two_of_three": 0.0043, "shift": 0.033, "any": 0.058}


class Marks(NamedTuple):
    """Each rule's own answer (T,), whatever the others say, in the order of PRIORITY."""

    outside: IntArray
    trend: IntArray
    two_of_three: IntArray
    shift: IntArray


def marks(y: FloatArray, mean: FloatArray, reach: FloatArray, *, trend_n: int = TREND, shift_n: int = SHIFT) -> Marks:
    """The rules on one phase. y (T,), NaN where absent; mean (T,); reach (T,): limit minus mean."""
    away = y - mean
    return Marks(outside(away, reach), trend(y, trend_n), two_of_three(away, reach), shift(away, shift_n))


def labels(found: Marks) -> tuple[TextArray, IntArray]:
    """(T,) the first rule in PRIORITY that marks each point, "" for none; and which way it points."""
    told = np.array(found)
    first = np.argmax(told != 0, axis=0)
    way = np.take_along_axis(told, first[None, :], axis=0)[0]
    return np.where(way != 0, np.array(PRIORITY)[first], ""), way


def outside(away: FloatArray, reach: FloatArray) -> IntArray:
    """Beyond a limit; a point on the limit is not."""
    return _signed(away, np.abs(away) > reach)


def shift(away: FloatArray, shift_n: int = SHIFT) -> IntArray:
    """Part of `shift_n` or more in a row on one side of the mean; a point on the mean breaks the run."""
    side = np.where(np.isnan(away), 0, np.sign(away))
    return _in_runs(side, shift_n)


def trend(y: FloatArray, trend_n: int = TREND) -> IntArray:
    """Part of `trend_n` or more points steadily rising or falling: trend_n - 1 differences of one sign."""
    step = np.diff(y)
    runs = _in_runs(np.where(np.isnan(step), 0, np.sign(step)), trend_n - 1)
    before, after = np.append(0, runs), np.append(runs, 0)
    # A turning point may end one trend and begin another; the later one is what matters now.
    return np.where(after != 0, after, before)[: y.size]


def two_of_three(away: FloatArray, reach: FloatArray) -> IntArray:
    """Between near-limit and limit, with another such point within three on the same side of the mean."""
    near = (np.abs(away) > reach * 2 / 3) & (np.abs(away) <= reach)
    side = np.where(np.isnan(away), 0, np.sign(away))
    found = np.zeros(away.size, dtype=np.bool_)
    for first in range(away.size - 2):
        three = slice(first, first + 3)
        if abs(side[three].sum()) == 3 and near[three].sum() >= 2:
            found[three] |= near[three]
    return _signed(away, found)


def _in_runs(side: FloatArray, length: int) -> IntArray:
    """The side of each entry in a run of at least `length` equal, non-zero entries; else 0."""
    if side.size == 0:
        return np.zeros(0, dtype=np.int64)
    starts = np.append(True, side[1:] != side[:-1])
    run = np.cumsum(starts) - 1
    return np.where(np.bincount(run)[run] >= length, side, 0).astype(np.int64)


def _signed(away: FloatArray, chosen: BoolArray) -> IntArray:
    return np.where(chosen, np.sign(np.nan_to_num(away)), 0).astype(np.int64)
