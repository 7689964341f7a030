"""Exact and score intervals for counts, proportions and rates (methods.md M3.3, M3.5, M0.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, ndtri

from pipelines.methods.arrays import FloatArray, TextArray, floats, over, zeros_to_nan
from pipelines.methods.card import Method

LEVEL = 0.95
EXACT_BELOW = 10
DSR_MINIMUM = 10

METHOD = Method(
    id="M3.3",
    version="1",
    title="Exact and score intervals",
    formula="counts: Byar from 10, exact chi-square below; proportions: Wilson; standardised rates: Dobson; indirect "
    "ratios: Byar / E; unit costs: r exp(+- z se)",
    defaults={"level": LEVEL, "exact_below": EXACT_BELOW, "dsr_minimum": DSR_MINIMUM, "dispersion": 1.0},
    edge_cases="n = 0 gives no value; x > n is refused; a standardised rate from fewer than 10 events is suppressed.",
    source="Breslow & Day (1987) for Byar; Wilson (1927); Dobson et al. (1991)",
)


class Interval(NamedTuple):
    """value, lo, hi in one unit and of one shape, NaN where absent; status says why."""

    value: FloatArray
    lo: FloatArray
    hi: FloatArray
    status: TextArray


def count_ci(count: ArrayLike, level: float = LEVEL) -> Interval:
    """Limits of the mean of a Poisson count: Byar from 10 events, exact chi-square below; lower 0 at 0.

    count : any shape, events >= 0 (fractions, as in pooled counts, are allowed), NaN where absent.
    Raises ValueError on a negative count or a level outside (0, 1).   Source: methods.md M3.3.
    """
    seen = _not_negative(count, "count")
    z = _z(level)
    few = seen < EXACT_BELOW
    lo, hi = _byar(seen, -z), _byar(seen + 1, z)
    lo[few], hi[few] = _exact(seen[few], level)
    return Interval(seen, lo, hi, _present(seen))


def prop_ci(events: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Interval:
    """Wilson's score limits of x/n, as fractions.

    events, n : counts that broadcast, 0 <= x <= n. n = 0 gives zero_den. Raises ValueError when x > n or x < 0.
    Source: Wilson (1927), Journal of the American Statistical Association 22.
    """
    x, size = np.broadcast_arrays(_not_negative(events, "events"), _not_negative(n, "n"))
    if (x > size).any():
        raise ValueError("more events than cases; a rate that can exceed 1 is a count, not a proportion")
    z = _z(level)
    share = over(x, size)
    root = z * np.sqrt(z**2 + 4 * x * np.maximum(1 - share, 0))
    lo, hi = ((2 * x + z**2 + sign * root) / (2 * (size + z**2)) for sign in (-1, 1))
    # The formula gives exactly 0 and 1 at the ends, up to rounding; say so exactly.
    status = np.where(size == 0, "zero_den", _present(x + size))
    return Interval(share, np.where(share == 0, 0.0, lo), np.where(share == 1, 1.0, hi), status)


def unit_cost_ci(value: ArrayLike, se: ArrayLike, level: float = LEVEL) -> Interval:
    """Log-normal limits r exp(-z se), r exp(+z se) of a unit cost.

    value : > 0.   se : standard error of log r (`indicators.log_se`), >= 0. NaN se, or a value that is not positive,
    leaves the limits NaN: no statement of evidence can be made.   Source: methods.md M3.3.
    """
    centre, spread = np.broadcast_arrays(floats(value, "value"), _not_negative(se, "se"))
    reach = np.exp(np.where(centre > 0, _z(level) * spread, np.nan))
    return Interval(centre, centre / reach, centre * reach, _present(centre))


class RateLimits(NamedTuple):
    """se, lo, hi of a rate per k, NaN where there is none; words say how they were found."""

    se: FloatArray
    lo: FloatArray
    hi: FloatArray
    words: str


def event_rate_ci(kind: str, events: ArrayLike, base: ArrayLike, k: float = 1.0) -> RateLimits:
    """95 % limits of k x events / base: Wilson of a proportion, Byar and exact of a count over a fixed base (M3.3).

    kind : proportion or count.   events, base : of one shape, NaN where absent.
    Raises ValueError on another kind, a negative count, or a proportion with more events than cases.
    """
    top, bottom = floats(events, "events"), floats(base, "base")
    if kind == "proportion":
        found = prop_ci(top, bottom)
        se = k * np.sqrt(found.value * (1 - found.value) / bottom)
        return RateLimits(se, k * found.lo, k * found.hi, "95% Wilson score")
    if kind == "count":
        counted = count_ci(top)
        words = "95% Byar, exact below 10 events"
        return RateLimits(k * np.sqrt(top) / bottom, k * counted.lo / bottom, k * counted.hi / bottom, words)
    raise ValueError(f"{kind!r} is no count of events; expected proportion or count")


def dsr_ci(
    events: ArrayLike, n: ArrayLike, weights: ArrayLike, k: float = 1.0, level: float = LEVEL, dispersion: float = 1.0
) -> Interval:
    """Directly standardised rate per k with Dobson's limits; strata on the last axis.

    events, n, weights : [..., strata]; n > 0.   dispersion : multiplies the variance (repeat events).
    Fewer than 10 events in all: suppressed, no value. Raises ValueError when an n is not positive.
    Source: Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10.
    """
    x, size, share = (_not_negative(part, name) for part, name in ((events, "events"), (n, "n"), (weights, "weights")))
    if (size <= 0).any():
        raise ValueError("a stratum has no population; leave it out or merge it")
    total_weight = share.sum(axis=-1)
    rate = (share * x / size).sum(axis=-1) / total_weight
    variance = dispersion * (share**2 * x / size**2).sum(axis=-1) / total_weight**2
    total = x.sum(axis=-1)
    few = total < DSR_MINIMUM
    count = count_ci(total, level)
    step = np.sqrt(over(variance, total))
    value, lo, hi = (np.where(few, np.nan, k * (rate + step * (end - total))) for end in (total, count.lo, count.hi))
    return Interval(value, lo, hi, np.where(few, "suppressed", _present(total)))


def indirect_ci(observed: ArrayLike, expected: ArrayLike, k: float = 1.0, level: float = LEVEL) -> Interval:
    """Indirectly standardised ratio k O/E with the count's limits over E; E = 0 gives zero_den (methods.md M3.5)."""
    base = _not_negative(expected, "expected")
    count = count_ci(observed, level)
    value, lo, hi = (np.asarray(k * over(part, base)) for part in (count.value, count.lo, count.hi))
    return Interval(value, lo, hi, np.where(base == 0, "zero_den", _present(value)))


def rounding_sd(base: float) -> float:
    """Standard deviation that rounding counts to `base` adds: base/sqrt(12), to be added in quadrature (M0.2)."""
    return float(base / np.sqrt(12))


def _byar(count: FloatArray, z: float) -> FloatArray:
    known = zeros_to_nan(count)
    return np.array(count * (1 - 1 / (9 * known) + z / (3 * np.sqrt(known))) ** 3)


def _exact(count: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    none = count == 0
    lo = np.where(none, 0.0, chdtri(2 * np.where(none, 1, count), (1 + level) / 2) / 2)
    return lo, np.asarray(chdtri(2 * count + 2, (1 - level) / 2) / 2)


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    return float(ndtri((1 + level) / 2))


def _not_negative(values: ArrayLike, name: str) -> FloatArray:
    array = floats(values, name)
    if (array < 0).any():
        raise ValueError(f"{name} holds a negative value")
    return array


def _present(values: FloatArray) -> TextArray:
    return np.where(np.isnan(values), "missing", "ok")
