"""What the sector says of one body's measures: peers' values, spreads, price indices, what counts as small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.data import Book
from pipelines.methods.status import REFERENCE

Row = Mapping[str, Any]


def sector_rows(book: Book, model: str, rows: Sequence[Row]) -> dict[str, pl.DataFrame]:
    """Every body's row of the same indicators and periods, by indicator."""
    wanted = pl.DataFrame(
        [(row["indicator_id"], row["period"]) for row in rows],
        schema={"indicator_id": pl.String, "period": pl.String},
        orient="row",
    )
    found = book.positions(model).join(wanted, on=["indicator_id", "period"], how="semi")
    return {str(id): part for (id,), part in found.partition_by("indicator_id", as_dict=True).items()}


def prices(book: Book, rows: Sequence[Row]) -> dict[str, float]:
    """What a unit of money of each period is worth at base-year prices, as the release's own figures have it."""
    periods = {row["period"] for row in rows}
    table = book.release.table("indicator_values").select("period", "numerator", "numerator_nominal")
    table = table.filter(pl.col("period").is_in(periods), pl.col("numerator_nominal").abs() > 0)
    found = table.group_by("period").agg(pl.all().sort_by(pl.col("numerator_nominal").abs()).last())
    return {str(period): real / nominal for period, real, nominal in found.iter_rows()}


def among(sector: pl.DataFrame, peers: set[str]) -> list[float]:
    """Peers' values that may stand in a group: like for like and of a sound status, in order."""
    if sector.is_empty():
        return []
    usable = pl.col("like_for_like") & pl.col("status").is_in(REFERENCE) & pl.col("value").is_not_null()
    return sorted(sector.filter(pl.col("body_id").is_in(peers), usable)["value"].to_list())


def spread(book: Book, row: Row) -> float | None:
    """The standard error of the logarithm: the row's own, else that of the body's other years, which is the same."""
    if row["se"] is not None:
        return float(row["se"])
    others = book.rows("indicator_values", body_id=row["body_id"], indicator_id=row["indicator_id"])
    return next((float(each["se"]) for each in others if each["se"] is not None), None)
