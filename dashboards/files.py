"""Our own files: their bytes, and addresses that change with their content, so that browsers may keep them a year."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Response
from werkzeug.security import safe_join

from dashboards.guard import sentence

ASSETS = Path(__file__).parent / "assets"
FOLDER = "/assets/"
LONGEST_NAME = 200
JOINED = {
    "own-figures.js": ("numbers.js", "try.js", "own-figures.js"),
    "workbench.js": ("numbers.js", "try.js", "ledger.js", "workbench.js", "minutes.js"),
}
"""Scripts of pages that compute in the browser, each sent as one file with those that it calls, in their order."""


def address(name: str) -> str:
    """Where a file is found, with a fingerprint of its content."""
    return f"{FOLDER}{name}?m={_digest(name, tuple(path.stat().st_mtime_ns for path in _parts(name)))}"


def content(name: str) -> bytes:
    """A file's bytes, those that it calls before it."""
    return b"\n".join(path.read_bytes() for path in _parts(name))


def answer(name: str) -> Response:
    """One of our own files, whole, so that it is compressed once and kept; 404 outside the folder."""
    path = safe_join(str(ASSETS), name) if len(name) <= LONGEST_NAME else None
    if path is None or not Path(path).is_file():
        return sentence(404, "There is no such file.")
    return Response(content(name), mimetype=mimetypes.guess_type(path)[0] or "application/octet-stream")


def _parts(name: str) -> list[Path]:
    return [ASSETS / part for part in JOINED.get(name, (name,))]


@lru_cache(maxsize=64)
def _digest(name: str, changed: tuple[int, ...]) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]
