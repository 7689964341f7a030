"""The only reader of run records: what ran, how long it took, what stopped it, who decided what.

Records lie outside every release and anybody who runs a pack may write one, so nothing in them is trusted: size, form
and every value are checked, and one that cannot be read is named and left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.releases.read import log

LARGEST = 4_000_000
"""Bytes of the largest record that is read."""
MOST = 60
"""Records looked at, the newest first."""
LONGEST = 400
"""Letters kept of any text."""
ODD = dict.fromkeys([*range(32), 127], " ")
OUTCOMES = ("new", "moved", "unchanged", "withdrawn", "held", "blocked", "failed")
STOPPED = ("blocked", "failed")


@dataclass(frozen=True)
class Failing:
    """A check that stopped a run."""

    id: str
    table: str
    meaning: str
    outcome: str
    observed: str


@dataclass(frozen=True)
class Ran:
    """What one run did with one pack. seconds : None where the record does not say.   steps : seconds by step.

    cron, zone : when it is run unless somebody runs it before; empty where the record does not say.
    """

    pack: str
    outcome: str
    release: str
    began: str
    ended: str
    seconds: float | None
    steps: Mapping[str, float]
    message: str
    failing: tuple[Failing, ...]
    cron: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Told:
    """One decision of a pack's log, as text."""

    pack: str
    when: str
    who: str
    what: str
    release: str
    why: str


@dataclass(frozen=True)
class Records:
    """Runs, the newest first, and one line for each record that cannot be read."""

    ran: tuple[Ran, ...]
    unread: tuple[str, ...]

    def last(self) -> dict[str, Ran]:
        """The newest run of each pack, by pack."""
        return newest_of(self.ran)

    def measured(self) -> dict[str, Ran]:
        """The newest run of each pack that says how long its steps took, by pack."""
        return newest_of(found for found in self.ran if found.steps)


def newest_of(ran: Iterable[Ran]) -> dict[str, Ran]:
    """The first of each pack, by pack."""
    found: dict[str, Ran] = {}
    for each in ran:
        found.setdefault(each.pack, each)
    return dict(sorted(found.items()))


def records(home: Path) -> Records:
    """The newest run records under a home; none where nothing has run yet."""
    ran: list[Ran] = []
    unread: list[str] = []
    for path in newest(home):
        try:
            ran += runs_of(read(path))
        except ValueError as error:
            unread.append(f"{text(path.name)}: {error}")
    return Records(tuple(ran), tuple(unread))


def decisions(home: Path, pack: str) -> list[Told]:
    """A pack's decisions, the newest first."""
    said = reversed(log(home, pack).decisions)
    return [
        Told(pack, *(text(getattr(each, name)) for name in ("when", "who", "what", "release", "why"))) for each in said
    ]


def newest(home: Path) -> list[Path]:
    """The newest records by name, which begins with the moment of the run."""
    folder = home / "runs"
    return sorted(folder.glob("*.json"), reverse=True)[:MOST] if folder.is_dir() else []


def state(home: Path) -> tuple[object, ...]:
    """What the records and logs look like from outside: another one whenever any of them changed."""
    logs = sorted((home / "releases").glob("*/decisions.jsonl"))
    return tuple(
        (path.name, found.st_mtime_ns, found.st_size) for path in (*newest(home), *logs) for found in [path.lstat()]
    )


def read(path: Path) -> dict[str, Any]:
    """The record in a file. Raises ValueError in words where it is too large, a link or no record."""
    if path.is_symlink() or not path.is_file():
        raise ValueError("is not a plain file, so it is not read")
    if path.stat().st_size > LARGEST:
        raise ValueError("is larger than any run record, so it is not read")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError):
        raise ValueError("is not a whole record; it is left out") from None
    if not isinstance(found, dict) or not isinstance(found.get("packs"), list):
        raise ValueError("has no list of packs; it is left out")
    return found


def runs_of(record: Mapping[str, Any]) -> Iterator[Ran]:
    """One Ran for each pack of a record that has a name and a known outcome."""
    due = record.get("schedule")
    cron, zone = (text(due.get(name)) for name in ("cron", "zone")) if isinstance(due, dict) else ("", "")
    for each in record["packs"]:
        if isinstance(each, dict) and text(each.get("pack")) and each.get("outcome") in OUTCOMES:
            yield Ran(
                text(each["pack"]),
                each["outcome"],
                text(each.get("release")),
                text(record.get("began")),
                text(record.get("ended")),
                number(each.get("seconds")),
                steps(each.get("step_seconds")),
                text(each.get("message")),
                tuple(failing(each.get("checks"))),
                cron,
                zone,
            )


def failing(checks: object) -> Iterator[Failing]:
    """Checks that block and did not pass."""
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict) and check.get("severity") == "critical" and check.get("outcome") != "passed":
            yield Failing(*(text(check.get(name)) for name in ("id", "table", "meaning", "outcome", "observed")))


def steps(found: object) -> dict[str, float]:
    """Seconds by step, as far as they are numbers."""
    pairs = ((text(name), number(value)) for name, value in found.items()) if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if name and value is not None}


def text(value: object) -> str:
    """A text of ordinary letters, cut to length; empty for anything else."""
    return value.translate(ODD)[:LONGEST].strip() if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """Seconds: finite, at least nought; None for anything else."""
    right = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if right and math.isfinite(value) and value >= 0 else None  # type: ignore[arg-type,operator]
