"""Catch-up potential in money: a range and a grade per body and service, sums over draws per field (M3.16, F13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.contracts import EXEMPLARS, PEERS, Table, potential_totals
from pipelines.contracts import potential as potential_table
from pipelines.methods.peers import FULL_GROUP
from pipelines.methods.potential import METHOD, CatchUp, catch_up, largest_only
from pipelines.methods.status import JUDGED
from pipelines.packs.pack import Pack
from pipelines.packs.schema_services import Service
from pipelines.packs.sense_potential import compares_cost
from pipelines.walk.benchmarks import WITHHELD_STATUS, peer_ids, stacked
from pipelines.walk.exemplars import exemplars
from pipelines.walk.matrices import Roster, field_figures, roster
from pipelines.walk.potential_routes import Routes, Sector, addressable, known, routes_of
from pipelines.warehouse import Warehouse

ORDER = ("R", "P", "F", "S")
Spend = dict[tuple[str, str], tuple[float, str]]
"""Addressable cost and its editions by body and period."""


@dataclass(frozen=True)
class Found:
    """The potential of one sector: each body's catch-up, why there is none, and what was read."""

    sector: Sector
    routes: Routes
    caught: CatchUp
    letters: tuple[str, ...]
    editions: tuple[str, ...]
    status: tuple[str, ...]
    reasons: tuple[str | None, ...]


def potential(pack: Pack, warehouse: Warehouse) -> int:
    """Write potential, potential_totals and exemplars; returns the rows of the first.

    A pack without a service whose unit cost is a cost in money gets empty tables.
    """
    bodies = roster(pack, warehouse)
    figures = field_figures(warehouse, bodies).filter(pl.col("indicator_id").is_in(compared(pack)))
    ids = headline_ids(pack, warehouse, bodies)
    found = [one for service in pack.services for one in of_service(pack, warehouse, bodies, figures, ids, service)]
    table, totals = potential_table(pack.currency), potential_totals(pack.currency)
    groups = overlaps(pack, {one.sector.service.id for one in found})
    rows = counted(stacked([body_rows(pack, one, groups, table) for one in found], table), table)
    warehouse.write(totals, stacked([total_row(one, totals) for one in found if one.caught.route], totals))
    costs = {service.id: unit_costs(pack, service) for service in pack.services}
    warehouse.write(EXEMPLARS, exemplars(pack, warehouse, bodies, costs))
    return warehouse.write(table, rows)


def compared(pack: Pack) -> list[str]:
    """Every unit cost on which a potential may rest."""
    return [id for service in pack.services for id in unit_costs(pack, service)]


def unit_costs(pack: Pack, service: Service) -> tuple[str, ...]:
    """The unit costs that a service's potential compares: those it declares, else its headline where that is one."""
    stated = service.potential.indicators or (service.headline,)
    return tuple(id for id in stated if compares_cost(pack.indicator(id), service))


def of_service(
    pack: Pack, warehouse: Warehouse, bodies: Roster, figures: pl.DataFrame, ids: np.ndarray, service: Service
) -> Iterator[Found]:
    """Each field of a service; a body with several of its unit costs is compared by the first."""
    spend = addressable(pack, warehouse, service)
    served: set[str] = set()
    for indicator in unit_costs(pack, service):
        rows = figures.filter(pl.col("indicator_id") == indicator, ~pl.col("body_id").is_in(served))
        rows = rows.filter(pl.col("start") == pl.col("start").max())
        for (field,), part in sorted(rows.partition_by("field", as_dict=True).items()):
            served.update(part["body_id"])
            sector = sector_of(bodies, ids, service, part.sort("body_id"), str(field), spend)
            yield of_field(pack, warehouse, sector, part.sort("body_id"), spend)


def headline_ids(pack: Pack, warehouse: Warehouse, bodies: Roster) -> np.ndarray:
    """The headline model's peers as rows of the roster."""
    model = pack.peer_model(pack.headline_peer_model)
    return peer_ids(model, bodies, warehouse.table(PEERS).filter(pl.col("model_id") == model.id))


def sector_of(
    bodies: Roster, ids: np.ndarray, service: Service, rows: pl.DataFrame, field: str, spend: Spend
) -> Sector:
    """One service in one field; rows of `field_figures` of one indicator and period, sorted by body."""
    period, names = str(rows["period"][0]), tuple(rows["body_id"])
    money = np.array([spend.get((name, period), (np.nan, ""))[0] for name in names])
    alike = rows["like_for_like"].to_numpy()
    value, se = (rows[name].fill_null(np.nan).to_numpy() for name in ("value", "se"))
    usable = alike & (value > 0) & (se > 0)
    return Sector(
        service,
        str(rows["indicator_id"][0]),
        period,
        field,
        names,
        np.where(usable, value, np.nan),
        np.where(usable, se, np.nan),
        np.where(usable, money, np.nan),
        np.where(alike, rows["status"].to_numpy(), "withheld").astype(np.str_),
        local(ids, bodies, names),
    )


