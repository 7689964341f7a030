"""A file into a raw root: written beside it, forced to disk, then put in place by one rename. Nothing is overwritten.

The same bytes are the same edition and change nothing; changed bytes are a new edition. A landing killed at any moment
leaves at most a folder in `<root>/.partial`, which readers pass over and the next landing removes.
A publisher who withdraws a correction of the same date lands nothing new, so the correction goes on ruling until its
folder is moved away: to land old bytes a second time would need a second folder with the same name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import BadInput
from pipelines.landing.descriptor import (
    FILE_NAME,
    Download,
    Edition,
    edition_id,
    is_day,
    read_descriptor,
    write_descriptor,
)
from pipelines.landing.editions import FILE_LIMIT, edition_folder, read_edition
from pipelines.landing.figures import FILE_NAME as FIGURES_NAME
from pipelines.landing.sources import Source, match_files
from pipelines.sources.cells import Parsed
from pipelines.sources.sniff import check_content

PARTIAL = ".partial"
STAGE = "stage-"
Numbering = Callable[[Path], int]


class Landed(NamedTuple):
    """A landed file, what its parser returned, and whether it is new under this root."""

    edition: Edition
    parsed: Parsed
    new: bool


class LandingReport(NamedTuple):
    """What became of a folder's files: landed now, landed before with the same bytes, belonging to no source."""

    landed: tuple[Landed, ...]
    unchanged: tuple[Landed, ...]
    unused: tuple[Path, ...]


def unordered(root: Path) -> int:
    """No landing number: in an input root two editions of one date are an error, whichever came first."""
    return 0


def next_landing(root: Path) -> int:
    """The running number of the next landing under `root`, from 1: in the home's raw root the later landing rules."""
    descriptors = root.glob(f"*/*/*/{FILE_NAME}")
    return 1 + max((read_descriptor(path, path).landing for path in descriptors), default=0)


def land_file(
    data: bytes,
    name: str,
    source: Source,
    root: Path,
    *,
    number: Numbering = unordered,
    download: Download | None = None,
) -> Landed:
    """Land the publisher's bytes of `source` under `root`, which is made when it is not there.

    name : the publisher's file name.   number : `next_landing` where the order of landings counts.
    Raises BadInput when the content is not what the name promises, the parser refuses it, or the disk does.
    """
    check_name(name)
    if len(data) > FILE_LIMIT:
        raise BadInput(f"{name}: is over {FILE_LIMIT // 2**20} MB; split the table")
    check_content(data, name)
    parsed = source.parse(data, name)
    if not is_day(parsed.date):
        raise BadInput(f"{name}: source {source.DATASET} gives the date {parsed.date!r}, which is no day (yyyy-mm-dd)")
    edition = replace(_original(data, name, parsed.date, source), download=download)
    edition, new = _place(data, edition, root, number)
    return Landed(edition, parsed, new)


def land_figures(data: bytes, of: Edition, root: Path) -> Edition:
    """Land our compact CSV of the figures of edition `of` under `root`, as the same edition of kind `figures`.

    Raises BadInput when the edition lies there with other bytes: nothing is overwritten.
    """
    check_content(data, FIGURES_NAME)
    sha256 = hashlib.sha256(data).hexdigest()
    edition = replace(of, sha256=sha256, kind="figures", path=Path(FIGURES_NAME), landing=0, download=None)
    return _place(data, edition, root, unordered)[0]


def land_folder(folder: Path, root: Path, sources: Sequence[Source]) -> LandingReport:
    """Land every file in `folder` and below whose name belongs to one of `sources`; stops at the first that is refused.

    Raises BadInput as `land_file`, and when no file belongs to any source.
    """
    matches = match_files(folder, sources)
    if not matches.files:
        raise BadInput(
            f"{folder}: holds no file of a known name; `evenhand pull` fetches files, docs/packs.md names them"
        )
    landed = [land_file(read_input(path), path.name, source, root) for path, source in matches.files]
    return report(landed, matches.unused)


def report(landed: Iterable[Landed], unused: tuple[Path, ...]) -> LandingReport:
    """New and unchanged files apart."""
    everything = tuple(landed)
    return LandingReport(
        tuple(each for each in everything if each.new), tuple(each for each in everything if not each.new), unused
    )


def read_input(path: Path) -> bytes:
    """The bytes of an input file. Raises BadInput naming the file when it cannot be read or is too large."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise BadInput(f"{path}: is over {FILE_LIMIT // 2**20} MB; split the table")
        return path.read_bytes()
    except OSError as fault:
        raise BadInput(f"{path}: cannot be read ({fault.strerror}); check the file and its permissions") from fault


def check_name(name: str) -> None:
    """Raise BadInput unless `name` is a plain file name that can lie beside `source.yml`."""
    plain = name and name == Path(name).name and "\\" not in name and name.isprintable()
    if not plain or name.startswith(".") or name.lower() == FILE_NAME or len(name.encode()) > 200:
        raise BadInput(f"{name!r}: is not a file name that can be landed; rename the file")


def _original(data: bytes, name: str, day: str, source: Source) -> Edition:
    sha256 = hashlib.sha256(data).hexdigest()
    return Edition(
        publisher=source.PUBLISHER,
        dataset=source.DATASET,
        title=source.TITLE,
        edition=edition_id(day, sha256),
        date=day,
        url=source.URL,
        licence=source.LICENCE,
        original_name=name,
        original_sha256=sha256,
        sha256=sha256,
        kind="original",
        path=Path(name),
    )


def _place(data: bytes, edition: Edition, root: Path, number: Numbering) -> tuple[Edition, bool]:
    """Put `edition`, whose path is its file's name, in place unless it lies there; the edition on disk, and if new."""
    folder = root / edition_folder(edition)
    try:
        with _alone(root):
            if folder.exists():
                return _same(edition, read_edition(folder)), False
            placed = replace(edition, path=folder / edition.path, landing=number(root))
            _write(data, placed, folder, root)
    except OSError as fault:
        raise BadInput(
            f"{root}: cannot be written ({fault.strerror}); free space there or name another folder"
        ) from fault
    return placed, True


def _same(wanted: Edition, found: Edition) -> Edition:
    """The edition found, when it is the one wanted."""
    if wanted.original_sha256 != found.original_sha256 or (wanted.kind == found.kind and wanted.sha256 != found.sha256):
        raise BadInput(f"{found.path}: holds other bytes than {wanted.path} now to be landed; move the older one away")
    if wanted.kind != found.kind:
        raise BadInput(f"{found.path}: is of kind {found.kind}, now {wanted.kind} are to be landed; use another root")
    return found


def _write(data: bytes, edition: Edition, folder: Path, root: Path) -> None:
    stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=root / PARTIAL))
    stage.chmod(0o755)  # the raw root is for reading; mkdtemp makes it private
    _write_durably(stage / edition.path.name, data)
    _write_durably(stage / FILE_NAME, write_descriptor(edition).encode())
    _flush_folder(stage)
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage.rename(folder)
    for place in (folder.parent, folder.parent.parent, root):
        _flush_folder(place)


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _flush_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One landing at a time under `root`: numbers stay unique, and whatever an earlier one left behind is removed."""
    partial = root / PARTIAL
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        partial.mkdir(exist_ok=True)
        _remove_stages(partial)
        yield
    finally:
        _remove_stages(partial)
        os.close(handle)


def _remove_stages(partial: Path) -> None:
    for stage in partial.glob(f"{STAGE}*"):
        shutil.rmtree(stage)
