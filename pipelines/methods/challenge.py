"""How often bodies that started here managed as much: the challenge in a target, from history (methods.md M4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, floats
from pipelines.methods.card import Method
from pipelines.methods.position import quantile_bands
from pipelines.methods.quantiles import quantile
from pipelines.methods.sustained import sign

BANDS = 4
POOL_BELOW = 30
LABEL_FROM = 10
LIMIT_SHARE = 0.75
SCALES = ("ratio", "difference")
LABELS = ((0.7, "comfortable"), (0.3, "appropriately challenging"), (0.1, "stretching"), (-np.inf, "not credible"))
DATA_LAG_SHARE = 0.25
MEASURABLE = 0.4

METHOD = Method(
    id="M4.3",
    version="1",
    title="Challenge calibration",
    formula="c = share of past windows of length H from the same starting band that improved by at least as much; "
    "starts are shrunk",
    defaults={
        "bands": BANDS,
        "pool_below": POOL_BELOW,
        "label_from": LABEL_FROM,
        "limit": LIMIT_SHARE,
        "scale": "ratio",
    },
    edge_cases="Under 30 windows neighbouring bands are pooled, nearest first; under 10 in all: no c and no label. "
    "Windows of one body overlap, so the number of bodies is told beside.",
    source="Locke & Latham (1990) on challenging but attainable goals; methods.md M4.3",
)


class Windows(NamedTuple):
    """Every past window, (m,): improvement (positive = better; a share of the start, or a difference), starting band
    (1 = best), row of the body, column of the start. bands, horizon and scale: how they were made."""

    improvement: FloatArray
    band: IntArray
    body: IntArray
    start: IntArray
    bands: int
    horizon: int
    scale: str


class Challenge(NamedTuple):
    """c in [0, 1], NaN under 10 windows; label, "" without one; windows, achieved and bodies counted; bands pooled."""

    c: float
    label: str
    windows: int
    achieved: int
    bodies: int
    pooled: tuple[int, ...]


def windows(
    values: ArrayLike,
    starts: ArrayLike,
    horizon: int,
    direction: int,
    *,
    scale: str = "ratio",
    bands: int = BANDS,
    kept: int = 0,
) -> Windows:
    """All (body, start) windows of `horizon` periods, with the improvement each achieved.

    values : (n, T) figures, NaN where absent.   starts : (n, T) the same figures shrunk (M3.6): a body that starts
    badly by bad luck improves by itself, and that must not count as achievement. Bands are taken from the starts.
    scale : `ratio` (share of the start, starts above 0; for costs and rates) or `difference`.
    kept : further periods for which the improvement had to last; the least favourable of them counts.
    Raises ValueError on shapes, scale, direction, or a horizon under 1.
    """
    figures, begun = floats(values, "values"), floats(starts, "starts")
    if figures.ndim != 2 or figures.shape != begun.shape or horizon < 1 or kept < 0 or scale not in SCALES:
        raise ValueError(f"windows need values and shrunk starts (n, T), a horizon of 1 or more, a scale of {SCALES}")
    if scale == "ratio" and (begun <= 0).any():
        raise ValueError("a share of the start needs starts above 0; take differences")
    good = sign(direction)
    count = max(0, figures.shape[1] - horizon - kept)
    lasting = [figures[:, horizon + late : horizon + late + count] * good for late in range(kept + 1)]
    change = np.min(lasting, axis=0) - good * begun[:, :count]
    improvement = change / begun[:, :count] if scale == "ratio" else change
    band = quantile_bands(begun[:, :count], good, bands)
    body, start = np.nonzero(~np.isnan(improvement + band))
    return Windows(improvement[body, start], band[body, start].astype(np.int64), body, start, bands, horizon, scale)


def calibrate(required: float, band: int, history: Windows) -> Challenge:
    """Share of windows from the same starting band that improved by at least `required`, and what to call it.

    required : improvement asked for over the horizon, on the scale of the windows (0.133 for 13.3 %).
    band : of the body today (1 = best).   Source: methods.md M4.3.
    """
    chosen, pooled = _pool(band, history)
    size = int(chosen.sum())
    # A hair's breadth for rounding: a body that improved by exactly what is asked has achieved it.
    met = chosen & (history.improvement >= required - 1e-12 * max(1.0, abs(required)))
    bodies = int(np.unique(history.body[chosen]).size)
    if size < LABEL_FROM:
        return Challenge(np.nan, "", size, int(met.sum()), bodies, pooled)
    c = float(met.sum() / size)
    return Challenge(c, label(c), size, int(met.sum()), bodies, pooled)


def label(c: float) -> str:
    """comfortable, appropriately challenging, stretching (needs support or investment) or not credible; "" for NaN."""
    if np.isnan(c):
        return ""
    return "comfortable" if c > LABELS[0][0] else next(name for least, name in LABELS[1:] if c >= least)


def improvement_limit(x: float, band: int, history: Windows, share: float = LIMIT_SHARE) -> float:
    """The most that a target may ask for over the horizon, in the unit of x: what the quickest quarter achieved.

    The 75th percentile (type 7) of improvements from the body's band, bands pooled as for c; at least 0. NaN under 10
    windows: then history sets no limit and the tests say so.   Source: methods.md M4.1, limits.
    """
    chosen, _ = _pool(band, history)
    if chosen.sum() < LABEL_FROM:
        return float("nan")
    reach = max(0.0, float(quantile(history.improvement[chosen], share)))
    return reach * x if history.scale == "ratio" else reach


def smart(
    *, measure: str, denominator: str, reliability: float, lag: float, horizon: float, c: float, gap: float, stage: str,
    date: str, interim: int,
) -> Mapping[str, bool]:  # fmt: skip
    """The five points of a SMART target, computed and not typed.

    lag : of the data, in the unit of the horizon.   gap : of the stage, in pounds.   interim : points before the date.
    """
    return {
        "specific": bool(measure and denominator),
        "measurable": bool(reliability >= MEASURABLE and lag <= DATA_LAG_SHARE * horizon),
        "achievable": bool(c >= LABELS[2][0]),
        "relevant": bool(stage and gap > 0),
        "time-bound": bool(date and interim > 0),
    }


def _pool(band: int, history: Windows) -> tuple[BoolArray, tuple[int, ...]]:
    """Windows of the band, or of it and its neighbours until there are 30, and which bands those are."""
    for width in range(history.bands):
        chosen = np.abs(history.band - band) <= width
        if chosen.sum() >= POOL_BELOW:
            break
    return chosen, tuple(range(max(1, band - width), min(history.bands, band + width) + 1))
