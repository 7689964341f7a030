"""The dashboard knows the contract, the methods and the reader, and nothing else of the pipeline."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = (
    "pipelines.contracts",
    "pipelines.errors",
    "pipelines.methods",
    "pipelines.releases.read",
    "pipelines.scenarios",
)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_only_the_reader_is_imported_from_the_pipeline() -> None:
    strange = {
        (path.name, name)
        for path in (ROOT / "dashboards").rglob("*.py")
        for name in imported(path)
        if name.startswith("pipelines") and not name.startswith(ALLOWED)
    }
    assert not strange


def test_the_library_is_the_only_module_that_opens_a_release() -> None:
    openers = {
        path.name for path in (ROOT / "dashboards").rglob("*.py") if "open_release" in path.read_text(encoding="utf-8")
    }
    assert openers == {"library.py"}
