"""What belongs here: a primal simplex that pivots many small programs at once. It knows no bodies and no scores.

Every program keeps its own tableau of (k+1) x (k+1) numbers: the inverse of its basis, the levels of the basic columns
and, last, the row of minus the prices. They are stored with the program as the last axis, so that one NumPy call does
the same step for a thousand programs. Programs leave the batch as they become optimal.

Rules (methods.md 8.2): largest reduced cost enters, largest pivot among ties leaves, Bland's rule after 40 pivots
without progress, at most 400 pivots. What is not solved is marked, never passed on as solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_program import NOTHING, OWN, SUM_SLACK, TAU, Programs

TOLERANCE = 1e-9  # of reduced costs and pivots
TIE = 1e-12  # ratios nearer than this are equal
PATIENCE = 40  # pivots without progress before Bland's rule
LIMIT = 400  # pivots
BLOCK = 2048  # programs in one batch: their tableaux fit into the second-level cache
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


@dataclass
class Tableaux:
    """The state of N programs.

    table : (k+1, k+1, N) inverse basis, levels in the last column, minus prices in the last row.
    basis : (k, N) numbers of the basic columns.   failed : (N,) not solved.   group : (N,) number of the pool.
    """

    table: FloatArray
    basis: IntArray
    failed: BoolArray
    group: IntArray

    @property
    def levels(self) -> FloatArray:
        """(k, N) levels of the basic columns."""
        return self.table[:-1, -1]

    @property
    def prices(self) -> FloatArray:
        """(k, N) dual values of the rows."""
        return np.asarray(-self.table[-1, :-1])


@dataclass
class Batch:
    """The programs being pivoted now: a copy of their state, shrinking as they are done.

    which : (b,) their numbers.   idle : (b,) pivots without progress.   face : (k, b) minus the prices of an earlier
    objective whose optimal face must not be left, or None.
    """

    table: FloatArray
    basis: IntArray
    which: IntArray
    group: IntArray
    banned: IntArray
    idle: IntArray
    face: FloatArray | None


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


def blank(programs: Programs, group: IntArray | None = None) -> Tableaux:
    """Room for the state of every program; `group` numbers the pools, by default all 0."""
    k, size = programs.technology.rows, programs.size
    return Tableaux(
        table=np.zeros((k + 1, k + 1, size)),
        basis=np.full((k, size), NOTHING),
        failed=np.zeros(size, dtype=bool),
        group=np.zeros(size, dtype=np.int64) if group is None else group,
    )


def start(programs: Programs, tableaux: Tableaux, which: IntArray) -> None:
    """Put these bodies on their own column: feasible for everybody, optimal for nobody in particular."""
    for first in range(0, len(which), BLOCK):
        part = which[first : first + BLOCK]
        batch = slack_basis(programs, tableaux, part)
        tau_row, own_row = opening_rows(programs, part)
        if programs.tau is not None:
            exchange(batch, tau_row, movement(batch, programs.tau[:, part]), np.full(len(part), TAU))
        exchange(batch, own_row, movement(batch, programs.own[:, part]), programs.own_id[part])
        np.maximum(batch.table[:-1, -1], 0, out=batch.table[:-1, -1])
        tableaux.table[:, :, part], tableaux.basis[:, part] = batch.table, batch.basis
        price(programs, tableaux, part)


def slack_basis(programs: Programs, tableaux: Tableaux, part: IntArray) -> Batch:
    """Every row of these programs holds its slack (an equation: nothing yet)."""
    reference = programs.technology
    k = reference.rows
    signs = np.full(k, -1.0)
    if reference.rts != "crs":
        signs[-1] = SUM_SLACK.get(reference.rts, 1.0)
    ids = np.full(k, NOTHING)
    ids[: reference.slacks] = np.arange(reference.count - reference.slacks, reference.count)
    table = np.zeros((k + 1, k + 1, len(part)))
    table[np.arange(k), np.arange(k)] = signs[:, None]
    table[:k, k] = signs[:, None] * programs.rhs[:, part]
    return taken(programs, tableaux, part, table, np.repeat(ids[:, None], len(part), axis=1))


def taken(
    programs: Programs,
    tableaux: Tableaux,
    part: IntArray,
    table: FloatArray,
    basis: IntArray,
    face: FloatArray | None = None,
) -> Batch:
    """A batch of these programs with this state."""
    return Batch(
        table=table,
        basis=basis,
        which=part,
        group=tableaux.group[part],
        banned=programs.banned[part],
        idle=np.zeros(len(part), dtype=np.int64),
        face=None if face is None else np.ascontiguousarray(face[:, part]),
    )


def opening_rows(programs: Programs, part: IntArray) -> tuple[IntArray, IntArray]:
    """Rows in which tau and the own column open: tau in its largest, own in the sum's or its largest opposite one."""
    reference = programs.technology
    own, m = np.abs(programs.own[:, part]), reference.inputs
    tau_row = own.argmax(axis=0) if programs.tau is None else np.abs(programs.tau[:, part]).argmax(axis=0)
    if reference.rts != "crs":
        return tau_row, np.full(len(part), reference.rows - 1)
    if programs.tau is None:
        return tau_row, tau_row
    opposite = np.where(tau_row < m, m + own[m:].argmax(axis=0), own[:m].argmax(axis=0))
    return tau_row, opposite


def price(programs: Programs, tableaux: Tableaux, which: IntArray) -> None:
    """Write the last row of these programs anew from the costs of their basic columns."""
    basis, k = tableaux.basis[:, which], len(tableaux.basis)
    costs = np.where(basis >= 0, programs.cost[np.maximum(basis, 0)], 0.0)
    costs += np.where(basis == TAU, programs.tau_cost, 0.0)
    costs += np.where(basis == OWN, programs.own_cost, 0.0)
    tableaux.table[k, :, which] = -np.einsum("in,ijn->nj", costs, tableaux.table[:k, :, which])


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


def by_group(tableaux: Tableaux, which: IntArray) -> IntArray:
    """The same programs, those of a group side by side."""
    return which[np.argsort(tableaux.group[which], kind="stable")]


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


def subset(batch: Batch, keep: IntArray) -> Batch:
    """A copy of some of the programs."""
    return Batch(
        table=batch.table.take(keep, axis=2),
        basis=batch.basis.take(keep, axis=1),
        which=batch.which[keep],
        group=batch.group[keep],
        banned=batch.banned[keep],
        idle=batch.idle[keep],
        face=None if batch.face is None else batch.face.take(keep, axis=1),
    )


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
