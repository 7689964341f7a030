"""A list of peers that was made for some services says nothing about another, and the page says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

Rows = Mapping[str, Mapping[str, Any]]


def reasons(model: Mapping[str, Any], indicators: Rows, services: Rows) -> pl.Expr:
    """The column `reason` of positions; for measures of services that the list does not serve, that it does not."""
    named = sorted(model.get("services") or ())
    if not named:
        return pl.col("reason")
    ours = [id for id, row in indicators.items() if row["service_id"] in named]
    listed = " and ".join(str(services[id]["label"]) for id in named)
    said = pl.lit(f"this list of peers was made for {listed} alone")
    return pl.when(pl.col("indicator_id").is_in(ours)).then("reason").otherwise(said).alias("reason")
