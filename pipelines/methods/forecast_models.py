"""Ways a series may go on, each as Student-t distributions of the periods to come (methods.md M4.12)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import betaln, gammaln, stdtr

from pipelines.methods.arrays import FloatArray

HOLT_FROM, REFERENCE_FROM = 16, 12
# Smoothing of level and of slope, and damping. A grid repeats to the bit on every machine; a search does not.
_GRID = np.array(list(product(np.linspace(0.05, 0.95, 10), np.linspace(0.05, 0.95, 7), (0.8, 0.85, 0.9, 0.95, 0.98)))).T


class Predicted(NamedTuple):
    """Student-t per period ahead: centre (H,), scale (H,), degrees of freedom."""

    centre: FloatArray
    scale: FloatArray
    df: float


def trend(y: FloatArray, horizon: int) -> Predicted:
    """A straight line by least squares, with the prediction variance s2 (1 + 1/n + (t0 - tm)^2/Sxx), n - 2 df."""
    n = y.size
    t = np.arange(n) - (n - 1) / 2
    sxx = float(t @ t)
    slope = float(t @ y) / sxx
    left = y - y.mean() - slope * t
    s2 = float(left @ left) / (n - 2)
    ahead = (n - 1) / 2 + np.arange(1, horizon + 1)
    return Predicted(y.mean() + slope * ahead, np.sqrt(s2 * (1 + 1 / n + ahead**2 / sxx)), n - 2)


def drift(y: FloatArray, horizon: int) -> Predicted:
    """Random walk with drift: x_T + H m, sd sqrt(H + H^2/N) of the N differences, N - 1 df."""
    steps = np.diff(y)
    ahead = np.arange(1, horizon + 1)
    scale = steps.std(ddof=1) * np.sqrt(ahead + ahead**2 / steps.size)
    return Predicted(y[-1] + ahead * steps.mean(), scale, steps.size - 1)


def no_change(y: FloatArray, horizon: int) -> Predicted:
    """Stays where it is: sd = root mean square difference times sqrt(H), N df."""
    steps = np.diff(y)
    ahead = np.arange(1, horizon + 1)
    return Predicted(np.full(horizon, y[-1]), np.sqrt((steps**2).mean() * ahead), steps.size)


def damped_holt(y: FloatArray, horizon: int) -> Predicted:
    """Damped trend by exponential smoothing, the best of a grid of (a, b, phi) by squared one-step errors, n - 5 df.

    Variance s2 (1 + sum over j < H of (a (1 + b phi_j))^2), phi_j = phi + ... + phi^j; b smooths the slope given the
    level. Start: the line through the first points. Source: Hyndman, Koehler, Ord & Snyder (2008), class 1.
    """
    a, b, phi = _GRID
    start = trend(y[: max(5, y.size // 3)], 1)
    slope = np.full(a.shape, float(np.diff(y[: max(5, y.size // 3)]).mean()))
    level = np.full(a.shape, float(start.centre[0]) - slope[0] * (max(5, y.size // 3) + 1))
    squares = np.zeros(a.shape)
    for value in y:
        error = value - level - phi * slope
        squares += error**2
        level, slope = level + phi * slope + a * error, phi * slope + a * b * error
    best = int(np.argmin(squares))
    damped = np.cumsum(phi[best] ** np.arange(1, horizon + 1))
    weight = (a[best] * (1 + b[best] * damped)) ** 2
    growth = 1 + np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    df = y.size - 5
    return Predicted(level[best] + damped * slope[best], np.sqrt(squares[best] / df * growth), df)


MODELS: dict[str, Callable[[FloatArray, int], Predicted]] = {
    "trend": trend,
    "drift": drift,
    "damped": damped_holt,
    "no change": no_change,
}


def admitted(n: int) -> tuple[str, ...]:
    """The models that enter the ensemble for n points."""
    return ("trend", "drift", *(["damped"] if n >= HOLT_FROM else []), *(["no change"] if n >= REFERENCE_FROM else []))


def cdf(found: Predicted, x: FloatArray) -> FloatArray:
    """P(value <= x) per period. A model without any spread is a step."""
    return meets(found, x, -1)


def meets(found: Predicted, goal: FloatArray, direction: int) -> FloatArray:
    """P(value at least as good as goal) per period; (H,) or more goals on a leading axis."""
    ahead = direction * (found.centre - goal)
    z = ahead / np.where(found.scale > 0, found.scale, 1)
    return np.where(found.scale > 0, stdtr(found.df, z), np.where(ahead >= 0, 1.0, 0.0))


def crps(found: Predicted, seen: FloatArray) -> FloatArray:
    """Continuous ranked probability score of a Student-t forecast, in the unit of the series; df above 1.

    Source: Jordan, Krueger & Lerch (2019), Journal of Statistical Software 90, appendix A.
    """
    df = found.df
    z = np.where(found.scale > 0, (seen - found.centre) / np.where(found.scale > 0, found.scale, 1), 0.0)
    density = np.exp(gammaln((df + 1) / 2) - gammaln(df / 2)) / np.sqrt(df * np.pi) * (1 + z**2 / df) ** (-(df + 1) / 2)
    mean_gap = 2 * np.sqrt(df) / (df - 1) * np.exp(betaln(0.5, df - 0.5) - 2 * betaln(0.5, df / 2))
    spread = found.scale * (z * (2 * stdtr(df, z) - 1) + 2 * density * (df + z**2) / (df - 1) - mean_gap)
    return np.where(found.scale > 0, spread, np.abs(seen - found.centre))
