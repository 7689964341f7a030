"""Control charts of percentages whose denominators vary: p', after Laney (methods.md M4.11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.methods.arrays import FloatArray, floats
from pipelines.methods.xmr import Chart, Lines, judged, no_chart
from pipelines.methods.xmr_limits import LIMIT, PREFERRED, mean_range, why_refused
from pipelines.methods.xmr_rules import SHIFT, TREND, marks

VARIES = 0.25


def needs_laney(cases: ArrayLike) -> bool:
    """Whether denominators (T,) vary by more than 25 % of their mean, so that one pair of limits would mislead."""
    size = floats(cases, "cases")
    return bool(np.nanmax(size) - np.nanmin(size) > VARIES * np.nanmean(size))


def laney(
    events: ArrayLike,
    cases: ArrayLike,
    *,
    direction: int,
    target: float = np.nan,
    baseline: int | None = None,
    trend_n: int = TREND,
    shift_n: int = SHIFT,
) -> Chart:
    """Shares with limits that are wider where cases are few, and no narrower than the series' own variation.

    events, cases : (T,) counts, 0 <= x <= n, NaN where absent; cases of 0 count as absent.   target : a fraction.
    p +- 2.66 MR_z s_i, s_i = sqrt(p (1 - p)/n_i), MR_z the mean moving range of z = (p_i - p)/s_i over the baseline;
    published as 3 MR_z/1.128, which is 0.02 % narrower. Limits stop at 0 and 1 where drawn, not where they judge.
    Raises ValueError on more events than cases.   Source: Laney (2002), Quality Engineering 14.
    """
    x, n = floats(events, "events"), floats(cases, "cases")
    if (x > n).any() or (x < 0).any():
        raise ValueError("more events than cases, or fewer than none")
    n = np.where(n > 0, n, np.nan)
    share, known = x / n, ~np.isnan(x[:baseline] + n[:baseline])
    centre = float(x[:baseline][known].sum() / n[:baseline][known].sum()) if known.any() else np.nan
    spread = np.sqrt(centre * (1 - centre) / n)
    refused = why_refused(share[:baseline])
    if refused:
        return no_chart(share, refused, "laney")
    reach = LIMIT * mean_range((share[:baseline] - centre) / spread[:baseline]) * spread
    found = marks(share, np.full(share.shape, centre), reach, trend_n=trend_n, shift_n=shift_n)
    notes = () if known.sum() >= PREFERRED else (f"provisional: limits rest on {known.sum()} points",)
    return judged(share, _lines(centre, reach), found, (), direction, target, notes, "laney")


def _lines(centre: float, reach: FloatArray) -> Lines:
    ends = [np.clip(centre + part * reach, 0, 1) for part in (-1, 1, -2 / 3, 2 / 3)]
    return Lines(np.full(reach.shape, centre), *ends)
