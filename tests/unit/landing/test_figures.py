"""The compact figure file gives back the very cells that were written."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import BadInput
from pipelines.landing.figures import read_figures, write_figures
from pipelines.sources.cells import CELL_SCHEMA

ROWS = [
    ("E06", "A", "s", "2022-23", "2022/23", 1234.0, "ok", None, None, "1,234", "B2"),
    ("E06", "A", "t", "2022-23", "2022-23", None, "missing", None, None, "[x]", "B3"),
    ("E07", "B, C", "t", "", "", None, "ok", None, None, "2023", "B3"),  # a fact that looks like a number
    ("E07", "B, C", "u", "2022", "2022", 0.1 + 0.2, "provisional", None, None, "0.30000000000000004", "B3"),
    ("E07", "B, C", "v", "2022", "2022", None, "suppressed", 1.0, 4.0, "c", "B3"),
    ("E07", "B, C", "w", "2022", "2022", 12.5, "ok", None, None, "12.5%", "B3"),
    ("E07", "B, C", "x", "2022", "2022", None, "missing", None, None, "", "B4"),
    ("E07", "B, C", "y", "2022", "2022", None, "missing", None, None, "7", "B5"),
    ("E07", "B, C", "z", "2022", "2022", -5.0, "ok", None, None, "−5", "B6"),
]


def frame(rows: list[tuple]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CELL_SCHEMA, orient="row")


def test_what_is_written_reads_back_the_same():
    cells = frame(ROWS)
    assert read_figures(write_figures(cells), "figures.csv").equals(cells)


def test_a_name_and_what_text_implies_stand_once():
    lines = write_figures(frame(ROWS[:2])).decode().splitlines()
    assert lines[1:] == ['E06,A,s,2022-23,2022/23,"1,234",,,,,B2', ",,t,2022-23,,[x],missing,,,,B3"]


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs", "Cc"]), min_size=1),
)
def test_any_value_and_any_text_survive(value: float, text: str):
    cells = frame([("E06", "A", "s", "2022", "2022", value, "ok", None, None, text, "B2")])
    back = read_figures(write_figures(cells), "figures.csv")
    assert math.copysign(1, back["value"][0]) == math.copysign(1, value)
    assert back.equals(cells)


def test_other_columns_are_refused():
    with pytest.raises(BadInput, match=r"x\.csv: line 1 must be code,name"):
        read_figures(b"a,b\n1,2\n", "x.csv")
