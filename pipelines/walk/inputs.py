"""What a run reads: the editions of its input roots, and, where publishers' files were just landed, their cells."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.errors import BadInput
from pipelines.landing.descriptor import Edition
from pipelines.landing.editions import is_raw_root, read_root
from pipelines.landing.land import land_folder
from pipelines.landing.precedence import merge_roots
from pipelines.landing.sources import Source
from pipelines.packs.pack import Pack

STARTER = Path(__file__).resolve().parents[2] / "data" / "raw"


@dataclass(frozen=True)
class Inputs:
    """The editions of a run; `parsed` holds the cells of files landed for this run, by their hash."""

    editions: tuple[Edition, ...]
    parsed: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    unused: tuple[Path, ...] = ()


@contextmanager
def gather(raw: Sequence[Path], home: Path, packs: Sequence[Pack]) -> Iterator[Inputs]:
    """The inputs of a run: the given roots or folders, else the starter, the home's raw root and the packs' own data.

    A plain folder of publishers' files is landed first into a temporary root that lives as long as the block.
    Raises BadInput for a path that is no folder, and for whatever landing or a root refuses.
    """
    places = list(raw) or default_places(home, packs)
    with tempfile.TemporaryDirectory(prefix="evenhand-raw-") as scratch:
        roots: list[list[Edition]] = []
        parsed: dict[str, pl.DataFrame] = {}
        unused: list[Path] = []
        for index, place in enumerate(places):
            if not place.is_dir():
                raise BadInput(f"{place}: is not a folder; name a raw root or a folder of publishers' files")
            if is_empty(place):
                if raw:
                    raise BadInput(f"{place}: is empty; name a folder with files, or land some with `evenhand pull`")
                continue
            if is_raw_root(place):
                roots.append(read_root(place))
                continue
            found = land_folder(place, Path(scratch) / str(index), sources(packs))
            everything = (*found.landed, *found.unchanged)
            parsed |= {landed.edition.original_sha256: landed.parsed.cells for landed in everything}
            unused += found.unused
            roots.append([landed.edition for landed in everything])
        yield Inputs(tuple(merge_roots(roots)), parsed, tuple(unused))


def is_empty(place: Path) -> bool:
    """Whether a folder holds nothing but hidden entries: an interrupted `pull` leaves its `.partial` alone there."""
    return all(entry.name.startswith(".") for entry in place.iterdir())


def default_places(home: Path, packs: Sequence[Pack]) -> list[Path]:
    """Where a run looks when it is told nothing: starter, what `pull` landed, what the packs bring along."""
    candidates = [STARTER, home / "raw", *(pack.data for pack in packs)]
    return [place for place in candidates if place is not None and place.is_dir()]


def sources(packs: Sequence[Pack]) -> list[Source]:
    """The parsers of every dataset of the packs, each once, in order of name."""
    unique = {name: source for pack in packs for d in pack.datasets for name, source in pack.sources(d.id).items()}
    return [unique[name] for name in sorted(unique)]
