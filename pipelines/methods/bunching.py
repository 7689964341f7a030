"""Bunching at a threshold: more cases just on its good side than their neighbours would lead one to expect (M4.8).

A deadline makes people finish in time, which is its purpose: bunching alone says nothing of reporting. The companion
question is whether outcomes of just-in-time cases differ.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr
from scipy.stats import binom, fisher_exact

from pipelines.methods import draws
from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.card import Method
from pipelines.methods.screens import LEVEL, Screen, not_asked

FAMILY = "threshold"
REPLICATES = 1000
LEAST_CASES = 20
FULL_DEGREE_BINS, FULL_DEGREE, LOW_DEGREE = 30, 5, 3
BANDWIDTH = 2.576  # rule of thumb for a triangular kernel, times sd n^(-1/5)
MOST_TIED = 0.5

METHOD = Method(
    id="M4.8",
    version="1",
    title="Bunching at thresholds",
    formula="binomial 1/2 of two narrow windows; jump of the density by local cubic fits to the distribution function, "
    "bandwidth of the quadratic; excess over a polynomial of bin counts fitted away from the threshold",
    defaults={"level": LEVEL, "replicates": REPLICATES, "bandwidth": BANDWIDTH, "excluded": 2, "window": 1},
    edge_cases="rounded times: bins follow the rounding, heaps have dummies; a density of tied values is not tested",
    source="McCrary (2008); Cattaneo, Jansson & Ma (2020); Kleven (2016); Chetty et al. (2011)",
)

Side = Literal["below", "above"]


class ExcessMass(NamedTuple):
    """fitted [bins]; missing: fitted less observed in the window on the bad side; excess: observed less fitted on the
    good side; relative: excess over the mean fitted there; se: of the excess; freedom: bins less coefficients."""

    fitted: FloatArray
    missing: float
    excess: float
    relative: float
    se: float
    freedom: int
    bins: int


class Jump(NamedTuple):
    """below, above: density at the threshold from each side; t: their difference over its standard error; n: cases in
    reach, below and above."""

    below: float
    above: float
    t: float
    n: tuple[int, int]


def local_binomial(good: int, bad: int, level: float = LEVEL) -> Screen:
    """Whether as many cases stand just inside the threshold as just outside: exact binomial, both sides.

    good, bad : cases in two windows of one narrow width. Raises ValueError on a negative count.
    """
    if min(good, bad) < 0:
        raise ValueError("a count of cases is negative")
    n = good + bad
    if n == 0:
        return not_asked("local binomial", FAMILY, "no case stands near the threshold", 0)
    p = min(1.0, 2 * float(binom.cdf(min(good, bad), n, 0.5)))
    question = f"Why do {good} cases stand just inside the threshold and {bad} just outside?"
    return Screen("local binomial", FAMILY, question, good / n, p, level, n, p < level and good > bad)


def density_jump(values: ArrayLike, threshold: float, bandwidth: float | None = None) -> Jump:
    """The density on either side of a threshold, and whether it jumps: t is standard normal when it does not.

    values (n,) : NaN left out. bandwidth : reach on each side, by default the rule of thumb for the quadratic fit; the
    fit is cubic, which takes the quadratic's bias away (robust bias correction).
    Raises ValueError on values of which half or more are tied (bin them instead), or under 20 cases on a side.
    Source: Cattaneo, Jansson & Ma (2020), Journal of the American Statistical Association 115, unrestricted estimator.
    """
    ordered = np.sort(floats(values, "values")[~np.isnan(floats(values, "values"))])
    if np.unique(ordered).size <= MOST_TIED * ordered.size:
        raise ValueError("most values are tied: count them in bins that follow the rounding and use excess_mass")
    reach = bandwidth or BANDWIDTH * float(ordered.std(ddof=1)) * ordered.size**-0.2
    offset = (ordered - threshold) / reach
    sides = (offset >= -1) & (offset < 0), (offset >= 0) & (offset <= 1)
    counts = int(sides[0].sum()), int(sides[1].sum())
    if min(counts) < LEAST_CASES:
        raise ValueError(f"{counts[0]} and {counts[1]} cases within reach of the threshold; {LEAST_CASES} are needed")
    last = np.searchsorted(ordered, ordered, side="right")
    weights = [_slope_weights(offset, side) / reach for side in sides]
    below, above = (float(weight @ last) / (ordered.size - 1) for weight in weights)
    # A case moves the distribution function at every value from its own upwards.
    first = np.searchsorted(ordered, ordered, side="left")
    pull = np.append(np.cumsum((weights[1] - weights[0])[::-1])[::-1], 0.0)[first]
    se = float(np.sqrt(pull.var() * ordered.size)) / (ordered.size - 1)
    return Jump(below, above, (above - below) / se, counts)


def ask_density(jump: Jump, good: Side, level: float = LEVEL) -> Screen:
    """The question of a jump: one-sided, towards the good side."""
    better, worse = (jump.above, jump.below) if good == "above" else (jump.below, jump.above)
    towards = jump.t if good == "above" else -jump.t
    p = float(ndtr(-towards))
    question = (
        f"Why are cases {_times(better, worse)} as dense just on the good side of the threshold as just on the other?"
    )
    return Screen("density jump", FAMILY, question, towards, p, level, sum(jump.n), p < level)


def excess_mass(
    counts: ArrayLike,
    threshold_after: int,
    *,
    good: Side = "above",
    degree: int | None = None,
    excluded: int = 2,
    window: int = 1,
    heaps: ArrayLike | None = None,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ExcessMass:
    """Cases in excess on the good side of a threshold, against a polynomial through the bins away from it.

    counts (b,) : cases per bin, bins of equal width; threshold_after : bins below the threshold; good : the side that
    meets it; excluded, window : bins on each side kept out of the fit, and counted; heaps (b,) : bins at round numbers,
    given a dummy. The standard error resamples Pearson residuals, never taken as less than a Poisson count's.
    Raises ValueError when the threshold is not inside, or too few bins are left.   Source: Kleven (2016).
    """
    seen = floats(counts, "counts")
    if not window <= excluded <= min(threshold_after, seen.size - threshold_after):
        raise ValueError("the windows do not fit between the ends of the bins and the threshold")
    power = degree if degree is not None else FULL_DEGREE if seen.size >= FULL_DEGREE_BINS else LOW_DEGREE
    place = np.arange(seen.size)
    used = (place < threshold_after - excluded) | (place >= threshold_after + excluded)
    design = _design(seen.size, power, heaps)
    freedom = int(used.sum()) - design.shape[1]
    if freedom < 1:
        raise ValueError(f"{used.sum()} bins away from the threshold cannot fit {design.shape[1]} coefficients")
    hat = design @ np.linalg.pinv(design[used])
    fitted = hat @ seen[used]
    inner, outer = _windows(threshold_after, window, good)
    excess = float((seen - fitted)[inner].sum())
    se = _excess_se(seen, fitted, hat, used, inner, freedom, draws.generator("M4.8", seed=seed), replicates)
    missing = float((fitted - seen)[outer].sum())
    return ExcessMass(fitted, missing, excess, excess / float(fitted[inner].mean()), se, freedom, seen.size)


def balanced(
    found: ExcessMass, counts: ArrayLike, threshold_after: int, good: Side = "above", window: int = 1
) -> float:
    """Excess when the fit is scaled until as many are missing on the bad side as are in excess on the good one."""
    seen = floats(counts, "counts")
    inner, outer = _windows(threshold_after, window, good)
    scale = (seen[inner].sum() + seen[outer].sum()) / (found.fitted[inner].sum() + found.fitted[outer].sum())
    return float((seen - scale * found.fitted)[inner].sum())


def ask_excess(found: ExcessMass, level: float = LEVEL) -> Screen:
    """The question of an excess: one-sided, Student's t with the freedom of the fit."""
    t = found.excess / found.se
    p = float(stdtr(found.freedom, -t))
    question = (
        f"Why are there {found.excess:.1f} more cases just inside the threshold than their neighbours lead one to "
        f"expect, and {found.missing:.1f} fewer just outside?"
    )
    return Screen("excess mass", FAMILY, question, t, p, level, found.bins, p < level)


