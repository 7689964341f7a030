"""From targets to calls that do not take noise for a trend: tracking, charts and forecasts (F17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts import CHARTS, FORECASTS, TARGET_PATHS, TARGETS, TRACKING, Table
from pipelines.methods.forecast import METHOD, Forecast, verbal
from pipelines.methods.forecast_scale import limits_of, unpassed
from pipelines.methods.targets import met_from
from pipelines.methods.xmr import Chart
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Indicator
from pipelines.walk.benchmarks import stacked
from pipelines.walk.calendar import place_of
from pipelines.walk.calls import Goal, against_path, ahead, say, tail, watched
from pipelines.walk.control import Rows, chart_of, chart_rows
from pipelines.walk.matrices import Roster, roster
from pipelines.walk.series import Z95, Series, all_series
from pipelines.walk.target_levels import DIRECTION, Guard, guards_of
from pipelines.warehouse import Warehouse

FAN = ("lo", "lo_50", "median", "hi_50", "hi")
Row = dict[str, object]


class Measured(NamedTuple):
    """An indicator of a policy with what stands guard over it."""

    series: Series
    guards: tuple[Guard, ...]


def tracking(pack: Pack, warehouse: Warehouse) -> int:
    """Write tracking, charts and forecasts of every target that stands; returns the rows of tracking."""
    standing = warehouse.table(TARGETS).filter(pl.col("state").is_in(["proposed", "issued"]))
    rows: tuple[Rows, Rows, Rows] = track(pack, warehouse, standing) if standing.height else ([], [], [])
    warehouse.write(CHARTS, framed(rows[1], CHARTS))
    warehouse.write(FORECASTS, framed(rows[2], FORECASTS))
    return warehouse.write(TRACKING, framed(rows[0], TRACKING))


def framed(rows: Rows, table: Table) -> pl.DataFrame:
    """Rows as a frame of a contract, null for NaN."""
    frame = pl.DataFrame(rows, schema=pl.Schema(table.schema))
    return stacked([frame.with_columns(pl.selectors.float().fill_nan(None))], table)


def track(pack: Pack, warehouse: Warehouse, standing: pl.DataFrame) -> tuple[Rows, Rows, Rows]:
    """Rows of tracking, charts and forecasts."""
    bodies = roster(pack, warehouse)
    paths = paths_of(warehouse.table(TARGET_PATHS))
    measured = measures_of(pack, warehouse, bodies)
    tracked: Rows = []
    charts: dict[tuple[str, str], Rows] = {}
    fans: Rows = []
    for target in standing.sort("policy_id", "body_id", "indicator_id").iter_rows(named=True):
        key = (target["policy_id"], target["body_id"], target["indicator_id"])
        found = measured.get((key[0], key[2]))
        if found is None or key[1] not in bodies.place:
            continue
        indicator = pack.indicator(key[2])
        goal = goal_of(target, found.series, bodies.place[key[1]], DIRECTION[indicator.polarity], paths[key])
        if goal is None:
            continue
        chart = chart_of(found.series, indicator, goal.row, goal.direction, goal.base, float(target["target"]))
        charts.setdefault(key[1:], chart_rows(chart, found.series, indicator, key[1], goal.direction))
        prospect = ahead(found.series, indicator, goal)
        named = dict(zip(("policy_id", "body_id", "indicator_id"), key, strict=True)) | recorded(found)
        tracked.append(named | tracked_row(found, goal, chart, prospect, indicator))
        fans += [named | row for row in fan_rows(found.series, goal, prospect)]
    return tracked, [row for rows in charts.values() for row in rows], fans


def paths_of(rows: pl.DataFrame) -> dict[tuple[str, ...], dict[str, float]]:
    """The path of each target by period."""
    out: dict[tuple[str, ...], dict[str, float]] = {}
    for *key, period, value in rows.select("policy_id", "body_id", "indicator_id", "period", "value").iter_rows():
        out.setdefault(tuple(key), {})[period] = value
    return out


def measures_of(pack: Pack, warehouse: Warehouse, bodies: Roster) -> Mapping[tuple[str, str], Measured]:
    """Series and guards by policy and indicator."""
    items = [(policy.id, item) for policy in pack.target_policies for item in policy.items]
    named = {id for _, item in items for id in (item.indicator, *(c.indicator for c in item.counter_measures))}
    series = all_series(warehouse, bodies, named)
    return {
        (policy, item.indicator): Measured(found, guards_of(pack, series, found, item))
        for policy, item in items
        for found in [series.get(item.indicator)]
        if found is not None
    }


def goal_of(target: Row, series: Series, row: int, direction: int, path: Mapping[str, float]) -> Goal | None:
    """What is to be tracked; None where the body has no figure that may be compared any more."""
    known = np.flatnonzero(~np.isnan(series.value[row]))
    base = series.column(str(target["base_period"]))
    if base is None or not known.size:
        return None
    last = int(known[-1])
    due, newest = place_of(str(target["due_period"])).number, place_of(series.periods[last]).number
    success = None if target["success"] is None else float(str(target["success"]))
    se = (float(str(target["start_hi"])) - float(str(target["start_lo"]))) / (2 * Z95)
    asked = float(str(target["target"]))
    level = met_from(asked, success, hold=bool(target["hold"]), se=se, direction=direction)
    return Goal(row, direction, base, last, (due - newest) // series.step, level, path)


def tracked_row(found: Measured, goal: Goal, chart: Chart, prospect: Forecast | None, indicator: Indicator) -> Row:
    """The columns of tracking beside its key."""
    series, at = found.series, (goal.row, goal.last)
    guard = watched(found.guards, goal)
    said = say(series, goal, prospect, guard)
    limits = limits_of(indicator.format, indicator.unit, indicator.multiplier)
    ends = np.array([-1, 1]) * Z95 * series.se[at] + series.value[at]
    lo, hi = np.clip(ends, *unpassed(limits, series.value[at]))
    return {
        "period": series.periods[goal.last],
        "n_points": int(tail(series, goal.row, goal.last).size),
        "value": series.value[at],
        "lo": float(lo),
        "hi": float(hi),
        "on_path": against_path(series, goal),
        "call": said.call,
        "p_hit": said.p_hit,
        "p_words": None if np.isnan(said.p_hit) else verbal(said.p_hit),
        "pace_needed": prospect.pace.required if prospect else np.nan,
        "pace_achieved": prospect.pace.achieved if prospect else np.nan,
        "reached": prospect.reached if prospect else np.nan,
        "variation": chart.variation or None,
        "assurance": chart.assurance or None,
        "counter_ok": None if np.isnan(guard.p_worse) else guard.success,
        "counter_worse": guard.p_worse,
        "status": str(series.status[at]),
        "reason": said.reason,
    }


def fan_rows(series: Series, goal: Goal, prospect: Forecast | None) -> Rows:
    """The columns of forecasts beside the key, one row per period ahead."""
    if prospect is None or np.isnan(prospect.p_hit):
        return []
    newest = series.periods[goal.last]
    return [
        {"period": series.after(newest, step)} | dict(zip(FAN, fan.tolist(), strict=True))
        for step, fan in enumerate(prospect.fan, start=1)
    ]


def recorded(found: Measured) -> Row:
    """What is recorded of the method."""
    read = {*found.series.editions}
    return {
        "method_id": METHOD.id,
        "method_version": METHOD.version,
        "params_hash": METHOD.params_hash(),
        "input_editions": " ".join(sorted(read)),
        "seed": None,
    }
