"""Ratio indicators, their standard errors, and money at constant prices (methods.md M1.1, M1.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import status as st
from pipelines.methods.arrays import FloatArray, TextArray, floats, over, zeros_to_nan
from pipelines.methods.card import Method

MINIMUM_EVENTS = 20.0
MINIMUM_POPULATION = 1000.0
MINIMUM_PERIODS = 6
MOVING_RANGE_PER_SD = 1.128  # expected range of two normal draws, d2 for n = 2
SD_PER_MEAN_ABSOLUTE = float(np.sqrt(np.pi / 2))  # 1.2533, of a normal distribution
_NO_VARIATION = 1e-9  # log points; rounding leaves about 1e-16

RATIO = Method(
    id="M1.1",
    version="2",
    title="Ratio indicator",
    formula="r = k N / D; a group is the ratio of sums; se(log r) = mean moving range after a linear trend / 1.128",
    defaults={
        "k": 1,
        "minimum_denominator": MINIMUM_EVENTS,
        "minimum_population": MINIMUM_POPULATION,
        "minimum_periods": MINIMUM_PERIODS,
    },
    edge_cases="D = 0 gives zero_den and no value; D below the minimum gives small; a zero N is valid; with fewer than "
    "6 periods, or a history without any variation, the se is the sector's pooled within-body residual sd, "
    "taken from their mean absolute value.",
    source="methods.md M1.1; moving range: Wheeler (2000); two-way residuals: ordinary least squares",
)
REAL_TERMS = Method(
    id="M1.2",
    version="1",
    title="Real terms",
    formula="C_real = C_nominal P(base) / P(t)",
    defaults={"deflator": "GDP deflator at market prices", "base": "latest complete financial year"},
    edge_cases="A forecast deflator makes the result provisional; a quantity is never deflated.",
    source="HM Treasury, GDP deflators user guide; Atkinson (2005)",
)
METHODS = (RATIO, REAL_TERMS)
BASIS = {
    "own": "95% log-normal; standard error from the body's own history",
    "pooled": "95% log-normal; standard error from the sector's pooled within-body residuals",
    "none": "none: too few periods to see how figures vary",
}
"""What each basis of `log_se` means for the interval, in words."""
NO_LIMITS = "none: the value or its history gives none"


class Rate(NamedTuple):
    """value: rate per k, NaN when it has none; status: why, or ok. Both of the shape of the inputs."""

    value: FloatArray
    status: TextArray


class GroupRate(NamedTuple):
    """rate: total over total (the headline); typical: plain mean of the bodies' own rates; bodies: how many count."""

    rate: FloatArray
    typical: FloatArray
    bodies: FloatArray


class LogSe(NamedTuple):
    """se [..., n] of log r for one period; basis own, pooled or none; pooled sd [...] and its degrees of freedom."""

    se: FloatArray
    basis: TextArray
    pooled: FloatArray
    freedom: FloatArray


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    k: float = 1.0,
    *,
    status: ArrayLike = "ok",
    minimum: float = MINIMUM_EVENTS,
) -> Rate:
    """k N/D with the status that N, D and `status` together deserve.

    numerator, denominator : count or currency, shapes that broadcast, NaN where absent.   k : multiplier.
    status : worst status of the inputs (`status.worst`).   minimum : denominators below it are `small`.
    A value of status quarantined or withheld is still computed: it is stored, only never shown.
    Raises ValueError on a negative denominator or an infinite figure.   Source: methods.md M1.1.
    """
    top, bottom = floats(numerator, "numerator"), floats(denominator, "denominator")
    if (bottom < 0).any():
        raise ValueError("a denominator is negative; a rate needs a count, a population or a positive amount")
    absent = np.where(np.isnan(top) | np.isnan(bottom), "missing", "ok")
    thin = np.where(bottom == 0, "zero_den", np.where(bottom < minimum, "small", "ok"))
    combined = st.worst(status, absent, thin)
    value = np.where(st.is_in(combined, st.VALUELESS), np.nan, k * over(top, bottom))
    return Rate(value, combined)


