"""The checks of a table: its suites first, then the rules of which it is the guarded table."""

from __future__ import annotations

from pipelines.contracts import BODY_LINEAGE, SERVICES
from pipelines.packs.load import load_pack
from pipelines.quality.check import check_tables
from pipelines.warehouse import open_warehouse
from tests.warehouses import put


def test_suites_come_before_rules_and_only_those_of_the_tables_given(tmp_path):
    with open_warehouse(tmp_path / "test.duckdb") as warehouse:
        put(warehouse, "marts.body_lineage", {"from_id": "A", "to_id": "B", "share": 0.9})
        put(warehouse, "marts.bodies", {"body_id": "A", "valid_to": "2023-03-31"})
        found = check_tables(load_pack("us_acos"), warehouse, [BODY_LINEAGE])
    assert {check.table for check in found} == {"body_lineage"}
    kinds = [check.kind for check in found]
    assert kinds == sorted(kinds)  # expectation before sql
    outcomes = {check.id: check.outcome for check in found if check.kind == "sql"}
    assert outcomes == {"lineage_of_the_ended": "passed", "lineage_shares": "failed"}  # 0.9 is not 1


def test_a_table_without_rules_has_its_suite_alone(tmp_path):
    with open_warehouse(tmp_path / "test.duckdb") as warehouse:
        put(warehouse, "marts.services", {"service_id": "s", "headline": "i"})
        found = check_tables(load_pack("us_acos"), warehouse, [SERVICES])
    assert {check.kind for check in found} == {"expectation"}
