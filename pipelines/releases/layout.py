"""Where a release keeps its files, which identifiers are safe, and how a folder gets its name.

Known by writers and readers alike; standard library only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import BadInput

PACK_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
RELEASE_ID = re.compile(r"[0-9a-f]{16}")
TABLES = "tables"
PACKAGE = "datapackage.json"
CHECKS = "checks.json"
LINEAGE = "lineage.parquet"
README = "README.txt"
PROVENANCE = "provenance.json"
CURRENT = "CURRENT"
CANDIDATES = ".candidates"
DECISIONS = "decisions.jsonl"
OUTSIDE_THE_NAME = frozenset({PROVENANCE})


def pack_folder(home: Path, pack: str) -> Path:
    """Folder of a pack's releases. Raises BadInput when `pack` is not a pack's identifier, so no path can escape."""
    if not PACK_ID.fullmatch(pack):
        raise BadInput(
            f"pack {pack!r}: a pack's identifier is lower-case letters, digits and _, such as english_councils"
        )
    return home / "releases" / pack


def release_folder(home: Path, pack: str, release: str) -> Path:
    """Folder of one release. Raises BadInput when `release` is not 16 hexadecimal digits."""
    return pack_folder(home, pack) / checked_id(release)


def checked_id(release: str) -> str:
    """`release` itself. Raises BadInput when it is not 16 lower-case hexadecimal digits."""
    if not RELEASE_ID.fullmatch(release):
        raise BadInput(
            f"release {release!r}: a release is named by 16 hexadecimal digits; `evenhand releases list` shows them"
        )
    return release


def release_ids(folder: Path) -> list[str]:
    """Identifiers of the releases that stand in a folder, sorted; none when the folder does not exist."""
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if RELEASE_ID.fullmatch(entry.name) and entry.is_dir())


def files_of(folder: Path) -> list[str]:
    """Every file below `folder`, as sorted relative POSIX paths; links are listed, never followed."""
    entries = (entry for entry in folder.rglob("*") if entry.is_symlink() or not entry.is_dir())
    return sorted(entry.relative_to(folder).as_posix() for entry in entries)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def name_of(digests: Iterable[tuple[str, str]]) -> str:
    """The release's name: 16 hexadecimal digits of the hash over the sorted lines `<path> <sha256>`.

    digests : (relative path, sha256) of each file; those outside the name are left out.
    """
    lines = sorted(f"{path} {sha}\n" for path, sha in digests if path not in OUTSIDE_THE_NAME)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def content_id(folder: Path) -> str:
    """The name that the files in `folder` deserve."""
    return name_of((path, file_sha256(folder / path)) for path in files_of(folder))
