"""How the two groups moved before the project, period by period, and what would overturn the result (methods.md M6.1).

Leads are shown, never tested for a pass: a test that finds nothing in a few periods proves nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, IntArray, floats, over
from pipelines.methods.assignments import assignments, differences
from pipelines.methods.did import whole


class Leads(NamedTuple):
    """One entry per period (T,). event: periods since the start, negative before. effect: treated less control, since
    the base period, in the unit of y. half: half-width of a band that holds all periods at once with the level asked.
    breakdown: multiple of the largest step between groups seen before that, repeated each period after, would bring
    the mean effect to zero; infinite when no step was seen."""

    event: IntArray
    effect: FloatArray
    half: FloatArray
    breakdown: float


def leads(
    y: ArrayLike, treated: ArrayLike, start: int, *, anticipation: int = 0, level: float = 0.95, seed: int = 0
) -> Leads:
    """The event study of `did.effect`: the gap between the groups in each period, less that in the base period.

    y : (n, T).   treated : (n,).   start, anticipation : as in `did.changes`; the base is the last period before both.
    Bands are read off the re-drawn choices of treated bodies. The breakdown is for the point estimates: sampling error
    is in the bands. Raises ValueError as `did.effect`, and with fewer than two periods before the start.
    Source: Rambachan & Roth (2023), relative magnitudes.
    """
    figures = floats(y, "y")
    base = start - anticipation - 1
    if base < 1 or start >= figures.shape[1]:
        raise ValueError("leads need two periods before the start and one after")
    since, own = whole(figures - figures[:, [base]], treated)
    paths = differences(since, assignments(own, seed=seed))
    scale = paths.std(axis=0)
    largest = np.nanmax(np.abs(over(paths, scale)), axis=1, initial=0)
    event = np.arange(figures.shape[1], dtype=np.int64) - start
    return Leads(event, paths[0], scale * np.quantile(largest, level), breakdown(paths[0], base, start))


def breakdown(path: ArrayLike, base: int, start: int) -> float:
    """Largest step before, as a multiple, that undoes the mean effect when it repeats every period after.

    path : (T,) gap between the groups.   base : last clean period, >= 1.   start : first period after.
    A step d in each period since the base has grown to (t - base) d by period t.
    """
    gap = floats(path, "path")
    step = float(np.abs(np.diff(gap[: base + 1])).max())
    mean, grown = abs(float(gap[start:].mean())), float((np.arange(start, len(gap)) - base).mean())
    # Steps of rounding alone are none.
    if step <= 1e-12 * np.abs(gap).max():
        return np.inf if mean > 0 else 0.0
    return mean / (step * grown)
