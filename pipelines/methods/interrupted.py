"""One series before and after, without anybody to compare with: interrupted time series (methods.md M6.5).

Weak evidence, and labelled so: whatever else happened at the same time is in the step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.card import Method

LABEL = "no comparison group"
PRE, POST = 12, 8

METHOD = Method(
    id="M6.5",
    version="1",
    title="Interrupted time series",
    formula="y_t = level + slope t + step post + slope_change (t - t0) post + season + error; error_t = rho error_t-1 "
    "+ noise where one lag is declared",
    defaults={"lags": 0, "season": 0, "pre": PRE, "post": POST, "level": 0.95},
    edge_cases="Under 12 periods before or 8 after: shown, marked short. The lag is declared before the outcome is "
    "seen. An absent period is refused: the lag would span it.",
    source="Wagner, Soumerai, Zhang & Ross-Degnan (2002), Journal of Clinical Pharmacy and Therapeutics 27; Prais & "
    "Winsten (1954) for the lag",
)


class Interrupted(NamedTuple):
    """level: at t = 0, in the unit of y. slope: per period. step: jump at t0. slope_change: per period after t0.
    se, lo, hi (4,): of the four in that order. rho: lag of the errors, 0 where none is declared.
    without (T,): the line had nothing happened. mean_effect: mean over the periods after of fitted less that line.
    short: fewer periods than the method asks for. label: what every display must say."""

    level: float
    slope: float
    step: float
    slope_change: float
    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    rho: float
    without: FloatArray
    mean_effect: float
    short: bool
    label: str


def interrupted(y: ArrayLike, start: int, *, lags: int = 0, season: int = 0, level: float = 0.95) -> Interrupted:
    """Step and change of slope at the start of a project, from the body's own line before.

    y : (T,), no period absent.   start : t0, column of the first period after.   lags : 0, or 1 for errors that carry
    over.   season : periods of a year (4, 12), 0 for none; its effects sum to zero over a year.
    Raises ValueError on absent periods, other lags, or too few periods for the terms.   Source: methods.md M6.5.
    """
    series = floats(y, "y")
    if series.ndim != 1 or np.isnan(series).any():
        raise ValueError("an interrupted series needs every period")
    if lags not in (0, 1):
        raise ValueError("errors may have 0 lags or 1, declared in advance")
    terms = _terms(len(series), start, season)
    if start < max(2, season) or len(series) - start < 2 or len(series) <= terms.shape[1] + lags:
        raise ValueError(f"{start} periods before and {len(series) - start} after are too few for the terms")
    rho = _carry(series, terms) if lags else 0.0
    beta, cov, df = _least_squares(_whiten(series, rho), _whiten(terms, rho))
    se = np.sqrt(np.diag(cov)[:4])
    half = float(student.ppf(0.5 + level / 2, df)) * se
    without = terms @ np.where(np.isin(np.arange(len(beta)), (2, 3)), 0.0, beta)
    effect = float((terms[start:, 2:4] @ beta[2:4]).mean())
    short = start < PRE or len(series) - start < POST
    at_zero, slope, step, bend = (float(one) for one in beta[:4])
    lo, hi = beta[:4] - half, beta[:4] + half
    return Interrupted(at_zero, slope, step, bend, se, lo, hi, rho, without, effect, short, LABEL)


def _terms(periods: int, start: int, season: int) -> FloatArray:
    """(T, 4 + season - 1): constant, time, after, time after, and seasons as contrasts with the last one."""
    t = np.arange(periods, dtype=np.float64)
    after = (t >= start).astype(np.float64)
    line = np.column_stack([np.ones(periods), t, after, (t - start) * after])
    if season < 2:
        return line
    contrasts = np.vstack([np.eye(season - 1), -np.ones(season - 1)])
    return np.hstack([line, contrasts[np.arange(periods) % season]])


def _least_squares(y: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    beta = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)
    df = int(len(y) - x.shape[1])
    rest = y - x @ beta
    return beta, np.asarray(np.linalg.inv(x.T @ x) * (rest @ rest) / df), df


def _whiten(values: FloatArray, rho: float) -> FloatArray:
    """Each row less rho times the row before; the first row is kept, shrunk, so that no period is lost."""
    return np.concatenate([np.sqrt(1 - rho**2) * values[:1], values[1:] - rho * values[:-1]])


def _carry(y: FloatArray, x: FloatArray) -> float:
    """The lag at which estimates and residuals agree, at most 0.95 either way; 0 for residuals of rounding alone."""
    rho = 0.0
    for _ in range(100):
        beta, _, _ = _least_squares(_whiten(y, rho), _whiten(x, rho))
        rest = y - x @ beta
        # Dividing by every square but the first keeps the lag inside the stationary range in all but tiny samples.
        square = float(rest[:-1] @ rest[:-1])
        if square <= (1e-12 * np.abs(y).max()) ** 2 * len(y):
            return 0.0
        last, rho = rho, float(np.clip(rest[1:] @ rest[:-1] / square, -0.95, 0.95))
        if abs(rho - last) < 1e-10:
            break
    return rho
