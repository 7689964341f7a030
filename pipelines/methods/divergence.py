"""Shrinking denominators, moved categories, output without quality, dear base years, breaks at a start (M4.10).

Each is a question about a pattern that a real improvement would not leave, and that a change of definition, of case mix
or of clientele may well explain.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr

from pipelines.methods import draws
from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.screens import LEVEL, Screen, not_asked

PART, SDS, PERIODS_RUNNING = 0.60, 2.0, 2
LEAST_CHANGES = 4
TRIM = 3  # periods on each side of a candidate break
REPLICATES = 1999

METHOD = Method(
    id="M4.10",
    version="1",
    title="Denominator, divergence and displacement",
    formula="dln(N/D) = dlnN - dlnD; output change less quality change in sds of their history; fall in one category "
    "with rise in its neighbour and the total conserved; base years against the others' trend; sup-F at the start",
    defaults={"part": PART, "sds": SDS, "running": PERIODS_RUNNING, "level": LEVEL, "trim": TRIM},
    edge_cases="under five periods of history nothing is asked; a break is asked about only at the start",
    source="Bevan & Hood (2006); Andrews (1993) for sup-F; methods.md M4.10",
)


class LogChange(NamedTuple):
    """change of ln(N/D) and its two parts, which add up to it; ratio [2] before and after."""

    change: float
    numerator: float
    denominator: float
    ratio: FloatArray


def log_change(numerator: ArrayLike, denominator: ArrayLike) -> LogChange:
    """How much of a change of a ratio came from its numerator and how much from its denominator.

    numerator, denominator (2,) : before and after, > 0. Raises ValueError otherwise.
    """
    top, bottom = floats(numerator, "numerator"), floats(denominator, "denominator")
    if top.shape != (2,) or bottom.shape != (2,) or not ((top > 0).all() and (bottom > 0).all()):
        raise ValueError("two numerators and two denominators above 0 are needed")
    up, down = float(np.log(top[1] / top[0])), -float(np.log(bottom[1] / bottom[0]))
    return LogChange(up + down, up, down, top / bottom)


def shrinking_denominator(numerator: ArrayLike, denominator: ArrayLike, peers: ArrayLike, direction: int = 1) -> Screen:
    """Whether an improvement came from a denominator that shrank unusually, while the peers' did not.

    numerator, denominator (T,) : the body's, the last two periods compared; peers (p,) : change of the log of each
    peer's denominator between the same two; direction : +1 when a higher ratio is better, -1 when lower (a
    denominator that grew is then asked about). Unusual: over 2 sds of its own earlier changes;
    the median of the peers is not.
    """
    top, bottom = floats(numerator, "numerator"), floats(denominator, "denominator")
    history = np.diff(np.log(bottom))[:-1]
    if history.size < LEAST_CHANGES or np.isnan(history).any():
        return not_asked("denominator", "denominator", "five periods before the last are needed", bottom.size)
    found = log_change(top[-2:], bottom[-2:])
    usual, spread = float(history.mean()), float(history.std(ddof=1))
    moved = direction * (-found.denominator - usual)
    others = direction * (float(np.median(floats(peers, "peers"))) - usual)
    improved = direction * found.change
    part = direction * found.denominator / improved if improved > 0 else 0.0
    flag = improved > 0 and part > PART and moved < -SDS * spread and others >= -SDS * spread
    question = (
        f"The ratio went from {found.ratio[0]:.3g} to {found.ratio[1]:.3g}; {part:.0%} of this came from the "
        f"denominator, which changed by {np.expm1(-found.denominator):+.1%}: what changed in who or what is counted?"
    )
    sds = moved / spread if spread > 0 else np.nan
    return Screen("denominator", "denominator", question, sds, np.nan, -SDS, bottom.size, flag)


def quality_divergence(output: ArrayLike, quality: ArrayLike) -> Screen:
    """Whether measured output rose while quality did not: more than 2 sds apart in each of the last two periods.

    output, quality (T,) : on any scale, higher better, complete; the changes before the last two say what is usual. The
    difference of the two standardised changes is itself put in sds of its history, so that 2 means 2.
    """
    made, good = np.diff(floats(output, "output")), np.diff(floats(quality, "quality"))
    history = made.size - PERIODS_RUNNING
    if history < LEAST_CHANGES or np.isnan(made + good).any():
        return not_asked("quality", "quality", "four usual changes and two later ones are needed", made.size + 1)
    apart = _standardised(made, history) - _standardised(good, history)
    statistic = float(_standardised(apart, history)[history:].min())
    question = (
        f"Output rose and quality did not follow: {statistic:.1f} usual variations apart for two periods running. "
        "Why does the one not show in the other?"
    )
    return Screen("quality", "quality", question, statistic, np.nan, SDS, made.size + 1, statistic > SDS)


def category_move(measured: ArrayLike, neighbour: ArrayLike, level: float = LEVEL) -> Screen:
    """Whether cases moved from a measured category to the one beside it, their total unchanged.

    measured, neighbour (2,) : counts before and after over like periods. Asked when the fall and the rise are each
    significant (one-sided, the larger p is given) and the change of the total is not (two-sided).
    Source: difference of two Poisson counts over the root of their sum.
    """
    fallen, risen = floats(measured, "measured"), floats(neighbour, "neighbour")
    if (fallen < 0).any() or (risen < 0).any():
        raise ValueError("a count is negative")
    sums = fallen.sum(), risen.sum()
    if min(sums) == 0:
        return not_asked("category move", "displacement", "a category is empty", int(sum(sums)))
    z = (fallen[0] - fallen[1]) / np.sqrt(sums[0]), (risen[1] - risen[0]) / np.sqrt(sums[1])
    total = (fallen + risen)[1] - (fallen + risen)[0]
    conserved = 2 * float(ndtr(-abs(total) / np.sqrt(sum(sums)))) >= level
    p = float(ndtr(-min(z)))
    question = (
        f"{fallen[0] - fallen[1]:.0f} fewer cases are counted here and {risen[1] - risen[0]:.0f} more in the category "
        "beside it, while their total is unchanged: was the line between them moved?"
    )
    name, n = "category move", int(sum(sums))
    return Screen(name, "displacement", question, float(min(z)), p, level, n, bool(p < level and conserved))


def base_year_spike(spend: ArrayLike, base: ArrayLike, level: float = LEVEL) -> Screen:
    """Whether spending was above its trend in the years that became the baseline: Student's t of the base years.

    spend (T,) : real, > 0, in order; base (T,) : which years became the baseline. The log-linear trend is that of all
    years, the base years set apart by a dummy; T - 3 degrees of freedom.   Raises ValueError on a spend of 0 or less.
    """
    money, years = floats(spend, "spend"), np.asarray(base, dtype=np.bool_)
    kept = ~np.isnan(money)
    if (money[kept] <= 0).any():
        raise ValueError("spending must be above 0")
    freedom = int(kept.sum()) - 3
    if freedom < 3 or not years[kept].any() or (~years[kept]).sum() < 3:
        return not_asked("base years", "base years", "three other years and six in all are needed", int(kept.sum()))
    place = np.arange(money.size, dtype=np.float64)[kept]
    above, t = _dummy(np.log(money[kept]), np.column_stack([np.ones(place.size), place]), years[kept])
    p = float(stdtr(freedom, -t))
    question = (
        f"Why did spending in the years that became the baseline stand {np.expm1(above):+.1%} from the trend of the "
        "years around them?"
    )
    return Screen("base years", "base years", question, t, p, level, int(kept.sum()), p < level)


def start_break(series: ArrayLike, start: int, reach: int = 1, level: float = LEVEL) -> Screen:
    """Whether a count that depends on a definition breaks just where its target starts: sup-F over all dates.

    series (T,) : a definitional sub-count, complete; start : first period under the target; reach : periods either side
    that count as the start. A linear trend is allowed for. Asked when the greatest F is significant and stands at the
    start; its distribution is simulated for this length (independent normal noise).
    """
    values = floats(series, "series")
    if np.isnan(values).any() or values.size < 4 * TRIM or not TRIM <= start <= values.size - TRIM:
        reason = f"{4 * TRIM} complete periods, {TRIM} on each side of the start, are needed"
        return not_asked("break at start", "break", reason, values.size)
    tests = _f_tests(values[None, :])[0]
    greatest, at = float(tests.max()), TRIM + int(tests.argmax())
    p = float((1 + (_null_sup_f(values.size) >= greatest).sum()) / (1 + REPLICATES))
    question = (
        f"The series changes level at period {at + 1}, and the target started at period {start + 1}: did what is "
        "counted change with it?"
    )
    flag = p < level and abs(at - start) <= reach
    return Screen("break at start", "break", question, greatest, p, level, values.size, flag)


def _standardised(changes: FloatArray, history: int) -> FloatArray:
    usual = changes[:history]
    spread = usual.std(ddof=1)
    return np.asarray((changes - usual.mean()) / (spread if spread > 0 else np.nan))


def _dummy(target: FloatArray, design: FloatArray, marked: BoolArray) -> tuple[float, float]:
    """Coefficient of a dummy beside other columns, and its t."""
    both = np.column_stack([design, marked])
    inverse = np.linalg.pinv(both.T @ both)
    coefficients = inverse @ both.T @ target
    rest = target - both @ coefficients
    variance = float(rest @ rest) / (target.size - both.shape[1])
    return float(coefficients[-1]), float(coefficients[-1] / max(np.sqrt(variance * inverse[-1, -1]), 1e-300))


def _f_tests(series: FloatArray) -> FloatArray:
    """[k, dates]: F of a level shift at every date from TRIM, beside a linear trend, for series (k, T)."""
    length = series.shape[1]
    trend = np.linalg.qr(np.column_stack([np.ones(length), np.arange(length)]))[0]
    steps = (np.arange(length)[:, None] >= np.arange(TRIM, length - TRIM + 1)).astype(np.float64)
    steps -= trend @ (trend.T @ steps)
    rest = series - series @ trend @ trend.T
    total = (rest**2).sum(axis=1, keepdims=True)
    explained = np.minimum((rest @ steps) ** 2 / (steps**2).sum(axis=0), total)
    return np.asarray((length - 3) * explained / np.maximum(total - explained, 1e-300))


@lru_cache(maxsize=64)
def _null_sup_f(length: int) -> FloatArray:
    noise = draws.generator("M4.10 sup-F", replicate=length).standard_normal((REPLICATES, length))
    return np.asarray(_f_tests(noise).max(axis=1))
