"""What belongs here: a primal simplex that pivots many small programs at once. It knows no bodies and no scores.

Every program keeps its own tableau of (k+1) x (k+1) numbers: the inverse of its basis, the levels of the basic columns
and, last, the row of minus the prices. They are stored with the program as the last axis, so that one NumPy call does
the same step for a thousand programs. Programs leave the batch as they become optimal.

Rules (methods.md 8.2): largest reduced cost enters, largest pivot among ties leaves, Bland's rule after 40 pivots
without progress, at most 400 pivots. What is not solved is marked, never passed on as solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_program import NOTHING, OWN, SUM_SLACK, TAU, Programs

TOLERANCE = 1e-9  # of reduced costs and pivots
TIE = 1e-12  # ratios nearer than this are equal
PATIENCE = 40  # pivots without progress before Bland's rule
LIMIT = 400  # pivots
BLOCK = 1024  # programs in one batch: their tableaux fit into the second-level cache
PRICED = 1 << 17  # reduced costs held at a time: 1 MB


@dataclass(frozen=True)
class Pool:
    """The common columns among which some programs look for improvement.

    ids : (p,) ascending numbers of common columns.   columns : (k, p).   cost : (p,), or None where all are 0.
    """

    ids: IntArray
    columns: FloatArray
    cost: FloatArray | None


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


def pool(programs: Programs, bodies: IntArray) -> Pool:
    """These bodies, all assurance columns and all slacks."""
    reference = programs.technology
    ids = np.concatenate([np.sort(bodies), np.arange(reference.bodies, reference.count)])
    cost = programs.cost[ids] if programs.cost.any() else None
    return Pool(ids, np.ascontiguousarray(reference.columns[:, ids]), cost)


def start(programs: Programs, group: IntArray | None = None) -> Tableaux:
    """Every body on its own column: feasible for everybody, optimal for nobody in particular."""
    k, size = programs.technology.rows, programs.size
    table, basis = slack_basis(programs)
    state = Batch(
        table=table,
        basis=basis,
        which=np.arange(size),
        group=np.zeros(size, dtype=np.int64) if group is None else group,
        banned=programs.banned,
        idle=np.zeros(size, dtype=np.int64),
        face=None,
    )
    tau_row, own_row = opening_rows(programs)
    if programs.tau is not None:
        exchange(state, tau_row, movement(state, programs.tau), np.full(size, TAU))
    exchange(state, own_row, movement(state, programs.own), programs.own_id)
    np.maximum(table[:k, k], 0, out=table[:k, k])
    tableaux = Tableaux(table, basis, np.zeros(size, dtype=bool), state.group)
    price(programs, tableaux, np.arange(size))
    return tableaux


def slack_basis(programs: Programs) -> tuple[FloatArray, IntArray]:
    """Tableau and basis when every row holds its slack (an equation: nothing yet)."""
    reference = programs.technology
    k, size = reference.rows, programs.size
    signs = np.full(k, -1.0)
    if reference.rts != "crs":
        signs[-1] = SUM_SLACK.get(reference.rts, 1.0)
    ids = np.full(k, NOTHING)
    ids[: reference.slacks] = np.arange(reference.count - reference.slacks, reference.count)
    table = np.zeros((k + 1, k + 1, size))
    table[np.arange(k), np.arange(k)] = signs[:, None]
    table[:k, k] = signs[:, None] * programs.rhs
    return table, np.repeat(ids[:, None], size, axis=1)


def opening_rows(programs: Programs) -> tuple[IntArray, IntArray]:
    """Rows in which tau and the own column open: tau in its largest, own in the sum's or its largest opposite one."""
    reference = programs.technology
    own, m = np.abs(programs.own), reference.inputs
    tau_row = own.argmax(axis=0) if programs.tau is None else np.abs(programs.tau).argmax(axis=0)
    if reference.rts != "crs":
        return tau_row, np.full(programs.size, reference.rows - 1)
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
    pools: Sequence[Pool],
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
        batch = Batch(
            table=np.ascontiguousarray(tableaux.table[:, :, part]),
            basis=tableaux.basis[:, part],
            which=part,
            group=tableaux.group[part],
            banned=programs.banned[part],
            idle=np.zeros(len(part), dtype=np.int64),
            face=None if face is None else np.ascontiguousarray(face[:, part]),
        )
        for _ in range(limit):
            if not pivot(batch, tableaux, pools):
                break
        else:
            settle(batch, tableaux, np.ones(len(batch.which), dtype=bool), failed=limit >= LIMIT)