def ratio_bounds(
    numerator_lo: ArrayLike,
    numerator_hi: ArrayLike,
    denominator_lo: ArrayLike,
    denominator_hi: ArrayLike,
    k: float = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """The least and the greatest rate that bounds on suppressed N and D (all 0 or more) allow; NaN where D may be 0."""
    low = k * over(numerator_lo, denominator_hi)
    return low, k * over(numerator_hi, denominator_lo)


def group_rate(numerator: ArrayLike, denominator: ArrayLike, k: float = 1.0) -> GroupRate:
    """The group's rate is total over total, over the bodies (first axis) that have both figures and D > 0.

    Statuses that may not enter a group (`status.REFERENCE`) are set to NaN by the caller.   Source: methods.md M1.1.
    """
    top, bottom = floats(numerator, "numerator"), floats(denominator, "denominator")
    counted = ~np.isnan(top) & (bottom > 0)
    bodies = np.asarray(counted.sum(axis=0), dtype=np.float64)
    sums = [np.where(counted, part, 0.0).sum(axis=0) for part in (top, bottom)]
    rates = np.where(counted, over(top, bottom), 0.0).sum(axis=0)
    return GroupRate(np.asarray(k * over(sums[0], sums[1])), np.asarray(k * over(rates, bodies)), bodies)


def real_terms(cost: ArrayLike, index: ArrayLike, base_index: float) -> FloatArray:
    """Cost at the prices of the base period: C P(base)/P(t), in the currency of `cost`.

    cost : (n, T) nominal.   index : (T,) deflator in any base, > 0, NaN where unknown.   base_index : the same
    deflator at the base period. Raises ValueError when an index is not positive.   Source: methods.md M1.2.
    """
    return floats(cost, "cost") * (_positive(base_index) / _positive(index))


def nominal_terms(real: ArrayLike, index: ArrayLike, base_index: float) -> FloatArray:
    """Cost at the prices of its own period: C_real P(t)/P(base), the inverse of `real_terms`."""
    return floats(real, "cost") * (_positive(index) / _positive(base_index))


def smooth_index(index: ArrayLike, affected: ArrayLike) -> FloatArray:
    """The deflator with `affected` periods replaced by geometric interpolation between their neighbours.

    index : (T,), > 0.   affected : (T,) true at a measurement spike such as 2020-21; never at either end.
    Raises ValueError when an end is marked. The result is imputed at those periods.   Source: methods.md M1.2.
    """
    levels, marked = _positive(index), np.asarray(affected, dtype=np.bool_)
    if marked[0] or marked[-1]:
        raise ValueError("the first or last deflator cannot be smoothed: it has no neighbour on one side")
    steps = np.arange(levels.size)
    filled = np.exp(np.interp(steps, steps[~marked], np.log(levels[~marked])))
    return np.where(marked, filled, levels)


def own_history_se(rate: ArrayLike) -> FloatArray:
    """Standard error of log r for one period, from the body's own history; NaN where it cannot say.

    rate : [..., n, T], periods in order, NaN where absent (the caller blanks periods before a break).
    Each body's log r loses its least-squares straight line in time, fitted to its observed periods. The mean absolute
    difference of consecutive observed residuals (a gap is bridged: under a straight line with independent noise the
    expected difference is the same), divided by 1.128, is the standard error. Bodies with fewer than 6 observed
    periods, or without variation, give NaN. At 6 periods removing the line lowers the result by 1.4 %.
    A mean of p periods has this se over sqrt(p).   Source: methods.md M1.1; Wheeler (2000).
    """
    logs = _logs(rate)
    seen = ~np.isnan(logs)
    periods = seen.sum(axis=-1, keepdims=True)
    residual = _without_line(logs, seen, periods)
    in_order = np.take_along_axis(residual, np.argsort(~seen, axis=-1, kind="stable"), axis=-1)
    ranges = np.nansum(np.abs(np.diff(in_order, axis=-1)), axis=-1)
    mean_range = over(ranges, periods[..., 0] - 1)
    enough = (periods[..., 0] >= MINIMUM_PERIODS) & (mean_range > _NO_VARIATION)
    return np.where(enough, mean_range / MOVING_RANGE_PER_SD, np.nan)


def pooled_se(rate: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Within-body residual sd of log r in the sector, and its degrees of freedom; both [...] for rate [..., n, T].

    Log r is fitted by ordinary least squares with one mean per body and one per period, on the observed cells only;
    freedom = cells - bodies - rank of the period effects within bodies (a complete panel has (n-1)(T-1)). The sd is
    1.2533 x mean absolute residual x sqrt(cells / freedom): under normal noise the same as from squares, but one body
    that moved does not widen everybody's interval. On the English councils' 59 histories its 95 % limits hold 95.5 % of
    changes from one year to the next, those from squares 97.0 %.
    Every body of the sector counts alike, those with a history of their own included. NaN when freedom is 0.
    Source: methods.md M1.1; the scale of the mean absolute deviation as in M2.1.
    """
    logs = _logs(rate)
    seen = ~np.isnan(logs)
    cells = seen.astype(np.float64)
    per_body = cells.sum(axis=-1, keepdims=True)
    centred = _within(logs, seen, per_body)
    weighted = np.nan_to_num(over(cells, per_body))
    gram = _diagonal(cells.sum(axis=-2)) - np.swapaxes(cells, -1, -2) @ weighted
    values, vectors = np.linalg.eigh(gram)
    real = values > 1e-9 * np.maximum(values.max(axis=-1, keepdims=True), 1.0)
    loads = np.einsum("...ji,...j->...i", vectors, centred.sum(axis=-2))
    effects = np.einsum("...ti,...i->...t", vectors, np.where(real, loads / np.where(real, values, 1.0), 0.0))
    residual = _within(centred - effects[..., None, :], seen, per_body)
    count = cells.sum(axis=(-1, -2))
    freedom = count - (per_body[..., 0] > 0).sum(axis=-1) - real.sum(axis=-1)
    mean_absolute = over(np.abs(residual).sum(axis=(-1, -2)), count)
    return SD_PER_MEAN_ABSOLUTE * mean_absolute * np.sqrt(over(count, freedom)), freedom


def log_se(rate: ArrayLike) -> LogSe:
    """Standard error of log r for one period: the body's own history, else the sector's pooled residuals.

    rate : [..., n, T], n bodies of one sector, rates > 0 (others are left out).   Returns arrays [..., n].
    basis says which: own (`own_history_se`), pooled (`pooled_se`) or none.   Source: methods.md M1.1.
    """
    own = own_history_se(rate)
    pooled, freedom = pooled_se(rate)
    spread = np.broadcast_to(pooled[..., None], own.shape)
    has_own, has_pooled = ~np.isnan(own), ~np.isnan(spread)
    basis = np.where(has_own, "own", np.where(has_pooled, "pooled", "none"))
    return LogSe(np.where(has_own, own, spread), basis, pooled, freedom)


def _positive(index: ArrayLike) -> FloatArray:
    levels = floats(index, "deflator")
    if (levels <= 0).any():
        raise ValueError("a deflator is zero or negative")
    return levels


def _within(logs: FloatArray, seen: np.ndarray, per_body: FloatArray) -> FloatArray:
    """Logs less each body's mean over its observed cells; 0 where absent."""
    mean = over(np.where(seen, logs, 0.0).sum(axis=-1, keepdims=True), per_body)
    return np.asarray(np.where(seen, logs - mean, 0.0))


def _logs(rate: ArrayLike) -> FloatArray:
    values = floats(rate, "rate")
    return np.asarray(np.log(np.where(values > 0, values, np.nan)))


def _diagonal(values: FloatArray) -> FloatArray:
    return np.asarray(values[..., None] * np.eye(values.shape[-1]))


def _without_line(logs: FloatArray, seen: np.ndarray, periods: np.ndarray) -> FloatArray:
    time = np.where(seen, np.arange(logs.shape[-1], dtype=np.float64), np.nan)
    share = zeros_to_nan(periods.astype(np.float64))
    level = logs - np.nansum(logs, axis=-1, keepdims=True) / share
    moment = time - np.nansum(time, axis=-1, keepdims=True) / share
    slope = over(np.nansum(moment * level, axis=-1, keepdims=True), np.nansum(moment**2, axis=-1, keepdims=True))
    return np.asarray(level - slope * moment)
