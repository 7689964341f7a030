"""Noisy figures drawn towards what is usual, and how far each can be relied on (methods.md M3.6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from pipelines.methods import status as st
from pipelines.methods.arrays import FloatArray, TextArray, floats
from pipelines.methods.card import Method

BODIES_NEEDED = 5
INDIVIDUAL = 0.7
GROUPED = 0.4
LEVEL = 0.95

METHOD = Method(
    id="M3.6",
    version="1",
    title="Shrinkage and reliability",
    formula="tau2 solves sum (y - mu)^2/(s2 + tau2) = n - p; R = tau2/(tau2 + s2); shrunk = mu + R (y - mu)",
    defaults={"bodies_needed": BODIES_NEEDED, "individual": INDIVIDUAL, "grouped": GROUPED, "level": LEVEL},
    edge_cases="tau2 = 0 (no more spread than chance) gives every body the mean and R = 0; under 5 bodies nothing "
    "shrinks. Cost ratios enter as logs.",
    source="Paule & Mandel (1982); Efron & Morris (1977); iteration: DerSimonian & Kacker (2007)",
)


class Shrunk(NamedTuple):
    """value, lo, hi [n] on the scale of y; sd [n] displayed, with the uncertainty of the mean; sd_conditional [n] for
    draws; reliability [n] in [0, 1]; mu [n] what each is drawn towards; tau2 between-body variance; status [n]."""

    value: FloatArray
    lo: FloatArray
    hi: FloatArray
    sd: FloatArray
    sd_conditional: FloatArray
    reliability: FloatArray
    mu: FloatArray
    tau2: float
    status: TextArray


def shrink(
    y: ArrayLike, se: ArrayLike, z: ArrayLike | None = None, *, status: ArrayLike = "ok", level: float = LEVEL
) -> Shrunk:
    """Values drawn towards the mean (or a regression on z) as far as their noise warrants.

    y : (n,) values, logs for cost ratios.   se : (n,) standard errors > 0 in the unit of y.   NaN where absent.
    z : (n, k) context, complete for bodies with a value; a constant is added.
    status : `status.REFERENCE` values alone inform mean and tau2; others are drawn towards them all the same.
    Under 5 informing bodies (or no freedom left) values and intervals are the plain ones, reliability and tau2 NaN.
    Raises ValueError on a standard error of 0 or less.   Source: Paule & Mandel (1982); methods.md M3.6.
    """
    values, error = floats(y, "y"), floats(se, "se")
    if (error <= 0).any():
        raise ValueError("a standard error is zero or negative; without noise there is nothing to shrink")
    design = np.column_stack([np.ones(values.size), *([] if z is None else floats(z, "z").reshape(values.size, -1).T)])
    known = ~np.isnan(values + error + design.sum(axis=1))
    combined = st.worst(status, np.where(known, "ok", "missing"))
    counted = known & st.is_in(combined, st.REFERENCE)
    reach = float(ndtri((1 + level) / 2))
    if counted.sum() < max(BODIES_NEEDED, design.shape[1] + 1):
        return _plain(values, error, reach, combined)
    tau2 = paule_mandel(values[counted], error[counted], design[counted])
    mu, spread = _fit(values, error, design, counted, tau2)
    share = tau2 / (tau2 + error**2)
    shrunk = mu + share * (values - mu)
    sd = np.sqrt(share * error**2 + (1 - share) ** 2 * spread)
    lo, hi = shrunk - reach * sd, shrunk + reach * sd
    return Shrunk(shrunk, lo, hi, sd, np.sqrt(share) * error, share, mu, tau2, combined)


def paule_mandel(y: FloatArray, se: FloatArray, design: FloatArray) -> float:
    """Between-body variance that makes the weighted squares as large as chance would: sum w (y - mu)^2 = n - p.

    y, se : (n,); design : (n, p). 0 when the spread is no more than chance. Newton's method from 0 climbs to the
    root without overshooting, because the left side is convex and falls (DerSimonian & Kacker 2007).
    """
    tau2, freedom = 0.0, y.size - design.shape[1]
    for _ in range(200):
        w = 1 / (se**2 + tau2)
        left = y - design @ np.linalg.lstsq(design * np.sqrt(w)[:, None], y * np.sqrt(w), rcond=None)[0]
        excess = float((w * left**2).sum() - freedom)
        if excess <= 1e-12 * freedom:
            break
        tau2 += excess / float((w**2 * left**2).sum())
    return tau2


def usable_for(reliability: ArrayLike) -> TextArray:
    """individual (R >= 0.7), grouped (0.4 to 0.7: pooled over 3 years), or none (no individual judgement)."""
    share = floats(reliability, "reliability")
    return np.where(share >= INDIVIDUAL, "individual", np.where(share >= GROUPED, "grouped", "none"))


def _fit(
    y: FloatArray, se: FloatArray, design: FloatArray, counted: np.ndarray, tau2: float
) -> tuple[FloatArray, FloatArray]:
    """Fitted mean of every body, and its variance."""
    w = 1 / (se[counted] ** 2 + tau2)
    inverse = np.linalg.pinv((design[counted].T * w) @ design[counted])
    beta = inverse @ (design[counted].T @ (w * y[counted]))
    return design @ beta, np.einsum("ip,pq,iq->i", design, inverse, design)


def _plain(y: FloatArray, se: FloatArray, reach: float, combined: TextArray) -> Shrunk:
    unknown = np.full(y.shape, np.nan)
    return Shrunk(y, y - reach * se, y + reach * se, se, se, unknown, unknown, np.nan, combined)