def of_field(pack: Pack, warehouse: Warehouse, sector: Sector, rows: pl.DataFrame, spend: Spend) -> Found:
    """The potential of a sector, with the editions read and the reason where there is none."""
    routes = routes_of(pack, warehouse, sector)
    caught, letters = settled(routes)
    positive = (rows["value"].fill_null(0.0) > 0).to_numpy() & np.array(
        [(name, sector.period) in spend for name in sector.bodies]
    )
    editions = tuple(
        " ".join(sorted({*own.split(), *spend.get((name, sector.period), (0.0, ""))[1].split()}))
        for own, name in zip(rows["input_editions"], sector.bodies, strict=True)
    )
    reasons = tuple(reasons_of(pack, sector, positive, letters))
    return Found(sector, routes, caught, letters, editions, tuple(rows["status"]), reasons)


def local(ids: np.ndarray, bodies: Roster, names: tuple[str, ...]) -> np.ndarray:
    """Peers of some bodies as rows among those bodies, -1 for none or for a body that is not one of them."""
    own = np.array([bodies.place[name] for name in names], dtype=np.int64)
    place = np.full(len(bodies.ids) + 1, -1)
    place[own] = np.arange(own.size)
    return np.asarray(place[ids[own]])


def settled(routes: Routes) -> tuple[CatchUp, tuple[str, ...]]:
    """Headline, range and grade of every body: by the cost model where it covers the body, else by its peers."""
    passed = dict.fromkeys(routes.found, True)
    peers = catch_up({k: v for k, v in routes.found.items() if k != "R"}, passed)
    modelled = catch_up(routes.found, passed) if "R" in routes.found else peers
    covered = known(routes, "R") if "R" in routes.found else np.zeros(peers.lo.shape, dtype=bool)
    has = {letter: known(routes, letter) for letter in ORDER if letter in routes.found}
    letters = tuple(" ".join(letter for letter in has if has[letter][row]) for row in range(covered.size))
    merged = CatchUp(
        np.where(covered, modelled.headline, peers.headline),
        np.where(covered, modelled.lo, peers.lo),
        np.where(covered, modelled.hi, peers.hi),
        np.where(covered, modelled.grade, peers.grade),
        "R" if covered.any() else "P" if known(routes, "P").any() else "",
        modelled.total,
    )
    return merged, letters


def reasons_of(pack: Pack, sector: Sector, positive: np.ndarray, letters: tuple[str, ...]) -> Iterator[str | None]:
    """Why each body has no range, most telling reason first; None where it has one."""
    peers = usable_peers(sector)
    for row, status in enumerate(sector.status):
        if letters[row] and letters[row][0] in "RP":
            yield None
        elif status == "withheld":
            yield "not like for like, or withheld by a check"
        elif status not in JUDGED:
            yield WITHHELD_STATUS.get(str(status), "the figure cannot be used")
        elif not positive[row]:
            yield "the cost is absent or not above zero"
        elif np.isnan(sector.se[row]):
            yield "no standard error can be given, so chance cannot be taken out"
        else:
            yield f"too few comparable {pack.nouns} ({peers[row]}) for a quartile, which needs {FULL_GROUP}"


def usable_peers(sector: Sector) -> np.ndarray:
    """(n,) peers with a unit cost that may be compared."""
    usable = ~np.isnan(sector.value) & np.isin(sector.status, JUDGED)
    return np.asarray(((sector.ids >= 0) & usable[sector.ids]).sum(axis=1))


def overlaps(pack: Pack, services: set[str]) -> dict[str, str]:
    """Group of each service that shares money with another: parts with their whole, and costs that hold each other."""
    group = {id: {id} for id in sorted(services)}
    for one in sorted(services):
        for other in sorted(services):
            if one != other and shared(pack, one, other) and group[one] is not group[other]:
                joined = group[one] | group[other]
                group.update(dict.fromkeys(joined, joined))
    return {id: " ".join(sorted(members)) for id, members in group.items() if len(members) > 1}


