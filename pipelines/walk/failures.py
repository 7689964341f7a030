"""A line for every scheduled run that did not get through: what watches this file tells people in its own way."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

NAME = "failures.jsonl"
LONGEST = 400
"""Letters kept of a message."""


def note_failure(home: Path, job: str, run: str, message: str) -> Path:
    """Append one line of JSON to `<home>/runs/failures.jsonl`: when, job, run, first line of the message."""
    folder = home / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    first = message.strip().partition("\n")[0][:LONGEST]
    line = {"when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "job": job, "run": run, "message": first}
    path = folder / NAME
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path
