"""Did the bodies of a project change more than the others did? Difference-in-differences (methods.md M6.1).

The answer is an effect only if both groups would have moved alike; the leads (`did_leads.py`) show how they moved
before, and how large a departure would overturn the answer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from pipelines.methods.arrays import BoolArray, FloatArray, floats
from pipelines.methods.assignments import DRAWS, EXACT_UP_TO, assignments, differences, interval, p_value, rounding_of
from pipelines.methods.card import Method

METHOD = Method(
    id="M6.1",
    version="1",
    title="Difference-in-differences",
    formula="(treated after - treated before) - (control after - control before), each the mean over the periods; the "
    "coefficient of y = body + period + effect x treated after",
    defaults={"level": 0.95, "anticipation": 0, "exact_up_to": EXACT_UP_TO, "draws": DRAWS},
    edge_cases="A body with an absent period is left out of both sides: the set is fixed. Bodies chosen because they "
    "did badly drift back by themselves: match on the path before. Neighbours that share the service are no controls. "
    "One treated body has no spread of its own and is given that of the controls.",
    source="Bertrand, Duflo & Mullainathan (2004), Quarterly Journal of Economics 119, on one change per body; "
    "Rosenbaum (2002) on randomisation inference; Rambachan & Roth (2023) on departures from parallel trends",
)


class TwoByTwo(NamedTuple):
    """did: in the measure's unit. did_log: in logs, NaN unless every level is positive. pct: e^did_log - 1."""

    did: float
    did_log: float
    pct: float


class Effect(NamedTuple):
    """effect, se and the t limits lo, hi: in the unit of y, NaN where no spread can be had. df: of the t limits.
    p, p_lo, p_hi: by re-drawing who was treated; limits infinite when there are too few choices for the level.
    smallest_p: the least that p could have been. bodies, controls: used, those with absent periods left out."""

    effect: float
    se: float
    df: float
    lo: float
    hi: float
    p: float
    p_lo: float
    p_hi: float
    smallest_p: float
    bodies: int
    controls: int


def two_by_two(treated: ArrayLike, control: ArrayLike) -> TwoByTwo:
    """The change of the treated less the change of the controls, in levels and in logs.

    treated, control : (2,) level before and after, same unit.   Raises ValueError on other shapes.   Source: M6.1.
    """
    pairs = np.stack([floats(treated, "treated"), floats(control, "control")])
    if pairs.shape != (2, 2):
        raise ValueError("a level before and a level after are needed for the treated and for the control")
    logs = np.log(np.where((pairs > 0).all(), pairs, np.nan))
    did, did_log = (float(np.subtract(*np.diff(table, axis=1)[:, 0])) for table in (pairs, logs))
    return TwoByTwo(did, did_log, float(np.expm1(did_log)))


def changes(y: ArrayLike, start: int, anticipation: int = 0) -> FloatArray:
    """Mean after less mean before, by body: (n,) of (n, T) or (n, S) of (n, T, S); NaN where any period is absent.

    start : column of the first period after, 1 to T - 1.   anticipation : periods just before it that are left out,
    because bodies that know what is coming already behave otherwise.
    Raises ValueError when either side would be empty.
    """
    figures = floats(y, "y")
    if not 0 < start - anticipation <= start < figures.shape[1]:
        raise ValueError(f"start {start} less {anticipation} anticipated leaves no period on one side")
    return np.asarray(figures[:, start:].mean(axis=1) - figures[:, : start - anticipation].mean(axis=1))


def effect(
    y: ArrayLike, treated: ArrayLike, start: int, *, anticipation: int = 0, level: float = 0.95, seed: int = 0
) -> Effect:
    """The effect on a panel whose treated bodies all start together, with body and period effects taken out.

    y : (n, T), oldest period first; take logs of costs, so that the effect composes over stages.
    treated : (n,) true for a body of the project.   start, anticipation : as in `changes`.
    On whole rows the regression's coefficient is the difference of the bodies' mean changes, and its errors by body
    are theirs: unequal spreads with 5 or more treated bodies, one pooled spread below that.
    Raises ValueError without a treated body or without a control.   Source: methods.md M6.1.
    """
    change, own = whole(changes(y, start, anticipation), treated)
    choices = assignments(own, seed=seed)
    found = differences(change, choices)
    variance, df = spread(change[:, None], own)
    se = float(np.sqrt(variance[0, 0]))
    half = float(student.ppf(0.5 + level / 2, df)) * se if df > 0 else np.nan
    low, high = interval(change, choices, level)
    at = float(found[0])
    counts = int(own.sum()), int((~own).sum())
    p = p_value(found, rounding_of(floats(y, "y")))
    return Effect(at, se, df, at - half, at + half, p, low, high, 1 / len(choices), *counts)


def whole(change: FloatArray, treated: ArrayLike) -> tuple[FloatArray, BoolArray]:
    """The changes, (m,) or (m, S), and the treatment of the bodies that have every figure.

    Raises ValueError when treated and changes differ in length.
    """
    own = np.asarray(treated, dtype=np.bool_)
    if own.shape != change.shape[:1]:
        raise ValueError("one entry of treated is needed per body")
    usable = ~np.isnan(change.reshape(len(change), -1)).any(axis=1)
    return change[usable], own[usable]


MANY = 5  # treated bodies from which their own spread is believed


def spread(change: FloatArray, treated: BoolArray) -> tuple[FloatArray, float]:
    """Covariance (S, S) of the differences of mean changes (m, S), and its degrees of freedom; NaN and 0 without any.

    Source: Welch (1947) for unequal spreads, by the whole sum of the stages; else the pooled two-sample covariance.
    """
    groups = [change[treated], change[~treated]]
    sizes = np.array([len(one) for one in groups])
    products = [(one - one.mean(axis=0)).T @ (one - one.mean(axis=0)) for one in groups]
    if sizes.min() < MANY:
        pooled = int(sizes.sum()) - 2
        shared = (products[0] + products[1]) / pooled if pooled > 0 else np.full_like(products[0], np.nan)
        return np.asarray(shared * (1 / sizes).sum()), float(pooled)
    parts = [one / (size * (size - 1)) for one, size in zip(products, sizes, strict=True)]
    both = np.array([part.sum() for part in parts])
    # Groups without any spread: the smaller group decides, as it would in the limit.
    df = float(both.sum() ** 2 / (both**2 / (sizes - 1)).sum()) if both.sum() > 0 else float(sizes.min() - 1)
    return np.asarray(parts[0] + parts[1]), df