def just_in_time(events: tuple[int, int], cases: tuple[int, int], level: float = LEVEL) -> Screen:
    """Whether cases finished just in time come out otherwise than the others: the companion of every bunching screen.

    events (re-contacts, returns), cases : (just in time, other). Fisher's exact test, both sides.
    Raises ValueError on more events than cases or a negative count.
    """
    if min(events) < 0 or events[0] > cases[0] or events[1] > cases[1]:
        raise ValueError("more events than cases, or a negative count")
    n = sum(cases)
    if min(cases) == 0:
        return not_asked("just in time", FAMILY, "there are no cases on one of the sides", n)
    shares = events[0] / cases[0], events[1] / cases[1]
    table = [[events[0], cases[0] - events[0]], [events[1], cases[1] - events[1]]]
    p = float(fisher_exact(table).pvalue)
    question = (
        f"Why do {shares[0]:.0%} of the cases finished just in time come back, and {shares[1]:.0%} of the others?"
    )
    return Screen("just in time", FAMILY, question, shares[0] - shares[1], p, level, n, p < level)


def _slope_weights(offset: FloatArray, side: BoolArray) -> FloatArray:
    """Weights on the distribution function whose sum is the slope at the threshold: local cubic, triangular kernel."""
    powers = np.vander(offset[side], 4, increasing=True)
    root = np.sqrt(1 - np.abs(offset[side]))
    weights = np.zeros_like(offset)
    weights[side] = np.linalg.pinv(powers * root[:, None])[1] * root
    return weights


def _design(bins: int, degree: int, heaps: ArrayLike | None) -> FloatArray:
    powers = np.asarray(np.polynomial.legendre.legvander(np.linspace(-1, 1, bins), degree), dtype=np.float64)
    return powers if heaps is None else np.column_stack([powers, floats(heaps, "heaps")])


def _windows(threshold_after: int, window: int, good: Side) -> tuple[slice, slice]:
    below, above = slice(threshold_after - window, threshold_after), slice(threshold_after, threshold_after + window)
    return (above, below) if good == "above" else (below, above)


def _excess_se(
    seen: FloatArray,
    fitted: FloatArray,
    hat: FloatArray,
    used: BoolArray,
    inner: slice,
    freedom: int,
    stream: np.random.Generator,
    replicates: int,
) -> float:
    size = np.sqrt(np.maximum(fitted, 1.0))
    scaled = ((seen - fitted) / size)[used]
    spread = np.sqrt((scaled**2).sum() / freedom)
    scaled = scaled / max(float(scaled.std()), 1e-12) * max(spread, 1.0)
    again = stream.choice(scaled - scaled.mean(), (replicates, seen.size)) * size
    return float((again - again[:, used] @ hat.T)[:, inner].sum(axis=1).std())


def _times(better: float, worse: float) -> str:
    return f"{better / worse:.1f} times" if worse > 0 else "many times"
