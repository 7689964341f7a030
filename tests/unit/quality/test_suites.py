"""A suite's result says passed, failed or not evaluated, with its severity, and never mistakes one for another."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import Column, Table
from pipelines.errors import BadInput
from pipelines.quality.suites import check_suites, columns_read, read_suite, suites_for

COURT = Table(
    "court",
    "marts",
    "one row per court",
    ("id",),
    (Column("id", "text", ""), Column("rooms", "whole", ""), Column("note", "text", "")),
)
FRAME = pl.DataFrame({"id": ["A", "B", "C"], "rooms": [1, 2, 30], "note": ["x", None, "x"]})


def suite(folder: Path, *entries: dict[str, object]) -> Path:
    """A suite file."""
    path = folder / "court.json"
    path.write_text(json.dumps({"table": "court", "expectations": entries}), encoding="utf-8")
    return path


def entry(kind: str, severity: str = "critical", **kwargs: object) -> dict[str, object]:
    return {"type": kind, "kwargs": kwargs, "severity": severity, "meaning": f"{kind} holds"}


BETWEEN = "expect_column_values_to_be_between"


def test_results_come_in_the_order_of_the_file_with_their_severity(tmp_path):
    path = suite(
        tmp_path,
        entry(BETWEEN, column="rooms", min_value=0, max_value=10),
        entry("expect_column_values_to_be_unique", "warning", column="id"),
        entry(BETWEEN, "warning", column="rooms", min_value=2),
        entry("expect_table_row_count_to_be_between", min_value=1),
    )
    found = check_suites(COURT, FRAME, [path])
    assert [(check.id, check.severity, check.outcome) for check in found] == [
        ("court.values_to_be_between.rooms", "critical", "failed"),
        ("court.values_to_be_unique.id", "warning", "passed"),
        ("court.values_to_be_between.rooms", "warning", "failed"),
        ("court.table_row_count_to_be_between", "critical", "passed"),
    ]
    assert [check.blocks for check in found] == [True, False, False, False]
    assert (found[0].observed, found[0].examples) == ("1 of 3 unexpected", ("30",))
    assert found[3].observed == "3"


def test_an_expectation_that_breaks_is_not_evaluated_and_blocks_when_critical(tmp_path):
    path = suite(
        tmp_path,
        entry("expect_column_values_to_not_be_null", column="lost"),
        entry("expect_column_values_to_not_be_null", "warning", column="lost"),
        entry(BETWEEN, column="rooms", min_value=0),
    )
    found = check_suites(COURT, FRAME.select("id", "rooms"), [path])
    assert [check.outcome for check in found] == ["not_evaluated", "not_evaluated", "passed"]
    assert [check.blocks for check in found] == [True, False, False]
    assert "lost" in found[0].observed


@pytest.mark.parametrize(
    "unknown", [entry("expect_wonders"), entry(BETWEEN, column="rooms", minimum=0), entry(BETWEEN)]
)
def test_an_expectation_that_does_not_exist_is_not_evaluated_and_spares_the_others(tmp_path, unknown):
    found = check_suites(COURT, FRAME, [suite(tmp_path, unknown, entry(BETWEEN, column="rooms", min_value=0))])
    assert [check.outcome for check in found] == ["not_evaluated", "passed"]
    assert found[0].observed
    assert "\n" not in found[0].observed


def test_an_empty_table_is_evaluated_not_broken(tmp_path):
    path = suite(
        tmp_path,
        entry(BETWEEN, column="rooms", min_value=0),
        entry("expect_table_row_count_to_be_between", min_value=1),
    )
    assert [check.outcome for check in check_suites(COURT, FRAME.clear(), [path])] == ["passed", "failed"]


def test_only_the_columns_that_suites_look_at_are_asked_for(tmp_path):
    pair = entry("expect_compound_columns_to_be_unique", column_list=["rooms", "id"])
    assert columns_read(COURT, [suite(tmp_path, pair, entry(BETWEEN, column="lost"))]) == ["id", "rooms"]
    assert columns_read(COURT, [suite(tmp_path, entry("expect_table_row_count_to_be_between", min_value=1))]) == ["id"]


def test_without_a_suite_there_is_no_result(tmp_path):
    assert check_suites(COURT, FRAME, []) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not a suite"),
        ("[]", "not a suite"),
        ('{"table": "court"}', "not a suite"),
        ('{"expectations": [{"type": "x", "kwargs": {}, "meaning": "m"}]}', "expectation 1 needs"),
        ('{"expectations": [{"type": "x", "kwargs": {}, "meaning": "m", "severity": "fatal"}]}', "expectation 1 needs"),
    ],
)
def test_a_file_that_is_no_suite_is_refused_by_name(tmp_path, text, words):
    path = tmp_path / "court.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"court\.json: .*{words}"):
        read_suite(path)


def test_a_pack_outside_the_repository_brings_its_own_suite(tmp_path):
    own = tmp_path / "expectations" / "marts"
    own.mkdir(parents=True)
    assert suites_for("courts", tmp_path, COURT) == []
    path = suite(own)
    assert suites_for("courts", tmp_path, COURT) == [path]
