"""The decisions log of a pack: who published, overrode or rolled back what, when and why. Append-only.

One JSON object to a line. A crash may tear the last line; a torn line is reported when read, and never swallowed by the
next record.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import BadInput

KINDS = ("publish", "hold", "rollback", "override", "target", "dispute")


@dataclass(frozen=True)
class Decision:
    """One decision. what : one of KINDS.   release : the release it is about.   details : anything more, as words."""

    when: str
    who: str
    what: str
    release: str
    why: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Log:
    """The decisions in the order in which they were taken, and one line for each record that cannot be read."""

    decisions: tuple[Decision, ...]
    torn: tuple[str, ...]


def decide(who: str, what: str, release: str, why: str, details: Mapping[str, str] | None = None) -> Decision:
    """A decision taken now (UTC, whole seconds). Raises BadInput when nobody or no reason is named."""
    if what not in KINDS:
        raise BadInput(f"decision {what!r}: expected one of {', '.join(KINDS)}")
    if not who.strip() or not why.strip():
        raise BadInput(f"{what} of {release}: say who decides and why (--by NAME --note WHY)")
    when = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Decision(when, who.strip(), what, release, why.strip(), dict(details or {}))


def append(path: Path, decision: Decision) -> None:
    """Add one record and force it to the disk; a torn line before it is closed off first."""
    line = json.dumps(asdict(decision), ensure_ascii=False, separators=(",", ":")) + "\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (("\n" if torn else "") + line).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Log:
    """Every decision in the log; none when there is no log yet."""
    if not path.exists():
        return Log((), ())
    decisions: list[Decision] = []
    torn: list[str] = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            try:
                decisions.append(decision_of(json.loads(line)))
            except (ValueError, TypeError, AttributeError, RecursionError):
                torn.append(f"{path.name}, line {number}: not a whole record, probably torn by a crash; it is left out")
    return Log(tuple(decisions), tuple(torn))


def decision_of(record: Any) -> Decision:
    """The decision that a line states. Raises TypeError or ValueError where a part of it is no writable text.

    Whoever can write the file can write anything into it, so nothing but text is let in.
    """
    found = Decision(**record)
    parts = [found.when, found.who, found.what, found.release, found.why, *found.details, *found.details.values()]
    "".join(parts).encode()  # a number is no text (TypeError), half of a surrogate pair no letter (ValueError)
    return found


def trail(log: Log) -> list[str]:
    """Releases in the order in which they became current, as far as nobody rolled them back; the last is the newest."""
    found: list[str] = []
    for decision in log.decisions:
        if decision.what in ("publish", "rollback"):
            while decision.release in found:
                found.pop()
            found.append(decision.release)
    return found
