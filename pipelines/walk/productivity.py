"""Volumes of output and of input, and what one does with the other: one row per body, service and period."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from scipy.special import ndtri

from pipelines.contracts import INDICATOR_VALUES, PRODUCTIVITY
from pipelines.methods import volumes as method
from pipelines.methods.arrays import over
from pipelines.methods.indicators import MINIMUM_EVENTS
from pipelines.methods.status import REFERENCE, worst
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service, Volumes
from pipelines.walk.benchmarks import stacked
from pipelines.walk.flows import Flows, break_starts, family_se, read_flows
from pipelines.walk.matrices import Roster, roster
from pipelines.warehouse import Warehouse

Z95 = float(ndtri(0.975))
NO_QUALITY = "The quality of output is not adjusted for."


@dataclass(frozen=True)
class Indices:
    """Indices of one run of comparable periods [n, R], each body's first comparable period at 100; NaN where absent.

    first : column of that period [n].   has : whether there is one [n].
    """

    first: np.ndarray
    has: np.ndarray
    output: np.ndarray
    adjusted: np.ndarray
    input: np.ndarray
    productivity: np.ndarray
    half: np.ndarray
    status: np.ndarray


def productivity(pack: Pack, warehouse: Warehouse) -> int:
    """Write productivity of every service that says what its output is; returns the rows."""
    bodies = roster(pack, warehouse)
    frames = [service_rows(pack, warehouse, bodies, service) for service in pack.services if service.volumes]
    return warehouse.write(PRODUCTIVITY, stacked(frames, PRODUCTIVITY))


def service_rows(pack: Pack, warehouse: Warehouse, bodies: Roster, service: Service) -> pl.DataFrame:
    """Contract rows of one service: input is its cost in base-year prices, output its volumes at national unit costs.

    Every run of periods between breaks has a first period of its own; no index crosses a break.
    """
    assert service.volumes is not None
    flows = read_flows(pack, warehouse, bodies, service, "volumes")
    level = output_level(service.volumes, flows)
    money = np.where(flows.amount[..., 0] > 0, flows.amount[..., 0], np.nan)
    status = statuses(flows)
    quality = quality_figures(warehouse, bodies, service.volumes, flows)
    frames = []
    for run in runs(pack, flows):
        se = family_se(bodies, (money / level)[None, :, run])[:, 0]
        found = indices(service.volumes, level[:, run], money[:, run], status[:, run], quality[:, run], se)
        frames.append(run_rows(bodies, service, flows, run, found))
    return stacked(frames, PRODUCTIVITY)


def output_level(volumes: Volumes, flows: Flows) -> np.ndarray:
    """Output of every body and period at national unit costs [n, T]; NaN where a volume is missing or all are zero.

    Constant national unit costs make the chained Laspeyres index the ratio of these levels, gaps or not.
    """
    amounts = flows.amount[..., 1:]
    cost = [output.unit_cost or 1.0 for output in volumes.outputs]
    level = method.national_level(np.maximum(amounts, 0), cost)
    return np.where((amounts < 0).any(axis=-1) | (level <= 0), np.nan, level)


def statuses(flows: Flows) -> np.ndarray:
    """The worst status of the amounts [n, T]; `small` under 20 units of output, `withheld` without a logarithm."""
    volume = flows.amount[..., 1:].sum(axis=-1)
    odd = (flows.amount[..., 0] <= 0) | (flows.amount[..., 1:] < 0).any(axis=-1) | (volume == 0)
    thin = np.where(odd, "withheld", np.where(volume < MINIMUM_EVENTS, "small", "ok"))
    return worst(*np.moveaxis(flows.status, -1, 0), thin)


def quality_figures(warehouse: Warehouse, bodies: Roster, volumes: Volumes, flows: Flows) -> np.ndarray:
    """The pack's quality indicators [n, T, C], NaN where absent or in doubt."""
    values = warehouse.table(INDICATOR_VALUES).filter(pl.col("status").is_in(REFERENCE) & (pl.col("value") > 0))
    column = {period: place for place, period in enumerate(flows.periods)}
    out = np.full((len(bodies.ids), len(column), len(volumes.quality)), np.nan)
    for place, part in enumerate(volumes.quality):
        rows = values.filter(pl.col("indicator_id") == part.indicator).select("body_id", "period", "value")
        for body, period, value in rows.iter_rows():
            if body in bodies.place and period in column:
                out[bodies.place[body], column[period], place] = value
    return out


