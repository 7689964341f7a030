"""An empty warehouse for every test of a select."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.warehouse import Warehouse, open_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse of its own, thrown away afterwards."""
    with open_warehouse(tmp_path / "test.duckdb") as opened:
        yield opened
