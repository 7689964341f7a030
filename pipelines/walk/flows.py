"""What a service's chain and volumes are made of: the pack's rules as tables, the amounts as matrices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.methods.indicators import log_se
from pipelines.methods.status import VALUELESS, is_in, worst, worst_expr
from pipelines.methods.volumes import area_factor
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Alignment
from pipelines.packs.schema_services import AreaCosts, Service
from pipelines.sources.periods import span
from pipelines.walk.matrices import Roster, context_figures
from pipelines.warehouse import Warehouse

FLOWS = {
    "service_id": pl.String,
    "use": pl.String,
    "place": pl.Int64,
    "measure_id": pl.String,
    "rule": pl.String,
    "within_years": pl.Float64,
    "prefer": pl.String,
    "lag": pl.Int64,
}


@dataclass(frozen=True)
class Flows:
    """The amounts of one service and use: [n, T, L] over bodies, periods and places; NaN where absent.

    status : of each amount.   found : the period it is of.   editions : what was read, one text per body and period.
    present : whether the money of the body and period is stated at all [n, T].
    """

    measures: tuple[str, ...]
    periods: tuple[str, ...]
    starts: tuple[str, ...]
    amount: np.ndarray
    status: np.ndarray
    found: np.ndarray
    editions: np.ndarray
    present: np.ndarray


def flow_frames(pack: Pack) -> dict[str, pl.DataFrame]:
    """Working tables of staging that state chains and volumes to SQL."""
    served = [(service.id, name) for service in pack.services for name in service.classes]
    return {
        "flows": pl.DataFrame(list(flow_rows(pack)), orient="row", schema=FLOWS),
        "flow_classes": pl.DataFrame(served, orient="row", schema={"service_id": pl.String, "class_id": pl.String}),
    }


def flow_rows(pack: Pack) -> Iterator[tuple[object, ...]]:
    """One row per place of every chain and volume index; place 0 is the money."""
    for service in pack.services:
        if service.chain:
            last = len(service.chain.links) - 1
            for place, link in enumerate(service.chain.links):
                lag = outcome_lag(pack, service) if place == last else 0
                yield service.id, "chain", place, link.measure, *aligned(link.align), lag
        if service.volumes:
            yield service.id, "volumes", 0, service.cost, *aligned(Alignment()), 0
            for place, output in enumerate(service.volumes.outputs, start=1):
                yield service.id, "volumes", place, output.measure, *aligned(Alignment()), 0


def aligned(align: Alignment) -> tuple[str, float, str]:
    """The columns of an alignment."""
    return align.rule, align.within_years, align.prefer


def outcome_lag(pack: Pack, service: Service) -> int:
    """Periods by which the last amount follows the money: as the pack says, else 1 for an outcome and 0 otherwise."""
    assert service.chain is not None
    if service.chain.outcome_lag is not None:
        return service.chain.outcome_lag
    return int(pack.measure(service.chain.links[-1].measure).kind == "outcome")


def read_flows(pack: Pack, warehouse: Warehouse, bodies: Roster, service: Service, use: str) -> Flows:
    """The amounts of a service, money in base-year prices where the pack has them, as matrices over the roster."""
    rows = warehouse.read(
        """
        select i.*, d.factor, d.status as deflator_status
        from staging.flow_inputs i left join staging.deflator d using (period)
        where service_id = ? and use = ?
        """,
        [service.id, use],
    ).filter(pl.col("body_id").is_in(bodies.ids))
    measures = warehouse.read(
        "select measure_id from staging.flows where service_id = ? and use = ? order by place", [service.id, use]
    )["measure_id"]
    periods = sorted(rows["period"].unique(), key=lambda period: span(period).start)
    if pack.base_period is not None and pack.deflator is not None:
        rows = in_real_terms(rows)
    place = {period: column for column, period in enumerate(periods)}
    where = (
        [bodies.place[body] for body in rows["body_id"]],
        [place[period] for period in rows["period"]],
        rows["place"].to_numpy(),
    )
    shape = (len(bodies.ids), len(periods), len(measures))
    amount, status = np.full(shape, np.nan), np.full(shape, "missing", dtype="U16")
    found, read = np.full(shape, None, dtype=object), np.full(shape, "", dtype=object)
    amount[where], status[where] = rows["value"].fill_null(np.nan).to_numpy(), rows["status"].to_numpy()
    amount[is_in(status, (*VALUELESS, "withheld", "quarantined"))] = np.nan
    found[where], read[where] = rows["found_period"].to_numpy(), rows["input_editions"].fill_null("").to_numpy()
    present = np.zeros(shape[:2], dtype=bool)
    present[where[0], where[1]] = True
    starts = tuple(span(period).start for period in periods)
    return Flows(tuple(measures), tuple(periods), starts, amount, status, found, together(read), present)


def in_real_terms(rows: pl.DataFrame) -> pl.DataFrame:
    """Place 0, the money, at base-year prices, with the worse status of the figure and of the price index."""
    money = pl.col("place") == 0
    return rows.with_columns(
        pl.when(money).then(pl.col("value") * pl.col("factor")).otherwise(pl.col("value")).alias("value"),
        pl.when(money).then(worst_expr("status", "deflator_status")).otherwise(pl.col("status")).alias("status"),
    )


def break_starts(pack: Pack, measures: Iterable[str]) -> list[str]:
    """First days of the periods from which an amount means something else, oldest first."""
    return sorted({span(found.period).start for name in measures for found in pack.measure(name).breaks})


def family_se(bodies: Roster, rate: np.ndarray) -> np.ndarray:
    """Standard error of the log of rates [K, n, T] for one period, [n, K]: own history, else the family's (M1.1).

    A family is the classes that exchange peers: shire districts are not steadied by the cities.
    """
    family = bodies.families()
    kinds = np.array([family[kind] for kind in bodies.class_id])
    out = np.full((rate.shape[1], rate.shape[0]), np.nan)
    for kind in np.unique(kinds):
        out[kinds == kind] = log_se(rate[:, kinds == kind]).se.T
    return out


def at_average_costs(warehouse: Warehouse, bodies: Roster, area: AreaCosts, flows: Flows) -> Flows:
    """The same with money divided by what the service costs in each area (M1.3): for comparisons, never an account.

    The newest index of each body serves every period, so that no step of the index looks like a change of cost. A body
    without one has no comparable money.
    """
    known = context_figures(warehouse)
    labour, rents = (newest(known, bodies, name) for name in (area.labour, area.property))
    basket = area_factor(labour, rents, area.labour_share, area.property_share)
    amount, status = flows.amount.copy(), flows.status.copy()
    amount[..., 0] /= basket[:, None]
    status[..., 0] = worst(status[..., 0], np.where(np.isnan(basket), "missing", "ok")[:, None])
    return replace(flows, amount=amount, status=status)


def newest(known: pl.DataFrame, bodies: Roster, measure: str) -> np.ndarray:
    """The newest figure of a measure for each body [n], NaN where there is none."""
    rows = known.filter(pl.col("measure_id") == measure).group_by("body_id", maintain_order=True).last()
    column = np.full(len(bodies.ids), np.nan)
    for body, value in rows.select("body_id", "value").iter_rows():
        if body in bodies.place:
            column[bodies.place[body]] = value
    return column


def together(read: np.ndarray) -> np.ndarray:
    """The editions of every place in one text, sorted: [n, T, L] to [n, T]."""
    out = np.full(read.shape[:2], "", dtype=object)
    for at in np.ndindex(*out.shape):
        out[at] = " ".join(sorted({name for text in read[at] for name in text.split()}))
    return out
