"""From usable figures to costs and indicators, each with its status, interval and provenance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts import CELLS, INDICATOR_VALUES, costs
from pipelines.errors import BadInput
from pipelines.methods import indicators as ratios
from pipelines.methods.intervals import count_ci, prop_ci, unit_cost_ci
from pipelines.methods.status import reasons_expr, worst_expr
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Indicator
from pipelines.warehouse import Warehouse

DEFLATOR = {
    "period": pl.String,
    "factor": pl.Float64,
    "status": pl.String,
    "index": pl.Float64,
    "dataset": pl.String,
    "edition": pl.String,
    "locator": pl.String,
}


class Spread(NamedTuple):
    """Standard error, limits and, in words, how they were found; one of each per row."""

    se: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    method: list[str]


def deflate(pack: Pack, warehouse: Warehouse) -> int:
    """Write staging.deflator: what turns money of a period into base-year money; returns its periods.

    The status is the worse of the period's and the base year's, except in the base year itself, where nothing is
    converted. Smoothing is a choice of the pack, stated with the index in the release; it makes no body's figure
    imputed. Raises BadInput when the pack's base year has no index.
    """
    frame = pl.DataFrame(schema=DEFLATOR)
    if pack.deflator is not None and pack.base_period is not None:
        frame = deflator_frame(pack, warehouse)
    warehouse.write_frame("staging.deflator", frame)
    return frame.height


def deflator_frame(pack: Pack, warehouse: Warehouse) -> pl.DataFrame:
    """One row per period with its factor to base-year prices."""
    source = pack.deflator
    assert source is not None
    index = warehouse.read(
        f"""
        select c.period, c.value, c.status, c.dataset, c.edition, c.locator
        from {CELLS.qualified} c join staging.ruling r using (dataset, period, edition)
        join marts.periods p using (period)
        where c.dataset = ? and c.series = ? and c.code = ? and c.value is not null and p.kind = ?
        order by p.start
        """,
        [source.dataset, source.series, source.body_code, pack.year_kind],
    )
    base = index.filter(pl.col("period") == pack.base_period)
    if base.is_empty():
        raise BadInput(f"pack {pack.id}: {source.dataset} has no {source.series} for the base year {pack.base_period}")
    levels = ratios.smooth_index(index["value"], index["period"].is_in(source.smooth))
    factor = ratios.real_terms(np.ones(index.height), levels, float(levels[index["period"].index_of(pack.base_period)]))
    converted = worst_expr("status", pl.lit(base["status"][0]))
    return index.select(
        "period",
        pl.Series("factor", factor),
        pl.when(pl.col("period") == pack.base_period).then(pl.lit("ok")).otherwise(converted).alias("status"),
        pl.Series("index", levels),
        "dataset",
        "edition",
        "locator",
    )


def service_costs(pack: Pack, warehouse: Warehouse) -> int:
    """Write costs: what each service cost each body, as spent and in base-year prices; returns its rows."""
    deflate(pack, warehouse)
    table = costs(pack.currency, pack.base_period)
    nominal, *real = [column.name for column in table.columns if column.name.startswith("cost_")]
    found = warehouse.select("marts", "costs")
    money = [(pl.col("pence") / 100).alias(nominal)] + [(pl.col("real_pence") / 100).alias(name) for name in real]
    status = worst_expr("status", "deflator_status") if real else pl.col("status")
    return warehouse.write(table, found.with_columns(*money, status.alias("status")))


def indicator_values(pack: Pack, warehouse: Warehouse) -> int:
    """Write indicator_values: value, interval, status and provenance of every indicator; returns its rows."""
    warehouse.derive("staging.ratio_inputs", "staging", "ratio_inputs")
    inputs = warehouse.read(
        """
        select i.*, d.factor, d.status as deflator_status
        from staging.ratio_inputs i left join staging.deflator d using (period)
        order by indicator_id, body_id, period
        """
    )
    parts = inputs.partition_by("indicator_id", as_dict=True)
    frames = [valued(pack.indicator(str(id)), frame) for (id,), frame in sorted(parts.items())]
    empty = pl.DataFrame(schema=INDICATOR_VALUES.schema)
    return warehouse.write(INDICATOR_VALUES, pl.concat([empty, *frames]))


def valued(indicator: Indicator, rows: pl.DataFrame) -> pl.DataFrame:
    """The contract rows of one indicator from its numerators and denominators."""
    factor = pl.col("factor") if indicator.real_terms else pl.lit(1.0)
    published = indicator.denominator is None
    rows = rows.with_columns(
        (pl.col("numerator") * factor).alias("top"),
        (pl.lit(1.0) if published else pl.col("denominator").clip(0)).alias("bottom"),
        # A net budget below zero is genuine, but nothing can be divided by it.
        pl.when(pl.col("denominator") < 0).then(pl.lit("withheld")).otherwise(pl.lit("ok")).alias("sign_status"),
    )
    inputs = input_statuses(indicator)
    given = rows.select(worst_expr(*inputs)).to_series()
    rate = ratios.ratio(
        rows["top"],
        rows["bottom"],
        indicator.multiplier,
        status=given,
        minimum=minimum(indicator),
    )
    impossible = np.zeros(rows.height, dtype=bool)
    if indicator.interval == "proportion":
        impossible = np.nan_to_num(rows["top"] > rows["bottom"]).astype(bool)
    # Arithmetic sees an absent figure as missing; one that the publisher withheld, and said so, stays suppressed.
    told = given.is_in(("suppressed", "zero_den")).to_numpy() & (rate.status == "missing")
    status = np.where(impossible, "quarantined", np.where(told, given, rate.status))
    rows = rows.with_columns(pl.Series("value", rate.value, nan_to_null=True), pl.Series("status", status))
    spread = spread_of(indicator, rows)
    return rows.select(
        "body_id",
        pl.lit(indicator.id).alias("indicator_id"),
        "period",
        pl.col("top").alias("numerator"),
        (pl.col("numerator") if indicator.real_terms else pl.lit(None)).cast(pl.Float64).alias("numerator_nominal"),
        pl.col("denominator"),
        "denominator_period",
        "value",
        pl.Series("se", spread.se, nan_to_null=True),
        pl.Series("lo", spread.lo, nan_to_null=True),
        pl.Series("hi", spread.hi, nan_to_null=True),
        pl.Series("interval_method", spread.method),
        "status",
        reasons_expr(*inputs, "status").str.replace_all(",", " ").alias("status_reasons"),
        "rebuilt",
        "like_for_like",
        pl.lit(ratios.RATIO.id).alias("method_id"),
        pl.lit(ratios.RATIO.version).alias("method_version"),
        pl.lit(params_hash(indicator)).alias("params_hash"),
        editions_expr(indicator).alias("input_editions"),
        pl.lit(None).cast(pl.Int64).alias("seed"),
    ).cast(dict(INDICATOR_VALUES.schema))  # type: ignore[arg-type]


def input_statuses(indicator: Indicator) -> list[str]:
    """The status columns that a value of this indicator rests on."""
    columns = ["numerator_status"]
    if indicator.denominator is not None:
        columns += ["denominator_status", "sign_status"]
    if indicator.real_terms:
        columns.append("deflator_status")
    return columns


def minimum(indicator: Indicator) -> float:
    """The denominator below which a value is `small`."""
    if indicator.denominator is None:
        return 0.0
    return ratios.MINIMUM_EVENTS if indicator.min_denominator is None else indicator.min_denominator


def params_hash(indicator: Indicator) -> str:
    """The hash of the parameters with which this indicator is computed."""
    return ratios.RATIO.params_hash(k=indicator.multiplier, minimum_denominator=minimum(indicator))


def editions_expr(indicator: Indicator) -> pl.Expr:
    """Every edition read for a row, sorted, joined by a space."""
    read = [pl.col("input_editions")]
    if indicator.denominator is not None:
        read.append(pl.col("denominator_editions"))
    together = pl.concat_str(read, separator=" ", ignore_nulls=True)
    return together.str.split(" ").list.unique().list.sort().list.join(" ")


def spread_of(indicator: Indicator, rows: pl.DataFrame) -> Spread:
    """Standard error and 95 % limits by the pack's choice of interval; NaN where no statement can be made."""
    if indicator.interval == "history":
        return history_spread(rows)
    if indicator.interval in ("proportion", "count"):
        return event_spread(indicator, rows)
    none = np.full(rows.height, np.nan)
    return Spread(none, none, none, [f"none: {indicator.interval_note or 'the pack declares none'}"] * rows.height)