def runs(pack: Pack, flows: Flows) -> list[np.ndarray]:
    """Columns of the periods between one break and the next, oldest run first."""
    starts = np.array(flows.starts)
    edges = ["", *break_starts(pack, flows.measures), "9999"]
    found = [np.flatnonzero((starts >= since) & (starts < until)) for since, until in pairwise(edges)]
    return [run for run in found if run.size]


def indices(
    volumes: Volumes, level: np.ndarray, money: np.ndarray, status: np.ndarray, quality: np.ndarray, se: np.ndarray
) -> Indices:
    """The indices of one run, all [n, R]; quality [n, R, C]; se [n] of the log unit cost of one period."""
    multiplier, carried = multipliers(volumes, quality, ~np.isnan(level) & ~np.isnan(money))
    status = worst(status, carried)
    comparable = ~np.isnan(level * money * multiplier)
    first, has = comparable.argmax(axis=1), comparable.any(axis=1)
    row = np.arange(first.size)
    counts = np.where(comparable, 1.0, np.nan)
    output, spent, gain = (100 * over(counts * part, part[row, first][:, None]) for part in (level, money, multiplier))
    adjusted = output * gain / 100
    growth = 100 * method.productivity(adjusted, spent)
    # Two periods differ by two errors; the first period is 100 by definition and has none.
    later = np.arange(level.shape[1]) != first[:, None]
    half = Z95 * np.sqrt(2) * np.where(later, se[:, None], 0.0)
    based = worst(status, np.where(has, status[row, first], "ok")[:, None])
    return Indices(first, has, output, adjusted, spent, growth, half, based)


def multipliers(volumes: Volumes, quality: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The quality multiplier g [n, R] since each body's first period with every component, and the status it adds.

    A component that is missing keeps its last value for one period and makes it imputed (methods.md M1.5).
    """
    out, status = np.ones(there.shape), np.full(there.shape, "ok", dtype="U16")
    if not volumes.quality:
        return out, status
    weights = [part.weight for part in volumes.quality]
    for body in range(there.shape[0]):
        whole = there[body] & ~np.isnan(quality[body]).any(axis=1)
        begins = int(whole.argmax()) if whole.any() else there.shape[1]
        out[body, :begins], status[body, :begins] = np.nan, "missing"
        if whole.any():
            filled, told = method.carried(quality[body, begins:])
            out[body, begins:] = method.quality_index(filled, weights)
            status[body, begins:] = worst(*told.T)
    return out, status


def run_rows(bodies: Roster, service: Service, flows: Flows, run: np.ndarray, found: Indices) -> pl.DataFrame:
    """Contract rows of one run, for every body with a comparable period and every period with its money stated."""
    assert service.volumes is not None
    row, column = np.nonzero(flows.present[:, run] & found.has[:, None])
    periods = np.array(flows.periods, dtype=object)[run]
    before = np.column_stack([np.full(len(bodies.ids), np.nan), found.productivity[:, :-1]])
    adjusts = bool(service.volumes.quality)

    def at(values: np.ndarray) -> pl.Series:
        return pl.Series(values[row, column], dtype=pl.Float64, nan_to_null=True)

    return pl.DataFrame(
        {
            "body_id": bodies.names[row],
            "period": pl.Series(periods[column], dtype=pl.String),
            "base": pl.Series(periods[found.first[row]], dtype=pl.String),
            "output": at(found.output),
            "output_quality": at(found.adjusted if adjusts else np.full(found.output.shape, np.nan)),
            "input": at(found.input),
            "productivity": at(found.productivity),
            "lo": at(found.productivity * np.exp(-found.half)),
            "hi": at(found.productivity * np.exp(found.half)),
            "change": at(found.productivity / before - 1),
            "status": found.status[row, column],
            "input_editions": pl.Series(flows.editions[:, run][row, column], dtype=pl.String),
        }
    ).with_columns(
        pl.lit(service.id).alias("service_id"),
        pl.lit(excluded(service.volumes)).alias("excluded"),
        pl.lit(method.PRODUCTIVITY.id).alias("method_id"),
        pl.lit(method.PRODUCTIVITY.version).alias("method_version"),
        pl.lit(method.PRODUCTIVITY.params_hash()).alias("params_hash"),
        pl.lit(None).cast(pl.Int64).alias("seed"),
    )


def excluded(volumes: Volumes) -> str:
    """What the indices leave out, in words."""
    return volumes.excluded if volumes.quality else f"{volumes.excluded} {NO_QUALITY}"