def shared(pack: Pack, one: str, other: str) -> bool:
    """Whether a service is part of another, or its cost is, at any remove; or both have one cost."""
    cost, whole = pack.service(one).cost, pack.service(other).cost
    return within({s.id: s.part_of for s in pack.services}, one, other) or within(
        {m.id: m.part_of for m in pack.measures}, cost, whole
    )


def within(parts: dict[str, str | None], one: str, other: str) -> bool:
    """Whether `other` is reached from `one` by going from part to whole; a thing is within itself."""
    up: str | None = one
    while up is not None and up != other:
        up = parts.get(up)
    return up == other


def body_rows(pack: Pack, found: Found, groups: dict[str, str], table: Table) -> pl.DataFrame:
    """Contract rows of potential for one sector; `counted` is settled once all are known."""
    sector, caught, unit = found.sector, found.caught, pack.currency.lower()
    told = [bool(text) and text[0] in "RP" for text in found.letters]
    by_model = np.array([text.startswith("R") for text in found.letters])
    sure = {k: route.reliability for k, route in found.routes.found.items()}
    reliability = np.where(by_model, sure.get("R", sure["P"]), sure["P"])
    real = {
        f"addressable_{unit}": sector.spend,
        f"value_{unit}": caught.headline,
        f"lo_{unit}": np.where(told, caught.lo, np.nan),
        f"hi_{unit}": np.where(told, caught.hi, np.nan),
        "reliability": np.where(told, reliability, np.nan),
    }
    return pl.DataFrame(
        {
            "body_id": sector.bodies,
            "grade": [str(word) or None for word in caught.grade],
            "route": [text[0] if fine else None for text, fine in zip(found.letters, told, strict=True)],
            "routes": [text if fine else None for text, fine in zip(found.letters, told, strict=True)],
            "n_peers": usable_peers(sector),
            "status": found.status,
            "reason": pl.Series(found.reasons, dtype=pl.String),
            "input_editions": found.editions,
        },
        schema_overrides=dict.fromkeys(
            ("body_id", "grade", "route", "routes", "status", "input_editions"), pl.String()
        ),
    ).with_columns(
        pl.lit(sector.service.id).alias("service_id"),
        pl.lit(sector.period).alias("period"),
        pl.lit(sector.field).alias("field"),
        pl.lit(sector.indicator).alias("indicator_id"),
        pl.lit(groups.get(sector.service.id)).cast(pl.String).alias("overlap"),
        pl.lit(None).cast(pl.Boolean).alias("counted"),
        *(pl.Series(name, values, nan_to_null=True) for name, values in real.items()),
        *method_columns(),
    )


def method_columns() -> list[pl.Expr]:
    """The method's columns, the same in every row."""
    return [
        pl.lit(METHOD.id).alias("method_id"),
        pl.lit(METHOD.version).alias("method_version"),
        pl.lit(METHOD.params_hash()).alias("params_hash"),
        pl.lit(0).cast(pl.Int64).alias("seed"),
    ]


def counted(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The rows with `counted`: of a body's services that share money only the largest potential may be added up."""
    value = next(name for name in table.schema if name.startswith("value_"))
    priced: dict[str, dict[str, float]] = {}
    groups = {service: group for service, group in rows.select("service_id", "overlap").iter_rows() if group}
    for body, service, pounds in rows.select("body_id", "service_id", value).iter_rows():
        priced.setdefault(body, {}).update({} if pounds is None else {service: pounds})
    kept = {body: largest_only(found, groups) for body, found in priced.items()}
    added = [kept[body].get(service, 0.0) > 0 for body, service in rows.select("body_id", "service_id").iter_rows()]
    return rows.with_columns(pl.Series("counted", added, dtype=pl.Boolean))


def total_row(found: Found, table: Table) -> pl.DataFrame:
    """The total of a sector by its headline route: over the bodies that the route covers, summed draw by draw."""
    letter = found.caught.route
    route, covered = found.routes.found[letter], known(found.routes, letter)
    low, middle, high = route.total.tolist()
    amounts = {"value": middle, "lo": low, "hi": high, "naive": float(found.routes.naive[covered].sum())}
    unit = next(name for name in table.schema if name.startswith("value_")).removeprefix("value_")
    read = {edition for row in np.flatnonzero(covered) for edition in found.editions[row].split()}
    sector = found.sector
    return pl.DataFrame(
        {
            "service_id": [sector.service.id],
            "period": [sector.period],
            "field": [sector.field],
            "n": [int(covered.sum())],
            "input_editions": [" ".join(sorted(read))],
            **{f"{name}_{unit}": [amount] for name, amount in amounts.items()},
        }
    ).with_columns(*method_columns())
