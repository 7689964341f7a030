"""What a body's volumes and circumstances would usually cost: the regulators' regression (methods.md M3.11a).

A model in logarithms serves as a ratio only: its constant cancels when ratios are compared with their own quartile.
The stochastic frontier, which splits the residual, is in `cost_frontier`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f as f_distribution

from pipelines.methods.arrays import FloatArray, IntArray, TextArray
from pipelines.methods.card import Method
from pipelines.methods.quantiles import quantile

METHOD = Method(
    id="M3.11",
    version="1",
    title="Modelled cost and the upper-quartile benchmark",
    formula="ln C = a + b' ln y + g' z + d_t + e; ratio = sum C / sum exp(fit); factor = min(1, q25 of ratios)",
    defaults={"quartile": 0.25, "rows_per_coefficient": 10, "reset": 0.05, "vif": 10, "elasticity": [0.5, 1.5]},
    edge_cases="rows with a missing or non-positive cost or volume are left out and counted",
    source="Aigner, Lovell & Schmidt (1977); Ofwat PR19 and PR24 base cost models; Ramsey (1969)",
)
ROWS_PER_COEFFICIENT, LEAST_P, MOST_VIF, ELASTICITY = 10, 0.05, 10.0, (0.5, 1.5)


@dataclass(frozen=True)
class Diagnostics:
    """Whether the model may carry a headline.

    reset_p : chance of as much curvature by accident.   vif : greatest variance inflation of a driver.
    elasticities : of cost to each volume.   skewness : of the residuals (positive: cost above the usual has a tail).
    stable : no elasticity turns negative when any one body is left out.   predictive_r2 : for bodies left out.
    failed : names of the tests not passed.
    """

    reset_p: float
    vif: float
    elasticities: FloatArray
    skewness: float
    stable: bool
    predictive_r2: float
    failed: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every test was passed."""
        return not self.failed


@dataclass(frozen=True)
class CostModel:
    """bodies : names in order.   ratio : (bodies,) actual over modelled cost, pooled over periods.   modelled : (N,).

    ratio_se : (bodies,) standard error of its logarithm, from year-to-year noise and the coefficients; NaN where no
    body has two periods.
    quartile : 25th percentile (type 7) of ratios.   factor : the same, at most 1; the benchmark is modelled * factor.
    residual, used : (N,) log residuals (NaN where left out), rows used.   coefficients : constant, volumes, context,
    periods.
    """

    bodies: TextArray
    ratio: FloatArray
    ratio_se: FloatArray
    modelled: FloatArray
    quartile: float
    factor: float
    coefficients: FloatArray
    residual: FloatArray
    used: IntArray
    diagnostics: Diagnostics


def cost_model(
    cost: ArrayLike,
    volumes: ArrayLike,
    context: ArrayLike | None = None,
    *,
    body: ArrayLike,
    period: ArrayLike | None = None,
) -> CostModel:
    """Log-linear model of cost fitted by least squares, with the tests that say whether it may be used.

    cost (N,) and volumes (N, p) in any one unit each, positive; context (N, q); body, period (N,) names of each row.
    Rows with NaN, or a cost or volume of 0 or less, are left out. Raises ValueError when fewer rows than
    coefficients are left.   Source: methods.md M3.11; Ofwat PR19 securing cost efficiency appendix.
    """
    spend, names = np.asarray(cost, dtype=np.float64), np.asarray(body).astype(str)
    amounts = columns(volumes, len(spend))
    other = np.empty((len(spend), 0)) if context is None else columns(context, len(spend))
    times = np.zeros(len(spend), dtype=str) if period is None else np.asarray(period).astype(str)
    positive = (spend > 0) & (amounts > 0).all(axis=1) & np.isfinite(other).all(axis=1)
    used = np.flatnonzero(positive & np.isfinite(spend) & np.isfinite(amounts).all(axis=1))
    later = np.unique(times[used])[1:]
    design = np.column_stack([np.ones(len(used)), np.log(amounts[used]), other[used], times[used, None] == later])
    if len(used) <= design.shape[1]:
        raise ValueError(f"{len(used)} usable rows are too few for {design.shape[1]} coefficients")
    target = np.log(spend[used])
    coefficients = np.linalg.lstsq(design, target, rcond=None)[0]
    fitted = design @ coefficients
    modelled, residual = np.full(len(spend), np.nan), np.full(len(spend), np.nan)
    modelled[used], residual[used] = np.exp(fitted), target - fitted
    bodies, place = np.unique(names[used], return_inverse=True)
    ratio = np.bincount(place, spend[used]) / np.bincount(place, modelled[used])
    level = float(quantile(ratio, 0.25))
    tests = diagnose(design, target, place, amounts.shape[1])
    error = ratio_se(design, residual[used], place, spend[used], modelled[used])
    return CostModel(bodies, ratio, error, modelled, level, min(1.0, level), coefficients, residual, used, tests)


