"""A raw root read back: `<publisher>/<dataset>/<edition>/` with one file and its `source.yml`, every statement checked.

Names that begin with a full stop (`.partial`, where downloads and landings are under way) and a README at the top are
passed over; anything else that has no place is refused rather than ignored.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.errors import BadInput
from pipelines.landing.descriptor import FILE_NAME, Edition, publisher_folder, read_descriptor

__all__ = ["FILE_LIMIT", "Edition", "edition_folder", "is_raw_root", "read_edition", "read_root"]

FILE_LIMIT = 256 * 2**20  # bytes; the largest genuine file at hand has 3.6 MB
FOLDER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")


def edition_folder(edition: Edition) -> Path:
    """Where an edition lies, relative to its raw root."""
    return Path(publisher_folder(edition.publisher), edition.dataset, edition.edition)


def is_raw_root(path: Path) -> bool:
    """Whether `path` is laid out as a raw root: at least one `<publisher>/<dataset>/<edition>/source.yml`."""
    return any(not _hidden(found.relative_to(path)) for found in path.glob(f"*/*/*/{FILE_NAME}"))


def read_root(path: Path) -> list[Edition]:
    """Every edition under a raw root, sorted by publisher, dataset, date and edition; an empty root has none.

    Raises BadInput naming the file for a root that is not there, symbolic links, files without a place, statements that
    are missing or wrong, sizes beyond FILE_LIMIT, and a hash other than stated.
    """
    if not path.is_dir():
        raise BadInput(f"{path}: is not a folder; name a raw root or a folder of publishers' files")
    found = [
        read_edition(edition)
        for publisher in _folders(path)
        for dataset in _folders(publisher)
        for edition in _folders(dataset)
    ]
    return sorted(found, key=lambda edition: (edition.publisher, edition.dataset, edition.date, edition.edition))


def read_edition(folder: Path) -> Edition:
    """The edition in `<publisher>/<dataset>/<edition>/`. Raises BadInput as `read_root` does."""
    files = _visible(folder)
    for entry in files:
        if not entry.is_file():
            raise BadInput(f"{entry}: an edition holds one file and its {FILE_NAME}, no folder; move it away")
    if folder / FILE_NAME not in files:
        raise BadInput(f"{folder}: holds no {FILE_NAME}; land the file again")
    if len(files) != 2:
        raise BadInput(
            f"{folder}: must hold exactly one file beside {FILE_NAME}, holds {len(files) - 1}; land it again"
        )
    (path,) = (entry for entry in files if entry.name != FILE_NAME)
    edition = read_descriptor(folder / FILE_NAME, path)
    _check_place(edition, folder)
    if path.stat().st_size > FILE_LIMIT:
        raise BadInput(f"{path}: is over {FILE_LIMIT // 2**20} MB; split the table")
    edition.read()
    return edition


def _folders(path: Path) -> list[Path]:
    """The folders in `path`, sorted; a README may lie beside the publishers, nothing else."""
    folders = [entry for entry in _visible(path) if not entry.name.startswith("README")]
    for entry in folders:
        if not entry.is_dir():
            raise BadInput(f"{entry}: has no place here; a raw root holds <publisher>/<dataset>/<edition>/ only")
        if not FOLDER_NAME.fullmatch(entry.name):
            raise BadInput(
                f"{entry}: the folder's name may hold letters, digits, full stop, hyphen and underscore only"
            )
    return folders


def _visible(path: Path) -> list[Path]:
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    for entry in entries:
        if entry.is_symlink():
            raise BadInput(f"{entry}: is a symbolic link, which may lead anywhere; put the file itself there")
    return entries


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _check_place(edition: Edition, folder: Path) -> None:
    """The folders' names and the file's name agree with what `source.yml` states."""
    place = edition_folder(edition)
    if folder.parts[-3:] != place.parts:
        raise BadInput(f"{folder / FILE_NAME}: what it states belongs in {place}; move it there or land it again")
    if edition.kind == "original" and edition.path.name != edition.original_name:
        raise BadInput(f"{edition.path}: {FILE_NAME} states the name {edition.original_name!r}; land the file again")
