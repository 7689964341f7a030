"""What belongs here: making sure. Answers are recomputed from the data; what fails is solved again, last by HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray
from pipelines.methods.frontier_pricing import TOLERANCE
from pipelines.methods.frontier_program import NOTHING, OWN, TAU, Programs
from pipelines.methods.frontier_sift import from_start, further
from pipelines.methods.frontier_solver import BLOCK
from pipelines.methods.frontier_state import Tableaux, blank, price

ROUNDING = 1e-13  # miss that is worth a Newton step
RESIDUAL = 1e-9  # of a body's own equations, in units of the largest amount in them
DEARER = 1e7  # cost of an outsider's own column once it is known that the program can do without


@dataclass(frozen=True)
class Solution:
    """N solved programs.

    infeasible : (N,) no weights reach the body.   restarted, fallback : (N,) solved again from the start; by HiGHS.
    """

    programs: Programs
    tableaux: Tableaux
    candidates: Sequence[IntArray]
    infeasible: BoolArray
    restarted: BoolArray
    fallback: BoolArray

    def level(self, column: int) -> FloatArray:
        """(N,) level of TAU or OWN, 0 where it is not basic."""
        return np.asarray(np.where(self.tableaux.basis == column, self.tableaux.levels, 0.0).sum(axis=0))

    @property
    def score(self) -> FloatArray:
        """(N,) theta or phi, NaN where infeasible."""
        return np.where(self.infeasible, np.nan, self.level(TAU))


def solve(programs: Programs, candidates: Sequence[IntArray], group: IntArray | None = None) -> Solution:
    """Every program to proven optimality over the candidate bodies of its group."""
    tableaux = blank(programs, group)
    infeasible = attempt(programs, tableaux, np.arange(programs.size), candidates)
    restarted = tableaux.failed.copy()
    again = np.flatnonzero(restarted)
    if len(again):
        tableaux.failed[again] = False
        infeasible[again] = attempt(programs, tableaux, again, candidates)[again]
    solution = Solution(programs, tableaux, candidates, infeasible, restarted, tableaux.failed.copy())
    for number in np.flatnonzero(solution.fallback):
        infeasible[number] = not by_highs(solution, int(number), fixed=None)
    return solution


def attempt(programs: Programs, tableaux: Tableaux, which: IntArray, candidates: Sequence[IntArray]) -> BoolArray:
    """Optimise these programs and check them; returns (N,) which of them are infeasible."""
    from_start(programs, tableaux, which, candidates)
    infeasible = expel(programs, tableaux, which, candidates)
    refine(programs, tableaux, which)
    return infeasible


def outsiders(programs: Programs, tableaux: Tableaux, which: IntArray) -> IntArray:
    """Programs whose own column should have left and did not."""
    own = np.where(tableaux.basis[:, which] == OWN, tableaux.levels[:, which], 0.0).sum(axis=0)
    return np.asarray(which[(own > TOLERANCE) & ~tableaux.failed[which]])


def expel(programs: Programs, tableaux: Tableaux, which: IntArray, candidates: Sequence[IntArray]) -> BoolArray:
    """Decide whether an own column that stayed had to: minimise it alone; the others finish at a higher cost."""
    infeasible = np.zeros(programs.size, dtype=bool)
    stayed = outsiders(programs, tableaux, which)
    if not len(stayed):
        return infeasible
    alone = replace(programs, tau_cost=0.0)
    price(alone, tableaux, stayed)
    further(alone, tableaux, stayed, candidates)
    infeasible[outsiders(programs, tableaux, stayed)] = True
    rest = stayed[~infeasible[stayed]]
    dearer = replace(programs, own_cost=DEARER)
    price(dearer, tableaux, rest)
    further(dearer, tableaux, rest, candidates)
    tableaux.failed[outsiders(programs, tableaux, rest)] = True
    return infeasible


def basic_columns(programs: Programs, basis: IntArray, which: IntArray) -> FloatArray:
    """(k, k, b) the columns that stand in these bases, from the data."""
    columns = programs.technology.columns.take(np.maximum(basis, 0), axis=1)
    for number, own in ((OWN, programs.own), (TAU, programs.tau)):
        row, place = np.nonzero(basis == number)
        if own is not None:
            columns[:, row, place] = own[:, which[place]]
    return columns


def refine(programs: Programs, tableaux: Tableaux, which: IntArray) -> None:
    """Check every program against its own equations, after taking rounding out where there is any to speak of."""
    for first in range(0, len(which), BLOCK):
        part = which[first : first + BLOCK]
        part = part[~tableaux.failed[part]]
        columns = basic_columns(programs, tableaux.basis[:, part], part)
        levels, rhs = tableaux.table[:-1, -1, part], programs.rhs[:, part]
        size = np.abs(rhs).max(axis=0) + np.abs(programs.own[:, part]).max(axis=0)
        rough = np.flatnonzero(~(worst(columns, levels, rhs) <= ROUNDING * size))
        polish(programs, tableaux, part[rough], columns[:, :, rough])
        levels = tableaux.table[:-1, -1, part]
        right = (worst(columns, levels, rhs) <= RESIDUAL * size) & (levels.min(axis=0) >= -RESIDUAL * size)
        tableaux.failed[part] = ~right
        tableaux.table[:-1, -1, part] = np.maximum(levels, 0)


def worst(columns: FloatArray, levels: FloatArray, rhs: FloatArray) -> FloatArray:
    """(b,) greatest miss of an equation."""
    return np.asarray(np.abs(np.einsum("ijn,jn->in", columns, levels) - rhs).max(axis=0))


def polish(programs: Programs, tableaux: Tableaux, part: IntArray, columns: FloatArray) -> None:
    """One Newton step of the inverse, and the levels from it."""
    inverse = tableaux.table[:-1, :-1, part]
    error = np.einsum("ijn,jln->iln", columns, inverse) - np.eye(len(columns))[:, :, None]
    inverse -= np.einsum("ijn,jln->iln", inverse, error)
    tableaux.table[:-1, :-1, part] = inverse
    tableaux.table[:-1, -1, part] = np.einsum("ijn,jn->in", inverse, programs.rhs[:, part])
    price(programs, tableaux, part)


def by_highs(solution: Solution, number: int, fixed: float | None) -> bool:
    """Solve one program with SciPy's HiGHS and write it into the tableaux; False when it is infeasible.

    fixed : level at which tau is held, or None. Raises RuntimeError when HiGHS has no answer either.
    """
    programs, tableaux = solution.programs, solution.tableaux
    reference = programs.technology
    bodies = solution.candidates[tableaux.group[number]]
    bodies = bodies[bodies != programs.banned[number]]
    ids = np.concatenate([bodies, np.arange(reference.bodies, reference.count)])
    columns, costs = [reference.columns[:, ids]], [programs.cost[ids]]
    bounds: list[tuple[float, float | None]] = [(0.0, None)] * len(ids)
    if programs.tau is not None:
        ids, bounds = np.append(ids, TAU), [*bounds, (0.0, None) if fixed is None else (fixed, fixed)]
        columns, costs = [*columns, programs.tau[:, [number]]], [*costs, np.array([programs.tau_cost])]
    answer = linprog(
        np.concatenate(costs),
        A_eq=np.concatenate(columns, axis=1),
        b_eq=programs.rhs[:, number],
        bounds=bounds,
        method="highs-ds",
    )
    if answer.status == 2:
        return False
    if answer.status != 0:
        raise RuntimeError(f"program {number} has no solution by either solver: {answer.message}")
    top = np.argsort(-answer.x, kind="stable")[: len(tableaux.basis)]
    tableaux.basis[:, number] = NOTHING
    tableaux.table[:, :, number] = 0
    tableaux.basis[: len(top), number] = np.where(answer.x[top] > 0, ids[top], NOTHING)
    tableaux.table[: len(top), -1, number] = answer.x[top]
    tableaux.table[-1, :-1, number] = -answer.eqlin.marginals
    return True


def slacken(solution: Solution) -> Solution:
    """The second phase: keep every score and make the sum of slacks (in column means) as large as it can be."""
    programs, tableaux = solution.programs, solution.tableaux
    reference = programs.technology
    cost = np.zeros(reference.count)
    first = reference.count - reference.slacks
    cost[first : first + reference.inputs + reference.outputs] = -1.0
    second = replace(programs, tau_cost=0.0, cost=cost)
    state = Tableaux(tableaux.table.copy(), tableaux.basis.copy(), tableaux.failed.copy(), tableaux.group)
    which = np.flatnonzero(~solution.infeasible & ~solution.fallback)
    price(second, state, which)
    further(second, state, which, solution.candidates, face=-tableaux.prices)
    refine(second, state, which)
    kept = np.abs(solution.score - np.where(state.basis == TAU, state.levels, 0.0).sum(axis=0)) <= RESIDUAL * 10
    fallback = solution.fallback | (state.failed | ~kept) & ~solution.infeasible
    answer = replace(solution, programs=second, tableaux=state, fallback=fallback)
    for number in np.flatnonzero(fallback & ~solution.infeasible):
        by_highs(answer, int(number), fixed=float(solution.score[number]))
    return answer