def ratio_se(
    design: FloatArray, residual: FloatArray, body: IntArray, spend: FloatArray, modelled: FloatArray
) -> FloatArray:
    """(bodies,) standard error of the logarithm of each body's ratio.

    The variance of its own noise, pooled over bodies from the residuals about each body's mean, plus that of the fit,
    with coefficients whose errors may go together within a body. Lasting differences are no error: they are what the
    ratio is meant to show.   Source: first-order expansion; Liang & Zeger (1986) for the coefficients.
    """
    rows = np.bincount(body)
    within = residual - (np.bincount(body, residual) / rows)[body]
    freedom = int((rows - 1).sum())
    noise = float((within**2).sum()) / freedom if freedom else np.nan
    inverse = np.linalg.pinv(design.T @ design)
    scores = np.stack([np.bincount(body, design[:, k] * residual) for k in range(design.shape[1])], axis=1)
    covariance = inverse @ scores.T @ scores @ inverse * len(rows) / max(len(rows) - 1, 1)
    share, weight = (amount / np.bincount(body, amount)[body] for amount in (spend, modelled))
    slope = np.stack([np.bincount(body, design[:, k] * weight) for k in range(design.shape[1])], axis=1)
    return np.asarray(np.sqrt(noise * np.bincount(body, share**2) + np.einsum("bk,kl,bl->b", slope, covariance, slope)))


def columns(values: ArrayLike, rows: int) -> FloatArray:
    """(N, columns) numbers; a vector is one column. Raises ValueError when the rows do not match."""
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    if len(array) != rows:
        raise ValueError(f"expected {rows} rows, one per cost, not {len(array)}")
    return array


def diagnose(design: FloatArray, target: FloatArray, body: IntArray, volumes: int) -> Diagnostics:
    """The tests of methods.md M3.11; design (N, k) with the constant first and the volumes next."""
    coefficients = np.asarray(np.linalg.lstsq(design, target, rcond=None)[0], dtype=np.float64)
    residual = target - design @ coefficients
    slopes, left_out = drop_one(design, residual, coefficients, body)
    elasticities = coefficients[1 : 1 + volumes]
    reset, vif = reset_p(design, target), inflation(design[:, 1:])
    spread = float(((target - target.mean()) ** 2).sum())
    stable = bool((slopes[:, 1 : 1 + volumes] > 0).all())
    tests = {
        "rows": len(target) >= ROWS_PER_COEFFICIENT * design.shape[1],
        "reset": reset >= LEAST_P,
        "vif": vif < MOST_VIF,
        "elasticities": bool((elasticities > 0).all()),
        "scale": ELASTICITY[0] <= float(elasticities.sum()) <= ELASTICITY[1],
        "stability": stable,
    }
    return Diagnostics(
        reset_p=reset,
        vif=vif,
        elasticities=elasticities,
        skewness=skewness(residual),
        stable=stable,
        predictive_r2=1 - float((left_out**2).sum()) / spread if spread > 0 else np.nan,
        failed=tuple(name for name, passed in tests.items() if not passed),
    )


def skewness(residual: FloatArray) -> float:
    """Third central moment over the 1.5th power of the second; 0 for constant residuals."""
    centred = residual - residual.mean()
    spread = float((centred**2).mean())
    return float((centred**3).mean()) / spread**1.5 if spread > 0 else 0.0


def reset_p(design: FloatArray, target: FloatArray) -> float:
    """P of the F test that squares and cubes of the fit add nothing (Ramsey 1969)."""
    fit = design @ np.linalg.lstsq(design, target, rcond=None)[0]
    scaled = (fit - fit.mean()) / (fit.std() or 1.0)
    wider = np.column_stack([design, scaled**2, scaled**3])
    rest = target - wider @ np.linalg.lstsq(wider, target, rcond=None)[0]
    freedom = len(target) - wider.shape[1]
    before, after = float(((target - fit) ** 2).sum()), float((rest**2).sum())
    if freedom <= 0 or after <= 0:
        return np.nan
    return float(f_distribution.sf((before - after) / 2 / (after / freedom), 2, freedom))


def inflation(drivers: FloatArray) -> float:
    """Greatest variance inflation factor; infinite when a driver follows from the others, 1 when there is one only."""
    centred = drivers - drivers.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    if (spread == 0).any():
        return np.inf
    correlation = (centred / spread).T @ (centred / spread)
    if np.linalg.matrix_rank(correlation) < len(correlation):
        return np.inf
    return float(np.diag(np.linalg.inv(correlation)).max())


def drop_one(
    design: FloatArray, residual: FloatArray, coefficients: FloatArray, body: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Coefficients without each body (bodies, k), and each row's residual from the model without its body (N,).

    Source: block form of the leave-one-out identities, Cook & Weisberg (1982), section 3.2.
    """
    inverse = np.linalg.pinv(design.T @ design)
    without, outside = np.empty((body.max() + 1, design.shape[1])), np.empty(len(residual))
    for number in range(body.max() + 1):
        rows = body == number
        own = design[rows]
        outside[rows] = np.linalg.lstsq(np.eye(rows.sum()) - own @ inverse @ own.T, residual[rows], rcond=None)[0]
        without[number] = coefficients - inverse @ own.T @ outside[rows]
    return without, outside
