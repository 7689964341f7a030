"""From indicators to standing: what each value is without its chance, and the places that this leaves open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts import PLACES, RELIABILITY, Table
from pipelines.methods import rank, shrinkage
from pipelines.methods.card import Method
from pipelines.methods.standing import FieldShrunk, place_field, shrink_field
from pipelines.methods.status import REFERENCE
from pipelines.packs.pack import Pack
from pipelines.walk.matrices import field_figures, roster
from pipelines.warehouse import Warehouse

DIRECTION = {"higher": 1, "lower": -1, "neutral": 0}
UNUSABLE = ("withheld", "quarantined")
FIELD_KEY = ["indicator_id", "period", "field"]
FIGURES = ("value", "se", "lo", "hi", "numerator", "denominator")


class Group(NamedTuple):
    """The figures of one field for one indicator and period, by body, and the same drawn towards their mean."""

    rows: pl.DataFrame
    found: FieldShrunk
    editions: str


def standing(pack: Pack, warehouse: Warehouse) -> int:
    """Write reliability and places; returns the rows of reliability."""
    rows = comparable(field_figures(warehouse, roster(pack, warehouse)))
    groups = [drawn(pack, frame) for frame in rows.partition_by(FIELD_KEY, maintain_order=True)]
    newest = newest_periods(rows)
    latest = [group for group in groups if newest.get(group.rows["indicator_id"][0]) == group.rows["period"][0]]
    warehouse.write(PLACES, recorded(PLACES, [place_rows(pack, group) for group in latest], rank.METHOD, 0))
    drawn_rows = [reliability_rows(group) for group in groups]
    return warehouse.write(RELIABILITY, recorded(RELIABILITY, drawn_rows, shrinkage.METHOD, None))


def comparable(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with NaN for figures that are withheld, set aside, or not like for like."""
    shown = pl.col("like_for_like") & ~pl.col("status").is_in(UNUSABLE)
    return rows.with_columns(pl.when(shown).then(pl.col(FIGURES)).fill_null(np.nan))


def drawn(pack: Pack, rows: pl.DataFrame) -> Group:
    """One field's figures with chance taken out."""
    indicator = pack.indicator(rows["indicator_id"][0])
    value, se, lo, hi, status = (rows[name].to_numpy() for name in ("value", "se", "lo", "hi", "status"))
    most = indicator.multiplier if indicator.interval == "proportion" else np.inf
    found = shrink_field(value, se, lo, hi, status, interval=indicator.interval, most=most)
    return Group(rows, found, editions_of(rows, ~np.isnan(found.value)))


def editions_of(rows: pl.DataFrame, used: np.ndarray) -> str:
    """Every edition that the rows used were read from, sorted, joined by a space."""
    read = set(rows["input_editions"].to_numpy()[used])
    return " ".join(sorted({edition for text in read for edition in text.split()}))


def newest_periods(rows: pl.DataFrame) -> dict[str, str]:
    """The newest period of each indicator in which a like-for-like figure can be used."""
    usable = rows.filter(pl.col("status").is_in(REFERENCE) & pl.col("value").is_not_nan())
    last = usable.sort("start", "period").group_by("indicator_id", maintain_order=True).last()
    return dict(last.select("indicator_id", "period").iter_rows())


def reliability_rows(group: Group) -> pl.DataFrame:
    """Contract rows of reliability; without a standard error nothing is drawn, and nothing can be used."""
    found = group.found
    return group.rows.select("body_id", *FIELD_KEY, "status").with_columns(
        pl.lit(found.n).alias("n"),
        pl.lit(found.mean).alias("mean"),
        pl.lit(found.spread).alias("spread"),
        pl.Series("value", found.value),
        pl.Series("lo", found.lo),
        pl.Series("hi", found.hi),
        pl.Series("reliability", found.reliability),
        pl.Series("use", found.use),
        pl.lit(group.editions).alias("input_editions"),
    )


def place_rows(pack: Pack, group: Group) -> pl.DataFrame:
    """Contract rows of places; a body whose figure does not inform the field keeps a row without a place."""
    indicator = pack.indicator(group.rows["indicator_id"][0])
    found = place_field(group.found, DIRECTION[indicator.polarity], group.rows["body_id"].to_list())
    placed = found.group > 0
    return group.rows.select("body_id", *FIELD_KEY, "status").with_columns(
        pl.lit(found.n).alias("n"),
        pl.Series("place_lo", found.range[:, 0]),
        pl.Series("place_hi", found.range[:, 1]),
        pl.Series("p_best_quarter", found.best),
        pl.Series("p_worst_quarter", found.worst),
        pl.Series("told_apart_from", np.where(placed, found.apart, np.nan)),
        pl.Series("group", np.where(placed, found.group, np.nan)),
        pl.lit(group.editions).alias("input_editions"),
    )


def recorded(table: Table, frames: list[pl.DataFrame], method: Method, seed: int | None) -> pl.DataFrame:
    """Frames of one contract, one under the other, null for NaN, with what is recorded of their method."""
    schema = pl.Schema(table.schema)
    if not frames:
        return pl.DataFrame(schema=schema)
    together = pl.concat(frames).with_columns(pl.selectors.float().fill_nan(None))
    return together.select(
        pl.lit(method.id).alias("method_id"),
        pl.lit(method.version).alias("method_version"),
        pl.lit(method.params_hash()).alias("params_hash"),
        pl.lit(seed, dtype=pl.Int64).alias("seed"),
        pl.all(),
    ).select(pl.col(name).cast(schema[name]) for name in schema)
