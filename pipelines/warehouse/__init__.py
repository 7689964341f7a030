"""The only place that opens DuckDB: one private, disposable file per pack."""

from pipelines.warehouse.duck import SQL_ROOT, QueryError, Warehouse, open_warehouse

__all__ = ["SQL_ROOT", "QueryError", "Warehouse", "open_warehouse"]
