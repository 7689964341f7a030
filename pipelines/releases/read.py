"""Read a published release: the only door through which pages and the command line see results.

Knows the contract and nothing of the pipeline. Frames are read when first asked for and kept.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import CheckResult
from pipelines.errors import BadInput
from pipelines.methods.card import Method
from pipelines.releases import decisions, layout
from pipelines.releases.cards import cards, claims
from pipelines.releases.checks import read_checks
from pipelines.releases.claim import Claim, InputRow, Step, claim_json, claim_text
from pipelines.releases.claims import KINDS, claim, variants
from pipelines.releases.decisions import Decision, Log
from pipelines.releases.diff import CAUSES, diff, in_points, largest
from pipelines.releases.diff_peers import SetChange, diff_peers
from pipelines.releases.explain import explain
from pipelines.releases.explain_cost import explain_cost
from pipelines.releases.reply import Dispute, Note, Replies, Ruling, replies_of
from pipelines.releases.reply_figure import Recomputed, minimum, recompute
from pipelines.releases.reply_told import dispute_json, note_json, recomputed_json

__all__ = [
    "CAUSES",
    "KINDS",
    "Claim",
    "Decision",
    "Dispute",
    "InputRow",
    "Log",
    "Method",
    "Note",
    "Recomputed",
    "Release",
    "Replies",
    "Ruling",
    "SetChange",
    "Step",
    "candidates",
    "cards",
    "claim",
    "claim_json",
    "claim_text",
    "claims",
    "current",
    "diff",
    "diff_peers",
    "dispute_json",
    "explain",
    "explain_cost",
    "in_points",
    "largest",
    "log",
    "minimum",
    "note_json",
    "open_release",
    "packs",
    "recompute",
    "recomputed_json",
    "release_of",
    "releases",
    "replies",
    "trail",
    "variants",
]


class Release:
    """One immutable release: `meta` is its datapackage.json, `checks` every check's result."""

    def __init__(self, pack: str, id: str, path: Path, meta: dict[str, Any], checks: tuple[CheckResult, ...]) -> None:
        self.pack = pack
        self.id = id
        self.path = path
        self.meta = meta
        self.checks = checks
        self._frames: dict[str, pl.DataFrame] = {}

    @property
    def facts(self) -> dict[str, Any]:
        """What the release says of its pack and of itself: the `evenhand` block of its description."""
        block: dict[str, Any] = self.meta["evenhand"]
        return block

    def tables(self) -> list[str]:
        """Names of its tables, in the contract's order."""
        return [entry["name"] for entry in self.meta["resources"] if entry.get("format") == "csv"]

    def table(self, name: str) -> pl.DataFrame:
        """A table, sorted by its key; read once. Raises BadInput when the release has none of that name."""
        if name not in self._frames:
            if name not in self.tables():
                raise BadInput(f"release {self.id} has no table {name!r}; it has {', '.join(self.tables())}")
            self._frames[name] = pl.read_parquet(self.path / layout.TABLES / f"{name}.parquet")
        return self._frames[name]

    def counted(self, name: str, *columns: str) -> pl.DataFrame:
        """Rows of a table by each combination of columns, as `rows`; the table itself is not kept."""
        found = pl.scan_parquet(self.path / layout.TABLES / f"{name}.parquet").group_by(columns).agg(rows=pl.len())
        return found.sort(columns).collect()


def open_release(home: Path, pack: str, release: str | None = None) -> Release:
    """Open a release, by default the one that the pack's pointer names.

    Raises BadInput when pack or release is not a safe identifier, or nothing of that name was published.
    """
    name = release or current(home, pack)
    path = layout.release_folder(home, pack, name)
    if not path.is_dir():
        raise BadInput(f"{pack} has no release {name}; `evenhand releases list {pack}` shows them")
    meta = json.loads((path / layout.PACKAGE).read_bytes())
    return Release(pack, name, path, meta, read_checks(path))


def current(home: Path, pack: str) -> str:
    """The release that the pack's pointer names. Raises BadInput before the first publication."""
    pointer = layout.pack_folder(home, pack) / layout.CURRENT
    if not pointer.is_file():
        known = f"published packs: {', '.join(packs(home))}" if packs(home) else "nothing has been published yet"
        raise BadInput(f"pack {pack!r} has no published release ({known}); `evenhand run --pack {pack}` makes one")
    return layout.checked_id(pointer.read_text(encoding="utf-8").strip())


def packs(home: Path) -> list[str]:
    """Packs with a published release, sorted."""
    folder = home / "releases"
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if layout.PACK_ID.fullmatch(path.name) and _has_pointer(path))


def releases(home: Path, pack: str) -> list[str]:
    """Releases of a pack that stand on the shelf, sorted by name; `current` is the one pointed to."""
    return layout.release_ids(layout.pack_folder(home, pack))


def candidates(home: Path, pack: str) -> list[str]:
    """Candidates of a pack that wait for a signature, sorted by name."""
    return layout.release_ids(layout.pack_folder(home, pack) / layout.CANDIDATES)


def log(home: Path, pack: str) -> Log:
    """A pack's decisions, in the order in which they were taken."""
    return decisions.read(layout.pack_folder(home, pack) / layout.DECISIONS)


def replies(home: Path, pack: str) -> Replies:
    """What bodies said of a pack's figures, and what was decided; outside every release."""
    return replies_of(log(home, pack))


def release_of(home: Path, pack: str, dispute: Dispute) -> Release | None:
    """The release that a dispute is about; None where it no longer stands on the shelf."""
    return open_release(home, pack, dispute.release) if dispute.release in releases(home, pack) else None


def trail(home: Path, pack: str) -> list[str]:
    """Releases that stand on the shelf, in the order in which they became current; rolled-back ones are passed over."""
    standing = releases(home, pack)
    return [release for release in decisions.trail(log(home, pack)) if release in standing]


def _has_pointer(folder: Path) -> bool:
    return (folder / layout.CURRENT).is_file()
