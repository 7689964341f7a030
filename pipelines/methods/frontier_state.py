"""What belongs here: the state of many small simplex programs, and how parts of it are taken out and put back.

Every program keeps its own tableau of (k+1) x (k+1) numbers: the inverse of its basis, the levels of the basic columns
and, last, the row of minus the prices. They are stored with the program as the last axis, so that one NumPy call does
the same step for a thousand programs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_program import NOTHING, OWN, TAU, Programs


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


def blank(programs: Programs, group: IntArray | None = None) -> Tableaux:
    """Room for the state of every program; `group` numbers the pools, by default all 0."""
    k, size = programs.technology.rows, programs.size
    return Tableaux(
        table=np.zeros((k + 1, k + 1, size)),
        basis=np.full((k, size), NOTHING),
        failed=np.zeros(size, dtype=bool),
        group=np.zeros(size, dtype=np.int64) if group is None else group,
    )


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


def by_group(tableaux: Tableaux, which: IntArray) -> IntArray:
    """The same programs, those of a group side by side."""
    return which[np.argsort(tableaux.group[which], kind="stable")]


def price(programs: Programs, tableaux: Tableaux, which: IntArray) -> None:
    """Write the last row of these programs anew from the costs of their basic columns."""
    basis, k = tableaux.basis[:, which], len(tableaux.basis)
    costs = np.where(basis >= 0, programs.cost[np.maximum(basis, 0)], 0.0)
    costs += np.where(basis == TAU, programs.tau_cost, 0.0)
    costs += np.where(basis == OWN, programs.own_cost, 0.0)
    tableaux.table[k, :, which] = -np.einsum("in,ijn->nj", costs, tableaux.table[:k, :, which])
