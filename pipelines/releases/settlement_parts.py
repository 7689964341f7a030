"""What a settlement rests on, put together again from a release: its policy, cost compared, gap draw by draw."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipelines.errors import BadInput
from pipelines.methods.gap_draws import model_draws
from pipelines.releases.explain_potential_routes import redraw
from pipelines.releases.lookup import Row, find, nearest, one, rows
from pipelines.releases.sector import ReleaseSector, money, sector_of
from pipelines.scenarios.terms import Terms

if TYPE_CHECKING:
    from pipelines.releases.read import Release

DRAWS = 4_000  # the first of those behind the table of potential
REACH_95 = 1.959963984540054
HEADLINE = ("A", "B")


@dataclass(frozen=True)
class Policy:
    """A settlement of the pack: its row in `policies`, and what it sets."""

    row: Row
    sets: dict[str, Any]

    @cached_property
    def terms(self) -> Terms | None:
        """Its terms, None where it is a programme with rules of its own."""
        return Terms.from_mapping(self.sets["terms"]) if "terms" in self.sets else None

    def plan(self, id: str) -> dict[str, Any]:
        """One of its plans."""
        return next(dict(plan) for plan in self.sets["plans"] if plan["id"] == id)


def policy_of(release: Release, scheme: str) -> Policy:
    """The settlement of this id. Raises BadInput, with the nearest ids, when there is none."""
    row = find(release, "policies", "policy_id", scheme, "settlement")
    if row["kind"] != "settlement":
        raise BadInput(f"{scheme!r} sets targets and settles nothing; explain it with --of targets")
    return Policy(row, json.loads(row["parameters"]))


def chosen(release: Release, table: str, column: str, wanted: str, **key: str) -> Row:
    """The row of a plan or a way; the table's first where what is wanted is no more than a default.

    Raises BadInput, with what there is, when the table has no row under the key.
    """
    found = rows(release, table, **key)
    if not found:
        frame = release.table(table)
        last = list(key)[-1]
        known = frame.filter(*(pl.col(name) == value for name, value in list(key.items())[:-1]))[last]
        told = ", ".join(f"{name} {value!r}" for name, value in key.items())
        raise BadInput(f"{release.pack} has no {table} of {told}{nearest(sorted(set(known)), str(key[last]))}")
    return next((row for row in found if row[column] == wanted), found[0])


def compared(release: Release, policy: Policy, body: str) -> list[Row]:
    """The rows of potential that a body's settlement rests on: its services whose cost could be compared."""
    found = [one(release, "potential", body_id=body, service_id=id) for id in policy.sets["services"]]
    return [row for row in found if row is not None and row["grade"] is not None]


def cost_of(release: Release, found: list[Row]) -> float:
    """Addressable cost of some rows of potential."""
    return float(sum(row[f"addressable_{money(release)}"] for row in found))


def gap_draws(release: Release, found: list[Row], letters: tuple[str, ...]) -> np.ndarray:
    """(draws,) gap as a share of the cost of the rows of potential of one body, in the services of these grades."""
    total = np.zeros(DRAWS)
    for row in found:
        if row["grade"] in letters:
            sector = sector_of(release, row["service_id"], row["period"], row["field"])
            total = total + (by_model(release, row, sector) if row["route"] == "R" else by_peers(sector, row))
    return np.asarray(total / cost_of(release, found))


def by_peers(sector: ReleaseSector, row: Row) -> np.ndarray:
    """The body's draws against the quartile of its peers."""
    return redraw(sector, row["body_id"])[:DRAWS]


def by_model(release: Release, row: Row, sector: ReleaseSector) -> np.ndarray:
    """The body's draws against the cost model: all bodies are drawn, because the quartile is theirs."""
    modelled = {
        found["body_id"]: found
        for found in rows(release, "modelled_costs", service_id=row["service_id"])
        if found["ratio"] is not None
    }

    def column(name: str) -> np.ndarray:
        return np.array([modelled.get(body, {}).get(name) for body in sector.bodies], dtype=np.float64)

    spread = np.log(column("ratio_hi") / column("ratio_lo")) / (2 * REACH_95)
    found = model_draws(sector.spend, column("ratio"), spread, names=sector.names, draws=DRAWS)
    return np.asarray(found[sector.bodies.index(row["body_id"])])
