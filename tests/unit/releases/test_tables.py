"""Frames are held to the contract, and equal tables become equal files."""

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.contracts import Table, c
from pipelines.errors import BadInput
from pipelines.releases.tables import ROWS_PER_GROUP, conform, guarded, in_parts, unguarded, write_table

TABLE = Table(
    "sample",
    "marts",
    "one row per body and year",
    ("body", "year"),
    (
        c("body", "Body", required=True),
        c("year", "Year", "whole", required=True),
        c("value", "Figure", "real"),
        c("text", "Words"),
        c("sure", "Whether it is sure", "truth"),
    ),
)
ROWS = {"body": ["b", "a", "a"], "year": [1, 2, 1], "value": [0.1, None, -0.0], "text": ["=1+1", "", None]}


def frame(**changes: object) -> pl.DataFrame:
    return pl.DataFrame({**ROWS, "sure": [True, False, None], **changes}, schema_overrides={"value": pl.Float64})


def written(given: pl.DataFrame | list[pl.DataFrame], stem: Path) -> pl.DataFrame:
    """What was written under a stem."""
    return pl.concat(write_table(TABLE, in_parts(TABLE, given), stem))


def test_rows_are_sorted_by_key_and_columns_stand_in_the_contracts_order() -> None:
    ready = conform(TABLE, frame().select("sure", "text", "value", "year", "body"))
    assert ready.columns == ["body", "year", "value", "text", "sure"]
    assert ready.select("body", "year").rows() == [("a", 1), ("a", 2), ("b", 1)]


def test_negative_zero_becomes_zero_so_that_one_figure_has_one_spelling() -> None:
    assert str(conform(TABLE, frame())["value"][0]) == "0.0"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"extra": [1, 2, 3]}, "'extra' is not in the contract"),
        ({"year": ["1", "2", "1"]}, "column 'year': is String, the contract says Int64"),
        ({"body": ["b", None, "a"]}, "column 'body': 1 nulls"),
        ({"value": [0.1, float("nan"), 1.0]}, "column 'value': nan at {'body': 'a', 'year': 2}"),
        ({"value": [0.1, float("-inf"), 1.0]}, "column 'value': -inf"),
        ({"year": [1, 1, 1]}, "key {'body': 'a', 'year': 1} stands more than once"),
    ],
)
def test_what_breaks_the_contract_is_named_by_table_and_column(changes: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match="table 'sample'") as caught:
        conform(TABLE, frame(**changes))
    assert words in str(caught.value)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInput, match="column 'text' is missing"):
        conform(TABLE, frame().drop("text"))


def test_types_that_lose_nothing_are_taken() -> None:
    narrow = frame().with_columns(pl.col("year").cast(pl.Int8), pl.col("body").cast(pl.Categorical), text=pl.lit(None))
    assert conform(TABLE, narrow).schema == TABLE.schema


def test_parquet_bytes_do_not_depend_on_how_the_frame_was_put_together(tmp_path: Path) -> None:
    whole = conform(TABLE, frame())
    pieces = pl.concat([whole.slice(0, 1), whole.slice(1, 2)], rechunk=False)
    for name, version in (("whole", whole), ("pieces", pieces)):
        written(version, tmp_path / name)
    assert (tmp_path / "whole.parquet").read_bytes() == (tmp_path / "pieces.parquet").read_bytes()
    schema = pq.read_schema(tmp_path / "whole.parquet")
    assert schema.metadata is None
    assert not schema.field("body").nullable


def test_parts_give_the_bytes_of_the_whole(tmp_path: Path) -> None:
    rows = 2 * ROWS_PER_GROUP + 5
    whole = pl.DataFrame(
        {"body": "a", "year": range(rows), "value": 0.5, "text": None, "sure": True}, schema=dict(TABLE.schema)
    )
    assert_frame_equal(written(whole, tmp_path / "whole"), whole)
    written(list(whole.iter_slices(ROWS_PER_GROUP)), tmp_path / "parts")
    for kind in ("parquet", "csv"):
        assert (tmp_path / f"whole.{kind}").read_bytes() == (tmp_path / f"parts.{kind}").read_bytes()
    groups = pq.ParquetFile(tmp_path / "whole.parquet").metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [ROWS_PER_GROUP, ROWS_PER_GROUP, 5]


def test_parts_that_do_not_follow_one_another_are_refused(tmp_path: Path) -> None:
    first, second = frame()[1:], frame()[:1]
    with pytest.raises(BadInput, match="does not follow"):
        written([second, first], tmp_path / "sample")


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    assert written([frame().clear()], tmp_path / "sample").is_empty()
    assert (tmp_path / "sample.csv").read_bytes() == b"body,year,value,text,sure\n"
    assert pq.read_schema(tmp_path / "sample.parquet").names == ["body", "year", "value", "text", "sure"]


def test_csv_has_line_feeds_shortest_floats_and_tells_empty_text_from_absence(tmp_path: Path) -> None:
    written(frame(), tmp_path / "sample")
    assert (tmp_path / "sample.csv").read_bytes() == (
        b'body,year,value,text,sure\na,1,0.0,,\na,2,,"",false\nb,1,0.1,\'=1+1,true\n'
    )


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+A1", "-2+3", "\t=1", "\r=1", "＝1", "-cmd|'/c calc'!A0", "'=1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert pl.select(guarded(pl.lit(text))).item() == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-12.5", "+3%", "-1,234", "[x]", "King's Lynn", "'tis", "–", "a=b", "", "-£5"])
def test_figures_signs_and_ordinary_words_stay_as_they_are(text: str) -> None:
    assert pl.select(guarded(pl.lit(text))).item() == text


@given(st.text(alphabet="'=+-@\t\r19a ", max_size=6))
def test_taking_the_guard_off_gives_the_text_back(text: str) -> None:
    assert pl.select(unguarded(guarded(pl.lit(text)))).item() == text
