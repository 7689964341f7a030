"""Build a candidate: checked tables, their description, their checks and lineage, in a folder that its content names.

Equal inputs give equal bytes: nothing here reads a clock, an environment or another release. `tables.py` holds how a
table becomes a file, `package.py` how files are described.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import EDITIONS, CheckResult, Table, published, tables
from pipelines.errors import BadInput
from pipelines.releases import layout
from pipelines.releases.package import FACTS, package, readme
from pipelines.releases.tables import in_parts, write_arrow, write_table

LINEAGE_COLUMNS = ("table_name", "reads", "kind", "made_by")
"""table_name: the table made; reads: `dataset@edition` or a table; kind: edition, table or parameter; made_by: the SQL
file, parser or method card that made it."""
DESCRIBED_BY = {
    "bodies": ("valid_to",),
    "editions": tuple(EDITIONS.schema),
    "indicator_values": ("period", "value"),
    "periods": ("period", "start", "end"),
    "values": ("is_current",),
}
"""What `package` reads of tables beside their number of rows; nothing more is kept once a table is written."""
PROVENANCE_KEYS = ("code_revision", "lock_sha256", "pack_sha256", "inputs")
INPUT_KEYS = ("dataset", "edition", "original_sha256", "figure_sha256")


@dataclass(frozen=True)
class Candidate:
    """A finished folder, not yet published: where it is, what it is called, rows by table, checks that block."""

    path: Path
    release: str
    rows: Mapping[str, int]
    blocking: tuple[CheckResult, ...]


def build(
    folder: Path,
    frames: Mapping[str, pl.DataFrame | Iterable[pl.DataFrame]],
    checks: Iterable[CheckResult],
    lineage: pl.DataFrame,
    facts: Mapping[str, Any],
    provenance: Mapping[str, Any],
) -> Candidate:
    """Write a candidate into `folder`, which must be empty, and say what it is called.

    frames : every public table of the pack, by name, whole with rows and columns in any order, or in parts as
    `tables.in_parts` takes them; each is asked for once.   checks : all results, any order.
    lineage : LINEAGE_COLUMNS, any order.   facts : FACTS of package.py, about the pack.
    provenance : PROVENANCE_KEYS, written beside the release and left out of its name.
    Raises BadInput when a table is missing, unknown, restricted or breaks its contract, or a fact is missing.
    """
    _require("facts", facts, FACTS)
    _require("provenance", provenance, PROVENANCE_KEYS)
    contract = public_tables(frames, str(facts["currency"]), facts["base_period"])
    (folder / layout.TABLES).mkdir()
    ready = {table.name: _write_table(table, frames[table.name], folder) for table in contract}
    results = sorted(checks, key=lambda check: (check.table, check.kind, check.id))
    write_json(folder / layout.CHECKS, {"checks": [asdict(check) for check in results]})
    write_lineage(lineage, folder / layout.LINEAGE)
    (folder / layout.README).write_bytes(readme(facts, ready["editions"]).encode())
    write_json(folder / layout.PACKAGE, package(folder, contract, ready, results, facts))
    write_json(folder / layout.PROVENANCE, normal_provenance(provenance))
    rows = {name: frame.height for name, frame in ready.items()}
    return Candidate(folder, layout.content_id(folder), rows, tuple(check for check in results if check.blocks))


def public_tables(frames: Mapping[str, object], currency: str, base_period: str | None) -> tuple[Table, ...]:
    """The contract of a release's tables. Raises BadInput unless `frames` are exactly these."""
    known = {table.name: table for table in tables(currency, base_period)}
    for name in frames:
        if name not in known:
            raise BadInput(f"table {name!r} is not in pipelines/contracts; add it there or leave it out of the release")
        if known[name].audience != "public":
            raise BadInput(f"table {name!r} is {known[name].audience}: only public tables enter a release")
    contract = published(currency, base_period)
    missing = [table.name for table in contract if table.name not in frames]
    if missing:
        raise BadInput(
            f"table {missing[0]!r} is missing; a release holds every public table, an empty one with its columns"
        )
    return contract


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON in UTF-8 with two spaces, keys as given, one line feed at the end."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_bytes(text.encode() + b"\n")


def write_lineage(lineage: pl.DataFrame, path: Path) -> None:
    """Write what each table was made from, sorted and without repeats. Raises BadInput on other columns."""
    if set(lineage.columns) != set(LINEAGE_COLUMNS):
        raise BadInput(f"lineage: columns {', '.join(lineage.columns)}; expected {', '.join(LINEAGE_COLUMNS)}")
    ordered = lineage.select(pl.col(LINEAGE_COLUMNS).cast(pl.String)).unique().sort(LINEAGE_COLUMNS)
    write_arrow(ordered.to_arrow(compat_level=pl.CompatLevel.oldest()), path)


def normal_provenance(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Provenance with its keys and inputs in a fixed order. Raises BadInput when an input lacks a key."""
    for item in provenance["inputs"]:
        _require(f"provenance, input {item.get('dataset')}", item, INPUT_KEYS)
    inputs = sorted(provenance["inputs"], key=lambda item: [str(item[key]) for key in INPUT_KEYS])
    return {
        **{key: provenance[key] for key in PROVENANCE_KEYS[:-1]},
        "inputs": [{key: item[key] for key in INPUT_KEYS} for item in inputs],
    }


def _write_table(table: Table, frame: pl.DataFrame | Iterable[pl.DataFrame], folder: Path) -> pl.DataFrame:
    kept = DESCRIBED_BY.get(table.name, table.key[:1])
    written = write_table(table, in_parts(table, frame), folder / layout.TABLES / table.name)
    return pl.concat([part.select(kept) for part in written])


def _require(what: str, found: Mapping[str, Any], wanted: Iterable[str]) -> None:
    missing = [key for key in wanted if key not in found]
    if missing:
        raise BadInput(f"{what}: {missing[0]!r} is missing; a release needs {', '.join(wanted)}")
