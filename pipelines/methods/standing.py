"""One field's figures with chance taken out, and the places they leave open (methods.md M3.6, M3.7).

A standard error from a figure's own history is that of its logarithm, so such figures are drawn as logarithms and
shown in their unit; proportions and counted events are drawn on their own scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods import status as st
from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, TextArray, floats
from pipelines.methods.rank import rank_sim, told_apart
from pipelines.methods.shrinkage import Shrunk, shrink, usable_for

LOGARITHMS = "history"
Z95 = 1.959964


class FieldShrunk(NamedTuple):
    """value, lo, hi [n] in the unit of the figures, NaN where absent; reliability [n]; mean of the field in that unit;
    spread: sd between bodies beyond chance, on the scale of y; n informing bodies; use [n] in words.

    y, se [n] : the figures as they were drawn, logarithms or not.   drawn : the same on that scale."""

    value: FloatArray
    lo: FloatArray
    hi: FloatArray
    reliability: FloatArray
    mean: float
    spread: float
    n: int
    use: TextArray
    y: FloatArray
    se: FloatArray
    drawn: Shrunk


class FieldPlaces(NamedTuple):
    """Places, 1 = best (neutral: lowest): range [n, 2]; best, worst [n] chances of the first and last quarter;
    apart [n] bodies told apart from it; group [n], 0 for a body left out; n bodies with a place."""

    range: FloatArray
    best: FloatArray
    worst: FloatArray
    apart: IntArray
    group: IntArray
    n: int


def shrink_field(
    value: ArrayLike,
    se: ArrayLike,
    lo: ArrayLike,
    hi: ArrayLike,
    status: ArrayLike,
    *,
    interval: str,
    most: float = np.inf,
) -> FieldShrunk:
    """The figures of one field drawn towards its mean as far as chance moves them.

    value, lo, hi : (n,) in one unit.   se : (n,) as indicators state it, for `history` that of the logarithm.
    status : (n,) `status.REFERENCE` informs and is judged; small and imputed are drawn all the same; of others, hand
    NaN.   most : largest value that there can be, such as 100 for a percentage.
    No event, or nothing but events, has a standard error of 0, which nobody believes: half its interval stands in.
    Raises ValueError on shapes or an infinity.   Source: methods.md M3.6.
    """
    y, error = drawn_scale(value, se, lo, hi, interval)
    found = shrink(y, error, status=np.where(np.isnan(y + error), "missing", np.asarray(status, dtype=np.str_)))
    known = ~np.isnan(found.value)
    judged = st.is_in(found.status, st.REFERENCE)
    back, ends = (np.exp, (0.0, np.inf)) if interval == LOGARITHMS else (np.asarray, (0.0, most))
    return FieldShrunk(
        back(found.value),
        np.clip(back(found.lo), *ends),
        np.clip(back(found.hi), *ends),
        found.reliability,
        float(back(found.mu[known][0])) if known.any() else np.nan,
        float(np.sqrt(found.tau2)),
        int(judged.sum()),
        np.where(judged, usable_for(found.reliability), "none"),
        y,
        error,
        found,
    )


def drawn_scale(
    value: ArrayLike, se: ArrayLike, lo: ArrayLike, hi: ArrayLike, interval: str
) -> tuple[FloatArray, FloatArray]:
    """Figures and standard errors on the scale on which they are drawn; NaN where either is absent."""
    shown, error = floats(value, "value"), floats(se, "se")
    if interval == LOGARITHMS:
        y = np.log(np.where(shown > 0, shown, np.nan))
    else:
        y = shown
        error = np.where(error > 0, error, (floats(hi, "hi") - floats(lo, "lo")) / (2 * Z95))
    unknown = np.isnan(y) | ~(error > 0)
    return np.where(unknown, np.nan, y), np.where(unknown, np.nan, error)


def place_field(field: FieldShrunk, direction: int, bodies: Sequence[str]) -> FieldPlaces:
    """The places that a field's figures leave open, under `direction` +1 or -1; 0 (neutral) counts from the lowest.

    bodies : ids, which name their draws.   Only figures that inform the field have a place, and only where it shrinks.
    """
    placed: BoolArray = st.is_in(field.drawn.status, st.REFERENCE) & ~np.isnan(field.reliability)
    way = direction or -1
    ranks = rank_sim(
        np.where(placed, field.drawn.value, np.nan),
        np.where(placed, field.drawn.sd_conditional, np.nan),
        way,
        bodies,
    )
    pairs = told_apart(np.where(placed, field.y, np.nan), np.where(placed, field.se, np.nan), way, bodies)
    apart = pairs.better.sum(axis=0) + pairs.better.sum(axis=1)
    return FieldPlaces(ranks.range90, ranks.p_top, ranks.p_bottom, apart, pairs.group, int(placed.sum()))
