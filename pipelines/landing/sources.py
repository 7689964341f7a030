"""Which file belongs to which source: by its base name, and to one source only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, Protocol

from pipelines.errors import BadInput
from pipelines.sources.cells import Parsed


class Source(Protocol):
    """What landing needs of a source: a module of `pipelines.sources`, or a table declared in a pack."""

    @property
    def PUBLISHER(self) -> str: ...
    @property
    def DATASET(self) -> str: ...
    @property
    def TITLE(self) -> str: ...
    @property
    def URL(self) -> str: ...
    @property
    def LICENCE(self) -> str: ...
    @property
    def FILES(self) -> tuple[str, ...]: ...
    @property
    def parse(self) -> Callable[[bytes, str], Parsed]: ...


class Matches(NamedTuple):
    """The files of a folder that belong to a source, in the order of their paths, and those that belong to none."""

    files: tuple[tuple[Path, Source], ...]
    unused: tuple[Path, ...]


def source_of(name: str, sources: Iterable[Source]) -> Source | None:
    """The source whose FILES match a base name, None when there is none. Raises BadInput when there are two."""
    found = [source for source in sources if any(fnmatchcase(name, pattern) for pattern in source.FILES)]
    if len(found) > 1:
        ids = " and ".join(source.DATASET for source in found)
        raise BadInput(f"{name}: belongs to {ids} at once; make the file names of these sources disjoint")
    return found[0] if found else None


def match_files(folder: Path, sources: Sequence[Source]) -> Matches:
    """The files in `folder` and below it, matched to `sources` by base name; hidden ones are passed over.

    Raises BadInput when `folder` is not a folder, a link leads out of it, or a name belongs to two sources.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: is not a folder; name one with publishers' files")
    matched: list[tuple[Path, Source]] = []
    unused: list[Path] = []
    for path in sorted(_files(folder)):
        source = source_of(path.name, sources)
        if source is None:
            unused.append(path)
        elif not path.resolve().is_relative_to(folder.resolve()):
            raise BadInput(f"{path}: is a symbolic link that leads out of {folder}; put the file itself there")
        else:
            matched.append((path, source))
    return Matches(tuple(matched), tuple(unused))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not name.startswith("."))
