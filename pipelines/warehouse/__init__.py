"""The only place that opens DuckDB: one private, disposable file per pack."""

from pipelines.warehouse.duck import Warehouse, open_warehouse

__all__ = ["Warehouse", "open_warehouse"]
