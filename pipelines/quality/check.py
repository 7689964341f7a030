"""Every check of the tables that a step wrote: suites first, then the rules that have all they read."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.contracts import CheckResult, Table
from pipelines.packs.pack import Pack
from pipelines.quality.rules import check_rules, read_rules
from pipelines.quality.suites import check_suites, columns_read, suites_for
from pipelines.warehouse import Warehouse


def check_tables(pack: Pack, warehouse: Warehouse, tables: Sequence[Table]) -> list[CheckResult]:
    """Results for the given tables, in the order of the tables; a rule belongs to the table in its header."""
    results: list[CheckResult] = []
    for table in tables:
        paths = suites_for(pack.id, pack.path, table)
        results += check_suites(table, warehouse.columns(table, columns_read(table, paths)), paths)
    names = {table.name for table in tables}
    return results + check_rules(warehouse, [rule for rule in read_rules() if rule.table in names])
