"""Figures that rest on an amount which moved by more than is usual: kept, shown, and to be confirmed by the body.

One year's oddity, such as income booked at once, can make a body look cheap; no page may call that a good direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.releases.read import Release

FIGURE = ["body_id", "indicator_id", "period"]


def unconfirmed(release: Release, measures: Mapping[str, Mapping[str, Any]], hidden: Sequence[str]) -> pl.DataFrame:
    """body_id, indicator_id, period, to_confirm: what moved, by how much, of either part of a ratio.

    hidden : statuses whose figures may not be shown; nothing is said of them.   Source: methods.md 0.4.
    """
    names = pl.LazyFrame(
        [(id, str(row["label"])) for id, row in measures.items()], ["measure_id", "label"], orient="row"
    )
    said = pl.concat_str("label", "reason", separator=" ").alias("said")
    moved = release.table("flagged").lazy().join(names, on="measure_id").select("body_id", "measure_id", "period", said)
    parts = release.table("indicators").lazy().select("indicator_id", "numerator", "denominator")
    shown = pl.col("value").is_not_null() & ~pl.col("status").is_in(hidden)
    figures = release.table("indicator_values").lazy().filter(shown).select(*FIGURE, "denominator_period")
    figures = figures.join(parts, on="indicator_id")
    above = figures.join(
        moved, left_on=["body_id", "numerator", "period"], right_on=["body_id", "measure_id", "period"]
    )
    below = figures.join(
        moved,
        left_on=["body_id", "denominator", "denominator_period"],
        right_on=["body_id", "measure_id", "period"],
    )
    both = pl.concat([above.select(*FIGURE, "said"), below.select(*FIGURE, "said")])
    grouped = both.group_by(FIGURE, maintain_order=True).agg(pl.col("said").str.join("; ").alias("to_confirm"))
    return grouped.sort(FIGURE).collect()
