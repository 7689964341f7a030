"""Panels of costs: lasting differences as random effects, and inefficiency that decays (methods.md M3.11a, c)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from pipelines.methods.arrays import FloatArray, IntArray
from pipelines.methods.cost_frontier import Inefficiency, best, checked, opening, truncated


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


@dataclass(frozen=True)
class DecayFrontier:
    """coefficients (k,); sigma_u, sigma_v; decay: u_bt = u_b exp(decay (T - t)), T the last period of all.

    inefficiency : of each body in name order, in the last period.
    """

    coefficients: FloatArray
    sigma_u: float
    sigma_v: float
    decay: float
    log_likelihood: float
    inefficiency: Inefficiency


def decay_frontier(
    log_cost: ArrayLike, design: ArrayLike, body: ArrayLike, time: ArrayLike, *, level: float = 0.95
) -> DecayFrontier:
    """Cost frontier whose inefficiency shrinks (decay > 0) or grows together for all bodies, by maximum likelihood.

    time (n,) numbers of the periods. With decay 0 it is `panel_frontier` of the kind "invariant".
    Raises ValueError on NaN.   Source: Battese & Coelli (1992).
    """
    y, x = checked(log_cost, design)
    place = np.unique(np.asarray(body).astype(str), return_inverse=True)[1]
    left = np.max(np.asarray(time, dtype=np.float64)) - np.asarray(time, dtype=np.float64)
    beta, first = opening(y, x)
    start = np.log([max(first.sigma_u, float(np.std(y - x @ beta))), max(first.sigma_v, 0.02)])
    point, value = best(lambda at: -decay_likelihood(at, y, x, place, left)[0], np.r_[beta, start, 0.0])
    _, centre, width = decay_likelihood(point, y, x, place, left)
    sigma_u, sigma_v = (float(number) for number in np.exp(point[-3:-1]))
    found = truncated(centre, width, level)
    return DecayFrontier(point[:-3], sigma_u, sigma_v, float(point[-1]), -value, found)


def decay_likelihood(
    point: FloatArray, y: FloatArray, x: FloatArray, body: IntArray, left: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Log likelihood at (coefficients, log sigma_u, log sigma_v, decay), and centre and width of each body's u."""
    (sigma_u, sigma_v), growth = np.exp(point[-3:-1]), np.exp(point[-1] * left)
    residual, rows = y - x @ point[:-3], np.bincount(body)
    total = sigma_v**2 + sigma_u**2 * np.bincount(body, growth**2)
    centre = sigma_u**2 * np.bincount(body, growth * residual) / total
    width = sigma_u * sigma_v / np.sqrt(total)
    squares = np.bincount(body, residual**2) / sigma_v**2
    logs = np.log(2 * width / sigma_u) - rows * (np.log(sigma_v) + 0.5 * np.log(2 * np.pi))
    whole = float((logs - 0.5 * (squares - (centre / width) ** 2) + log_ndtr(centre / width)).sum())
    return whole, centre, width
