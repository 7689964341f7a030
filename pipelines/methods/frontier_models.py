"""What belongs here: frontiers that are not radial: the sum of all slacks, and undesirable outputs by direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray
from pipelines.methods.frontier_data import amounts, prepare
from pipelines.methods.frontier_exact import solve
from pipelines.methods.frontier_program import DEAR, NOTHING, Programs, Technology, body_columns, technology
from pipelines.methods.frontier_result import Frontier


def additive(X: ArrayLike, Y: ArrayLike, *, rts: str = "vrs", weights: ArrayLike | None = None) -> FloatArray:
    """(n, m+s) the slacks, in the units of the data, whose weighted sum is greatest: all zero when efficient.

    weights : (m+s,) worth of one unit of each slack; by default 1/column mean, which keeps the answer unit-free.
    Raises ValueError as `dea`, and unless every weight is positive.
    Source: Charnes, Cooper, Golany, Seiford & Stutz (1985). R Benchmarking's dea.add weighs by 1, and by 1/mean
    when a column mean leaves 1e-4 to 1e4.
    """
    data = prepare(X, Y)
    worth = 1 / data.scale if weights is None else np.asarray(weights, dtype=np.float64)
    if worth.shape != (data.width,) or not (worth > 0).all():
        raise ValueError(f"weights must be {data.width} positive numbers, one per input and output")
    reference = technology(data.inputs, data.outputs, rts)
    cost = np.zeros(reference.count)
    first = reference.count - reference.slacks
    cost[first : first + data.width] = -data.scale * worth
    own = body_columns(data.inputs, data.outputs, rts)
    solution = solve(programs(reference, None, own, cost), [data.distinct])
    state = solution.tableaux
    row = state.basis - first
    place, body = np.nonzero((row >= 0) & (row < data.width))
    slacks = np.zeros((len(data.inputs), data.width))
    slacks[body, row[place, body]] = state.levels[place, body]
    return slacks * data.scale


def directional(X: ArrayLike, Y: ArrayLike, B: ArrayLike, *, rts: str = "vrs") -> Frontier:
    """Share by which outputs could rise and undesirable outputs fall at once, inputs unchanged; 0 on the frontier.

    B : (n, b) undesirable outputs (complaints, harm), which count as inputs: less is possible only where somebody
    shows it. `score` is beta; the columns of slacks and multipliers are X, B, Y.
    Raises ValueError as `dea`.   Source: Chambers, Chung & Färe (1996); Chung, Färe & Grosskopf (1997).
    """
    plain = amounts(X, "X")
    bad = np.asarray(B, dtype=np.float64).reshape(len(plain), -1)
    if not (np.isfinite(bad).all() and (bad >= 0).all()):
        raise ValueError("B must be finite and 0 or more for every body; leave the body out or complete it")
    data = prepare(np.hstack([plain, bad]), Y)
    reference = technology(data.inputs, data.outputs, rts)
    own = body_columns(data.inputs, data.outputs, rts)
    tau = -np.abs(own)
    tau[: plain.shape[1]] = 0
    tau[data.width :] = 0
    solution = solve(programs(reference, tau, own, np.zeros(reference.count)), [data.distinct])
    return Frontier(score=solution.score, rts=rts, orientation="directional", notes=(), amounts=data, solution=solution)


def programs(reference: Technology, tau: FloatArray | None, own: FloatArray, cost: FloatArray) -> Programs:
    """Members of the reference set who start at their own place: tau, if any, measures the way from it."""
    return Programs(
        technology=reference,
        tau=tau,
        tau_cost=-1.0,
        own=own,
        own_id=np.arange(own.shape[1]),
        own_cost=DEAR,
        rhs=own,
        cost=cost,
        banned=np.full(own.shape[1], NOTHING),
    )
