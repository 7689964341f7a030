"""What a release was made from: inputs, pack, code and lock, each as a hash. No clock, no machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.landing.descriptor import Edition
from pipelines.packs.pack import Pack
from pipelines.packs.schema import Dataset
from pipelines.walk.ingest import wanted
from pipelines.walk.inputs import Inputs
from pipelines.walk.steps import steps

ROOT = Path(__file__).resolve().parents[2]
CODE = ("pipelines/**/*.py", "sql/**/*.sql", "expectations/**/*.json")
LOCK = ROOT / "requirements.lock"


def provenance(pack: Pack, inputs: Inputs) -> dict[str, Any]:
    """The hashes that decide what a run of this pack on these inputs will make."""
    return {
        "code_revision": tree_hash(path for pattern in CODE for path in ROOT.glob(pattern)),
        "lock_sha256": hashlib.sha256(LOCK.read_bytes()).hexdigest() if LOCK.exists() else "",
        "pack_sha256": pack.hash(),
        "inputs": [
            {
                "dataset": dataset.id,
                "edition": edition.edition,
                "original_sha256": edition.original_sha256,
                "figure_sha256": edition.sha256 if edition.kind == "figures" else "",
            }
            for dataset, edition in wanted(pack, inputs.editions)
        ],
    }


def tree_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over the names (below the project) and bytes of files, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def lineage(pack: Pack, inputs: Inputs) -> pl.DataFrame:
    """One row per table made and thing read: editions, tables of earlier steps, and what made it."""
    rows = [
        (table.name, read, "table", step.made_by)
        for step in steps(pack)
        for table in step.writes
        for read in step.reads
        if table.audience == "public"
    ]
    rows += [
        (target, f"{dataset.id}@{edition.edition}", "edition", f"pipelines/sources/{parser(dataset, edition)}.py")
        for dataset, edition in wanted(pack, inputs.editions)
        for target in ("values", "bodies", "editions")
        if reads_edition(pack, dataset.id, target)
    ]
    return pl.DataFrame(rows, schema=["table_name", "reads", "kind", "made_by"], orient="row")


def parser(dataset: Dataset, edition: Edition) -> str:
    """The module that read an edition."""
    return "declared" if dataset.table is not None else edition.dataset


def reads_edition(pack: Pack, dataset: str, table: str) -> bool:
    """Whether a table takes anything from a dataset: values from measures, bodies from registers, editions from all."""
    if table == "values":
        return any(measure.dataset == dataset for measure in pack.measures)
    if table == "bodies":
        return any(source.dataset == dataset for source in pack.register)
    return True
