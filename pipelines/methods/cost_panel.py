"""Lasting differences between bodies in a cost regression: random effects (methods.md M3.11a)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.cost_frontier import checked


@dataclass(frozen=True)
class RandomEffects:
    """coefficients (k,) with the constant first; sigma_e within bodies, sigma_b between them."""

    coefficients: FloatArray
    sigma_e: float
    sigma_b: float


def random_effects(log_cost: ArrayLike, design: ArrayLike, body: ArrayLike) -> RandomEffects:
    """Generalised least squares with a lasting difference per body, its spread by Swamy and Arora.

    log_cost (n,); design (n, k) with the constant first; body (n,) names. Bodies may have different numbers of rows.
    Without spread between bodies it is ordinary least squares. Raises ValueError on NaN, and when the rows within
    bodies, or the bodies, are too few for the coefficients.
    Source: Swamy & Arora (1972); Baltagi (2013), section 2.3, unbalanced panels 9.2.
    """
    y, x = checked(log_cost, design)
    names, place = np.unique(np.asarray(body).astype(str), return_inverse=True)
    rows = np.bincount(place)
    within = spread(y - means(y, place)[place], x - means(x, place)[place], len(y) - len(names))
    weight = np.sqrt(rows)
    between = spread(means(y, place) * weight, means(x, place) * weight[:, None], len(names))
    typical = len(names) / float((1 / rows).sum())  # harmonic mean of the rows per body
    variance = max((between - within) / typical, 0.0)
    share = 1 - np.sqrt(within / (within + rows * variance)) if variance > 0 else np.zeros(len(names))
    demeaned = x - share[place, None] * means(x, place)[place]
    answer = np.linalg.lstsq(demeaned, y - share[place] * means(y, place)[place], rcond=None)[0]
    return RandomEffects(np.asarray(answer), float(np.sqrt(within)), float(np.sqrt(variance)))


def means(values: FloatArray, place: IntArray) -> FloatArray:
    """Mean of each body, of one column or of several."""
    rows = np.bincount(place)
    if values.ndim == 1:
        return np.asarray(np.bincount(place, values) / rows)
    return np.stack([np.bincount(place, column) / rows for column in values.T], axis=1)


def spread(y: FloatArray, x: FloatArray, independent: int) -> float:
    """Residual variance of a regression with this many independent rows. Raises ValueError when none is left over."""
    answer, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
    freedom = independent - int(rank)
    if freedom <= 0:
        raise ValueError(f"{independent} independent rows are too few for {int(rank)} coefficients")
    left = y - x @ answer
    return float(left @ left) / freedom
