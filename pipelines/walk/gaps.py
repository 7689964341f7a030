"""What peers show possible for each body, over the services of a settlement, draw by draw (methods.md M3.16, M5.2).

The draws are the first of those behind the table of potential: the same streams, the same benchmark in every draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import INDICATOR_VALUES, PEERS, potential
from pipelines.methods.arrays import FloatArray
from pipelines.methods.gap_draws import model_draws, peer_draws
from pipelines.methods.quantiles import quantile
from pipelines.packs.pack import Pack
from pipelines.walk.amounts import union
from pipelines.walk.potential_routes import REACH_95, Sector, column, modelled_rows
from pipelines.warehouse import Warehouse

DRAWS = 4_000
CAUTIOUS = 0.25  # of the draws: error falls on the body, so a ceiling uses less than the middle
HEADLINE = ("A", "B")


@dataclass(frozen=True)
class Gaps:
    """What peers show possible. Bodies sorted; of each only the services whose cost could be compared.

    services : of each body.   money (n,) : their addressable cost, in the prices of the table of potential.
    draws (k, n) : gap as a share of it, all services together.   usable (n,) : the 25th percentile of the gap in the
    services of grade A or B, 0 without one.   noise (n,) : sd of the cost of one year by chance, as a share of it.
    """

    bodies: tuple[str, ...]
    services: tuple[tuple[str, ...], ...]
    money: FloatArray
    draws: FloatArray
    usable: FloatArray
    noise: FloatArray
    editions: tuple[str, ...]
    period: str


@dataclass
class Sums:
    """What adds up over the services of one body: money, variance of it by chance, draws of all and of the graded."""

    services: list[str]
    money: float
    variance: float
    every: FloatArray
    graded: FloatArray
    editions: list[str]


def gaps(pack: Pack, warehouse: Warehouse, services: tuple[str, ...], draws: int = DRAWS) -> Gaps:
    """The gaps of every body that has a potential in any of the services."""
    rows = compared(pack, warehouse, services)
    found: dict[str, Sums] = {}
    for (service, _), part in sorted(rows.partition_by("service_id", "field", as_dict=True).items()):
        add_service(pack, warehouse, str(service), part.sort("body_id"), draws, found)
    names = sorted(found)
    sums = [found[name] for name in names]
    money = np.array([one.money for one in sums])
    every = np.array([one.every for one in sums]).reshape(len(names), draws) / money[:, None]
    graded = np.array([one.graded for one in sums]).reshape(len(names), draws) / money[:, None]
    return Gaps(
        tuple(names),
        tuple(tuple(one.services) for one in sums),
        money,
        np.asarray(every.T),
        np.asarray(quantile(graded, CAUTIOUS)) if names else np.zeros(0),
        np.sqrt([one.variance for one in sums]) / money,
        tuple(union(one.editions) for one in sums),
        str(rows["period"].max() or ""),
    )


def compared(pack: Pack, warehouse: Warehouse, services: tuple[str, ...]) -> pl.DataFrame:
    """The rows of potential of some services with the unit cost that each compares; money in column `addressable`."""
    rows = warehouse.table(potential(pack.currency)).filter(pl.col("service_id").is_in(services))
    rows = rows.rename({f"addressable_{pack.currency.lower()}": "addressable"})
    unit_cost = warehouse.table(INDICATOR_VALUES).select(
        "body_id", "indicator_id", "period", "value", "se", "like_for_like", pl.col("status").alias("state")
    )
    return rows.join(unit_cost, on=["body_id", "indicator_id", "period"])


def add_service(
    pack: Pack, warehouse: Warehouse, service: str, rows: pl.DataFrame, draws: int, found: dict[str, Sums]
) -> None:
    """Add one service in one field to the sums of its bodies; rows of `compared`, sorted by body."""
    sector = sector_of(pack, warehouse, service, rows)
    money = service_draws(pack, warehouse, sector, rows["route"].to_list(), draws)
    for place, grade in enumerate(rows["grade"]):
        if grade is None:
            continue
        none = np.zeros(draws)
        one = found.setdefault(sector.bodies[place], Sums([], 0.0, 0.0, none, none, []))
        one.services.append(service)
        one.money += float(sector.spend[place])
        one.variance += float(sector.spend[place] * sector.se[place]) ** 2
        one.every = one.every + money[place]
        one.graded = one.graded + money[place] * (grade in HEADLINE)
        one.editions.append(str(rows["input_editions"][place]))


def sector_of(pack: Pack, warehouse: Warehouse, service: str, rows: pl.DataFrame) -> Sector:
    """The sector that the potential of these rows was found in, with what its draws rest on."""
    names, alike = tuple(rows["body_id"]), rows["like_for_like"].to_numpy()
    value, se, spend = (rows[name].fill_null(np.nan).to_numpy() for name in ("value", "se", "addressable"))
    usable = alike & (value > 0) & (se > 0)
    value, se, spend = (np.where(usable, part, np.nan) for part in (value, se, spend))
    status = np.where(alike, rows["state"].to_numpy(), "withheld").astype(np.str_)
    indicator, period, field = (str(rows[name][0]) for name in ("indicator_id", "period", "field"))
    ids = peer_places(pack, warehouse, names)
    return Sector(pack.service(service), indicator, period, field, names, value, se, spend, status, ids)


def peer_places(pack: Pack, warehouse: Warehouse, names: tuple[str, ...]) -> np.ndarray:
    """The headline model's peers of some bodies as rows among them (n, K), -1 for none."""
    place = {name: row for row, name in enumerate(names)}
    listed = warehouse.table(PEERS).filter(
        pl.col("body_id").is_in(names), pl.col("peer_id").is_in(names), model_id=pack.headline_peer_model
    )
    ids = np.full((len(names), int(listed["closeness_order"].max() or 1)), -1)  # type: ignore[arg-type]
    for body, peer, order in listed.select("body_id", "peer_id", "closeness_order").iter_rows():
        ids[place[body], order - 1] = place[peer]
    return ids


def service_draws(pack: Pack, warehouse: Warehouse, sector: Sector, routes: list[str | None], draws: int) -> FloatArray:
    """(n, draws) potential in money by the route of each body's headline, NaN for a body without a range."""
    found = peer_draws(
        sector.spend, sector.value, sector.se, sector.ids, names=sector.names, status=sector.status, draws=draws
    )
    modelled = modelled_rows(pack, warehouse, sector) if "R" in routes else None
    if modelled is None:
        return found
    ratio, low, high = (column(modelled, sector, name) for name in ("ratio", "ratio_lo", "ratio_hi"))
    by_model = np.array([route == "R" for route in routes])
    again = model_draws(sector.spend, ratio, np.log(high / low) / (2 * REACH_95), names=sector.names, draws=draws)
    return np.where(by_model[:, None], again, found)
