"""Productivity change between two periods, split into catching up and the frontier's own shift (methods.md M3.13).

Distances are input-oriented efficiencies, so larger is better and every index above 1 is an improvement (Shephard's
input distance would turn the signs round).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.frontier import dea
from pipelines.methods.frontier_data import prepare
from pipelines.methods.frontier_exact import solve
from pipelines.methods.frontier_program import radial, technology

METHOD = Method(
    id="M3.13",
    version="1",
    title="Productivity change: catching up and frontier shift",
    formula="M = EC TC; EC = D1(1)/D0(0); TC = sqrt(D0(1)/D1(1) D0(0)/D1(0)), D the crs input efficiency",
    defaults={"replicates": 1000, "level": 0.95, "seed": 0},
    edge_cases="a body absent in one period has no index; vrs parts are NaN where they have no answer",
    source="Färe, Grosskopf, Norris & Zhang (1994); Simar & Wilson (1999); Pastor & Lovell (2005)",
)


TOGETHER = 16384  # programs solved in one go


@dataclass(frozen=True)
class Malmquist:
    """Indices (n,), NaN for a body absent in a period: m = ec tc.

    pure : catching up under variable returns; scale : the rest of ec, so that ec = pure scale.
    pure_tc : the frontier's shift under variable returns, NaN where a cross-period program has no answer.
    """

    m: FloatArray
    ec: FloatArray
    tc: FloatArray
    pure: FloatArray
    scale: FloatArray
    pure_tc: FloatArray


@dataclass(frozen=True)
class MalmquistInterval:
    """Lower and upper ends (n,) of m, ec and tc; fallbacks : resampled programs that HiGHS had to solve."""

    m: tuple[FloatArray, FloatArray]
    ec: tuple[FloatArray, FloatArray]
    tc: tuple[FloatArray, FloatArray]
    fallbacks: int


@dataclass(frozen=True)
class Period:
    """A period's amounts: X (n, m), Y (n, s), and which bodies are there."""

    X: FloatArray
    Y: FloatArray
    there: BoolArray


def period(X: ArrayLike, Y: ArrayLike) -> Period:
    """Amounts with NaN rows for absent bodies; vectors are one column."""
    inputs, outputs = (np.asarray(values, dtype=np.float64) for values in (X, Y))
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    outputs = outputs[:, None] if outputs.ndim == 1 else outputs
    absent = np.isnan(np.hstack([inputs, outputs])).any(axis=1)
    return Period(inputs, outputs, np.asarray(~absent))


def distance(of: Period, against: Period, rts: str) -> FloatArray:
    """(n,) efficiency of one period's bodies against another period's frontier; NaN for absent bodies."""
    answer, there = np.full(len(of.there), np.nan), of.there
    if of is against:
        answer[there] = dea(of.X[there], of.Y[there], rts=rts).score
    else:
        reference = against.X[against.there], against.Y[against.there]
        answer[there] = dea(of.X[there], of.Y[there], rts=rts, X_ref=reference[0], Y_ref=reference[1]).score
    return answer


def malmquist(X0: ArrayLike, Y0: ArrayLike, X1: ArrayLike, Y1: ArrayLike) -> Malmquist:
    """Change of productivity of n bodies from period 0 to period 1.

    Rows are the same bodies in both periods; a row with a NaN is a body absent in that period: it has no index and no
    part in that period's frontier. Raises ValueError as `dea`.
    Source: Färe et al. (1994), equations 5-9.
    """
    before, after = matched(period(X0, Y0), period(X1, Y1))
    ec, tc = parts(before, after, "crs")
    pure, pure_tc = parts(before, after, "vrs")
    return Malmquist(m=ec * tc, ec=ec, tc=tc, pure=pure, scale=ec / pure, pure_tc=pure_tc)


def matched(before: Period, after: Period) -> tuple[Period, Period]:
    """Raises ValueError unless both periods list the same bodies and amounts."""
    if before.X.shape != after.X.shape or before.Y.shape != after.Y.shape:
        raise ValueError("both periods must list the same bodies and amounts; fill absent bodies with NaN")
    return before, after


def parts(before: Period, after: Period, rts: str) -> tuple[FloatArray, FloatArray]:
    """(catching up, frontier shift) from the four distances."""
    d00, d11 = distance(before, before, rts), distance(after, after, rts)
    d01, d10 = distance(after, before, rts), distance(before, after, rts)  # d01: period 1 against frontier 0
    return d11 / d00, np.sqrt(d01 / d11 * d00 / d10)


def global_malmquist(X: ArrayLike, Y: ArrayLike) -> FloatArray:
    """(T, n) productivity relative to the first period, against the frontier of all periods together: transitive.

    X : (T, n, m), Y : (T, n, s); a NaN marks an absent body. Constant returns. Raises ValueError as `dea`.
    Source: Pastor & Lovell (2005).
    """
    inputs, outputs = np.asarray(X, dtype=np.float64), np.asarray(Y, dtype=np.float64)
    if inputs.ndim != 3 or outputs.ndim != 3 or inputs.shape[:2] != outputs.shape[:2]:
        raise ValueError("X and Y must have a period, a body and an amount axis, the first two alike")
    pooled = period(inputs.reshape(-1, inputs.shape[2]), outputs.reshape(-1, outputs.shape[2]))
    level = distance(pooled, pooled, "crs").reshape(inputs.shape[:2])
    return np.asarray(level / level[0])


