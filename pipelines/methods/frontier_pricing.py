"""What belongs here: which column would help a program most. Half of all the time goes here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.frontier_program import NOTHING, Programs
from pipelines.methods.frontier_state import Batch

TOLERANCE = 1e-9  # of reduced costs
PATIENCE = 40  # pivots without progress before Bland's rule
PRICED = 1 << 17  # reduced costs held at a time: 1 MB


@dataclass(frozen=True)
class Pools:
    """The common columns among which each group of programs looks for improvement.

    ids : (groups, w) ascending numbers of common columns, NOTHING beyond a group's last.   counts : (groups,) its
    columns.   columns : per group (k, count).   cost : (groups, w), or None where all are 0.   common : (k, p).
    """

    ids: IntArray
    counts: IntArray
    columns: list[FloatArray]
    cost: FloatArray | None
    common: FloatArray


def pools_of(programs: Programs, candidates: Sequence[IntArray]) -> Pools:
    """Each group's bodies, all assurance columns and all slacks."""
    reference = programs.technology
    always = np.arange(reference.bodies, reference.count)
    counts = np.array([len(bodies) + len(always) for bodies in candidates])
    ids = np.full((len(candidates), counts.max()), NOTHING)
    for row, bodies in zip(ids, candidates, strict=True):
        row[: len(bodies)] = np.sort(bodies)
        row[len(bodies) : len(bodies) + len(always)] = always
    columns = [np.ascontiguousarray(reference.columns[:, row[:count]]) for row, count in zip(ids, counts, strict=True)]
    cost = np.where(ids >= 0, programs.cost[ids], 0.0) if programs.cost.any() else None
    return Pools(ids, counts, columns, cost, reference.columns)


def best_columns(batch: Batch, pools: Pools) -> tuple[FloatArray, IntArray]:
    """(b,) reduced cost and number of the column that helps most, or under Bland's rule of the first that helps."""
    size = len(batch.which)
    gain, ids = np.empty(size), np.empty(size, dtype=np.int64)
    step = max(1, PRICED // pools.ids.shape[1])
    for first in range(0, size, step):
        rows = slice(first, min(first + step, size))
        costs = reduced_costs(batch, rows, pools)
        best = costs.argmin(axis=1)
        hesitant = np.flatnonzero(batch.idle[rows] > PATIENCE)
        if len(hesitant):
            best[hesitant] = (costs[hesitant] < -TOLERANCE).argmax(axis=1)
        gain[rows] = costs[np.arange(len(best)), best]
        ids[rows] = pools.ids[batch.group[rows], best]
    return gain, ids


def reduced_costs(batch: Batch, rows: slice, pools: Pools) -> FloatArray:
    """(b, w) what one unit of each column would add to each objective; 0 for columns that may not enter."""
    group, banned = batch.group[rows], batch.banned[rows]
    costs = weighed(batch.table[-1, :-1, rows], group, pools)
    if pools.cost is not None:
        costs += pools.cost[group]
    if batch.face is not None:
        costs[weighed(batch.face[:, rows], group, pools) > TOLERANCE] = 0
    barred = np.flatnonzero(banned != NOTHING)
    if len(barred):
        row, place = np.nonzero(pools.ids[group[barred]] == banned[barred, None])
        costs[barred[row], place] = 0
    return costs


def weighed(prices: FloatArray, group: IntArray, pools: Pools) -> FloatArray:
    """(b, w) the columns of each program's group at these prices (k, b); programs of a group stand side by side."""
    if len(pools.columns) == 1:
        return np.asarray(prices.T @ pools.columns[0])
    answer = np.zeros((len(group), pools.ids.shape[1]))
    edges = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(group)]
    for first, last in pairwise(edges):
        number = group[first]
        np.matmul(prices[:, first:last].T, pools.columns[number], out=answer[first:last, : pools.counts[number]])
    return answer
