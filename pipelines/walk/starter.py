"""Write the compact figure files: of every edition, the cells that any pack uses, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.landing.figures import write_figures
from pipelines.landing.land import land_figures
from pipelines.packs.pack import Pack
from pipelines.walk.ingest import edition_cells, wanted
from pipelines.walk.inputs import gather


@dataclass(frozen=True)
class Written:
    """One figure file: its edition, its size in bytes and its cells."""

    edition: Edition
    bytes: int
    cells: int


def write_starter(packs: Sequence[Pack], raw: Path, out: Path) -> list[Written]:
    """Land figure files of everything under `raw` that the packs use, below `out`; returns them in order.

    raw : a raw root or a plain folder of publishers' files. Raises BadInput when nothing there is used, or when a
    figure file of the same edition lies there with other cells: remove `out` and write it anew.
    """
    written = []
    with gather([raw], out, packs) as inputs:
        used: dict[str, tuple[Edition, list[pl.DataFrame]]] = {}
        for pack in packs:
            for dataset, edition in wanted(pack, inputs.editions):
                cells = edition_cells(pack, dataset, edition, inputs)
                used.setdefault(edition.original_sha256, (edition, []))[1].append(cells)
        for edition, frames in used.values():
            cells = pl.concat(frames).unique(maintain_order=True)
            data = write_figures(cells)
            written.append(Written(land_figures(data, edition, out), len(data), cells.height))
    if not written:
        raise BadInput(f"{raw}: holds nothing that a pack uses; name a folder of publishers' files")
    return sorted(written, key=lambda each: (each.edition.publisher, each.edition.dataset, each.edition.edition))