def frontier_shift(tc: ArrayLike, cost: ArrayLike) -> float:
    """The sector's yearly shift f = 1 - 1/TC, TC the cost-weighted geometric mean over bodies that have one (M5.2)."""
    shift, weight = np.asarray(tc, dtype=np.float64), np.asarray(cost, dtype=np.float64)
    use = np.isfinite(shift) & np.isfinite(weight)
    return float(1 - np.exp(-np.average(np.log(shift[use]), weights=weight[use])))


def malmquist_interval(
    X0: ArrayLike,
    Y0: ArrayLike,
    X1: ArrayLike,
    Y1: ArrayLike,
    *,
    replicates: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> MalmquistInterval:
    """Intervals of the indices by a bootstrap that keeps each body's two efficiencies together.

    Every body must be there in both periods. Basic interval of the logarithms. Raises ValueError as `dea`.
    Source: Simar & Wilson (1999), section 4, reflection in both coordinates and smoothing with the pair's covariance.
    """
    before, after = matched(period(X0, Y0), period(X1, Y1))
    if not (before.there & after.there).all():
        raise ValueError("an interval needs bodies that are there in both periods; leave the others out")
    ec, tc = parts(before, after, "crs")
    efficiency = np.stack([distance(before, before, "crs"), distance(after, after, "crs")], axis=1)
    moves = np.stack([resampled_pairs(1 / efficiency, number, seed) * efficiency for number in range(replicates)])
    again_ec, again_tc, lost = crossed(before, after, moves)
    logs = np.log(np.stack([again_ec * again_tc, again_ec, again_tc], axis=1))
    estimates = np.log(np.stack([ec * tc, ec, tc]))
    low, high = np.quantile(logs - estimates, [(1 - level) / 2, (1 + level) / 2], axis=0)
    ends = list(zip(np.exp(estimates - high), np.exp(estimates - low), strict=True))
    return MalmquistInterval(m=ends[0], ec=ends[1], tc=ends[2], fallbacks=lost)


def crossed(before: Period, after: Period, moves: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    """(catching up, frontier shift), both (B, n), and the number of fallbacks, when inputs of the bodies that make up
    the frontiers are multiplied by moves (B, n, 2)."""
    everyone = np.vstack([before.X, after.X]), np.vstack([before.Y, after.Y])
    size = len(before.X)
    first, lost = against(everyone, before, moves[:, :, 0])
    second, more = against(everyone, after, moves[:, :, 1])
    d00, d01, d10, d11 = first[:, :size], first[:, size:], second[:, :size], second[:, size:]
    return d11 / d00, np.sqrt(d01 / d11 * d00 / d10), lost + more


def against(everyone: tuple[FloatArray, FloatArray], of: Period, moves: FloatArray) -> tuple[FloatArray, int]:
    """(B, N) crs efficiencies of N bodies against B copies of a period's bodies, inputs multiplied by moves (B, n).

    The copies stand in one technology, and each program may use those of its own copy alone, so that they are solved
    together. With the scores comes the number of fallbacks.
    """
    bodies, size = len(everyone[0]), len(of.X)
    scores, lost = np.empty((len(moves), bodies)), 0
    step = max(1, TOGETHER // bodies)
    for first in range(0, len(moves), step):
        part = moves[first : first + step]
        copies = len(part)
        moved = (of.X * part[:, :, None]).reshape(-1, of.X.shape[1]), np.tile(of.Y, (copies, 1))
        data = prepare(np.tile(everyone[0], (copies, 1)), np.tile(everyone[1], (copies, 1)), *moved)
        reference = technology(data.ref_inputs, data.ref_outputs, "crs")
        programs = radial(reference, data.inputs, data.outputs, "in", data.own_id)
        candidates = [np.arange(copy * size, (copy + 1) * size) for copy in range(copies)]
        solution = solve(programs, candidates, np.repeat(np.arange(copies), bodies))
        scores[first : first + step] = solution.score.reshape(copies, bodies)
        lost += int(solution.fallback.sum())
    return scores, lost


def resampled_pairs(pairs: FloatArray, replicate: int, seed: int) -> FloatArray:
    """(n, 2) distances of 1 or more, drawn from the smoothed density of pairs reflected at 1 in both coordinates."""
    size, stream = len(pairs), generator("M3.13", "", replicate, seed=seed)
    drawn, side = pairs[stream.integers(0, size, size)], stream.random((size, 2)) < 0.5
    centre = np.where(side, 2 - drawn, drawn)
    covariance = np.cov(pairs, rowvar=False)
    noise = correlated(covariance)(stream.standard_normal((size, 2)))
    noise = np.where(side, -noise, noise)  # a reflected pair has a reflected kernel
    width = (4 / (5 * size)) ** (1 / 6)
    middle = centre.mean(axis=0)
    smooth = middle + (centre + width * noise - middle) / np.sqrt(1 + width**2)
    return np.asarray(np.where(smooth < 1, 2 - smooth, smooth))


def correlated(covariance: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Turn independent standard normals into ones with this covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return lambda normal: np.asarray(normal @ root.T)
