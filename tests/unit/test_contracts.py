"""Every table is described once, completely, and in an order in which it can be written."""

from __future__ import annotations

import pytest

from pipelines import contracts
from pipelines.contracts import STATUS_LETTER, STATUSES, TYPES, CheckResult, Table
from pipelines.methods.status import ORDER

ALL = contracts.tables("GBP", "2023-24")
EACH = pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)


def test_a_table_stands_once():
    names = [table.name for table in ALL]
    assert len(set(names)) == len(names)


@EACH
def test_columns_are_unique_known_and_described(table: Table):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    for column in table.columns:
        assert column.type in TYPES
        assert column.description.strip(), column.name


@EACH
def test_a_key_is_made_of_required_columns(table: Table):
    required = {column.name for column in table.columns if column.required}
    assert table.key
    assert set(table.key) <= required


@EACH
def test_a_table_says_its_layer_grain_and_audience(table: Table):
    assert table.layer in ("staging", "marts")
    assert table.grain.startswith("one row per ")
    assert table.audience in ("public", "internal", "restricted")
    assert table.qualified == f"{table.layer}.{table.name}"


def test_values_have_the_columns_of_the_house():
    wanted = "body_id measure_id period edition value status lo hi unit source locator published_text is_current"
    assert [column.name for column in contracts.VALUES.columns] == wanted.split()


def test_costs_carry_currency_and_base_year():
    assert {"cost_gbp", "cost_gbp_2023_24"} <= set(contracts.costs("GBP", "2023-24").schema)
    assert [name for name in contracts.costs("USD", None).schema if name.startswith("cost")] == ["cost_usd"]


def test_what_is_published_is_public_and_in_order():
    published = contracts.published("GBP", "2023-24")
    assert [table for table in ALL if table.audience == "public"] == list(published)
    assert "cells" not in {table.name for table in published}


def test_statuses_are_those_of_the_methods_worst_first():
    assert tuple(reversed(ORDER)) == STATUSES
    assert set(STATUS_LETTER) == set(STATUSES)


@pytest.mark.parametrize(
    ("severity", "outcome", "blocks"),
    [
        ("critical", "failed", True),
        ("critical", "not_evaluated", True),
        ("critical", "passed", False),
        ("warning", "failed", False),
        ("warning", "not_evaluated", False),
    ],
)
def test_a_check_blocks_when_it_is_critical_and_did_not_pass(severity, outcome, blocks):
    assert CheckResult("id", "values", "sql", severity, outcome, "holds").blocks is blocks
