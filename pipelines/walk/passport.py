"""The data-quality passport of every figure that the pack expects."""

from __future__ import annotations

from pipelines.contracts import PASSPORT
from pipelines.warehouse import Warehouse


def passport(warehouse: Warehouse) -> int:
    """Write passport; returns its rows."""
    return warehouse.write(PASSPORT, warehouse.select("marts", "passport"))
