"""A tiny warehouse for tests: working tables by name, rows as dicts, columns that do not matter filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from pipelines import contracts
from pipelines.contracts import STATUSES
from pipelines.packs.load import load_pack
from pipelines.walk.dictionary import rule_frames
from pipelines.walk.frontiers import SOLVED
from pipelines.walk.indicators import DEFLATOR
from pipelines.walk.settlement_rules import PAID
from pipelines.warehouse import Warehouse

EDITION = "2024-01-01-aaaaaaaa"
OLDER = "2023-01-01-bbbbbbbb"
TEXT, REAL, WHOLE = pl.String(), pl.Float64(), pl.Int64()
USUAL: Mapping[str, object] = {
    "allow_negative": False,
    "class_id": "council",
    "cost": "spend",
    "dataset": "returns",
    "date": "2024-01-01",
    "edition": EDITION,
    "end": "2023-03-31",
    "kind": "output",
    "like_for_like": True,
    "locator": "A1",
    "multiplier": 1.0,
    "period": "2022-23",
    "prefer": "later",
    "real_terms": False,
    "rebuild": "sum",
    "rebuilt": False,
    "rule": None,
    "scale": 1.0,
    "scheme": "gss",
    "share": 1.0,
    "share_basis": "whole",
    "start": "2022-04-01",
    "status": "ok",
    "tier": "single",
    "unit": "tonnes",
    "valid_from": None,
    "within_years": 2.0,
    "is_current": True,
}
JUDGED = {
    **dict.fromkeys(("dataset", "edition", "code", "name", "series", "period", "text", "status", "locator"), TEXT),
    **dict.fromkeys(("measure_id", "unit", "body_id", "rule", "reason", "period_kind", "meant_code"), TEXT),
    **dict.fromkeys(("scaled", "scaled_lo", "scaled_hi", "least", "most"), REAL),
    "allow_negative": pl.Boolean(),
}
CHANGES = {
    **dict.fromkeys(("body_id", "measure_id", "period", "before_period"), TEXT),
    **dict.fromkeys(("before_value", "value", "log_change", "robust_sd", "median_change"), REAL),
    "n_bodies": WHOLE,
}
USABLE = {
    **dict.fromkeys(("body_id", "measure_id", "period", "status", "input_editions"), TEXT),
    "value": REAL,
    "rebuilt": pl.Boolean(),
}
EDITIONS = {
    **dict.fromkeys(("dataset", "edition", "date", "publisher", "title", "url", "licence"), TEXT),
    **dict.fromkeys(("original_name", "original_sha256", "source"), TEXT),
    "rows_in": WHOLE,
}


@cache
def schemas() -> dict[str, dict[str, pl.DataType]]:
    """Types of every table that a select may read, by qualified name."""
    found = {table.qualified: table.schema for table in contracts.tables("GBP", "2023-24")}
    found |= {f"staging.{name}": dict(frame.schema) for name, frame in rule_frames(load_pack("us_acos")).items()}
    return found | {
        "staging.editions": EDITIONS,
        "staging.ruling": {"dataset": TEXT, "period": TEXT, "edition": TEXT},
        "staging.deflator": {name: kind() for name, kind in DEFLATOR.items()},
        "staging.status_order": {"status": TEXT, "severity": WHOLE},
        "staging.judged": JUDGED,
        "staging.resolved": {name: kind for name, kind in JUDGED.items() if name not in ("rule", "reason")},
        "staging.changes": CHANGES,
        "staging.usable": USABLE,
        "staging.settlement_published": dict(PAID),
        "staging.frontier_programs": {name: kind() for name, kind in SOLVED.items()},
    }


def put(warehouse: Warehouse, table: str, *rows: Mapping[str, object], **same: object) -> None:
    """Replace a table by rows; `same` holds for every row, and what neither states is usual or null.

    Raises KeyError for a column that the table does not have, so that a test cannot misspell one.
    """
    schema = schemas()[table]
    for row in rows:
        unknown = (set(row) | set(same)) - set(schema)
        if unknown:
            raise KeyError(f"{table} has no {sorted(unknown)}")
    full = [{name: USUAL.get(name) for name in schema} | dict(same) | dict(row) for row in rows]
    warehouse.write_frame(table, pl.DataFrame(full, schema=schema, orient="row"))


def put_nothing(warehouse: Warehouse, *tables: str) -> None:
    """Replace tables by empty ones."""
    for table in tables:
        put(warehouse, table)


def put_status_order(warehouse: Warehouse) -> None:
    """The order of statuses, worst first, as the walk writes it."""
    put(warehouse, "staging.status_order", *({"status": s, "severity": n} for n, s in enumerate(STATUSES)))


def years(*names: str) -> list[dict[str, object]]:
    """Rows of marts.periods for financial years such as 2022-23."""
    return [
        {"period": n, "kind": "financial_year", "start": f"{n[:4]}-04-01", "end": f"{int(n[:4]) + 1}-03-31"}
        for n in names
    ]
