"""Charts of series with seasons: the season taken out, or the same period last year (methods.md M4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.xmr import Chart, Rebase, no_chart, xmr
from pipelines.methods.xmr_limits import NEEDED

CYCLES = 2


class Deseasonalised(NamedTuple):
    """y (T,) without its season; effect (season,) of each place in the cycle, summing to 0; widen: factor that limits
    need because the effects are estimates."""

    y: FloatArray
    effect: FloatArray
    widen: float


def seasonal_xmr(
    y: ArrayLike,
    season: int,
    *,
    direction: int,
    target: float = np.nan,
    baseline: int | None = None,
    rebases: Sequence[Rebase] = (),
) -> Chart:
    """The control chart of a series with `season` periods a year (12 monthly, 4 quarterly).

    With two whole years before the baseline ends the season is taken out; else each point is set against the same
    period last year, which needs a year and 8 points and has no assurance icon, because a change has no target.
    y, direction, target, baseline, rebases : as `xmr`.
    """
    series = floats(y, "y")
    used = series[:baseline]
    if complete_years(used, season) >= CYCLES:
        plain = deseasonalised(series, season, baseline)
        return xmr(plain.y, direction=direction, target=target, baseline=baseline, rebases=rebases, widen=plain.widen,
                   kind="deseasonalised")  # fmt: skip
    if (~np.isnan(used)).sum() < season + NEEDED:
        why = f"{int((~np.isnan(used)).sum())} points; a series with a season of {season} needs {season + NEEDED}"
        return no_chart(series, why, "year on year")
    return xmr(year_on_year(series, season), direction=direction, baseline=baseline, rebases=rebases,
               kind="year on year")  # fmt: skip


def deseasonalised(y: ArrayLike, season: int, baseline: int | None = None) -> Deseasonalised:
    """A series less the effect of each place in the cycle, estimated on the baseline beside a straight trend.

    y : (T,), NaN where absent.   season : periods a year.   baseline : first points that inform the effects; they must
    hold each place at least twice.
    Effects estimated from k years fit the baseline too well, by (k - 1)/k of variance, and later points too badly, by
    (k + 1)/k: limits need sqrt((k + 1)/(k - 1)) and lie right for later points.
    Raises ValueError when a place in the cycle is seen less than twice.
    """
    series = floats(y, "y")
    place = np.arange(series.size) % season
    used = np.arange(series.size) < (series.size if baseline is None else baseline)
    used &= ~np.isnan(series)
    years = np.bincount(place[used], minlength=season)
    if years.min() < CYCLES:
        raise ValueError(f"a season of {season} needs every one of its periods at least {CYCLES} times")
    dummies = np.eye(season)[place]
    design = np.column_stack([dummies, np.arange(series.size)])
    beta = np.linalg.lstsq(design[used], series[used], rcond=None)[0]
    effect = beta[:season] - beta[:season].mean()
    k = float(years.mean())
    return Deseasonalised(series - effect[place], effect, float(np.sqrt((k + 1) / (k - 1))))


def year_on_year(y: ArrayLike, season: int) -> FloatArray:
    """(T,) change on the same period a year before; NaN in the first year."""
    series = floats(y, "y")
    return np.concatenate([np.full(min(season, series.size), np.nan), series[season:] - series[:-season]])


def complete_years(y: FloatArray, season: int) -> int:
    """How many times the rarest place in the cycle is seen."""
    place = np.arange(y.size)[~np.isnan(y)] % season
    return int(np.bincount(place, minlength=season).min())
