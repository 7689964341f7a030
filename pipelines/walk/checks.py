"""Which checks a table has, before any of them is run."""

from __future__ import annotations

from pipelines.contracts import CheckResult, Table
from pipelines.packs.pack import Pack
from pipelines.quality.rules import read_rules
from pipelines.quality.suites import check_id, read_suite, suites_for


def known_checks(pack: Pack, table: Table) -> list[CheckResult]:
    """Every check of a table, as yet without an outcome."""
    entries = [entry for path in suites_for(pack.id, pack.path, table) for entry in read_suite(path)]
    listed = [
        CheckResult(check_id(table, entry), table.name, "expectation", entry["severity"], "", entry["meaning"])
        for entry in entries
    ]
    rules = [rule for rule in read_rules() if rule.table == table.name]
    return listed + [CheckResult(rule.id, rule.table, "sql", rule.severity, "", rule.meaning) for rule in rules]