def by_group(tableaux: Tableaux, which: IntArray) -> IntArray:
    """The same programs, those of a group side by side."""
    return which[np.argsort(tableaux.group[which], kind="stable")]


def pivot(batch: Batch, tableaux: Tableaux, pools: Sequence[Pool]) -> bool:
    """One pivot of every program in the batch; False when all are done."""
    gain, entering, column = choose_entering(batch, pools)
    done = gain >= -TOLERANCE
    if done.any():
        settle(batch, tableaux, done, failed=False)
        gain, entering, column = gain[~done], entering[~done], np.ascontiguousarray(column[:, ~done])
        if done.all():
            return False
    move = movement(batch, column)
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


def choose_entering(batch: Batch, pools: Sequence[Pool]) -> tuple[FloatArray, IntArray, FloatArray]:
    """Reduced cost, number and column of the best for every program, or under Bland's rule of the first that helps."""
    size, k = len(batch.which), len(batch.basis)
    gain, ids, columns = np.empty(size), np.empty(size, dtype=np.int64), np.empty((k, size))
    for rows, choice in segments(batch, pools):
        costs = reduced_costs(batch, rows, choice)
        best = costs.argmin(axis=1)
        hesitant = np.flatnonzero(batch.idle[rows] > PATIENCE)
        best[hesitant] = (costs[hesitant] < -TOLERANCE).argmax(axis=1)
        gain[rows] = costs[np.arange(len(best)), best]
        ids[rows], columns[:, rows] = choice.ids[best], choice.columns[:, best]
    return gain, ids, columns


def segments(batch: Batch, pools: Sequence[Pool]) -> Iterator[tuple[slice, Pool]]:
    """Runs of programs that share a pool, short enough for their reduced costs to stay in the cache."""
    edges = np.searchsorted(batch.group, np.arange(len(pools) + 1))
    for number, choice in enumerate(pools):
        step = max(1, PRICED // len(choice.ids))
        for first in range(int(edges[number]), int(edges[number + 1]), step):
            yield slice(first, min(first + step, int(edges[number + 1]))), choice


def reduced_costs(batch: Batch, rows: slice, choice: Pool) -> FloatArray:
    """(b, p) what one unit of each column would add to each objective; 0 for columns that may not enter."""
    costs: FloatArray = batch.table[-1, :-1, rows].T @ choice.columns
    if choice.cost is not None:
        costs += choice.cost
    if batch.face is not None:
        costs[batch.face[:, rows].T @ choice.columns > TOLERANCE] = 0
    banned = batch.banned[rows]
    barred = np.flatnonzero(banned != NOTHING)
    if len(barred):
        place = np.minimum(np.searchsorted(choice.ids, banned[barred]), len(choice.ids) - 1)
        hit = choice.ids[place] == banned[barred]
        costs[barred[hit], place[hit]] = 0
    return costs


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
    numbers = np.where(tied[:, hesitant], batch.basis[:, hesitant], np.iinfo(np.int64).max)
    row[hesitant] = numbers.argmin(axis=0)
    return row, step


def exchange(batch: Batch, row: IntArray, move: FloatArray, entering: IntArray) -> None:
    """Bring the entering columns into the basis in these rows."""
    every = np.arange(len(row))
    pivots = (batch.table[row, :, every] / move[row, every][:, None]).T
    batch.table -= move[:, None] * pivots[None]
    batch.table[row, :, every] = pivots.T
    batch.basis[row, every] = entering
