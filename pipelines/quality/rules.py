"""Rules across tables as SQL: each file in `sql/checks` is a select that must return no row.

The header states the table it guards, its severity, its meaning and what it reads; a rule runs once all of that exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts import CheckResult
from pipelines.errors import BadInput
from pipelines.warehouse import SQL_ROOT, QueryError, Warehouse

EXAMPLES = 5
HEADER = re.compile(r"^--\s+(\w+)\s+(.*)$")


@dataclass(frozen=True)
class Rule:
    """One rule: its id (the file's name), what its header states, and the select."""

    id: str
    table: str
    severity: str
    meaning: str
    reads: tuple[str, ...]
    sql: str


def read_rules(folder: Path = SQL_ROOT / "checks") -> tuple[Rule, ...]:
    """Every rule, sorted by id; BadInput for a header that lacks a statement."""
    return tuple(read_rule(path) for path in sorted(folder.glob("*.sql")))


def read_rule(path: Path) -> Rule:
    """One rule from its file."""
    text = path.read_text(encoding="utf-8")
    stated = {match[1]: match[2] for line in text.splitlines() if (match := HEADER.match(line))}
    missing = [key for key in ("Table", "Severity", "Meaning", "Reads") if key not in stated]
    if missing or stated["Severity"] not in ("critical", "warning"):
        raise BadInput(f"{path.name}: the header must state Table, Severity (critical or warning), Meaning and Reads")
    reads = tuple(name.strip() for name in stated["Reads"].split(","))
    return Rule(path.stem, stated["Table"], stated["Severity"], stated["Meaning"], reads, text)


def check_rules(warehouse: Warehouse, rules: Iterable[Rule]) -> list[CheckResult]:
    """The result of each rule; one that cannot be run is `not_evaluated`."""
    return [check_rule(warehouse, rule) for rule in rules]


def check_rule(warehouse: Warehouse, rule: Rule) -> CheckResult:
    """The result of one rule: no rows is a pass."""
    try:
        rows = warehouse.read(rule.sql)
    except QueryError as fault:
        return CheckResult(
            rule.id, rule.table, "sql", rule.severity, "not_evaluated", rule.meaning, str(fault).splitlines()[0][:300]
        )
    examples = tuple(
        ", ".join(f"{key} {value}" for key, value in row.items() if value is not None)
        for row in rows.head(EXAMPLES).iter_rows(named=True)
    )
    observed = (
        f"{rows.height} row{'' if rows.height == 1 else 's'} against the rule"
        if rows.height
        else "none against the rule"
    )
    words = "failed" if rows.height else "passed"
    return CheckResult(rule.id, rule.table, "sql", rule.severity, words, rule.meaning, observed, examples)