def history_spread(rows: pl.DataFrame) -> Spread:
    """Log-normal limits from each body's own history, else from the sector's pooled residuals (M1.1)."""
    usable = rows.filter(pl.col("status").is_in(("ok", "provisional", "imputed", "break", "small")))
    table = usable.pivot("period", index="body_id", values="value", sort_columns=True)
    if table.is_empty():
        none = np.full(rows.height, np.nan)
        return Spread(none, none, none, ["none: no usable figure"] * rows.height)
    found = ratios.log_se(table.drop("body_id").to_numpy())
    words = {
        "own": "95% log-normal; standard error from the body's own history",
        "pooled": "95% log-normal; standard error from the sector's pooled within-body residuals",
        "none": "none: too few periods to see how figures vary",
    }
    by_body = table.select(
        "body_id", pl.Series("se", found.se), pl.Series("words", [words[basis] for basis in found.basis])
    )
    joined = rows.join(by_body, on="body_id", how="left", maintain_order="left")
    se = joined["se"].fill_null(np.nan).to_numpy()
    limits = unit_cost_ci(rows["value"].fill_null(np.nan).to_numpy(), se)
    method = pl.when(pl.Series(np.isnan(limits.lo))).then(pl.lit("none: the value or its history gives none"))
    return Spread(
        np.where(np.isnan(limits.lo), np.nan, se),
        limits.lo,
        limits.hi,
        joined.select(method.otherwise(pl.col("words"))).to_series().to_list(),
    )


def event_spread(indicator: Indicator, rows: pl.DataFrame) -> Spread:
    """Wilson limits of a proportion, or Byar and exact limits of a count over its denominator (M3.3)."""
    shown = rows["value"].is_not_null().to_numpy() & (rows["status"] != "quarantined").to_numpy()
    top = np.where(shown, rows["top"].fill_null(np.nan), np.nan)
    bottom = np.where(shown, rows["bottom"].fill_null(np.nan), np.nan)
    k = indicator.multiplier
    if indicator.interval == "proportion":
        found = prop_ci(top, bottom)
        se, words = k * np.sqrt(found.value * (1 - found.value) / bottom), "95% Wilson score"
        lo, hi = k * found.lo, k * found.hi
    else:
        counted = count_ci(top)
        se, words = k * np.sqrt(top) / bottom, "95% Byar, exact below 10 events"
        lo, hi = k * counted.lo / bottom, k * counted.hi / bottom
    absent = np.isnan(lo)
    return Spread(se, lo, hi, ["none: no usable figure" if gone else words for gone in absent])
