"""What chance alone lets a series do: limits of a control chart from its baseline (methods.md M4.11)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats

LIMIT, MR_LIMIT = 2.66, 3.267
NEEDED, PREFERRED = 8, 12
AUTOCORRELATION, MOST_R = 0.3, 0.9


class Limits(NamedTuple):
    """Of one baseline, in the unit of y: mean, mean moving range, limits, near-limits at two thirds, the limit of
    moving ranges; n points used; r lag-1 autocorrelation; widened: factor on the limits, 1 for none."""

    mean: float
    mr: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    mr_limit: float
    n: int
    r: float
    widened: float


def limits(y: ArrayLike, *, widen: float = 1.0, widen_above: float = AUTOCORRELATION) -> Limits:
    """Limits of a baseline. Moving ranges above 3.267 times their mean are screened once; the mean keeps every point.

    y : (n,) at least 2 figures next to each other, NaN where absent (a range across a gap is not taken).
    widen : a factor from elsewhere (`seasonal.deseasonalised`).   widen_above : autocorrelation r from which limits
    grow by sqrt((1 + r)/(1 - r)); infinity never widens, as the published rules have it.
    """
    series = floats(y, "y")
    mean, mr = float(np.nanmean(series)), mean_range(series)
    r = autocorrelation(series)
    factor = widen * (float(np.sqrt((1 + r) / (1 - r))) if r > widen_above else 1.0)
    reach = LIMIT * mr * factor
    near = reach * 2 / 3
    n = int((~np.isnan(series)).sum())
    return Limits(mean, mr, mean - reach, mean + reach, mean - near, mean + near, MR_LIMIT * mr, n, r, factor)


def mean_range(y: FloatArray) -> float:
    """Mean moving range after one screening of ranges above 3.267 times their mean."""
    ranges = np.abs(np.diff(y))
    ranges = ranges[~np.isnan(ranges)]
    return float(ranges[ranges <= MR_LIMIT * ranges.mean()].mean())


def autocorrelation(y: ArrayLike) -> float:
    """Lag-1 autocorrelation about the mean, at most 0.9; 0 for a series that never moves."""
    series = floats(y, "y")
    away = series - float(np.nanmean(series))
    total = float(np.nansum(away**2))
    return min(MOST_R, float(np.nansum(away[1:] * away[:-1])) / total) if total > 0 else 0.0


def residuals(y: ArrayLike) -> FloatArray:
    """(T,) what is new in each point of an autocorrelated series: (y - mean) - r (the one before); NaN for the first.

    The alternative to widening: chart these, with runs that mean again what they say.
    """
    series = floats(y, "y")
    away = series - float(np.nanmean(series))
    return np.append(np.nan, away[1:] - autocorrelation(series) * away[:-1])[: series.size]


def why_refused(baseline: FloatArray) -> str:
    """Why these points set no limits, "" when they do."""
    n = int((~np.isnan(baseline)).sum())
    if n < NEEDED:
        return f"{n} points; a control chart needs at least {NEEDED} to tell signal from noise"
    ranges = np.abs(np.diff(baseline))
    if (~np.isnan(ranges)).sum() < NEEDED - 1:
        return "too many gaps: moving ranges need neighbouring points"
    return "" if np.nanmax(ranges) > 0 else "the baseline never moves, so there is no noise to compare with"


def why_waits(after: FloatArray, mean: float) -> str:
    """Why a phase may not begin with these points yet, "" when it may: 8 of them, all on one side of the mean before.

    after : (k,) points from the proposed re-base on.   mean : of the phase before.
    """
    refused = why_refused(after)
    side = float(np.sign(after[:NEEDED] - mean).sum())
    return refused or ("" if abs(side) == NEEDED else "the first 8 points are not all on one side of the old mean")


def assurance(lower: float, upper: float, target: float, direction: int) -> str:
    """consistently passes, consistently fails or hit or miss, from limits and target; "" without either or d = 0."""
    if direction == 0 or np.isnan(target + lower + upper):
        return ""
    if lower > target:
        return "consistently passes" if direction > 0 else "consistently fails"
    if upper < target:
        return "consistently fails" if direction > 0 else "consistently passes"
    return "hit or miss"
