"""Amounts of measures for every body and period: money at base-year prices, points in time at their nearest period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.methods.arrays import FloatArray
from pipelines.methods.status import worst
from pipelines.packs.pack import Pack
from pipelines.packs.schema import MONEY
from pipelines.walk.matrices import Roster
from pipelines.warehouse import Warehouse

WITHIN_DAYS = 732  # two years, as indicators allow a denominator that is a point in time


@dataclass(frozen=True)
class Amount:
    """One measure, or what is built from several, as matrices [n, T]: NaN and `missing` where there is no figure.

    measures : those that it is read from.
    """

    label: str
    value: FloatArray
    status: np.ndarray
    editions: np.ndarray
    measures: tuple[str, ...] = ()

    def times(self, other: Amount, label: str, scale: float) -> Amount:
        """The product, with the worse status of the two and the editions of both."""
        together = np.frompyfunc(lambda a, b: union([a, b]), 2, 1)
        return Amount(
            label,
            self.value * other.value * scale,
            worst(self.status, other.status),
            together(self.editions, other.editions),
            (*self.measures, *other.measures),
        )


def union(texts: Sequence[str]) -> str:
    """Editions named in any of the texts, sorted, joined by a space."""
    return " ".join(sorted({name for text in texts for name in text.split()}))


def periods_of(pack: Pack, warehouse: Warehouse, measure: str) -> tuple[str, ...]:
    """The periods, oldest first, for which any body states a measure."""
    found = warehouse.read(
        """
        select period from staging.usable u join marts.periods p using (period)
        where u.measure_id = ? and u.value is not null and p.kind = ?
        group by period, p.start order by p.start
        """,
        [measure, pack.measure(measure).period_kind],
    )
    return tuple(found["period"])


def last_days(warehouse: Warehouse, periods: Sequence[str]) -> tuple[str, ...]:
    """The last day of each period."""
    ends = dict(warehouse.read('select period, "end" from marts.periods').iter_rows())
    return tuple(str(ends[period]) for period in periods)


def amount(pack: Pack, warehouse: Warehouse, bodies: Roster, measure: str, periods: Sequence[str]) -> Amount:
    """A measure for every body of the roster and period."""
    shape = (len(bodies.ids), len(periods))
    value, status = np.full(shape, np.nan), np.full(shape, "missing", dtype="U16")
    editions = np.full(shape, "", dtype=object)
    place = {period: column for column, period in enumerate(periods)}
    for body, period, number, state, read in serving(warehouse, measure, periods).iter_rows():
        if body in bodies.place:
            where = bodies.place[body], place[period]
            value[where] = np.nan if number is None else number
            status[where], editions[where] = state, read
    status = np.where(np.isnan(value) & (status == "ok"), "missing", status)
    found = Amount(pack.measure(measure).label, value, status, editions, (measure,))
    return in_base_prices(warehouse, found, periods) if real(pack, measure) else found


def real(pack: Pack, measure: str) -> bool:
    """Whether a measure is money that the pack can state in base-year prices."""
    return pack.measure(measure).unit in MONEY and pack.deflator is not None and pack.base_period is not None


def in_base_prices(warehouse: Warehouse, found: Amount, periods: Sequence[str]) -> Amount:
    """The amount with general inflation taken out; a period without a price index has no amount."""
    index = {
        period: (factor, status)
        for period, factor, status in warehouse.read("select period, factor, status from staging.deflator").iter_rows()
    }
    factor = np.array([index.get(period, (np.nan, ""))[0] for period in periods])
    status = np.array([index.get(period, (0.0, "missing"))[1] for period in periods])
    return replace(found, value=found.value * factor, status=worst(found.status, status))


def serving(warehouse: Warehouse, measure: str, periods: Sequence[str]) -> pl.DataFrame:
    """The figure of a measure that serves each body and period: its own, or the nearest point in time."""
    return warehouse.read(
        """
        with days as (
            select period, kind, start::date + (date_diff('day', start::date, "end"::date) // 2)::integer as middle
            from marts.periods
        ), figures as (
            select u.*, d.kind, d.middle from staging.usable u join days d using (period) where u.measure_id = ?
        )
        select f.body_id, w.period, f.value, f.status, f.input_editions
        from figures f
        join days w
            on w.period = f.period
            or (w.kind <> f.kind and f.kind = 'point' and abs(date_diff('day', w.middle, f.middle)) <= ?)
        where w.period in (select unnest(?))
        qualify row_number() over (
            partition by f.body_id, w.period
            order by f.value is null, abs(date_diff('day', w.middle, f.middle)), f.middle desc
        ) = 1
        order by f.body_id, w.period
        """,
        [measure, WITHIN_DAYS, list(periods)],
    )
