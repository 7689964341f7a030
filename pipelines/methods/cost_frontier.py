"""Stochastic cost frontiers: noise and inefficiency told apart by the residuals' shape (methods.md M3.11b, c).

ln C = x'b + v + u, v normal noise, u >= 0 inefficiency. When the residuals lean the wrong way there is no detectable
inefficiency, and the answer says so instead of failing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import log_ndtr, ndtr, ndtri

from pipelines.methods.arrays import FloatArray, IntArray

NODES = 21  # of the quadrature over a body's permanent difference
TINY = 1e-12
HALF_NORMAL, EXPONENTIAL = "half-normal", "exponential"


@dataclass(frozen=True)
class Moments:
    """Half-normal model read off central moments of the residuals: standard deviations and mean inefficiency."""

    sigma_u: float
    sigma_v: float
    mean_u: float


@dataclass(frozen=True)
class Inefficiency:
    """What residuals say about u: mean E[u|e], efficiency E[exp(-u)|e] and its prediction interval, all (n,)."""

    mean: FloatArray
    efficiency: FloatArray
    lo: FloatArray
    hi: FloatArray


@dataclass(frozen=True)
class CostFrontier:
    """coefficients (k,); sigma_u, sigma_v, sigma_w (permanent differences, 0 without); log_likelihood.

    detectable : whether the data show any inefficiency.   enough : n >= 60 (or 200 rows), below which nothing is shown.
    inefficiency : per row, or per body where it is permanent.
    """

    coefficients: FloatArray
    sigma_u: float
    sigma_v: float
    sigma_w: float
    log_likelihood: float
    detectable: bool
    enough: bool
    inefficiency: Inefficiency


def moments(m2: float, m3: float) -> Moments:
    """Half-normal cost frontier from the second and third central moments of the residuals.

    sigma_u^3 = m3 / (sqrt(2/pi)(4/pi - 1)); a third moment of 0 or less leaves no inefficiency.
    Raises ValueError when m2 is not positive.   Source: Aigner, Lovell & Schmidt (1977); Olson et al. (1980).
    """
    if not m2 > 0:
        raise ValueError(f"the variance must be positive, not {m2}")
    sigma_u = np.cbrt(max(m3, 0.0) / (np.sqrt(2 / np.pi) * (4 / np.pi - 1)))
    sigma_v = np.sqrt(max(m2 - (1 - 2 / np.pi) * sigma_u**2, 0.0))
    return Moments(float(sigma_u), float(sigma_v), float(sigma_u * np.sqrt(2 / np.pi)))


def half_normal(residual: ArrayLike, sigma_u: float, sigma_v: float, *, level: float = 0.95) -> Inefficiency:
    """Inefficiency behind residuals (n,) of a half-normal cost frontier. Raises ValueError on sigma_v = 0."""
    left, total = np.asarray(residual, dtype=np.float64), sigma_u**2 + sigma_v**2
    return truncated(left * sigma_u**2 / total, sigma_u * sigma_v / np.sqrt(total), level)


def truncated(centre: FloatArray, spread: float | FloatArray, level: float) -> Inefficiency:
    """Mean, efficiency and interval of u, normal about `centre` and cut at 0.

    Raises ValueError when spread is 0.   Source: Jondrow et al. (1982); Battese & Coelli (1988), equation 12.
    """
    width = np.broadcast_to(np.asarray(spread, dtype=np.float64), centre.shape)
    if not (width > 0).all():
        raise ValueError("noise and inefficiency must both have some spread")
    place = centre / width
    density = np.exp(-0.5 * place**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(place))
    efficiency = np.exp(-centre + width**2 / 2 + log_ndtr(place - width) - log_ndtr(place))
    tail = ndtr(place)
    ends = [centre - width * ndtri(tail * share) for share in ((1 - level) / 2, (1 + level) / 2)]
    low, high = (np.exp(-np.maximum(end, 0)) for end in ends)
    return Inefficiency(centre + width * density, efficiency, low, high)


def cost_frontier(
    log_cost: ArrayLike, design: ArrayLike, *, distribution: str = HALF_NORMAL, level: float = 0.95
) -> CostFrontier:
    """Cross-section cost frontier by maximum likelihood.

    log_cost (n,); design (n, k) with the constant first.   distribution : half-normal or exponential.
    Raises ValueError on an unknown distribution or NaN.   Source: Aigner, Lovell & Schmidt (1977).
    """
    if distribution not in (HALF_NORMAL, EXPONENTIAL):
        raise ValueError(f"distribution must be {HALF_NORMAL} or {EXPONENTIAL}, not {distribution!r}")
    y, x = checked(log_cost, design)
    density = log_half_normal if distribution == HALF_NORMAL else log_exponential
    beta, first = opening(y, x)
    if first.sigma_u <= TINY:
        return undetectable(y, x, beta)

    def loss(point: FloatArray) -> float:
        return -float(density(y - x @ point[:-2], *np.exp(point[-2:])).sum())

    point, value = best(loss, np.r_[beta, np.log([first.sigma_u, max(first.sigma_v, first.sigma_u / 10)])])
    sigma_u, sigma_v = (float(number) for number in np.exp(point[-2:]))
    left = y - x @ point[:-2]
    if distribution == HALF_NORMAL:
        inefficiency = half_normal(left, sigma_u, sigma_v, level=level)
    else:
        inefficiency = truncated(left - sigma_v**2 / sigma_u, sigma_v, level)
    return CostFrontier(point[:-2], sigma_u, sigma_v, 0.0, -value, True, len(y) >= 60, inefficiency)


def panel_frontier(
    log_cost: ArrayLike, design: ArrayLike, body: ArrayLike, *, kind: str, level: float = 0.95
) -> CostFrontier:
    """Panel cost frontier by maximum likelihood; the two kinds bracket the truth, so both are shown.

    kind : "invariant" counts all permanent difference as inefficiency (u_b, one per body in name order);
    "true-random" counts none of it (w_b normal, u_bt half-normal, one per row).
    Raises ValueError on an unknown kind or NaN.   Source: Pitt & Lee (1981); Greene (2005).
    """
    if kind not in ("invariant", "true-random"):
        raise ValueError(f"kind must be invariant or true-random, not {kind!r}")
    y, x = checked(log_cost, design)
    names, place = np.unique(np.asarray(body).astype(str), return_inverse=True)
    beta, first = opening(y, x)
    enough = len(names) >= 60 or len(y) >= 200
    start = np.log([max(first.sigma_u, float(np.std(y - x @ beta))), max(first.sigma_v, 0.02)])
    if kind == "invariant":
        return invariant(y, x, place, np.r_[beta, start], enough, level)
    return true_random(y, x, place, np.r_[beta, start, start[-1]], enough, level)


def invariant(
    y: FloatArray, x: FloatArray, body: IntArray, start: FloatArray, enough: bool, level: float
) -> CostFrontier:
    """Inefficiency that never changes: one half-normal draw per body, noise in every row."""
    rows = np.bincount(body)

    def posterior(point: FloatArray) -> tuple[FloatArray, FloatArray, float, float]:
        sigma_u, sigma_v = np.exp(point[-2:])
        total = sigma_v**2 + rows * sigma_u**2
        sums = np.bincount(body, y - x @ point[:-2])
        return sums * sigma_u**2 / total, sigma_u * sigma_v / np.sqrt(total), sigma_u, sigma_v

    def loss(point: FloatArray) -> float:
        centre, width, sigma_u, sigma_v = posterior(point)
        squares = np.bincount(body, (y - x @ point[:-2]) ** 2) / sigma_v**2
        logs = np.log(2 * width / sigma_u) - rows * (np.log(sigma_v) + 0.5 * np.log(2 * np.pi))
        return -float((logs - 0.5 * (squares - (centre / width) ** 2) + log_ndtr(centre / width)).sum())

    point, value = best(loss, start)
    centre, width, sigma_u, sigma_v = posterior(point)
    found = truncated(centre, width, level)
    return CostFrontier(point[:-2], float(sigma_u), float(sigma_v), 0.0, -value, bool(sigma_u > 1e-3), enough, found)


def true_random(
    y: FloatArray, x: FloatArray, body: IntArray, start: FloatArray, enough: bool, level: float
) -> CostFrontier:
    """Permanent differences are heterogeneity: integrated out by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite.hermgauss(NODES)
    share = np.log(weights / np.sqrt(np.pi))

    def by_node(point: FloatArray) -> tuple[FloatArray, FloatArray]:
        sigma_u, sigma_v, sigma_w = np.exp(point[-3:])
        left = (y - x @ point[:-3])[:, None] - np.sqrt(2) * sigma_w * nodes
        logs = log_half_normal(left, sigma_u, sigma_v)
        return left, np.stack([np.bincount(body, logs[:, node]) for node in range(NODES)], axis=1) + share

    def loss(point: FloatArray) -> float:
        return -float(np.logaddexp.reduce(by_node(point)[1], axis=1).sum())

    point, value = best(loss, start)
    left, logs = by_node(point)
    sigma_u, sigma_v, sigma_w = (float(number) for number in np.exp(point[-3:]))
    chance = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])[body]
    each = half_normal(left, sigma_u, sigma_v, level=level)
    mixed = Inefficiency(*((chance * part).sum(axis=1) for part in (each.mean, each.efficiency, each.lo, each.hi)))
    return CostFrontier(point[:-3], sigma_u, sigma_v, sigma_w, -value, sigma_u > 1e-3, enough, mixed)


