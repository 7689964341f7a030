"""An amount of a frontier or cost model, back to the publishers' rows: its period, its price basis, its product."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.releases import steps
from pipelines.releases.claim import Step, plain
from pipelines.releases.figures import Figure, figure, same
from pipelines.releases.lookup import one

if TYPE_CHECKING:
    from pipelines.releases.read import Release

WITHIN_DAYS = 732
MONEY = ("gbp", "usd", "eur")


def behind(
    release: Release,
    body: str,
    id: str,
    products: dict[str, dict[str, Any]],
    period: str,
    stated: float | None,
    role: str,
) -> Figure:
    """The figure behind an amount, with the steps that lead to the number `stated` in the result (None: no number)."""
    if id not in products:
        return _measured(release, body, id, period, stated, role)
    made = products[id]
    parts = [_measured(release, body, made[part], period, None, role) for part in ("volume", "rate")]
    volume, rate = (part.value for part in parts)
    value = None if volume is None or rate is None else volume * rate * made["scale"]
    numbers = f"{plain(volume)} x {plain(rate)} x {plain(made['scale'])} = {plain(value)}"
    fits = None if stated is None else same(value, stated)
    step = Step(made["label"], "built from two measures", "volume x rate x scale", numbers, fits)
    return Figure(
        made["label"],
        value,
        tuple(row for part in parts for row in part.inputs),
        (*(found for part in parts for found in part.steps), step),
        tuple(name for part in parts for name in part.tables),
    )


def _measured(release: Release, body: str, measure: str, period: str, stated: float | None, role: str) -> Figure:
    when = serving(release, body, measure, period)
    found = figure(release, body, measure, when, role, rebuilt=True)
    value, more = found.value, list(found.steps)
    if when != period:
        more.append(Step(f"{found.label}: date", f"the figure is that of {when}, the nearest to {period}"))
    facts = one(release, "measures", measure_id=measure) or {}
    index = {row["period"]: row["factor"] for row in release.facts["deflator"] or ()}
    if facts.get("unit") in MONEY and period in index and value is not None:
        value *= index[period]
        more.append(steps.real_terms(release, found.value, value, period, found.label))
    if stated is not None:
        more += steps.recorded(found.label, value, stated)
    return Figure(found.label, value, found.inputs, tuple(more), found.tables)


def serving(release: Release, body: str, measure: str, period: str) -> str:
    """The period whose figure serves a period: its own, or the nearest point in time within two years."""
    kinds = {}
    middles = {}
    for name, kind, start, end in release.table("periods").select("period", "kind", "start", "end").iter_rows():
        kinds[name], middles[name] = kind, _middle(start, end)
    stated = {
        when
        for table in ("values", "values_rebuilt")
        for when in release.table(table)
        .filter(pl.col("body_id") == body, pl.col("measure_id") == measure, pl.col("value").is_not_null())["period"]
        .to_list()
    }
    points = [when for when in stated if kinds[when] == "point"]
    near = [when for when in points if abs((middles[when] - middles[period]).days) <= WITHIN_DAYS]
    if period in stated or not near:
        return period
    return str(min(near, key=lambda when: (abs((middles[when] - middles[period]).days), -middles[when].toordinal())))


def newest(release: Release, body: str, measure: str) -> str | None:
    """The newest period for which a body states a measure."""
    ends = dict(release.table("periods").select("period", "end").iter_rows())
    found = [
        when
        for table in ("values", "values_rebuilt")
        for when in release.table(table)
        .filter(pl.col("body_id") == body, pl.col("measure_id") == measure, pl.col("value").is_not_null())["period"]
        .to_list()
    ]
    return max(found, key=lambda when: str(ends[when]), default=None)


def _middle(start: str, end: str) -> dt.date:
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    return first + (last - first) // 2
