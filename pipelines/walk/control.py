"""A body's series as a control chart: yearly, quarterly or monthly; shares by the size of their denominator (M4.11)."""

from __future__ import annotations

import numpy as np

from pipelines.methods.forecast_scale import limits_of, unpassed
from pipelines.methods.laney import laney, needs_laney
from pipelines.methods.seasonal import seasonal_xmr
from pipelines.methods.xmr import METHOD, Chart, xmr
from pipelines.methods.xmr_limits import NEEDED
from pipelines.packs.schema import Indicator
from pipelines.walk.series import Series

WAYS = {1: "improving", -1: "concerning", 0: "neither"}
Rows = list[dict[str, object]]


def chart_of(series: Series, indicator: Indicator, row: int, direction: int, base: int, target: float) -> Chart:
    """The chart of a body's series. Limits are those of the points up to the base period where they are enough."""
    y = series.value[row]
    frozen = base + 1 if int((~np.isnan(y[: base + 1])).sum()) >= NEEDED else None
    if series.season > 1:
        return seasonal_xmr(y, series.season, direction=direction, target=target, baseline=frozen)
    cases = series.denominator[row]
    if indicator.interval == "proportion" and not np.isnan(cases).all() and needs_laney(cases):
        events = np.where(np.isnan(y), np.nan, series.numerator[row])
        share = target / indicator.multiplier
        return laney(events, cases, direction=direction, target=share, baseline=frozen)
    limits = limits_of(indicator.format, indicator.unit, indicator.multiplier)
    return xmr(y, direction=direction, target=target, baseline=frozen, within=unpassed(limits, y))


def chart_rows(found: Chart, series: Series, indicator: Indicator, body: str, direction: int) -> Rows:
    """Contract rows of a chart, one per point; none where there is no chart. Shares stand in the indicator's unit."""
    if found.refused:
        return []
    scale = indicator.multiplier if found.kind == "laney" else 1.0
    phase = np.ones(found.y.size, dtype=np.int64)
    for number, part in enumerate(found.phases, start=1):
        phase[part.first : part.last + 1] = number
    return [
        {
            "body_id": body,
            "indicator_id": series.indicator,
            "period": series.periods[at],
            "kind": found.kind,
            "phase": int(phase[at]),
            "value": scale * found.y[at],
            "moving_range": scale * found.mr[at],
            "mean": scale * found.lines.mean[at],
            "lower": scale * found.lines.lower[at],
            "upper": scale * found.lines.upper[at],
            "near_lower": scale * found.lines.near_lower[at],
            "near_upper": scale * found.lines.near_upper[at],
            "signal": str(found.label[at]) or None,
            "way": WAYS[int(found.way[at]) * direction] if found.label[at] else None,
            "input_editions": " ".join(series.editions),
            "method_id": METHOD.id,
            "method_version": METHOD.version,
            "params_hash": METHOD.params_hash(),
            "seed": None,
        }
        for at in np.flatnonzero(~np.isnan(found.y))
    ]
