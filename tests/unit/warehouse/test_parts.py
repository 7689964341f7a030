"""A table written in parts is the table written at once, and order is seen without sorting."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.contracts import BODY_LINEAGE
from pipelines.errors import BadInput
from pipelines.warehouse import open_warehouse


def lineage(*pairs):
    rest = {"effective_period": "2023-24", "share": 1.0, "kind": "merge", "share_basis": "whole"}
    return pl.DataFrame(
        [{"from_id": old, "to_id": new, **rest} for old, new in pairs], schema=dict(BODY_LINEAGE.schema)
    )


@pytest.fixture
def warehouse(tmp_path):
    with open_warehouse(tmp_path / "w.duckdb") as found:
        yield found


def test_parts_give_the_table_that_one_frame_gives(warehouse):
    whole = lineage(("A", "X"), ("A", "Y"), ("B", "X"), ("C", "X"))
    parts = [lineage(("A", "Y"), ("A", "X")), lineage(), lineage(("B", "X"), ("C", "X"))]  # sorted within a part
    assert warehouse.write_parts(BODY_LINEAGE, parts) == 4
    assert_frame_equal(warehouse.table(BODY_LINEAGE), whole)
    assert list(warehouse.scratch.iterdir()) == []


def test_no_part_at_all_is_an_empty_table(warehouse):
    assert warehouse.write_parts(BODY_LINEAGE, []) == 0
    assert warehouse.table(BODY_LINEAGE).is_empty()


@pytest.mark.parametrize("second", [("A", "X"), ("A", "W")])
def test_a_part_that_repeats_or_precedes_the_one_before_is_refused(warehouse, second):
    with pytest.raises(BadInput, match="does not follow"):
        warehouse.write_parts(BODY_LINEAGE, [lineage(("A", "X")), lineage(second)])


@pytest.mark.parametrize(
    ("pairs", "in_order"),
    [
        ([], True),
        ([("A", "X")], True),
        ([("A", "X"), ("A", "Y"), ("B", "A")], True),
        ([("A", "Y"), ("A", "X")], False),
        ([("B", "A"), ("A", "X")], False),
        ([("A", "X"), ("A", "X")], False),
    ],
)
def test_order_is_by_the_whole_key_and_strict(pairs, in_order):
    assert BODY_LINEAGE.in_order(lineage(*pairs)) is in_order


def test_a_table_reads_the_same_in_parts_and_within_less_memory(warehouse):
    whole = lineage(("A", "X"), ("A", "Y"), ("B", "X"), ("C", "X"), ("D", "X"))
    warehouse.write(BODY_LINEAGE, whole)
    warehouse.keep_to("50MB")
    parts = list(warehouse.parts(BODY_LINEAGE, 2))
    assert [part.height for part in parts] == [2, 2, 1]
    assert_frame_equal(pl.concat(parts), whole)
    warehouse.write(BODY_LINEAGE, whole.clear())
    assert [part.height for part in warehouse.parts(BODY_LINEAGE, 2)] == [0]  # one part at least, with its columns
