"""Targets as they were issued: tables in the pack's own folder, which later runs keep to the letter.

`<pack>/issued/<policy>.csv` holds the targets, `<policy>.paths.csv` their paths, `<policy>.tests.csv` their tests. The
pack's hash covers them, so a release says which targets it kept, and a rebuild keeps the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contracts import BODIES, BODY_LINEAGE, TARGET_PATHS, TARGET_TESTS, TARGETS, Table
from pipelines.errors import BadInput
from pipelines.warehouse import Warehouse

FOLDER = "issued"
LATER = ("success",)
"""Columns that targets gained after some were issued; null in files that lack them."""
DECIDED = ("issued", "issued_by", "note", "override")
"""Columns beside those of the targets: the day, who, why, and the reason given for a target that fails a test."""


@dataclass(frozen=True)
class Issued:
    """A policy as issued on `day`."""

    day: str
    targets: pl.DataFrame
    paths: pl.DataFrame
    tests: pl.DataFrame


def issued_files(pack: Path, policy: str) -> dict[str, tuple[Path, Table]]:
    """The files of an issued policy with the table that each holds, by what they are."""
    folder = pack / FOLDER
    return {
        "targets": (folder / f"{policy}.csv", TARGETS),
        "paths": (folder / f"{policy}.paths.csv", TARGET_PATHS),
        "tests": (folder / f"{policy}.tests.csv", TARGET_TESTS),
    }


def read_issued(pack: Path, policy: str) -> Issued | None:
    """A policy as it was issued; None while it is proposed. Raises BadInput on a spoilt file."""
    files = issued_files(pack, policy)
    main = files["targets"][0]
    if not main.exists():
        return None
    found = {name: read_table(path, table, policy) for name, (path, table) in files.items()}
    days = read_columns(main, ["issued"])["issued"].unique().to_list()
    if len(days) != 1 or not days[0]:
        raise BadInput(f"{shown(main)}: column issued must hold one day; restore the file as it was issued")
    return Issued(str(days[0]), found["targets"], found["paths"], found["tests"])


def read_table(path: Path, table: Table, policy: str) -> pl.DataFrame:
    """One issued table, by its contract."""
    rows = read_columns(path, list(table.schema))
    try:
        typed = rows.select(
            truth(n) if kind == pl.Boolean() else pl.col(n).cast(kind) for n, kind in table.schema.items()
        )
    except pl.exceptions.InvalidOperationError as fault:
        raise BadInput(f"{shown(path)}: {str(fault).splitlines()[0]}; restore the file as it was issued") from None
    if set(typed["policy_id"]) - {policy}:
        raise BadInput(f"{shown(path)}: holds another policy than '{policy}'; restore the file as it was issued")
    return typed


def read_columns(path: Path, names: list[str]) -> pl.DataFrame:
    """Some columns of a file as text, null where empty; BadInput when it is absent or lacks one."""
    try:
        rows = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise BadInput(f"{shown(path)}: cannot be read as CSV; restore the file as it was issued") from None
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in LATER if name not in rows.columns)
    absent = [name for name in names if name not in rows.columns]
    if absent:
        raise BadInput(f"{shown(path)}: column '{absent[0]}' is missing; restore the file as it was issued")
    return rows.select(names)


def truth(name: str) -> pl.Expr:
    """`true` and `false` as truth values."""
    return pl.col(name).replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean())


def shown(path: Path) -> str:
    """The file as messages name it."""
    return "/".join(path.parts[-3:])


def kept(warehouse: Warehouse, found: Issued) -> pl.DataFrame:
    """The issued targets to the letter, those of bodies that ended since closed with the reason."""
    bodies = warehouse.table(BODIES).select("body_id", "name", "valid_to")
    heirs = (
        warehouse.table(BODY_LINEAGE)
        .join(bodies.select(pl.col("body_id").alias("to_id"), "name"), on="to_id", how="left")
        .sort("from_id", "to_id")
        .group_by(pl.col("from_id").alias("body_id"), maintain_order=True)
        .agg(pl.col("name").fill_null(pl.col("to_id")).unique(maintain_order=True).str.join(", ").alias("heirs"))
    )
    ended = found.targets.join(bodies.drop("name"), on="body_id", how="left", maintain_order="left")
    ended = ended.join(heirs, on="body_id", how="left", maintain_order="left")
    known = pl.col("body_id").is_in(bodies["body_id"].implode())
    gone = pl.col("valid_to").is_not_null() | ~known
    why = (
        pl.when(~known)
        .then(pl.lit("closed: the body is no longer in the register"))
        .when(pl.col("heirs").is_not_null())
        .then(pl.format("closed: the body ended on {} and was merged into {}", "valid_to", "heirs"))
        .otherwise(pl.format("closed: the body ended on {}", pl.col("valid_to")))
    )
    was = pl.col("state") != "none"
    return ended.with_columns(
        pl.when(was & gone).then(pl.lit("closed")).when(was).then(pl.lit("issued")).otherwise("state").alias("state"),
        pl.when(was & gone).then(why).otherwise("reason").alias("reason"),
    ).select(list(TARGETS.schema))
