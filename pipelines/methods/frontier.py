"""Frontiers: how far a body is from the best that others have been seen to do (methods.md M3.8, M3.10, M3.14a).

What belongs here: the public functions. Inputs X (n, m) and outputs Y (n, s) are amounts of 0 or more with at least
one positive amount on each side of every body; anything else, NaN included, raises ValueError naming the row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, TextArray
from pipelines.methods.card import Method
from pipelines.methods.frontier_data import Amounts, prepare, too_few
from pipelines.methods.frontier_exact import Solution, solve
from pipelines.methods.frontier_free import FreeDisposal, fdh, order_alpha, order_m
from pipelines.methods.frontier_interval import FrontierInterval, dea_interval
from pipelines.methods.frontier_models import additive, directional
from pipelines.methods.frontier_program import OWN, radial, technology
from pipelines.methods.frontier_result import Frontier

__all__ = [
    "METHOD",
    "FreeDisposal",
    "Frontier",
    "FrontierInterval",
    "Scale",
    "additive",
    "dea",
    "dea_conditional",
    "dea_interval",
    "directional",
    "fdh",
    "order_alpha",
    "order_m",
    "scale",
    "super_efficiency",
]

METHOD = Method(
    id="M3.8",
    version="1",
    title="Radial efficiency against observed best practice (data envelopment analysis)",
    formula="theta = min t such that a weighting of reference bodies uses at most t times the inputs for the outputs",
    defaults={"rts": "vrs", "orientation": "in", "n_per_dimension": 5, "dimensions": 5},
    edge_cases="no negative or missing amounts; bodies outside the reference set may pass 1; unreachable ones are NaN",
    source="Charnes, Cooper & Rhodes (1978); Banker, Charnes & Cooper (1984); Andersen & Petersen (1993)",
)
EQUAL = 1e-6  # scores nearer than this are the same when returns to scale are named (M3.8)


@dataclass(frozen=True)
class Scale:
    """Scale efficiency: crs, vrs, drs scores, efficiency = crs/vrs, all (n,); returns (n,) in words."""

    crs: FloatArray
    vrs: FloatArray
    drs: FloatArray
    efficiency: FloatArray
    returns: TextArray


def dea(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    rts: str = "vrs",
    orientation: str = "in",
    X_ref: ArrayLike | None = None,
    Y_ref: ArrayLike | None = None,
    input_bounds: tuple[float, float] | None = None,
    output_bounds: tuple[float, float] | None = None,
) -> Frontier:
    """Radial efficiency of every body against the reference set (by default: the bodies themselves).

    rts : crs, vrs, drs (sum of weights <= 1) or irs (>= 1).   orientation : in (theta) or out (phi).
    input_bounds, output_bounds : least and greatest ratio of every input's (output's) weight to that of the first,
        in the units of the data (assurance region).
    Raises ValueError on NaN, negative amounts, bodies without a positive input or output, unknown words.
    Source: Charnes, Cooper & Rhodes (1978); Banker, Charnes & Cooper (1984); Thompson et al. (1990).
    """
    data = prepare(X, Y, X_ref, Y_ref)
    reference = technology(data.ref_inputs, data.ref_outputs, rts, assurance(data, input_bounds, output_bounds))
    programs = radial(reference, data.inputs, data.outputs, orientation, data.own_id)
    return result(data, solve(programs, [data.distinct]), rts, orientation)


def result(data: Amounts, solution: Solution, rts: str, orientation: str) -> Frontier:
    """The answer with the notes that its reader needs."""
    size = len(data.ref_inputs), data.inputs.shape[1], data.outputs.shape[1]
    zeros = int((data.inputs == 0).any(axis=1).sum())
    lost = int(solution.fallback.sum())
    notes = (
        too_few(*size),
        f"{zeros} bodies have an input of 0 and sit on the frontier by construction" if zeros else None,
        f"{lost} of {len(data.inputs)} programs were solved by HiGHS" if lost else None,
    )
    return Frontier(
        score=solution.score,
        rts=rts,
        orientation=orientation,
        notes=tuple(note for note in notes if note is not None),
        amounts=data,
        solution=solution,
    )


def assurance(
    data: Amounts, input_bounds: tuple[float, float] | None, output_bounds: tuple[float, float] | None
) -> FloatArray | None:
    """(m+s, a) columns that keep l <= w_r / w_1 <= h for the weights on inputs and on outputs, or None.

    Raises ValueError unless 0 <= l <= h.
    """
    m, columns = data.inputs.shape[1], []
    for bounds, side in ((input_bounds, range(m)), (output_bounds, range(m, data.width))):
        if bounds is None:
            continue
        if not 0 <= bounds[0] <= bounds[1]:
            raise ValueError(f"weight bounds must satisfy 0 <= least <= greatest, not {bounds}")
        for row in side[1:]:
            ratio = data.scale[row] / data.scale[side[0]]
            for bound, sign in ((bounds[0], -1.0), (bounds[1], 1.0)):
                column = np.zeros(data.width)
                column[row], column[side[0]] = sign, -sign * bound * ratio
                columns.append(column)
    return np.stack(columns, axis=1) if columns else None


def scale(X: ArrayLike, Y: ArrayLike, *, orientation: str = "in") -> Scale:
    """Scale efficiency crs/vrs (in (0, 1] in either orientation) and the returns at which each body works.

    Increasing: drs = crs and short of vrs; decreasing: drs = vrs; constant: crs = vrs, all within 1e-6.
    Source: methods.md M3.8; Färe, Grosskopf & Lovell (1985).
    """
    crs, vrs, drs = (dea(X, Y, rts=rts, orientation=orientation).score for rts in ("crs", "vrs", "drs"))
    constant = np.abs(crs - vrs) <= EQUAL
    returns = np.where(constant, "constant", np.where(np.abs(drs - crs) <= EQUAL, "increasing", "decreasing"))
    efficiency = crs / vrs if orientation == "in" else vrs / crs
    return Scale(crs=crs, vrs=vrs, drs=drs, efficiency=efficiency, returns=returns)


def super_efficiency(X: ArrayLike, Y: ArrayLike, *, rts: str = "vrs", orientation: str = "in") -> FloatArray:
    """(n,) scores of every body against the others only; NaN is "unmatched": the others cannot reach it at all.

    Source: Andersen & Petersen (1993).
    """
    data = prepare(X, Y)
    reference = technology(data.inputs, data.outputs, rts)
    score = dea(X, Y, rts=rts, orientation=orientation).score
    alone = np.bincount(data.twin, minlength=len(score))[data.twin] == 1
    best = np.flatnonzero(alone & (np.abs(score - 1) <= EQUAL))
    programs = radial(reference, data.inputs[best], data.outputs[best], orientation, np.full(len(best), OWN))
    score[best] = solve(replace(programs, banned=best), [data.distinct]).score
    return score


def dea_conditional(X: ArrayLike, Y: ArrayLike, z: ArrayLike, *, rts: str = "vrs", orientation: str = "in") -> Frontier:
    """Radial efficiency of every body against those whose context is at least as harsh as its own (M3.14a).

    z : (n,) or (n, k) harshness, more being harsher; with several columns all must be at least as harsh.
    Also the way to condition on an undesirable output: z = minus its rate keeps peers that do no more harm.
    Raises ValueError as `dea`, and on NaN in z.   Source: Ruggiero (1996); Banker & Morey (1986).
    """
    data = prepare(X, Y)
    harsh = np.asarray(z, dtype=np.float64).reshape(len(data.inputs), -1)
    if not np.isfinite(harsh).all():
        raise ValueError("z must be finite for every body; leave the body out or complete it")
    levels, group = np.unique(harsh, axis=0, return_inverse=True)
    admitted = [np.flatnonzero((harsh >= level).all(axis=1)) for level in levels]
    candidates = [bodies[np.sort(np.unique(data.twin[bodies], return_index=True)[1])] for bodies in admitted]
    everyone = np.arange(len(data.inputs))
    programs = radial(technology(data.inputs, data.outputs, rts), data.inputs, data.outputs, orientation, everyone)
    solution = solve(programs, candidates, group.reshape(-1).astype(np.int64))
    return result(replace(data, distinct=everyone, twin=everyone), solution, rts, orientation)
