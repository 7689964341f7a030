"""A warehouse of its own for every test, and the invented courts as the pack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.packs.load import load_pack
from pipelines.packs.pack import Pack
from pipelines.warehouse import Warehouse, open_warehouse

COURTS = Path(__file__).resolve().parents[1] / "packs" / "courts"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse of its own, thrown away afterwards."""
    with open_warehouse(tmp_path / "test.duckdb") as opened:
        yield opened


@pytest.fixture(scope="session")
def courts() -> Pack:
    """The invented third sector: YAML and CSV alone."""
    return load_pack(COURTS)
