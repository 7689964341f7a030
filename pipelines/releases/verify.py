"""Whether a release is what its name says: each file's hash against the description, the name against all of them.

Works on the folder alone: no network, no home, no other release.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.errors import Blocked
from pipelines.releases import layout


def problems(folder: Path) -> tuple[str, ...]:
    """One line for each file that is missing, extra or altered, and for a name that does not fit; none when sound."""
    if not folder.is_dir():
        return (f"{folder.name}: there is no such release folder",)
    links = [path for path in layout.files_of(folder) if (folder / path).is_symlink()]
    if links:
        return tuple(f"{path}: is a link; a release holds plain files only" for path in links)
    stated = _stated(folder)
    if isinstance(stated, str):
        return (stated,)
    found = {path: layout.file_sha256(folder / path) for path in layout.files_of(folder)}
    return (*_differences(stated, found), *_name(folder, found))


def require_sound(folder: Path) -> None:
    """Raises Blocked, naming the first problem, unless the release verifies."""
    found = problems(folder)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise Blocked(f"release {folder.name}: {found[0]}{more}; do not use it: restore the folder or rebuild it")


def _stated(folder: Path) -> dict[str, str] | str:
    """Hash by path as datapackage.json states it, or the one line that says why it cannot be read."""
    try:
        content: dict[str, Any] = json.loads((folder / layout.PACKAGE).read_bytes())
        return {entry["path"]: entry["hash"].removeprefix("sha256:") for entry in content["resources"]}
    except FileNotFoundError:
        return f"{layout.PACKAGE}: missing, so nothing states what the other files should be"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{layout.PACKAGE}: cannot be read as a description of a release"


def _differences(stated: dict[str, str], found: dict[str, str]) -> list[str]:
    unlisted = set(found) - set(stated) - {layout.PACKAGE, layout.PROVENANCE}
    lines = [f"{path}: missing" for path in sorted(set(stated) - set(found))]
    lines += [f"{path}: extra, no part of the release" for path in sorted(unlisted)]
    lines += [
        f"{path}: altered, its SHA-256 is {found[path][:12]}..., stated {sha[:12]}..."
        for path, sha in sorted(stated.items())
        if path in found and found[path] != sha
    ]
    if layout.PROVENANCE not in found:
        lines.append(f"{layout.PROVENANCE}: missing, so the release cannot be rebuilt")
    return lines


def _name(folder: Path, found: dict[str, str]) -> list[str]:
    name = layout.name_of(found.items())
    return [] if name == folder.name else [f"the content is that of release {name}, the folder is named {folder.name}"]
