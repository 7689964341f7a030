"""The routes to a catch-up potential of one service in one field: peers, frontier, cost model (methods.md M3.16)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import costs
from pipelines.contracts.production import COST_MODELS, EFFICIENCY, modelled_costs
from pipelines.methods.arrays import BoolArray, FloatArray, IntArray, TextArray
from pipelines.methods.peer_quartile import exemplar_route, peer_raw, peer_route, towards_peers
from pipelines.methods.potential import Route, raw_potential, route
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service
from pipelines.warehouse import Warehouse

REACH_95 = 1.959963984540054


@dataclass(frozen=True)
class Sector:
    """One unit cost in its newest period over one field: n bodies, sorted.

    value, se (of the logarithm), spend (addressable cost) : (n,), NaN where there is none that may be compared.
    status : with `withheld` for bodies that are not like for like.   ids : (n, K) rows of this sector, -1 for none.
    """

    service: Service
    indicator: str
    period: str
    field: str
    bodies: tuple[str, ...]
    value: FloatArray
    se: FloatArray
    spend: FloatArray
    status: TextArray
    ids: IntArray

    @property
    def names(self) -> list[str]:
        """The names of the streams of draws: a body draws anew for every unit cost."""
        return [f"{self.indicator} {body}" for body in self.bodies]


@dataclass(frozen=True)
class Routes:
    """Every route that passed its diagnostics, by letter, and (n,) the naive potential of the headline one."""

    found: dict[str, Route]
    naive: FloatArray


def routes_of(pack: Pack, warehouse: Warehouse, sector: Sector) -> Routes:
    """The routes of a sector: P always, R and S where a cost model passed, F where the service has a frontier."""
    peers = peer_route(sector.spend, sector.value, sector.se, sector.ids, names=sector.names, status=sector.status)
    found = {"P": peers}
    naive = peer_raw(sector.spend, sector.value, sector.ids, sector.status)
    modelled = modelled_rows(pack, warehouse, sector)
    if modelled is not None:
        ratio, low, high = (column(modelled, sector, name) for name in ("ratio", "ratio_lo", "ratio_hi"))
        usual = np.where(np.isnan(sector.spend), np.nan, sector.spend / ratio)
        spend = np.where(np.isnan(usual), np.nan, sector.spend)
        found["R"] = route(spend, usual, np.log(high / low) / (2 * REACH_95), bodies=sector.names)
        naive = np.where(np.isnan(usual), naive, raw_potential(spend, usual))
        if detectable(warehouse, sector):
            found["S"] = stochastic(sector, modelled)
    free = free_disposal(pack, warehouse, sector)
    return Routes(found if free is None else {**found, "F": free}, naive)


def modelled_rows(pack: Pack, warehouse: Warehouse, sector: Sector) -> pl.DataFrame | None:
    """Modelled costs of a sector whose cost model passed every diagnostic; None where none did."""
    rows = models(warehouse, sector)
    table = modelled_costs(pack.currency)
    if rows is None or not rows["passed"].any() or not warehouse.has(table.qualified):
        return None
    return warehouse.table(table).filter(pl.col("service_id") == sector.service.id, pl.col("ratio").is_not_null())


def detectable(warehouse: Warehouse, sector: Sector) -> bool:
    """Whether the stochastic frontier tells inefficiency from noise here."""
    rows = models(warehouse, sector)
    return rows is not None and bool(rows["inefficiency"].fill_null(False).any())


def models(warehouse: Warehouse, sector: Sector) -> pl.DataFrame | None:
    """The cost models of a sector's service and field."""
    if not warehouse.has(COST_MODELS.qualified):
        return None
    return warehouse.table(COST_MODELS).filter(service_id=sector.service.id, field=sector.field)


def stochastic(sector: Sector, modelled: pl.DataFrame) -> Route:
    """Route S, a cross-check: cost x (1 - efficiency), over the interval that the model states."""
    middle, low, high = (column(modelled, sector, name) for name in ("sfa", "sfa_lo", "sfa_hi"))
    gap, least, most = (sector.spend * (1 - part) for part in (middle, high, low))
    nothing = np.full(3, np.nan)
    return Route(1 / middle, gap, gap, least, most, nothing, np.full(gap.shape, np.nan))


def free_disposal(pack: Pack, warehouse: Warehouse, sector: Sector) -> Route | None:
    """Route F from the service's first frontier that scores bodies of this field; None where there is none."""
    for frontier in pack.frontiers:
        if frontier.service == sector.service.id and warehouse.has(EFFICIENCY.qualified):
            rows = warehouse.table(EFFICIENCY).filter(
                pl.col("fdh").is_not_null(), frontier_id=frontier.id, period=sector.period, field=sector.field
            )
            if rows.height:
                return from_frontier(sector, rows)
    return None


def from_frontier(sector: Sector, rows: pl.DataFrame) -> Route:
    """Route F of a sector from the free-disposal scores of one frontier and period."""
    place = {body: row for row, body in enumerate(sector.bodies)}
    other = dict(rows.select("body_id", "exemplar_id").iter_rows())
    exemplar = np.array([place.get(other.get(body) or body, -1) for body in sector.bodies], dtype=np.int64)
    score = np.where(exemplar < 0, np.nan, np.minimum(column(rows, sector, "fdh"), 1.0))
    noise = towards_peers(sector.value, sector.se, sector.ids, sector.status)
    return exemplar_route(sector.spend, score, exemplar, noise.sd, noise.reliability, names=sector.names)


def column(rows: pl.DataFrame, sector: Sector, name: str) -> FloatArray:
    """A column of rows by body, in the order of a sector's bodies, NaN where a body has none."""
    found = dict(rows.select("body_id", name).iter_rows())
    return np.array([np.nan if found.get(body) is None else found[body] for body in sector.bodies], dtype=np.float64)


def addressable(pack: Pack, warehouse: Warehouse, service: Service) -> dict[tuple[str, str], tuple[float, str]]:
    """Addressable cost by body and period in base-year prices where the pack has them, with the editions behind it.

    Bodies whose cost is absent or not positive have none.
    """
    table = costs(pack.currency, pack.base_period)
    money = [name for name in table.schema if name.startswith("cost_")]
    rows = warehouse.table(table).filter(service_id=service.id)
    fenced = ring_fenced(warehouse, service)
    out = {}
    columns = (rows[name] for name in ("body_id", "period", money[0], money[-1], "input_editions"))
    for body, period, nominal, real, editions in zip(*columns, strict=True):
        kept = fenced.get((body, period)) if service.potential.excludes else 0.0
        if nominal and real and nominal > 0 and real > 0 and kept is not None and kept < nominal:
            out[body, period] = (service.potential.share * real * (1 - kept / nominal), editions)
    return out


def ring_fenced(warehouse: Warehouse, service: Service) -> dict[tuple[str, str], float]:
    """Cost that cannot be moved, as spent, by body and period: the excluded measures, where a body has them all."""
    excluded = service.potential.excludes
    if not excluded:
        return {}
    rows = warehouse.read(
        "select body_id, period, measure_id, value from marts.values where is_current and value is not null"
    ).filter(pl.col("measure_id").is_in(excluded))
    sums = rows.group_by("body_id", "period").agg(pl.col("value").sum(), pl.len().alias("n")).filter(n=len(excluded))
    return {(body, period): value for body, period, value in sums.select("body_id", "period", "value").iter_rows()}


def known(routes: Routes, letter: str) -> BoolArray:
    """(n,) whether a route has a figure."""
    return np.asarray(np.isfinite(routes.found[letter].median))
