"""Make a release again from the inputs it names, and compare byte by byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import Blocked
from pipelines.releases import layout
from pipelines.releases.build import Candidate
from pipelines.releases.store import Store

Run = Callable[[Mapping[str, Any], Path], Candidate]
"""Makes a candidate in an empty folder from what provenance.json states; raises BadInput when an input is absent."""


@dataclass(frozen=True)
class RebuildReport:
    """What came of rebuilding. differences : one line per file that differs, tables first."""

    release: str
    rebuilt: str
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the rebuilt release is the published one, byte for byte."""
        return self.release == self.rebuilt and not self.differences

    def require_same(self) -> None:
        """Raises Blocked, naming the first file or table that differs, unless the rebuilt release is the same."""
        if not self.same:
            first = self.differences[0] if self.differences else "the names differ"
            raise Blocked(
                f"release {self.release} was rebuilt as {self.rebuilt}: {first}; compare code, lock and inputs"
            )


def rebuild(store: Store, pack: str, release_id: str, run: Run) -> RebuildReport:
    """Rebuild a release or candidate beside the original and compare; the shelf and the pointer stay as they are.

    run : given the release's provenance and an empty folder, makes the candidate there.
    Raises BadInput when there is no such release or its provenance cannot be read.
    """
    original = store.place(pack, release_id)
    with store.workspace(pack) as folder:
        candidate = run(read_provenance(original), folder)
        return RebuildReport(release_id, candidate.release, differences(original, candidate.path))


def read_provenance(folder: Path) -> dict[str, Any]:
    """What a release says it was made from. Raises Blocked when that cannot be read."""
    try:
        stated: dict[str, Any] = json.loads((folder / layout.PROVENANCE).read_bytes())
    except (OSError, ValueError):
        raise Blocked(f"release {folder.name}: {layout.PROVENANCE} cannot be read, so its inputs are unknown") from None
    return stated


def differences(original: Path, rebuilt: Path) -> tuple[str, ...]:
    """One line per file of the name that is missing, extra or other; tables say where the first difference stands."""
    left, right = (
        {path: layout.file_sha256(folder / path) for path in layout.files_of(folder)} for folder in (original, rebuilt)
    )
    changed = [path for path in sorted(left.keys() | right.keys()) if left.get(path) != right.get(path)]
    ordered = sorted(
        changed, key=lambda path: (not path.startswith(layout.TABLES), not path.endswith(".parquet"), path)
    )
    return tuple(_line(original, rebuilt, path) for path in ordered if path not in layout.OUTSIDE_THE_NAME)


def _line(original: Path, rebuilt: Path, path: str) -> str:
    if not (rebuilt / path).exists():
        return f"{path}: not made again"
    if not (original / path).exists():
        return f"{path}: made now, absent from the release"
    if path.endswith(".parquet"):
        return f"{path}: {_first_row(pl.read_parquet(original / path), pl.read_parquet(rebuilt / path))}"
    return f"{path}: other bytes"


def _first_row(before: pl.DataFrame, after: pl.DataFrame) -> str:
    if before.schema != after.schema:
        return "other columns or types"
    shared = min(before.height, after.height)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}+")) for name in before.columns)
    paired = pl.concat([before.head(shared), after.head(shared).rename(lambda name: f"{name}+")], how="horizontal")
    rows = paired.with_row_index("row ").filter(differs)
    if rows.height:
        return _words(rows.row(0, named=True), before.columns)
    if before.height != after.height:
        return f"{before.height:,} rows before, {after.height:,} now; the first {shared:,} are the same"
    return "the same rows in other bytes: another version of the Parquet writer"


def _words(row: dict[str, Any], columns: list[str]) -> str:
    column = next(name for name in columns if row[name] != row[f"{name}+"])
    key = ", ".join(str(row[name]) for name in columns[:3])
    return f"row {row['row ']:,} ({key}), column {column}: {row[column]!r} before, {row[f'{column}+']!r} now"
