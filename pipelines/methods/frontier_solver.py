"""What belongs here: a primal simplex that pivots many small programs at once. It knows no bodies and no scores.

Rules (methods.md 8.2): largest reduced cost enters, largest pivot among ties leaves, Bland's rule after 40 pivots
without progress, at most 400 pivots. Programs leave the batch as they become optimal. What is not solved is marked,
never passed on as solved.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_pricing import PATIENCE, TOLERANCE, Pools, best_columns
from pipelines.methods.frontier_program import TAU, Programs
from pipelines.methods.frontier_state import Batch, Tableaux, by_group, subset, taken

TIE = 1e-12  # ratios nearer than this are equal
LIMIT = 400  # pivots
BLOCK = 2048  # programs in one batch: their tableaux fit into the cache


def optimise(
    programs: Programs,
    tableaux: Tableaux,
    which: IntArray,
    pools: Pools,
    face: FloatArray | None = None,
    limit: int = LIMIT,
) -> None:
    """Pivot these programs until no column of their pool improves them; mark failures.

    face : (k, N) minus the prices of an earlier objective; columns that would worsen it may not enter.
    limit : with fewer pivots than LIMIT, what is unfinished is merely left for another call.
    """
    which = by_group(tableaux, which)
    for first in range(0, len(which), BLOCK):
        part = which[first : first + BLOCK]
        table = np.ascontiguousarray(tableaux.table[:, :, part])
        batch = taken(programs, tableaux, part, table, tableaux.basis[:, part], face)
        for _ in range(limit):
            if not pivot(batch, tableaux, pools):
                break
        else:
            settle(batch, tableaux, np.ones(len(batch.which), dtype=bool), failed=limit >= LIMIT)


def pivot(batch: Batch, tableaux: Tableaux, pools: Pools) -> bool:
    """One pivot of every program in the batch; False when all are done."""
    gain, entering = best_columns(batch, pools)
    done = gain >= -TOLERANCE
    if done.any():
        settle(batch, tableaux, done, failed=False)
        gain, entering = gain[~done], entering[~done]
        if done.all():
            return False
    move = movement(batch, pools.common.take(entering, axis=1))
    move[-1] = gain
    row, step = choose_leaving(batch, move)
    stuck = ~np.isfinite(step)
    if stuck.any():  # unbounded, which no frontier is: left to the exact check
        settle(batch, tableaux, stuck, failed=True)
        entering, move, row, step = entering[~stuck], move[:, ~stuck], row[~stuck], step[~stuck]
        if stuck.all():
            return False
    batch.idle = np.where(step > TIE, 0, batch.idle + 1)
    exchange(batch, row, move, entering)
    return True


def settle(batch: Batch, tableaux: Tableaux, done: BoolArray, *, failed: bool) -> None:
    """Hand finished programs back and keep the rest."""
    numbers = batch.which[done]
    tableaux.table[:, :, numbers] = batch.table[:, :, done]
    tableaux.basis[:, numbers] = batch.basis[:, done]
    tableaux.failed[numbers] = failed
    rest = subset(batch, np.flatnonzero(~done))
    batch.table, batch.basis, batch.which, batch.group = rest.table, rest.basis, rest.which, rest.group
    batch.banned, batch.idle, batch.face = rest.banned, rest.idle, rest.face


def movement(batch: Batch, column: FloatArray) -> FloatArray:
    """(k+1, b) how the levels (last: the objective, but for the column's own cost) answer to a column."""
    return np.asarray(np.einsum("ijn,jn->in", batch.table[:, :-1], column))


def choose_leaving(batch: Batch, move: FloatArray) -> tuple[IntArray, FloatArray]:
    """Row that reaches zero first and the step until then (infinite when none does); ties go to the largest pivot.

    tau never leaves: no optimum has it below zero, and having left it could not be found again among common columns.
    """
    falls = (move[:-1] > TOLERANCE) & (batch.basis != TAU)
    ratio = np.full(falls.shape, np.inf)
    np.divide(np.maximum(batch.table[:-1, -1], 0), move[:-1], out=ratio, where=falls)
    step = ratio.min(axis=0)
    tied = ratio <= step + TIE
    row = np.where(tied, move[:-1], -np.inf).argmax(axis=0)
    hesitant = np.flatnonzero(batch.idle > PATIENCE)
    if len(hesitant):
        numbers = np.where(tied[:, hesitant], batch.basis[:, hesitant], np.iinfo(np.int64).max)
        row[hesitant] = numbers.argmin(axis=0)
    return row, step


def exchange(batch: Batch, row: IntArray, move: FloatArray, entering: IntArray) -> None:
    """Bring the entering columns into the basis in these rows.

    Row after row, so that what is being changed stays in the first-level cache: four times as fast as one expression.
    """
    rows, columns, size = batch.table.shape
    every, flat = np.arange(size), batch.table.reshape(-1)
    place = (row * (columns * size) + every) + (np.arange(columns) * size)[:, None]
    pivots = flat.take(place)
    pivots /= move[row, every]
    change = np.empty_like(pivots)
    for number in range(rows):
        np.multiply(move[number], pivots, out=change)
        batch.table[number] -= change
    flat[place] = pivots
    batch.basis[row, every] = entering
