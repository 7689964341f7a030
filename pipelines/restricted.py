"""Results that are no part of a release: screens, kept beside the releases for the publisher and the body (M4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines.contracts import SCREENS
from pipelines.errors import BadInput
from pipelines.releases import layout
from pipelines.releases.lookup import find_body
from pipelines.releases.read import Release, open_release

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse


def restricted_file(home: Path, pack: str, release: str) -> Path:
    """Where the screens of a release lie; never inside the folder of releases."""
    layout.pack_folder(home, pack)  # refuses a name that is no pack's
    return home / "restricted" / pack / f"{layout.checked_id(release)}.parquet"


def keep(warehouse: Warehouse, home: Path, pack: str, release: str) -> Path:
    """Write the screens of a finished walk, readable by their owner alone."""
    path = restricted_file(home, pack, release)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".tmp")
    warehouse.table(SCREENS).write_parquet(temporary)
    temporary.chmod(0o600)
    temporary.replace(path)
    return path


def screens_of(home: Path, pack: str, body: str | None = None) -> Iterator[str]:
    """The questions of the current release, of one body or of all; lines for a terminal.

    Raises BadInput when the release was made without screens, or there is no such body.
    """
    release = open_release(home, pack)
    path = restricted_file(home, pack, release.id)
    if not path.exists():
        raise BadInput(f"release {release.id} of {pack} has no screens in {path.parent.parent.name}; run the pack here")
    rows = pl.read_parquet(path)
    if body is not None:
        rows = rows.filter(pl.col("body_id") == find_body(release, body)["body_id"])
    yield from lines(release, rows)


def lines(release: Release, rows: pl.DataFrame) -> Iterator[str]:
    """Questions to ask, each with how often the same is asked where no target could have caused it."""
    asks = rows.filter("asks")
    yield (
        f"{asks.height} questions from {rows.height} screens. A question is no accusation: each has innocent answers, "
        "and some are asked by chance alone."
    )
    names = dict(release.table("bodies").select("body_id", "name").iter_rows())
    for row in asks.sort("body_id", "indicator_id", "screen").iter_rows(named=True):
        often = (
            "no untargeted measure could be compared"
            if row["prior"] is None
            else f"asked of {100 * row['prior']:.0f} % of comparable untargeted figures"
        )
        where = (
            f"{names.get(row['body_id'], row['body_id'])} ({row['body_id']}), {row['indicator_id']}, {row['period']}"
        )
        yield f"{where}: {row['question']} [{row['screen']}; {often}]"
