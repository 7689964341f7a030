"""One indicator as an even series of every body: figures, their chance, the same drawn; NaN where not comparable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import ceil, gcd

import numpy as np
import polars as pl

from pipelines.contracts import INDICATOR_VALUES, RELIABILITY
from pipelines.methods.status import REFERENCE
from pipelines.sources.periods import span
from pipelines.walk.calendar import Place, per_year, period_at, place_of
from pipelines.walk.matrices import Roster
from pipelines.warehouse import Warehouse

Z95 = 1.959963984540054
FIGURES = ("value", "se", "numerator", "denominator")
DRAWN = ("drawn", "drawn_lo", "drawn_hi", "reliability")


@dataclass(frozen=True)
class Series:
    """An indicator over time, oldest first, every `step` periods of one kind.

    Matrices [n, T], rows as the roster, NaN where a figure is absent, not like for like or not fit to be a reference.
    value, se : figure and standard error on its own scale (half the 95 % interval over 1.96).   numerator, denominator.
    drawn, drawn_lo, drawn_hi, reliability : the figure with chance taken out.   status : as published, "" for no row.
    editions : every edition read.
    """

    indicator: str
    kind: str
    step: int
    periods: tuple[str, ...]
    status: np.ndarray
    editions: tuple[str, ...]
    value: np.ndarray
    se: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    drawn: np.ndarray
    drawn_lo: np.ndarray
    drawn_hi: np.ndarray
    reliability: np.ndarray

    @property
    def season(self) -> int:
        """Points a year, 1 for yearly or rarer ones."""
        return max(1, per_year(self.kind) // self.step)

    def points(self, years: int) -> int:
        """Points that cover so many years, at least one."""
        return max(1, ceil(years * per_year(self.kind) / self.step))

    def column(self, period: str) -> int | None:
        """The column of a period, None when it is not one of the series."""
        return self.periods.index(period) if period in self.periods else None

    def after(self, period: str, points: int) -> str:
        """The period so many points after another."""
        kind, number = place_of(period)
        return period_at(Place(kind, number + points * self.step))

    def beside(self, periods: Iterable[str]) -> list[int]:
        """For each of some periods the column that ends nearest to it within half a year, the earlier of two; -1."""
        ends = np.array([np.datetime64(span(own).end) for own in self.periods])
        return [nearest(ends, np.datetime64(span(period).end)) for period in periods]


def nearest(ends: np.ndarray, end: np.datetime64) -> int:
    """Place of the day nearest to another, at most 184 days from it, the earlier of two; -1 for none."""
    if not ends.size:
        return -1
    away = np.abs((ends - end).astype(np.int64))
    best = int(np.argmin(away))
    return best if away[best] <= 184 else -1


def all_series(warehouse: Warehouse, bodies: Roster, indicators: Iterable[str]) -> Mapping[str, Series]:
    """The series of some indicators by id; those without any figure are left out."""
    wanted = sorted(set(indicators))
    drawn = warehouse.table(RELIABILITY).select(
        "body_id",
        "indicator_id",
        "period",
        "reliability",
        pl.col("value").alias("drawn"),
        pl.col("lo").alias("drawn_lo"),
        pl.col("hi").alias("drawn_hi"),
    )
    rows = warehouse.table(INDICATOR_VALUES).filter(
        pl.col("indicator_id").is_in(wanted) & pl.col("body_id").is_in(bodies.ids)
    )
    rows = rows.join(drawn, on=["body_id", "indicator_id", "period"], how="left")
    parts = rows.partition_by("indicator_id", as_dict=True)
    return {id: series_of(parts[(id,)], id, bodies) for id in wanted if (id,) in parts}


def series_of(rows: pl.DataFrame, indicator: str, bodies: Roster) -> Series:
    """The even series of one indicator's rows: the kind of period that most rows have, at their common distance."""
    places = {period: place_of(period) for period in rows["period"].unique()}
    kinds = Counter(places[period].kind for period in rows["period"])
    kind = min(kinds, key=lambda name: (-kinds[name], name))
    numbers = sorted(place.number for place in places.values() if place.kind == kind)
    step = reduce(gcd, np.diff(numbers).tolist(), 0) or 1
    periods = tuple(period_at(Place(kind, number)) for number in range(numbers[0], numbers[-1] + 1, step))
    rows = rows.filter(pl.col("period").is_in(periods))
    where = (
        [bodies.place[body] for body in rows["body_id"]],
        [periods.index(period) for period in rows["period"]],
    )
    usable = (rows["like_for_like"] & rows["status"].is_in(REFERENCE)).to_numpy()
    told = rows.with_columns(((pl.col("hi") - pl.col("lo")) / (2 * Z95)).alias("se"))
    shape = (len(bodies.ids), len(periods))

    def matrix(name: str) -> np.ndarray:
        out = np.full(shape, np.nan)
        out[where] = np.where(usable, told[name].fill_null(np.nan).to_numpy(), np.nan)
        return out

    status = np.full(shape, "", dtype="U16")
    status[where] = rows["status"].to_numpy()
    read = {edition for text in rows["input_editions"].unique() for edition in text.split()}
    return Series(
        indicator, kind, step, periods, status, tuple(sorted(read)), *(matrix(name) for name in (*FIGURES, *DRAWN))
    )
