"""The warehouse takes only what a contract allows, loses nothing, and has one owner at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import Column, Table
from pipelines.errors import BadInput
from pipelines.warehouse import QueryError, open_warehouse
from pipelines.warehouse.duck import conform

ROOT = Path(__file__).resolve().parents[3]
COURT = Table(
    "court",
    "marts",
    "one row per court and year",
    ("id", "year"),
    (
        Column("id", "text", "", required=True),
        Column("year", "whole", "", required=True),
        Column("cost", "real", ""),
        Column("name", "text", "", required=True),
        Column("open", "truth", ""),
    ),
)
FRAME = pl.DataFrame(
    {
        "open": [True, None, False],
        "name": ["b", "a", "ä"],
        "cost": [1, None, 3],
        "year": [2, 1, 1],
        "id": ["B", "B", "A"],
    }
)


@pytest.fixture
def warehouse(tmp_path):
    with open_warehouse(tmp_path / "deep" / "test.duckdb") as opened:
        yield opened


def test_a_frame_gets_the_contracts_columns_types_and_order():
    found = conform(FRAME.with_columns(pl.lit(1).alias("extra")), COURT)
    assert dict(found.schema) == COURT.schema
    assert found.select("id", "year").rows() == [("A", 1), ("B", 1), ("B", 2)]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (FRAME.drop("cost"), "table court: column 'cost' is missing"),
        (FRAME.with_columns(pl.lit(None).alias("name")), "'name' is empty at id=A, year=1"),
        (FRAME.with_columns(pl.lit(None).cast(pl.String).alias("id")), "'id' is empty at"),
        (FRAME.with_columns(pl.lit(1).alias("year")), "more than one row for id=B, year=1"),
    ],
)
def test_what_breaks_the_contract_is_refused_by_name(frame, words):
    with pytest.raises(BadInput, match=words):
        conform(frame, COURT)


def test_a_frame_arrives_whole_and_in_order(warehouse):
    assert warehouse.write(COURT, FRAME) == 3
    assert warehouse.table(COURT).rows() == conform(FRAME, COURT).rows()
    assert warehouse.columns(COURT, ["cost", "id"]).rows() == [(3.0, "A"), (None, "B"), (1.0, "B")]


def test_a_long_table_keeps_the_order_in_which_it_was_written(warehouse):
    # More rows than one row group of DuckDB, so that two threads read it.
    long = pl.DataFrame({"id": [f"{n:07}" for n in range(300_000)]}).with_columns(
        pl.lit(1).alias("year"), pl.lit(1.5).alias("cost"), pl.col("id").alias("name"), pl.lit(True).alias("open")
    )
    warehouse.write(COURT, long.sample(fraction=1.0, shuffle=True, seed=1))
    assert warehouse.columns(COURT, ["id"])["id"].equals(long["id"])


def test_writing_again_replaces(warehouse):
    warehouse.write(COURT, FRAME)
    assert warehouse.write(COURT, FRAME.head(1)) == 1
    assert warehouse.scalar("select count(*) from marts.court") == 1
    assert not list(warehouse.scratch.iterdir())


def test_an_empty_frame_is_an_empty_table_with_its_columns(warehouse):
    warehouse.write(COURT, FRAME.clear())
    assert warehouse.table(COURT).schema == COURT.schema


def test_whether_a_table_exists_can_be_asked(warehouse):
    assert not warehouse.has("marts.court")
    warehouse.write(COURT, FRAME)
    assert warehouse.has("marts.court")
    assert not warehouse.has("staging.court")


def test_a_query_that_cannot_run_raises_the_exported_error(warehouse):
    with pytest.raises(QueryError):
        warehouse.read("from marts.lost")


def test_parameters_are_values_never_words_of_the_query(warehouse):
    warehouse.write(COURT, FRAME)
    assert warehouse.read("select id from marts.court where id = ?", ["A' or 'x' = 'x"]).is_empty()


def test_nothing_is_fetched_from_the_network(warehouse):
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
        assert warehouse.scalar(f"select current_setting('{setting}')") is False


def test_a_second_run_of_a_pack_gets_one_clear_line(tmp_path):
    path = tmp_path / "courts.duckdb"
    code = (
        "import sys; from pathlib import Path; from pipelines.warehouse import open_warehouse\n"
        "from pipelines.errors import BadInput\n"
        "try:\n"
        "    with open_warehouse(Path(sys.argv[1])): print('opened')\n"
        "except BadInput as fault: print(fault)\n"
    )
    with open_warehouse(path):
        second = subprocess.run(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
        )
    assert second.stdout.splitlines() == [
        "courts.duckdb: another run of this pack is under way; wait for it to end, or use another --home"
    ]


def test_a_warehouse_can_be_opened_again_and_keeps_its_tables(tmp_path):
    path = tmp_path / "courts.duckdb"
    with open_warehouse(path) as first:
        first.write(COURT, FRAME)
    with open_warehouse(path) as again:
        assert again.table(COURT).height == 3
    assert [file.name for file in tmp_path.iterdir()] == ["courts.duckdb"]  # no scratch is left behind
