"""Rules in SQL: what a header must state, and what becomes of a rule that cannot run."""

from __future__ import annotations

import pytest

from pipelines.errors import BadInput
from pipelines.quality.rules import check_rules, read_rule, read_rules
from pipelines.warehouse import open_warehouse

HEADER = """-- checks.rooms
-- Table   court
-- Severity {severity}
-- Meaning every court has a room
-- Grain   one row per court without
-- Reads   marts.court
"""


def rule(folder, sql, severity="critical"):
    path = folder / "rooms.sql"
    path.write_text(HEADER.format(severity=severity) + sql, encoding="utf-8")
    return read_rule(path)


@pytest.fixture
def warehouse(tmp_path):
    with open_warehouse(tmp_path / "test.duckdb") as opened:
        opened.connection.execute(
            "create table marts.court as select * from (values ('A', 1), ('B', 0), ('C', 0)) t(id, rooms)"
        )
        yield opened


def test_no_row_is_a_pass_and_rows_are_examples(tmp_path, warehouse):
    good = rule(tmp_path, "select id from marts.court where rooms < 0")
    bad = rule(tmp_path, "select id, rooms, null as note from marts.court where rooms = 0 order by id", "warning")
    found = check_rules(warehouse, [good, bad])
    assert [(check.outcome, check.severity, check.blocks) for check in found] == [
        ("passed", "critical", False),
        ("failed", "warning", False),
    ]
    assert found[1].examples == ("id B, rooms 0", "id C, rooms 0")
    assert found[1].observed == "2 rows against the rule"
    assert (found[0].table, found[0].meaning) == ("court", "every court has a room")


def test_a_rule_that_cannot_run_is_not_evaluated_and_says_why(tmp_path, warehouse):
    (found,) = check_rules(warehouse, [rule(tmp_path, "select id from marts.lost")])
    assert (found.outcome, found.blocks) == ("not_evaluated", True)
    assert "lost" in found.observed
    assert "\n" not in found.observed


@pytest.mark.parametrize("line", ["Table", "Severity", "Meaning", "Reads"])
def test_a_header_without_a_statement_is_refused(tmp_path, line):
    path = tmp_path / "rooms.sql"
    kept = [words for words in HEADER.format(severity="warning").splitlines() if not words.startswith(f"-- {line}")]
    path.write_text("\n".join([*kept, "select 1"]), encoding="utf-8")
    with pytest.raises(BadInput, match=r"rooms\.sql: the header must state"):
        read_rule(path)


def test_a_severity_is_critical_or_warning(tmp_path):
    with pytest.raises(BadInput, match="critical or warning"):
        rule(tmp_path, "select 1", "fatal")


def test_rules_are_read_in_order_of_name():
    names = [found.id for found in read_rules()]
    assert names == sorted(names)
    assert len(names) >= 18
