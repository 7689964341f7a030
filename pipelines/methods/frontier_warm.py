"""What belongs here: starting a program from the solved program whose frontier facet bounds its own score best.

Prices that are right for one body are admissible for every other of the same reference set, so each solved program
bounds the score of all that wait. The best bound is often the answer, and if not, its basis is a few pivots away.
"""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_pricing import PRICED
from pipelines.methods.frontier_program import NOTHING, OWN, TAU, Programs
from pipelines.methods.frontier_solver import BLOCK, TIE, exchange, movement
from pipelines.methods.frontier_state import Batch, Tableaux, by_group, subset, taken

CLEAR = 1e-7  # a level below minus this is negative beyond rounding
LEAST = 1e-9  # least value of a body's own amounts at somebody else's prices


def warm(programs: Programs, tableaux: Tableaux, solved: IntArray, waiting: IntArray) -> IntArray:
    """Give waiting programs the basis of the solved program of their group that bounds them best.

    Returns the programs that found none and have no start yet.
    """
    solved = solved[~tableaux.failed[solved] & (tableaux.basis[:, solved] != OWN).all(axis=0)]
    solved, waiting = by_group(tableaux, solved), by_group(tableaux, waiting)
    numbers = np.arange(tableaux.group.max() + 2)
    ends, turns = (np.searchsorted(tableaux.group[some], numbers) for some in (solved, waiting))
    model = np.full(len(waiting), NOTHING)
    for group in np.flatnonzero((np.diff(ends) > 0) & (np.diff(turns) > 0)):
        known = solved[ends[group] : ends[group + 1]]
        prices = -tableaux.table[-1, :-1, known].T
        step = max(1, PRICED // len(known))
        for first in range(turns[group], turns[group + 1], step):
            rows = slice(first, min(first + step, turns[group + 1]))
            facet, found = best_facet(programs, prices, waiting[rows])
            model[rows] = np.where(found, known[facet], NOTHING)
    fit = model != NOTHING
    for first in range(0, len(waiting), BLOCK):
        some = np.arange(first, min(first + BLOCK, len(waiting)))
        some = some[fit[some]]
        fit[some] = adopt(programs, tableaux, model[some], waiting[some])
    return np.asarray(waiting[~fit])


def best_facet(programs: Programs, prices: FloatArray, part: IntArray) -> tuple[IntArray, BoolArray]:
    """For each of these programs the prices (k, f) that bound its optimum from below best, and where there are any."""
    assert programs.tau is not None
    worth = programs.tau_cost * (programs.tau[:, part].T @ prices)
    bound = programs.rhs[:, part].T @ prices
    fair = worth > LEAST
    np.divide(bound, worth, out=bound, where=fair)
    bound[~fair] = -np.inf
    facet = bound.argmax(axis=1)
    return facet, np.isfinite(bound[np.arange(len(part)), facet])


def adopt(programs: Programs, tableaux: Tableaux, known: IntArray, part: IntArray) -> BoolArray:
    """Put known bases under other bodies: with their own tau and, where a level is negative, their own column.

    Returns whom they fit: not bodies whose levels cannot be told from zero or whose banned body is in the basis.
    """
    assert programs.tau is not None
    table = np.ascontiguousarray(tableaux.table[:, :, known])
    batch = taken(programs, tableaux, part, table, tableaux.basis[:, known])
    scaled = batch.basis == TAU
    tau, own = programs.tau[:, part], programs.own[:, part]
    enter(batch, scaled.argmax(axis=0), tau, np.full(len(part), TAU), programs.tau_cost)
    levels = np.einsum("ijn,jn->in", batch.table[:-1, :-1], programs.rhs[:, part])
    batch.table[:-1, -1] = levels
    lowest = levels.min(axis=0)
    fit = (lowest > -TIE) | (lowest < -CLEAR)
    fit &= (np.where(scaled, levels, 0).sum(axis=0) > 0) & (batch.basis != batch.banned).all(axis=0)
    lacking = np.flatnonzero(fit & (lowest < -CLEAR))
    some, ids = subset(batch, lacking), programs.own_id[part[lacking]]
    enter(some, levels.argmin(axis=0)[lacking], own[:, lacking], ids, np.where(ids == OWN, programs.own_cost, 0.0))
    for chosen in (some, subset(batch, np.flatnonzero(fit & (lowest > -TIE)))):
        np.maximum(chosen.table[:-1, -1], 0, out=chosen.table[:-1, -1])
        tableaux.table[:, :, chosen.which], tableaux.basis[:, chosen.which] = chosen.table, chosen.basis
    return np.asarray(fit)


def enter(batch: Batch, row: IntArray, column: FloatArray, ids: IntArray, cost: FloatArray | float) -> None:
    """Bring columns of this cost into the basis in these rows."""
    move = movement(batch, column)
    move[-1] += cost
    exchange(batch, row, move, ids)
