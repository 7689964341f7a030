"""Bodies that start at different times, each cohort against those that never started (methods.md M6.4).

One regression over all would use early starters as controls of late ones; `twoway.py` keeps it as a diagnostic only.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method

Comparison = Literal["never", "not yet"]

METHOD = Method(
    id="M6.4",
    version="1",
    title="Group-time effects of staggered adoption",
    formula="ATT(g,t) = mean(Y_t - Y_g-1) of cohort g less that of the comparison; by event time with cohort sizes as "
    "weights; overall = mean of the cohorts' means after the start, weighted by size",
    defaults={"comparison": "never", "draws": 1000, "level": 0.95, "least_bodies": 5},
    edge_cases="A cohort that started in the first period has no base and is left out. A body with an absent period is "
    "left out everywhere. Without a comparison body the effect is absent, not zero. The simple mean of all effects "
    "counts early starters more often; the mean of cohorts is the headline.",
    source="Callaway & Sant'Anna (2021), Journal of Econometrics 225; Goodman-Bacon (2021), same volume",
)


class GroupTime(NamedTuple):
    """groups (G,): first treated period of each cohort, 1 = first column. sizes (G,): bodies. att (G, T): effect in
    the unit of y, leads included, 0 at the base g - 1 by construction. influence (G, T, n): what each body adds to the
    error of att, 0 for a body that is not in the comparison; NaN where att is."""

    groups: IntArray
    sizes: IntArray
    att: FloatArray
    influence: FloatArray


class Aggregate(NamedTuple):
    """at (K,): event times, cohorts or periods. effect (K,): in the unit of y. influence (K, n): as in `GroupTime`.
    bodies (K,): treated bodies behind each effect."""

    at: IntArray
    effect: FloatArray
    influence: FloatArray
    bodies: IntArray


def group_time(y: ArrayLike, first: ArrayLike, comparison: Comparison = "never") -> GroupTime:
    """The effect on each cohort in each period, from the last period before its start.

    y : (n, T), oldest first.   first : (n,) first treated period, counted from 1; 0 = never.
    comparison : bodies never treated, or also those not treated yet in either period.
    Raises ValueError on shapes that differ or when no cohort has a period before its start.   Source: M6.4.
    """
    figures, starts = floats(y, "y"), np.asarray(first, dtype=np.int64)
    if figures.ndim != 2 or starts.shape != figures.shape[:1]:
        raise ValueError("a panel (n, T) and one first period per body are needed")
    usable = ~np.isnan(figures).any(axis=1)
    n, periods = figures.shape
    groups = np.unique(starts[usable & (starts > 1) & (starts <= periods)])
    if not len(groups):
        raise ValueError("no cohort starts after the first period and within the panel")
    att = np.full((len(groups), periods), np.nan)
    influence = np.full((len(groups), periods, n), np.nan)
    for k, g in enumerate(groups):
        for t in range(1, periods + 1):
            mine, rest = usable & (starts == g), usable & _others(starts, g, t, comparison)
            if rest.any():
                change = figures[:, t - 1] - figures[:, g - 2]
                att[k, t - 1], influence[k, t - 1] = _contrast(change, mine, rest)
    sizes = np.array([(usable & (starts == g)).sum() for g in groups], dtype=np.int64)
    return GroupTime(groups, sizes, att, influence)


def by_event(found: GroupTime) -> Aggregate:
    """The effect by periods since the start, negative before it; cohorts weighted by their bodies."""
    return _aggregate(found, _events(found), np.isfinite(found.att))


def by_period(found: GroupTime) -> Aggregate:
    """The effect by period of the panel (1 = first), over the cohorts that have started."""
    period = np.broadcast_to(np.arange(1, found.att.shape[1] + 1), found.att.shape)
    return _aggregate(found, period, _after(found))


def by_cohort(found: GroupTime) -> Aggregate:
    """Each cohort's mean effect over its periods since the start."""
    return _aggregate(found, np.broadcast_to(found.groups[:, None], found.att.shape), _after(found))


def overall(found: GroupTime) -> Aggregate:
    """The headline, one entry: the cohorts' means, weighted by their bodies, so that each body counts once."""
    cohorts = by_cohort(found)
    share = cohorts.bodies / cohorts.bodies.sum()
    one = np.zeros(1, dtype=np.int64)
    return Aggregate(
        one, np.array([share @ cohorts.effect]), (share @ cohorts.influence)[None], np.array([cohorts.bodies.sum()])
    )


def simple(found: GroupTime) -> float:
    """The mean over all effects since the start: for comparison with others' work, because it overweights the early."""
    weight = _after(found) * found.sizes[:, None]
    return float((weight * np.nan_to_num(found.att)).sum() / weight.sum())


def _others(starts: IntArray, g: int, t: int, comparison: Comparison) -> BoolArray:
    never = np.asarray(starts == 0)
    if comparison == "never":
        return never
    return np.asarray((never | (starts > max(t, g - 1))) & (starts != g))


def _contrast(change: FloatArray, mine: BoolArray, rest: BoolArray) -> tuple[float, FloatArray]:
    means = change[mine].mean(), change[rest].mean()
    part = np.where(mine, (change - means[0]) / mine.sum(), 0.0) - np.where(rest, (change - means[1]) / rest.sum(), 0.0)
    return float(means[0] - means[1]), part


def _events(found: GroupTime) -> IntArray:
    return np.asarray(np.arange(1, found.att.shape[1] + 1) - found.groups[:, None])


def _after(found: GroupTime) -> BoolArray:
    return (_events(found) >= 0) & np.isfinite(found.att)


def _aggregate(found: GroupTime, label: IntArray, wanted: BoolArray) -> Aggregate:
    """Size-weighted means of the wanted effects that share a label."""
    at = np.unique(label[wanted])
    weight = np.where(wanted & (label == at[:, None, None]), found.sizes[:, None], 0).astype(np.float64)
    bodies = (weight.max(axis=2)).sum(axis=1)
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    effect = (weight * np.nan_to_num(found.att)).sum(axis=(1, 2))
    influence = np.einsum("kgt,gtn->kn", weight, np.nan_to_num(found.influence))
    return Aggregate(at, effect, influence, bodies.astype(np.int64))