def checked(log_cost: ArrayLike, design: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Raises ValueError on NaN or shapes that do not match."""
    y, x = np.asarray(log_cost, dtype=np.float64), np.asarray(design, dtype=np.float64)
    if y.ndim != 1 or x.ndim != 2 or len(x) != len(y) or not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError("log cost (n,) and design (n, k) must match and be finite; leave incomplete rows out")
    return y, x


def opening(y: FloatArray, x: FloatArray) -> tuple[FloatArray, Moments]:
    """Least squares, shifted down to a frontier by the mean inefficiency that the moments of its residuals show."""
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    left = y - x @ beta
    first = moments(max(float((left**2).mean()), TINY), float((left**3).mean()))
    return np.r_[beta[0] - first.mean_u, beta[1:]], first


def undetectable(y: FloatArray, x: FloatArray, beta: FloatArray) -> CostFrontier:
    """Residuals without a costly tail: least squares, everybody efficient as far as the data can tell."""
    left, ones = y - x @ beta, np.ones(len(y))
    sigma = float(np.sqrt((left**2).mean()))
    value = -len(y) * (np.log(max(sigma, TINY)) + 0.5 * np.log(2 * np.pi) + 0.5)
    nothing = Inefficiency(0 * ones, ones, ones, ones)
    return CostFrontier(beta, 0.0, sigma, 0.0, float(value), False, len(y) >= 60, nothing)


def log_half_normal(left: FloatArray, sigma_u: float, sigma_v: float) -> FloatArray:
    """Log density of v + u, u half-normal."""
    sigma = np.hypot(sigma_u, sigma_v)
    scaled = left / sigma
    return np.asarray(
        np.log(2 / sigma) - 0.5 * np.log(2 * np.pi) - 0.5 * scaled**2 + log_ndtr(scaled * sigma_u / sigma_v)
    )


def log_exponential(left: FloatArray, sigma_u: float, sigma_v: float) -> FloatArray:
    """Log density of v + u, u exponential with mean sigma_u."""
    ratio = sigma_v / sigma_u
    return np.asarray(-np.log(sigma_u) + ratio**2 / 2 - left / sigma_u + log_ndtr(left / sigma_v - ratio))


def best(loss: Callable[[FloatArray], float], start: FloatArray) -> tuple[FloatArray, float]:
    """The minimum near the start: quasi-Newton steps, then a simplex search in case they stopped short."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        first = minimize(loss, start, method="BFGS")
        answer = minimize(loss, first.x, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000})
    return np.asarray(answer.x, dtype=np.float64), float(answer.fun)
