"""One service's unit costs over one field, put together again from a release as the walk had them (M3.16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.methods.peer_quartile import exemplar_route, towards_peers
from pipelines.methods.potential import Route, route
from pipelines.releases.lookup import Row, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

REACH_95 = 1.959963984540054


@dataclass(frozen=True)
class ReleaseSector:
    """The bodies of a sector, sorted, with what the draws need: see `walk.potential_routes.Sector`.

    rows : the row of `potential` of each body.
    """

    bodies: list[str]
    names: list[str]
    value: np.ndarray
    se: np.ndarray
    spend: np.ndarray
    status: np.ndarray
    ids: np.ndarray
    rows: dict[str, Row]


def money(release: Release) -> str:
    """The unit of the release's money, as column names have it."""
    return str(release.facts["currency"]).lower()


def sector_of(release: Release, service: str, period: str, field: str) -> ReleaseSector:
    """The sector of a service, period and field: every body with a row of `potential` there."""
    found = {row["body_id"]: row for row in rows(release, "potential", service_id=service, period=period, field=field)}
    bodies = sorted(found)
    indicator = str(found[bodies[0]]["indicator_id"])
    values = {row["body_id"]: row for row in rows(release, "indicator_values", indicator_id=indicator, period=period)}
    own = [values[body] for body in bodies]
    usable = np.array([row["like_for_like"] and (row["value"] or 0) > 0 and (row["se"] or 0) > 0 for row in own])
    spend = np.array([found[body][f"addressable_{money(release)}"] for body in bodies], dtype=np.float64)

    def column(name: str) -> np.ndarray:
        return np.where(usable, np.array([row[name] for row in own], dtype=np.float64), np.nan)

    return ReleaseSector(
        bodies,
        [f"{indicator} {body}" for body in bodies],
        column("value"),
        column("se"),
        spend,
        np.array([row["status"] if row["like_for_like"] else "withheld" for row in own]),
        listed(release, bodies),
        found,
    )


def usual_cost(release: Release, sector: ReleaseSector, service: str) -> np.ndarray:
    """(n,) what the cost model expects of each body, in the money of `spend`; NaN where it does not cover a body."""
    return np.asarray(sector.spend / modelled(release, sector, service, "ratio"))


def modelled(release: Release, sector: ReleaseSector, service: str, name: str) -> np.ndarray:
    """A column of the release's modelled costs in the order of the sector's bodies, NaN where a body has none."""
    found = {row["body_id"]: row[name] for row in rows(release, "modelled_costs", service_id=service)}
    return np.array([found.get(body) for body in sector.bodies], dtype=np.float64)


def modelled_route(release: Release, sector: ReleaseSector, service: str) -> Route:
    """Route R of a sector once more, from the modelled costs of the release; the draws are those of the walk."""
    usual = usual_cost(release, sector, service)
    spend = np.where(np.isnan(usual), np.nan, sector.spend)
    low, high = (modelled(release, sector, service, name) for name in ("ratio_lo", "ratio_hi"))
    return route(spend, usual, np.log(high / low) / (2 * REACH_95), bodies=sector.names)


def free_route(release: Release, sector: ReleaseSector, row: Row) -> tuple[Route, int]:
    """Route F of one body once more, and the row of the real body that it is held against; the walk's draws."""
    at = sector.bodies.index(row["body_id"])
    scores = _scores(release, row)
    own, place = scores[row["body_id"]], {body: n for n, body in enumerate(sector.bodies)}
    other = place[own["exemplar_id"] or row["body_id"]]
    score, exemplar = np.full(len(sector.bodies), np.nan), np.arange(len(sector.bodies))
    score[at], exemplar[at] = min(own["fdh"], 1.0), other
    noise = towards_peers(sector.value, sector.se, sector.ids, sector.status)
    found = exemplar_route(sector.spend, score, exemplar, noise.sd, noise.reliability, names=sector.names)
    return found, other


def _scores(release: Release, row: Row) -> dict[str, Row]:
    """Free-disposal scores by body, of the service's first frontier that has any in this field and period."""
    for frontier in release.facts.get("frontiers") or ():
        if frontier["service"] == row["service_id"]:
            key = {"frontier_id": frontier["id"], "period": row["period"], "field": row["field"]}
            found = {one["body_id"]: one for one in rows(release, "efficiency", **key) if one["fdh"] is not None}
            if found:
                return found
    return {}


def listed(release: Release, bodies: list[str]) -> np.ndarray:
    """The headline model's peers of some bodies as rows among them, -1 for none: ids (n, K), nearest first."""
    place = {body: row for row, body in enumerate(bodies)}
    near = [
        row
        for row in rows(release, "peers", model_id=str(release.facts["headline_peer_model"]))
        if row["body_id"] in place and row["peer_id"] in place
    ]
    width = max((int(row["closeness_order"]) for row in near), default=1)
    ids = np.full((len(bodies), width), -1)
    for row in near:
        ids[place[row["body_id"]], int(row["closeness_order"]) - 1] = place[row["peer_id"]]
    return ids
