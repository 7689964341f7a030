"""From cells to values: placed on bodies, judged, ranked by edition, and rebuilt on today's boundaries."""

from __future__ import annotations

import polars as pl

from pipelines.contracts import EDITIONS, FLAGGED, QUARANTINE, STATUSES, VALUES, VALUES_REBUILT
from pipelines.warehouse import Warehouse


def values(warehouse: Warehouse) -> int:
    """Write values, quarantine, flagged and editions; returns the number of values."""
    derive(warehouse, "resolved", "judged")
    count = warehouse.write(VALUES, warehouse.select("marts", "values"))
    warehouse.write(QUARANTINE, warehouse.select("marts", "quarantine"))
    derive(warehouse, "changes")
    warehouse.write(FLAGGED, warehouse.select("marts", "flagged"))
    warehouse.write(EDITIONS, warehouse.select("marts", "editions"))
    return count


def rebuild(warehouse: Warehouse) -> int:
    """Write values_rebuilt and staging.usable; returns the number of rebuilt values."""
    order = pl.DataFrame({"status": STATUSES, "severity": range(len(STATUSES))})
    warehouse.write_frame("staging.status_order", order)
    count = warehouse.write(VALUES_REBUILT, warehouse.select("marts", "values_rebuilt"))
    derive(warehouse, "usable")
    return count


def derive(warehouse: Warehouse, *names: str) -> None:
    """Replace working tables of staging by their selects, inside the database."""
    for name in names:
        warehouse.derive(f"staging.{name}", "staging", name)
