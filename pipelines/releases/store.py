"""The shelf of releases: publish, hold, sign off, roll back. A reader sees a whole release or none.

    <home>/releases/<pack>/<release>/      immutable, named by content
                           CURRENT         the one pointer readers follow
                           .candidates/    held back, waiting for a signature
                           .building-*/    unfinished; whoever holds the lock next removes them
                           decisions.jsonl, .lock

A decision is written before the pointer moves: every move has its record, and a crash between the two is repaired by
publishing again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import CheckResult
from pipelines.errors import BadInput, Blocked
from pipelines.releases import decisions, layout
from pipelines.releases.build import Candidate
from pipelines.releases.checks import read_checks
from pipelines.releases.decisions import Log
from pipelines.releases.files import move_folder, replace_text, sync_folder, sync_tree
from pipelines.releases.lock import only_writer
from pipelines.releases.verify import require_sound

BUILDING = ".building-"


@dataclass(frozen=True)
class Published:
    """What became of a release.

    outcome : new (added and pointed to), moved (it stood there already; the pointer moved to it), unchanged (the
    pointer named it already) or withdrawn (somebody rolled it back; the pointer stays until it is signed off again).
    """

    release: str
    outcome: str


@dataclass(frozen=True)
class Store:
    """The releases of every pack under one home."""

    home: Path

    def folder(self, pack: str) -> Path:
        """The pack's folder, made when absent."""
        folder = layout.pack_folder(self.home, pack)
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        return folder

    @contextmanager
    def writing(self, pack: str) -> Iterator[Path]:
        """Be the pack's only writer while the block runs; gives the pack's folder. Its holder may enter again."""
        folder = self.folder(pack)
        with only_writer(folder / ".lock"):
            yield folder

    @contextmanager
    def workspace(self, pack: str) -> Iterator[Path]:
        """An empty folder to build a candidate in, removed afterwards unless it was published or held.

        Takes the pack's lock, so leftovers of killed runs are nobody's and are removed first.
        """
        with self.writing(pack) as folder:
            for stale in folder.glob(f"{BUILDING}*"):
                shutil.rmtree(stale, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix=BUILDING, dir=folder))
            work.chmod(0o755)
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def publish(self, pack: str, candidate: Candidate, by: str, why: str) -> Published:
        """Put a finished candidate on the shelf and point to it; the same content is never published twice.

        Raises Blocked when one of its checks blocks, or when the release that stands there already was altered.
        A release that somebody rolled back stays withdrawn.
        """
        with self.writing(pack) as folder:
            require_open_gate(pack, candidate.release, candidate.blocking, self.decisions(pack))
            known = (folder / candidate.release).is_dir()
            if known:
                require_sound(folder / candidate.release)
                shutil.rmtree(candidate.path)
                if self.is_withdrawn(pack, candidate.release):
                    return Published(candidate.release, "withdrawn")
            else:
                self._shelve(candidate.path, folder / candidate.release)
            return self._point(pack, candidate.release, by, why, known)

    def hold(self, pack: str, candidate: Candidate, by: str, why: str) -> str:
        """Set a candidate aside for a signature, whatever its checks say, and return its name."""
        with self.writing(pack) as folder:
            place = folder / layout.CANDIDATES / candidate.release
            if place.is_dir() or (folder / candidate.release).is_dir():
                shutil.rmtree(candidate.path)
                return candidate.release
            if not place.parent.is_dir():
                place.parent.mkdir()
                sync_folder(folder)
            decisions.append(folder / layout.DECISIONS, decisions.decide(by, "hold", candidate.release, why))
            self._shelve(candidate.path, place)
            return candidate.release

    def sign_off(self, pack: str, release: str, by: str, why: str) -> Published:
        """Publish a held candidate, or point again to a release, in somebody's name.

        Raises BadInput when there is none of that name, Blocked when it does not verify or a check blocks it.
        """
        with self.writing(pack) as folder:
            place = self.place(pack, release)
            known = place.parent == folder
            require_sound(place)
            require_open_gate(
                pack, release, tuple(check for check in read_checks(place) if check.blocks), self.decisions(pack)
            )
            if not known:
                self._shelve(place, folder / release)
            return self._point(pack, release, by, why, known)

    def override(self, pack: str, release: str, by: str, why: str) -> None:
        """Record that somebody answers for publishing a candidate although a check blocks it."""
        with self.writing(pack) as folder:
            self.place(pack, release)
            decisions.append(folder / layout.DECISIONS, decisions.decide(by, "override", release, why))

    def rollback(self, pack: str, by: str, why: str, to: str | None = None) -> str:
        """Point to an earlier release, by default the one that was current before; returns its name.

        The release left behind is withdrawn: an automatic run will not bring it back, a signature will.
        Raises BadInput when there is nothing to go back to, Blocked when the target does not verify.
        """
        with self.writing(pack) as folder:
            here = self.current(pack)
            target = layout.checked_id(to) if to else self._previous(pack, here)
            if target == here or not (folder / target).is_dir():
                raise BadInput(
                    f"{pack}: {target} is no other release of it; `evenhand releases list {pack}` shows them"
                )
            require_sound(folder / target)
            record = decisions.decide(by, "rollback", target, why, {"from": here or ""})
            decisions.append(folder / layout.DECISIONS, record)
            replace_text(folder / layout.CURRENT, f"{target}\n")
            return target

    def current(self, pack: str) -> str | None:
        """The release that the pointer names; None before the first."""
        pointer = layout.pack_folder(self.home, pack) / layout.CURRENT
        return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None

    def place(self, pack: str, release: str) -> Path:
        """Folder of a release or held candidate. Raises BadInput when there is none of that name."""
        folder = layout.pack_folder(self.home, pack)
        for place in (folder / layout.checked_id(release), folder / layout.CANDIDATES / release):
            if place.is_dir():
                return place
        raise BadInput(f"{pack} has no release or candidate {release}; `evenhand releases list {pack}` shows them")

    def releases(self, pack: str) -> list[str]:
        """Published releases, sorted by name."""
        return layout.release_ids(layout.pack_folder(self.home, pack))

    def candidates(self, pack: str) -> list[str]:
        """Candidates that wait for a signature, sorted by name."""
        return layout.release_ids(layout.pack_folder(self.home, pack) / layout.CANDIDATES)

    def decisions(self, pack: str) -> Log:
        """The pack's decisions log."""
        return decisions.read(layout.pack_folder(self.home, pack) / layout.DECISIONS)

    def is_withdrawn(self, pack: str, release: str) -> bool:
        """Whether the last word about a release is that it was rolled back."""
        for decision in reversed(self.decisions(pack).decisions):
            if decision.what == "rollback" and decision.details.get("from") == release:
                return True
            if decision.what in ("publish", "rollback") and decision.release == release:
                return False
        return False

    def _shelve(self, source: Path, target: Path) -> None:
        sync_tree(source)
        move_folder(source, target)

    def _point(self, pack: str, release: str, by: str, why: str, known: bool) -> Published:
        folder = self.folder(pack)
        if self.current(pack) == release:
            return Published(release, "unchanged")
        decisions.append(folder / layout.DECISIONS, decisions.decide(by, "publish", release, why))
        replace_text(folder / layout.CURRENT, f"{release}\n")
        return Published(release, "moved" if known else "new")

    def _previous(self, pack: str, here: str | None) -> str:
        """The release that was current before `here` became so, by the log: rolled-back ones are passed over."""
        trail = decisions.trail(self.decisions(pack))
        earlier = trail[: trail.index(here)] if here in trail else []
        standing = [release for release in earlier if release in self.releases(pack)]
        if not standing:
            raise BadInput(f"{pack}: there is no earlier release to go back to; name one with `--to ID`")
        return standing[-1]


def require_open_gate(pack: str, release: str, blocking: tuple[CheckResult, ...], log: Log) -> None:
    """Raises Blocked when a check blocks a release and nobody has taken that on themselves."""
    overridden = any(entry.what == "override" and entry.release == release for entry in log.decisions)
    if blocking and not overridden:
        first = blocking[0]
        raise Blocked(
            f"{pack}, table {first.table}: check {first.id} {first.outcome.replace('_', ' ')} ({first.meaning}; "
            f"{first.observed or 'no observation'}); {len(blocking)} such checks, nothing was published"
        )
