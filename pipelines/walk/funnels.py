"""From counted events to funnels: what chance allows at each body's size, and who lies outside even so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.contracts import FUNNEL_POINTS, FUNNELS
from pipelines.methods.funnel import METHOD, discoveries
from pipelines.methods.funnel_field import CHANCE_998, FieldFunnel, funnel_field
from pipelines.packs.pack import Pack
from pipelines.walk.matrices import field_figures, roster
from pipelines.walk.standing import FIELD_KEY, comparable, editions_of, recorded
from pipelines.warehouse import Warehouse

COUNTED = ("proportion", "count")


class Drawn(NamedTuple):
    """One field's counts for one indicator and period, by body, and their funnel."""

    rows: pl.DataFrame
    found: FieldFunnel
    editions: str


def funnels(pack: Pack, warehouse: Warehouse) -> int:
    """Write funnels and funnel_points of every indicator that counts events; returns the rows of funnel_points."""
    counted = [indicator.id for indicator in pack.indicators if indicator.interval in COUNTED]
    rows = field_figures(warehouse, roster(pack, warehouse)).filter(pl.col("indicator_id").is_in(counted))
    drawn = [draw(pack, frame) for frame in comparable(rows).partition_by(FIELD_KEY, maintain_order=True)]
    warehouse.write(FUNNELS, recorded(FUNNELS, [funnel_row(one) for one in drawn], METHOD, None))
    points = recorded(FUNNEL_POINTS, [point_rows(one) for one in drawn], METHOD, None)
    return warehouse.write(FUNNEL_POINTS, points.with_columns(discovered(points)))


def draw(pack: Pack, rows: pl.DataFrame) -> Drawn:
    """One field's funnel."""
    indicator = pack.indicator(rows["indicator_id"][0])
    events, cases, value, status = (rows[name].to_numpy() for name in ("numerator", "denominator", "value", "status"))
    usable = ~np.isnan(value)
    found = funnel_field(
        np.where(usable, events, np.nan),
        np.where(usable, cases, np.nan),
        status,
        interval=indicator.interval,
        multiplier=indicator.multiplier,
    )
    return Drawn(rows, found, editions_of(rows, usable))


def funnel_row(drawn: Drawn) -> pl.DataFrame:
    """The contract row of one funnel."""
    found, judged = drawn.found, int((drawn.found.flag != "withheld").sum())
    return (
        drawn.rows.select(FIELD_KEY)
        .head(1)
        .with_columns(
            pl.lit(found.kind).alias("kind"),
            pl.lit(found.n).alias("n"),
            pl.lit(found.centre).alias("centre"),
            pl.lit(found.phi).alias("phi"),
            pl.lit(found.tau2).alias("tau2"),
            pl.lit(CHANCE_998 * judged if judged else np.nan).alias("expected"),
            pl.lit(found.note or None, dtype=pl.String).alias("note"),
            pl.lit(drawn.editions).alias("input_editions"),
        )
    )


def point_rows(drawn: Drawn) -> pl.DataFrame:
    """Contract rows of the points of one funnel, without `discovery`, which looks at all of a period's funnels."""
    found = drawn.found
    columns = {
        "size": found.size,
        "z": found.z,
        "z_widened": found.widened,
        "lo_95": found.wide[:, 0],
        "hi_95": found.wide[:, 1],
        "lo_998": found.wide[:, 2],
        "hi_998": found.wide[:, 3],
        "plain_lo_95": found.plain[:, 0],
        "plain_hi_95": found.plain[:, 1],
    }
    return drawn.rows.select("body_id", *FIELD_KEY, "status", "value").with_columns(
        *(pl.Series(name, figures) for name, figures in columns.items()),
        pl.Series("flag", found.flag),
        pl.lit(None, dtype=pl.Boolean).alias("discovery"),
        pl.lit(drawn.editions).alias("input_editions"),
    )


def discovered(points: pl.DataFrame) -> pl.Series:
    """Which judged points stand out when false discoveries are held at 5 % over all the funnels of their period."""
    judged = (points["flag"] != "withheld").to_numpy()
    z = np.where(judged, points["z_widened"].fill_null(np.nan).to_numpy(), np.nan)
    period, out = points["period"].to_numpy(), np.zeros(points.height, dtype=bool)
    for each in np.unique(period[judged]):
        out[period == each] = discoveries(z[period == each])
    return pl.Series("discovery", out).set(pl.Series(~judged), None)
