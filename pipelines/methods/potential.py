"""Catch-up potential in pounds, with a range and a grade, or no pounds at all (methods.md M3.16).

"If this body matched good peers, spend would be so much lower at today's outputs and quality." An annual run-rate
before the cost of change. A DEA figure never enters: it takes noise for waste (M3.9).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, TextArray
from pipelines.methods.card import Method
from pipelines.methods.draws import generator
from pipelines.methods.quantiles import quantile
from pipelines.methods.shrinkage import GROUPED, INDIVIDUAL, shrink

METHOD = Method(
    id="M3.16",
    version="2",
    title="Catch-up potential in pounds",
    formula="max(0, actual (1 - exp(q25 - r))), r drawn about the shrunk log ratio, q25 taken anew in every draw",
    defaults={"draws": 20000, "level": 0.90, "quartile": 0.25, "headline": ["R", "P"], "seed": 0},
    edge_cases="grade C has no headline, nor has R under 0.4; A only where every route starts above 0; sums are over "
    "draws; gaps never net; under 5 bodies: no shrinking, never A; route P draws towards what a body's own peers lead "
    "one to expect",
    source="Ofwat PR19 and PR24, CMA redeterminations, Ofgem (upper-quartile benchmarks); methods.md M3.6",
)
DRAWS, LEVEL, SHARE = 20_000, 0.90, 0.25
REACH_90 = 1.6448536269514722
BLOCK = 2_000  # draws held at a time


@dataclass(frozen=True)
class Route:
    """One way of estimating potential, in the currency of `actual`.

    ratio : (n,) shrunk actual over modelled cost.   plug_in : (n,) potential without noise, a check and no figure.
    median, lo, hi : (n,).   total : (3,) low, median, high of the sum.   reliability : (n,) R of M3.6.
    """

    ratio: FloatArray
    plug_in: FloatArray
    median: FloatArray
    lo: FloatArray
    hi: FloatArray
    total: FloatArray
    reliability: FloatArray


@dataclass(frozen=True)
class CatchUp:
    """headline (n,), NaN where the grade is C or nothing is known; lo, hi (n,) over all admitted routes.

    grade (n,): A, B, C, or "" without a figure.   route : the headline's letter.   total (3,): low, median, high.
    """

    headline: FloatArray
    lo: FloatArray
    hi: FloatArray
    grade: TextArray
    route: str
    total: FloatArray


def raw_potential(actual: ArrayLike, modelled: ArrayLike) -> FloatArray:
    """(n,) actual * max(0, 1 - q25/ratio) before any shrinking: overstated by noise, shown as the naive figure only."""
    spend, usual = checked(actual, modelled)
    ratio = spend / usual
    return np.asarray(spend * np.maximum(0, 1 - quantile(ratio, SHARE) / ratio))


def route(
    actual: ArrayLike,
    modelled: ArrayLike,
    se: ArrayLike,
    *,
    bodies: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    level: float = LEVEL,
) -> Route:
    """Potential by shrinking log ratios and redrawing both the body and its benchmark.

    actual, modelled (n,) addressable cost, positive, NaN where absent; modelled is what peers or a model would spend
    (route P: output times any constant, which cancels).   se : (n,) or scalar, of the log ratio.
    bodies : (n,) names that decide the draws; by default row numbers.
    Raises ValueError on costs of 0 or less and on se of 0 or less.   Source: methods.md M3.16, steps 1-3.
    """
    spend, usual = checked(actual, modelled)
    logs = np.log(spend / usual)
    shrunk = shrink(logs, np.broadcast_to(np.asarray(se, dtype=np.float64), logs.shape))
    centre = shrunk.value
    names = [str(name) for name in (range(len(spend)) if bodies is None else np.asarray(bodies))]
    sampled, sums = simulate(spend, centre, shrunk.sd_conditional, names, draws, seed)
    ends = [(1 - level) / 2, 0.5, (1 + level) / 2]
    low, median, high = (quantile(sampled, end) for end in ends)
    gap = np.asarray(spend * np.maximum(0, 1 - np.exp(quantile(centre, SHARE) - centre)))
    return Route(
        ratio=np.exp(centre),
        plug_in=gap,
        median=median,
        lo=low,
        hi=high,
        total=np.array([float(quantile(sums, end)) for end in ends]),
        reliability=shrunk.reliability,
    )


def simulate(
    spend: FloatArray, centre: FloatArray, sd: FloatArray, names: list[str], draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """(n, draws) potentials and (draws,) their sums, each body with a stream of its own."""
    known = np.isfinite(centre)
    noise = np.stack([generator("M3.16", name, seed=seed).standard_normal(draws) for name in names])
    potential = np.full(noise.shape, np.nan)
    for first in range(0, draws, BLOCK):
        drawn = centre[known, None] + sd[known, None] * noise[known, first : first + BLOCK]
        benchmark = quantile(drawn.T, SHARE)
        potential[known, first : first + BLOCK] = spend[known, None] * np.maximum(0, 1 - np.exp(benchmark - drawn))
    return potential, potential[known].sum(axis=0)


def catch_up(routes: Mapping[str, Route], passed: Mapping[str, bool]) -> CatchUp:
    """Headline, range and grade from the routes whose diagnostics passed.

    routes : by letter (R regression, P peer quartile, F free disposal or order-m, S stochastic frontier); the headline
    is R when it passed, else P. passed : by letter; P passes unless told otherwise. Grade B when the headline's lower
    end exceeds 0 and reliability is not under 0.4; A when it is also at least 0.7, all admitted intervals overlap and
    each of them starts above 0; else C, and no headline.
    The last condition is stricter than step 6 of M3.16, where intervals need only overlap: an interval that starts at
    nothing overlaps almost any other, and of the 823 potentials that were A by that wording in two real sectors 158
    had a range that began at 0. A range that says "perhaps nothing" cannot be the firmest grade.
    Raises ValueError without R or P, or when a DEA route ("D") is offered.   Source: methods.md M3.16, steps 4-6.
    """
    if "D" in routes:
        raise ValueError("a DEA route never enters a figure in pounds (methods.md M3.9); leave D out")
    admitted = {letter: found for letter, found in routes.items() if passed.get(letter, letter == "P")}
    chosen = next((letter for letter in ("R", "P") if letter in admitted), None)
    if chosen is None:
        raise ValueError("neither the regression (R) nor the peer quartile (P) is admitted; there is no headline route")
    head = admitted[chosen]
    low = np.stack([found.lo for found in admitted.values()])
    high = np.stack([found.hi for found in admitted.values()])
    apart = np.fmax.reduce(low, axis=0) > np.fmin.reduce(high, axis=0)
    lowest = np.fmin.reduce(low, axis=0)
    grade = grades(head, apart | ~(lowest > 0))
    return CatchUp(
        headline=np.where(np.isin(grade, ["A", "B"]), head.median, np.nan),
        lo=lowest,
        hi=np.fmax.reduce(high, axis=0),
        grade=grade,
        route=chosen,
        total=head.total,
    )


def grades(head: Route, doubted: BoolArray) -> TextArray:
    """(n,) A, B or C, and "" where the headline route has no figure; doubted : a route contradicts it or reaches 0."""
    sure = (head.lo > 0) & ~(head.reliability < GROUPED)
    best = sure & (head.reliability >= INDIVIDUAL) & ~doubted
    letters = np.where(best, "A", np.where(sure, "B", "C"))
    return np.where(np.isnan(head.median), "", letters)


def spread_of(lo: float, hi: float) -> float:
    """The standard deviation that a 90 % range stands for, never under 1: it decides how a range is rounded."""
    return max(hi - lo, 1.0) / (2 * REACH_90)


def rounded_ends(lo: float, hi: float) -> tuple[float, float]:
    """A range as it is spoken: both ends to two digits of its standard deviation (methods.md 0.5).

    An end above 0 that would round to 0 keeps one digit of its own, so that a range never seems to begin at nothing.
    """
    low, high = (_rounded(end, step_of(lo, hi)) for end in (lo, hi))
    return low, high


def step_of(lo: float, hi: float) -> float:
    """The place to which the ends of a range are rounded."""
    return float(10.0 ** (math.floor(math.log10(spread_of(lo, hi))) - 1))


def _rounded(end: float, step: float) -> float:
    found = round(end / step) * step
    return found if found or end <= 0 else round(end, -math.floor(math.log10(end)))


def largest_only(potential: Mapping[str, float], overlaps: Mapping[str, str]) -> dict[str, float]:
    """Potentials that may be added up: of measures in the same overlap group only the largest keeps its pounds.

    overlaps : measure -> group (length of stay and bed cost are one); measures without a group stand alone.
    Raises ValueError on a negative potential, which must never be netted against others.
    """
    if any(value < 0 for value in potential.values()):
        raise ValueError("a potential is never negative; do not net gaps against each other")
    group = {measure: overlaps.get(measure, f"only {measure}") for measure in potential}
    top: dict[str, str] = {}
    for measure in sorted(potential, key=lambda name: (-potential[name], name)):
        top.setdefault(group[measure], measure)
    return {measure: value if top[group[measure]] == measure else 0.0 for measure, value in potential.items()}


def checked(actual: ArrayLike, modelled: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Raises ValueError on costs of 0 or less or shapes that do not match; NaN is absent."""
    spend, usual = np.asarray(actual, dtype=np.float64), np.asarray(modelled, dtype=np.float64)
    if spend.ndim != 1 or spend.shape != usual.shape:
        raise ValueError("actual and modelled cost must have one figure per body")
    if (spend <= 0).any() or (usual <= 0).any():
        raise ValueError("potential needs positive actual and modelled cost; leave other bodies out")
    return spend, usual
