"""Wide matrices at the point of computation: the roster of benchmarked bodies, their context, their indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import BODIES, INDICATOR_VALUES, PERIODS
from pipelines.methods.roster import Roster as Roster  # half of the walk knows it from here
from pipelines.packs.pack import Pack
from pipelines.warehouse import Warehouse


def roster(pack: Pack, warehouse: Warehouse) -> Roster:
    """The roster of a pack; `newest_end` is the last day of the newest period in which a service cost something.

    Bodies without any context figure are left out where the pack finds peers by context: nothing is like them.
    """
    benchmarked = [found.id for found in pack.classes if found.benchmarked and not found.aggregate]
    rows = warehouse.table(BODIES).filter(pl.col("class_id").is_in(benchmarked) & pl.col("valid_to").is_null())
    wanted = [
        (pl.col("measure_id") == v.measure) & (pl.lit(v.period == "newest") | (pl.col("period") == v.period))
        for model in pack.peer_models
        for v in model.variables
    ]
    if wanted:
        context = context_figures(warehouse).filter(pl.any_horizontal(wanted))
        rows = rows.join(context, on="body_id", how="semi", maintain_order="left")
    newest = warehouse.scalar("select max(p.end) from marts.costs c join marts.periods p using (period)")
    return Roster(
        tuple(rows["body_id"]),
        tuple(rows["class_id"]),
        tuple(rows["region"]),
        tuple(rows["valid_from"].fill_null("")),
        {found.id: found.peers_from for found in pack.classes},
        str(newest or "9999-12-31"),
    )


def context_matrix(pack: Pack, warehouse: Warehouse, bodies: Roster) -> tuple[dict[str, np.ndarray], str]:
    """Each context variable of the computed models as an array [n], NaN where absent, and the editions read."""
    usable = context_figures(warehouse)
    out: dict[str, np.ndarray] = {}
    editions: set[str] = set()
    for variable in (v for model in pack.peer_models for v in model.variables):
        rows = usable.filter(pl.col("measure_id") == variable.measure)
        if variable.period != "newest":
            rows = rows.filter(pl.col("period") == variable.period)
        newest = rows.group_by("body_id", maintain_order=True).last()
        column = np.full(len(bodies.ids), np.nan)
        for body, value, read in newest.select("body_id", "value", "input_editions").iter_rows():
            if body in bodies.place:
                column[bodies.place[body]] = value
                editions.update(read.split())
        out[variable.id] = column
    return out, " ".join(sorted(editions))


def context_figures(warehouse: Warehouse) -> pl.DataFrame:
    """Every figure that may describe a body's context: measured, not modelled; oldest first."""
    return warehouse.read(
        """
        select u.body_id, u.measure_id, u.period, u.value, u.input_editions, p.end
        from staging.usable u join marts.periods p using (period)
        where u.status in ('ok', 'provisional') and u.value is not null
        order by u.measure_id, p.end, u.body_id
        """
    )


def field_figures(warehouse: Warehouse, bodies: Roster) -> pl.DataFrame:
    """indicator_values of the roster with `field`, ordered by indicator, time, field and body: one field on end."""
    rows = warehouse.table(INDICATOR_VALUES).join(
        pl.DataFrame({"body_id": bodies.ids, "field": bodies.field}, schema={"body_id": pl.String, "field": pl.String}),
        on="body_id",
    )
    placed = rows.join(warehouse.table(PERIODS).select("period", "start"), on="period")
    return placed.sort("indicator_id", "start", "period", "field", "body_id")


@dataclass(frozen=True)
class Figures:
    """Indicators as matrices [n, m], one column per indicator and period; NaN where absent."""

    indicator: tuple[str, ...]
    period: tuple[str, ...]
    value: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    status: np.ndarray
    like_for_like: np.ndarray
    present: np.ndarray
    editions: np.ndarray


def indicator_columns(warehouse: Warehouse, bodies: Roster) -> Figures:
    """Every indicator and period that any body of the roster has, as matrices."""
    rows = warehouse.table(INDICATOR_VALUES).filter(pl.col("body_id").is_in(bodies.ids))
    starts = warehouse.table(PERIODS).select("period", "start")
    keys = rows.select("indicator_id", "period").unique().join(starts, on="period").sort("indicator_id", "start")
    keys = keys.with_row_index("column")
    placed = rows.join(keys, on=["indicator_id", "period"]).join(
        pl.DataFrame({"body_id": bodies.ids, "row": range(len(bodies.ids))}), on="body_id"
    )
    where = (placed["row"].to_numpy(), placed["column"].to_numpy())
    shape = (len(bodies.ids), keys.height)

    def matrix(name: str) -> np.ndarray:
        out = np.full(shape, np.nan)
        out[where] = placed[name].fill_null(np.nan).to_numpy()
        return out

    status, editions = np.full(shape, "missing", dtype="U16"), np.full(shape, "", dtype=object)
    like, present = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
    status[where], editions[where] = placed["status"].to_numpy(), placed["input_editions"].to_numpy()
    like[where], present[where] = placed["like_for_like"].to_numpy(), True
    return Figures(
        tuple(keys["indicator_id"]),
        tuple(keys["period"]),
        matrix("value"),
        matrix("lo"),
        matrix("hi"),
        status,
        like,
        present,
        editions,
    )
