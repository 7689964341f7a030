"""What belongs here: starting a program from the solved program whose frontier facet bounds its own score best.

Prices that are right for one body are admissible for every other of the same reference set, so each solved program
bounds the score of all that wait. The best bound is often the answer, and if not, its basis is a few pivots away.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.frontier_program import OWN, TAU, Programs
from pipelines.methods.frontier_solver import BLOCK, TIE, Batch, Tableaux, exchange, movement, price, subset

CLEAR = 1e-7  # a level below minus this is negative beyond rounding
LEAST = 1e-9  # least value of a body's own amounts at somebody else's prices


def warm(programs: Programs, tableaux: Tableaux, solved: IntArray, waiting: IntArray) -> None:
    """Give every waiting program the basis of the solved program of its group that bounds it best."""
    assert programs.tau is not None
    solved = solved[~tableaux.failed[solved] & (tableaux.basis[:, solved] != OWN).all(axis=0)]
    for group in np.unique(tableaux.group[waiting]):
        known = solved[tableaux.group[solved] == group]
        members = waiting[tableaux.group[waiting] == group]
        for first in range(0, len(members) if len(known) else 0, BLOCK):
            part = members[first : first + BLOCK]
            facet, found = best_facet(programs, tableaux.prices[:, known], part)
            adopt(programs, tableaux, known[facet[found]], part[found])


def best_facet(programs: Programs, prices: FloatArray, part: IntArray) -> tuple[IntArray, IntArray]:
    """For each of these programs the prices that bound its optimum from below best, and where there are any."""
    assert programs.tau is not None
    worth = programs.tau_cost * (programs.tau[:, part].T @ prices)
    bound = programs.rhs[:, part].T @ prices
    np.divide(bound, worth, out=bound, where=worth > LEAST)
    bound[worth <= LEAST] = -np.inf
    facet = bound.argmax(axis=1)
    return facet, np.flatnonzero(np.isfinite(bound[np.arange(len(part)), facet]))


def adopt(programs: Programs, tableaux: Tableaux, known: IntArray, part: IntArray) -> None:
    """Put known bases under other bodies: with their own tau and, where a level is negative, their own column.

    Bodies whose levels cannot be told from zero, or whose banned body stands in the basis, keep the start they had.
    """
    assert programs.tau is not None
    batch = Batch(
        table=np.ascontiguousarray(tableaux.table[:, :, known]),
        basis=tableaux.basis[:, known],
        which=part,
        group=tableaux.group[part],
        banned=programs.banned[part],
        idle=np.zeros(len(part), dtype=np.int64),
        face=None,
    )
    scaled = batch.basis == TAU
    exchange(batch, scaled.argmax(axis=0), movement(batch, programs.tau[:, part]), np.full(len(part), TAU))
    levels = np.einsum("ijn,jn->in", batch.table[:-1, :-1], programs.rhs[:, part])
    batch.table[:-1, -1] = levels
    lowest = levels.min(axis=0)
    fit = (lowest > -TIE) | (lowest < -CLEAR)
    fit &= (np.where(scaled, levels, 0).sum(axis=0) > 0) & (batch.basis != batch.banned).all(axis=0)
    own = programs.own[:, part]
    own_row = levels.argmin(axis=0)
    lacking = np.flatnonzero(fit & (lowest < -CLEAR))
    some = subset(batch, lacking)
    exchange(some, own_row[lacking], movement(some, own[:, lacking]), programs.own_id[part[lacking]])
    batch.table[:, :, lacking], batch.basis[:, lacking] = some.table, some.basis
    np.maximum(batch.table[:-1, -1], 0, out=batch.table[:-1, -1])
    tableaux.table[:, :, part[fit]], tableaux.basis[:, part[fit]] = batch.table[:, :, fit], batch.basis[:, fit]
    price(programs, tableaux, part[fit])
