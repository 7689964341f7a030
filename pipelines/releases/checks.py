"""The checks that a release carries: read back, and put in a word for counting."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.contracts import CheckResult
from pipelines.releases import layout


def read_checks(folder: Path) -> tuple[CheckResult, ...]:
    """The result of every check, as the release in `folder` states it."""
    stored = json.loads((folder / layout.CHECKS).read_bytes())["checks"]
    return tuple(CheckResult(**{**check, "examples": tuple(check["examples"])}) for check in stored)


def verdict(check: CheckResult) -> str:
    """passed, failed (critical), warned (failed, but only a warning) or not_evaluated, which is never a pass."""
    if check.outcome == "failed" and check.severity == "warning":
        return "warned"
    return check.outcome
