"""Fetch the chart bundle by package name, check it, put it where Dash looks: `python -m dashboards.vendor [--tests]`.

`plotly.js-basic-dist-min` of the version inside the installed Plotly is third-party code, so it is never committed.
Where npm is absent the full bundle that ships with Dash serves. `--tests` fetches axe-core for the browser tests too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Package:
    """One file of one published package, pinned by version and integrity (base64 of SHA-512)."""

    name: str
    version: str
    sha512: str
    member: str
    target: Path

    @property
    def stamp(self) -> Path:
        """Where the version of the extracted file is written down."""
        return self.target.with_name(f"{self.target.name}.version")


PLOTLY = Package(
    "plotly.js-basic-dist-min",
    "4.1.1",
    "1oNF8PeQx2hv/y7tqEVWKD3JGwn/MGEMQ8mL9HUwsaqG9FGy/OU5FHUHvzqbqxN4mnwZGI9abTiE775C4kkjMQ==",
    "package/plotly-basic.min.js",
    ROOT / "dashboards" / "assets" / "vendor" / "plotly-basic.min.js",
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    "package/axe.min.js",
    ROOT / "tests" / "browser" / "vendor" / "axe.min.js",
)


class Tampered(Exception):
    """The archive is not the pinned one."""


def fetch(package: Package) -> str:
    """Put the package's file in place and say so; says what serves instead where npm is absent or cannot fetch.

    Raises Tampered where the archive's hash is not the pinned one: nothing is extracted then.
    """
    label = f"{package.name} {package.version}"
    if package.target.is_file() and package.stamp.is_file() and package.stamp.read_text() == stamp_of(package):
        return f"{label}: in place"
    npm = shutil.which("npm")
    if npm is None:
        return f"{label}: npm is not installed; {without(package)}"
    with tempfile.TemporaryDirectory() as folder:
        archive = pack(npm, package, Path(folder))
        if archive is None:
            return f"{label}: npm could not fetch it; {without(package)}"
        extract(package, archive)
    return f"{label}: fetched, its hash checked"


def without(package: Package) -> str:
    """What happens without the package."""
    if package is AXE:
        return "the accessibility tests will say that they were skipped"
    return "the full chart bundle that ships with Dash serves instead (slower to load, nothing else changes)"


def pack(npm: str, package: Package, folder: Path) -> Path | None:
    """The package's archive as npm hands it over; None where npm fails."""
    command = [npm, "pack", f"{package.name}@{package.version}", "--json", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    found = sorted(folder.glob("*.tgz"))
    return found[0] if done.returncode == 0 and found else None


def extract(package: Package, archive: Path) -> None:
    """Write the one file wanted, after checking the archive whole. Raises Tampered."""
    data = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != package.sha512:
        raise Tampered(
            f"{package.name} {package.version}: the archive's SHA-512 is not the pinned one; nothing was installed"
        )
    with tarfile.open(archive) as members:
        stream = members.extractfile(package.member)
        if stream is None:
            raise Tampered(f"{package.name} {package.version}: the archive has no {package.member}")
        content = stream.read()
    package.target.parent.mkdir(parents=True, exist_ok=True)
    partial = package.target.with_name(f"{package.target.name}.part")
    partial.write_bytes(content)
    partial.replace(package.target)
    package.stamp.write_text(stamp_of(package))


def stamp_of(package: Package) -> str:
    """Version and hash, on one line."""
    return json.dumps({"version": package.version, "sha512": package.sha512})


def main(words: Sequence[str]) -> int:
    """Fetch what is asked for; 0 also where npm is absent, 2 where an archive is not the pinned one."""
    if set(words) - {"--tests"}:
        print("usage: python -m dashboards.vendor [--tests]", file=sys.stderr)
        return 2
    for package in (PLOTLY, AXE) if "--tests" in words else (PLOTLY,):
        try:
            print(fetch(package))
        except Tampered as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
