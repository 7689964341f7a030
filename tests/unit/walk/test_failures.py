"""Every failure leaves one line that a program can read."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.walk.failures import LONGEST, note_failure


def test_a_failure_is_one_line_of_json_added_to_those_before(tmp_path: Path) -> None:
    note_failure(tmp_path, "pack_run", "r1", "a check failed\nand a long trace")
    path = note_failure(tmp_path, "pack_run", "r2", "x" * 2 * LONGEST)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["run"], line["message"]) for line in lines] == [("r1", "a check failed"), ("r2", "x" * LONGEST)]
    assert path == tmp_path / "runs" / "failures.jsonl"
