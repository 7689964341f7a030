"""How fast a change is taken up: logistic and Bass curves, fitted to usage logs (methods.md M5.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares
from scipy.special import expit

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method

METHOD = Method(
    id="M5.9",
    version="1",
    title="Adoption",
    formula="logistic K/(1 + exp(-g(t - t0))); Bass F[t+1] = F[t] + (p + q F[t])(1 - F[t]), share m F; fitted by least "
    "squares with K, m at most the eligible share",
    defaults={"eligible": 1.0, "growth": [1e-4, 5.0], "p": [1e-6, 1.0], "q": [0.0, 2.0]},
    edge_cases="with few observations the peers' curve enters as a prior; first-year benefits take the mean over the "
    "year, never its end",
    source="Griliches (1957); Bass (1969); methods.md M5.9",
)
LEAST_POINTS = 4
LOG_SD = 0.02  # sampling sd of a usage log, in shares of 1: only the weight of data against a prior


class Prior(NamedTuple):
    """Peers' parameters: mean and sd, one each (K, g, t0 or p, q, m)."""

    mean: tuple[float, float, float]
    sd: tuple[float, float, float]


class Fit(NamedTuple):
    """parameters and se [3] (NaN where the data cannot tell); fitted [T]; sd: root mean square residual; at_bound:
    names of parameters that stand at an end of what is allowed, which the data alone would put further."""

    parameters: FloatArray
    se: FloatArray
    fitted: FloatArray
    sd: float
    at_bound: tuple[str, ...]


def logistic(t: ArrayLike, K: float, g: float, t0: float) -> FloatArray:
    """Share using it at times t: K/(1 + exp(-g (t - t0))). K: final share; g: per period; t0: when half of K is met."""
    return np.asarray(K * expit(g * (floats(t, "t") - t0)))


def logistic_mean(K: float, g: float, t0: float, first: int, last: int) -> float:
    """Mean share over periods first..last, both counted: what a year's benefits are multiplied by."""
    if last < first:
        raise ValueError(f"periods {first} to {last} hold no period")
    return float(logistic(np.arange(first, last + 1), K, g, t0).mean())


def bass(periods: int, p: float, q: float, m: float) -> FloatArray:
    """Share using it after periods 1..n, starting from nobody. p: by themselves; q: by imitation; m: final share."""
    adopted, so_far = np.empty(periods), 0.0
    for period in range(periods):
        so_far += (p + q * so_far) * (1 - so_far)
        adopted[period] = so_far
    return m * adopted


def fit_logistic(t: ArrayLike, share: ArrayLike, *, eligible: float = 1.0, prior: Prior | None = None) -> Fit:
    """The logistic curve nearest to a usage log, with K at most the eligible share.

    t, share : (T,) periods and shares of 1; NaN is left out. Raises ValueError below four observations without a
    prior, on shares outside [0, 1], or an eligible share outside (0, 1].
    """
    times, seen = _observations(t, share, eligible, prior)
    span = float(np.ptp(times)) or 1.0
    # The midpoint may lie well outside the months seen, also where only the peers know it.
    middles = np.append(
        times, [] if prior is None else [prior.mean[2] - 4 * prior.sd[2], prior.mean[2] + 4 * prior.sd[2]]
    )
    low = np.array([1e-6, 1e-4, middles.min() - 2 * span])
    high = np.array([eligible, 5.0, middles.max() + 2 * span])
    start = np.array([min(eligible, max(1.2 * float(seen.max()), 0.05)), 4 / span, float(times.mean())])
    return _fit(lambda parameters: logistic(times, *parameters), seen, (low, high), start, prior, ("K", "g", "t0"))


def fit_bass(share: ArrayLike, *, eligible: float = 1.0, prior: Prior | None = None) -> Fit:
    """The Bass curve nearest to shares after periods 1, 2, ..., with m at most the eligible share; NaN is left out."""
    everything = floats(share, "share")
    times, seen = _observations(np.arange(1, everything.size + 1), everything, eligible, prior)
    places = times.astype(int) - 1
    bounds = np.array([1e-6, 0.0, 1e-6]), np.array([1.0, 2.0, eligible])
    start = np.array([0.03, 0.38, min(eligible, max(1.2 * float(seen.max()), 0.05))])
    return _fit(
        lambda parameters: bass(everything.size, *parameters)[places], seen, bounds, start, prior, ("p", "q", "m")
    )


def _observations(
    t: ArrayLike, share: ArrayLike, eligible: float, prior: Prior | None
) -> tuple[FloatArray, FloatArray]:
    times, seen = floats(t, "t"), floats(share, "share")
    kept = ~np.isnan(times + seen)
    if not 0 < eligible <= 1:
        raise ValueError(f"the eligible share {eligible} is not in (0, 1]")
    if (seen[kept] < 0).any() or (seen[kept] > 1).any():
        raise ValueError("a share of users is outside 0 to 1")
    if kept.sum() < (LEAST_POINTS if prior is None else 1):
        raise ValueError(f"{kept.sum()} observations cannot fit three parameters; give a prior from peers")
    return times[kept], seen[kept]


def _fit(
    curve: Callable[[FloatArray], FloatArray],
    seen: FloatArray,
    bounds: tuple[FloatArray, FloatArray],
    start: FloatArray,
    prior: Prior | None,
    names: tuple[str, str, str],
) -> Fit:
    def residuals(parameters: FloatArray) -> FloatArray:
        off = (curve(parameters) - seen) / LOG_SD
        return off if prior is None else np.append(off, (parameters - prior.mean) / np.asarray(prior.sd))

    inside = np.clip(start if prior is None else np.asarray(prior.mean), bounds[0] + 1e-9, bounds[1] - 1e-9)
    found = least_squares(residuals, inside, bounds=bounds, x_scale="jac", xtol=1e-12, ftol=1e-12, gtol=1e-12)
    fitted = curve(found.x)
    freedom = found.fun.size - 3
    spread = float((found.fun**2).sum()) / freedom if freedom > 0 else np.nan
    normal = found.jac.T @ found.jac
    usable = freedom > 0 and np.linalg.cond(normal) < 1e14
    se = np.sqrt(np.diag(np.linalg.inv(normal)) * spread) if usable else np.full(3, np.nan)
    at_end = np.isclose(found.x, bounds[0], atol=1e-6) | np.isclose(found.x, bounds[1], rtol=1e-4)
    stuck = tuple(name for name, end in zip(names, at_end, strict=True) if end)
    return Fit(found.x, se, fitted, float(np.sqrt(np.mean((fitted - seen) ** 2))), stuck)
