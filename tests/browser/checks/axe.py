"""axe-core finds nothing under WCAG 2.2 A and AA and its best practice. Injected past the policy, as a debugger is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def missing(what: str) -> None:
    """Skip aloud, or fail where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def findings(page: Any) -> list[str]:
    """What axe finds, as lines of rule, element and reason."""
    if not SCRIPT.exists():
        missing("axe-core is not here: `python -m dashboards.vendor --tests` fetches it")
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def in_the_dark(page: Any) -> list[str]:
    """The same with the device's dark colours; the page is light again afterwards."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    found = findings(page)
    page.emulate_media(color_scheme="light")
    return found


DARK = """() => getComputedStyle(document.body).backgroundColor === 'rgb(16, 22, 28)' &&
  [...document.querySelectorAll('#page .chart .main-svg:first-child')].every(
    s => !s.style.background || s.style.background.includes('16, 22, 28'))"""
