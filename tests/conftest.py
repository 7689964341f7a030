"""What several test modules share: the repository on the import path, and the publishers' own files where they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# pytest's importlib mode leaves the import path alone, and `tests.samples` must be found by plain `pytest` too.
sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def publishers() -> Path:
    """The folder of publishers' files beside the repository; skips aloud where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not at ../{folder.relative_to(ROOT.parent)}; nothing to compare with")
    return folder


LONGEST = ("test_run.py", "test_interrupted.py", "test_release_crash.py", "test_dagster.py", "test_counts.py")
"""Files that take minutes: first, so that short ones fill the other processes' time to the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, else the order as it was."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
