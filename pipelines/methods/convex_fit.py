"""Convex nonparametric least squares: the best-fitting concave rising surface, no formula assumed (methods.md M3.12).

A surface is admissible when no body lies below what a mixture of bodies with no more of any input would give. So the
residuals of the best fit are a sum of rays "mixture less body" with weights of 0 or more. The few rays that bind are
found by turns: the frontier of the fit names the bodies below it, least squares with weights of 0 or more takes
them in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

from pipelines.methods.arrays import FloatArray
from pipelines.methods.frontier import Frontier, dea

KKT = 1e-8  # largest miss of any optimality condition, with y and every column of X spread over 0 to 1
BELOW = 1e-10  # shortfall that brings a ray in
ROUNDING = 1e-10  # of the sum and the inputs of a mixture
ROUNDS = 300
STEPS = 60  # of Newton on the context's coefficients, and halvings of one step


class Projection(NamedTuple):
    """fitted (n,), rays (n, r) that bind and their weights (r,) above 0: target = fitted + rays @ weights."""

    fitted: FloatArray
    rays: FloatArray
    weights: FloatArray


class Surface(NamedTuple):
    """fitted (n,) surface without context; slopes (n, m) of 0 or more; context (k,); kkt: the largest miss."""

    fitted: FloatArray
    slopes: FloatArray
    context: FloatArray
    kkt: float


def surface(y: FloatArray, x: FloatArray, z: FloatArray) -> Surface:
    """The concave surface g, rising in every column of x, and the d that minimise the squares of y - g(x) - z d.

    y (n,); x (n, m); z (n, k), k may be 0: finite, in any units.
    Raises ValueError when the optimality conditions are missed by more than 1e-8 of the spread of y.
    Source: Kuosmanen (2008); Johnson & Kuosmanen (2011) for z.
    """
    low, tall, wide = y.min(), spread(y), spread(x)
    target, inputs, shifts = (y - low) / tall, (x - x.min(axis=0)) / wide, z / spread(z)
    context, found = with_context(target, inputs, shifts)
    front = above(found.fitted, inputs)
    slopes = front.multipliers[:, :-1] / front.multipliers[:, -1:]
    miss = conditions(target - shifts @ context, inputs, shifts, found, slopes)
    if not miss <= KKT:
        raise ValueError(f"the fit misses its optimality conditions by {miss:.1e}; round the data or leave twins out")
    return Surface(low + tall * found.fitted, slopes * tall / wide, context * tall / spread(z), miss)


def spread(values: FloatArray) -> FloatArray:
    """Largest less smallest by column, 1 for a constant column."""
    width = np.ptp(values, axis=0)
    return np.asarray(np.where(width > 0, width, 1.0))


def with_context(y: FloatArray, x: FloatArray, z: FloatArray) -> tuple[FloatArray, Projection]:
    """The context's coefficients by Newton's method: with the binding rays held, they are a least squares fit.

    The squared distance left is convex and piecewise quadratic in d, so that whole steps end on the right piece.
    """
    d, found = np.zeros(z.shape[1]), project(y, x, np.empty((len(y), 0)))
    for _ in range(STEPS if z.shape[1] else 0):
        left = found.rays @ found.weights
        if float(np.abs(z.T @ left).max()) <= KKT / 10:
            break
        directions, sizes, _ = np.linalg.svd(found.rays, full_matrices=False)
        kept = directions[:, sizes > 1e-12 * sizes.max()]
        step = np.asarray(np.linalg.lstsq(kept.T @ z, kept.T @ left, rcond=1e-12)[0], dtype=np.float64)
        d, found = shortened(y, x, z, d, step, found)
    return d, found


def shortened(
    y: FloatArray, x: FloatArray, z: FloatArray, d: FloatArray, step: FloatArray, found: Projection
) -> tuple[FloatArray, Projection]:
    """The first of the steps 1, 1/2, 1/4, ... that lowers the squares; (d, found) again when none does."""
    squares = float(((found.rays @ found.weights) ** 2).sum())
    for halving in range(STEPS):
        tried = d + step / 2**halving
        moved = project(y - z @ tried, x, found.rays)
        if float(((moved.rays @ moved.weights) ** 2).sum()) < squares:
            return tried, moved
    return d, found


def project(target: FloatArray, x: FloatArray, rays: FloatArray) -> Projection:
    """The admissible fit nearest to `target`, starting from some rays; unfinished after 300 rounds, which kkt shows."""
    weights = weighed(rays, target)
    for _ in range(ROUNDS):
        rays, weights = rays[:, weights > 0], weights[weights > 0]
        fitted = target - rays @ weights
        fresh = broken(fitted, x)
        if not fresh.shape[1]:
            break
        rays = np.concatenate([rays, fresh], axis=1)
        weights = weighed(rays, target)
    return Projection(target - rays @ weights, rays, weights)


def weighed(rays: FloatArray, target: FloatArray) -> FloatArray:
    """Weights of 0 or more on rays (n, r) that bring their sum nearest to `target`. Raises ValueError when lost."""
    if not rays.shape[1]:
        return np.empty(0)
    try:
        return np.asarray(nnls(rays, target, maxiter=30 * rays.shape[1])[0], dtype=np.float64)
    except RuntimeError as lost:
        raise ValueError("least squares found no weights for the fit; round the data or leave twins out") from lost


def broken(fitted: FloatArray, x: FloatArray) -> FloatArray:
    """(n, r) rays of the bodies that lie below the frontier of the fitted values.

    A frontier's weights are rounded: only those that are a mixture to the last digits are rays.
    """
    front = above(fitted, x)
    mixture = front.weights
    whole = np.abs(mixture.sum(axis=1) - 1) <= ROUNDING
    within = (mixture @ x <= x + ROUNDING).all(axis=1)
    below = np.flatnonzero(whole & within & (mixture @ fitted - fitted > BELOW))
    return np.asarray((mixture[below] - np.eye(len(x))[below]).T)


def above(fitted: FloatArray, x: FloatArray) -> Frontier:
    """The frontier of the fitted values; both sides moved to 1 and more, which variable returns do not notice."""
    return dea(x - x.min(axis=0) + 1, (fitted - fitted.min() + 1)[:, None], rts="vrs", orientation="out")


def conditions(target: FloatArray, x: FloatArray, z: FloatArray, found: Projection, slopes: FloatArray) -> float:
    """The largest miss: shape over all n^2 pairs, slopes below 0, rays that ask for more input or do not bind,
    residuals that follow the fit or the context. The weights of the rays are above 0 by construction.
    """
    left = target - found.fitted
    rise = np.einsum("im,jim->ij", slopes, x[None] - x[:, None])  # from i to j is [j, i] of the difference
    shape = found.fitted[None] - found.fitted[:, None] + rise
    asked = found.rays.T @ x
    at_rest = np.concatenate([found.rays.T @ found.fitted, z.T @ left, [left @ found.fitted, left.sum()]])
    return float(max(shape.max(), -slopes.min(), asked.max(initial=0), np.abs(at_rest).max()))
