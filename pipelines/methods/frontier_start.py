"""What belongs here: the first basis of a program, on which nothing has been decided yet."""

from __future__ import annotations

import numpy as np

from pipelines.methods.arrays import IntArray
from pipelines.methods.frontier_program import NOTHING, SUM_SLACK, TAU, Programs
from pipelines.methods.frontier_solver import BLOCK, exchange, movement
from pipelines.methods.frontier_state import Batch, Tableaux, price, taken


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
