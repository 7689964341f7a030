"""Digits, heaps, repeats and series smoother than chance allows (methods.md M4.9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc
from scipy.stats import binom

from pipelines.methods.arrays import FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.screens import LEVEL, Screen, not_asked

LEAST_VALUES, LEAST_SPAN = 100, 100.0
LEAST_PERIODS = 6
SMOOTH = 0.5

METHOD = Method(
    id="M4.9",
    version="1",
    title="Digit, heaping and duplication tests",
    formula="chi2 of ten last digits, 9 df; Whipple = 100 x share ending in 0 or 5 / 0.2; repeats against chance; "
    "sum of squared differences over what sampling alone gives",
    defaults={"level": LEVEL, "values": LEAST_VALUES, "span": LEAST_SPAN, "periods": LEAST_PERIODS, "smooth": SMOOTH},
    edge_cases="digits are tested from 100 values that span 100 units of the last digit; Benford's law is not used: "
    "public-service ratios do not satisfy its conditions",
    source="Whipple (1919); von Neumann (1941); methods.md M4.9",
)


def last_digits(values: ArrayLike, unit: float = 1.0) -> IntArray:
    """How many values end in 0, 1, ..., 9: (10,) counts. unit : of the last digit printed. NaN is left out."""
    given = floats(values, "values")
    digits = np.rint(np.abs(given[~np.isnan(given)]) / unit).astype(np.int64) % 10
    return np.bincount(digits, minlength=10)


def terminal_digits(counts: ArrayLike, span: float = np.inf, level: float = LEVEL) -> Screen:
    """Whether last digits are as even as chance leaves them: chi-square on 9 degrees of freedom.

    counts (10,) : values ending in each digit; span : of the values, in units of the last digit.
    """
    seen = floats(counts, "counts")
    n = int(seen.sum())
    if n < LEAST_VALUES or span < LEAST_SPAN:
        return not_asked("last digits", "digits", f"{LEAST_VALUES} values over {LEAST_SPAN:g} units are needed", n)
    statistic = float(((seen - n / 10) ** 2).sum() / (n / 10))
    p = float(chdtrc(9, statistic))
    most = int(seen.argmax())
    question = f"Why do {seen[most]:.0f} of {n} values end in {most}, where about {n / 10:.0f} would by chance?"
    return Screen("last digits", "digits", question, statistic, p, level, n, p < level)


def heaping(counts: ArrayLike, span: float = np.inf, level: float = LEVEL) -> Screen:
    """Whether more values end in 0 or 5 than one in five: Whipple's index, 100 when they do not; exact binomial."""
    seen = floats(counts, "counts")
    n, round_numbers = int(seen.sum()), int(seen[0] + seen[5])
    if n < LEAST_VALUES or span < LEAST_SPAN:
        return not_asked("heaping", "digits", f"{LEAST_VALUES} values over {LEAST_SPAN:g} units are needed", n)
    index = 100 * round_numbers / n / 0.2
    p = float(binom.sf(round_numbers - 1, n, 0.2))
    question = f"Why do {round_numbers} of {n} values end in 0 or 5, where about {n / 5:.0f} would by chance?"
    return Screen("heaping", "digits", question, index, p, level, n, p < level)


def repeats(values: ArrayLike, sampling_sd: ArrayLike, unit: float = 1.0, level: float = LEVEL) -> Screen:
    """Whether the same value is printed again more often than sampling allows.

    values (T,) in order; sampling_sd (T,) or scalar : chance sd of each (square root of a count; sqrt(p(1-p)/n) of a
    share); unit : of the last digit printed. A trend makes repeats rarer, so the test errs towards not asking.
    Raises ValueError on an sd of 0 or less.
    """
    series, spread = _series(values, sampling_sd)
    if series.size < LEAST_PERIODS:
        return not_asked("repeats", "series", f"{LEAST_PERIODS} periods are needed", series.size)
    chance = np.minimum(unit / np.sqrt(2 * np.pi * (spread[1:] ** 2 + spread[:-1] ** 2)), 1.0)
    again = int((np.abs(np.diff(series)) < unit / 2).sum())
    p = _at_least(again, chance)
    question = (
        f"Why is the value of the period before printed again {again} times in {series.size} periods, where about "
        f"{chance.sum():.1f} would be by chance?"
    )
    return Screen("repeats", "series", question, float(again), p, level, series.size, p < level)


def too_smooth(values: ArrayLike, sampling_sd: ArrayLike, level: float = LEVEL) -> Screen:
    """Whether a series moves less from period to period than sampling alone would make it.

    The ratio of squared differences to their expectation is 1 by chance and more with real change; it is asked about
    below 0.5 when that is significant. Its chance is a scaled chi-square with the mean and variance of squared
    differences of independent figures, which overlap.   Arguments and errors as `repeats`.
    """
    series, spread = _series(values, sampling_sd)
    if series.size < LEAST_PERIODS:
        return not_asked("too smooth", "series", f"{LEAST_PERIODS} periods are needed", series.size)
    pairs = series.size - 1
    ratio = float((np.diff(series) ** 2 / (spread[1:] ** 2 + spread[:-1] ** 2)).mean())
    freedom = 2 * pairs**2 / (3 * pairs - 1)  # variance 2 each, covariance 1/2 with each neighbour
    p = 1 - float(chdtrc(freedom, ratio * freedom))
    question = f"Why does the series move only {ratio:.0%} as much from period to period as chance alone would make it?"
    return Screen("too smooth", "series", question, ratio, p, SMOOTH, series.size, ratio < SMOOTH and p < level)


def _series(values: ArrayLike, sampling_sd: ArrayLike) -> tuple[FloatArray, FloatArray]:
    series = floats(values, "values")
    spread = np.broadcast_to(floats(sampling_sd, "sampling_sd"), series.shape)
    kept = ~np.isnan(series + spread)
    if (spread[kept] <= 0).any():
        raise ValueError("a sampling sd is 0 or less; a figure without chance in it cannot be tested for chance")
    return series[kept], spread[kept]


def _at_least(count: int, chance: FloatArray) -> float:
    """P(at least `count` of independent events): the distribution built one event at a time."""
    so_far = np.ones(1)
    for one in chance:
        so_far = np.convolve(so_far, [1 - one, one])
    return float(min(1.0, so_far[count:].sum()))
