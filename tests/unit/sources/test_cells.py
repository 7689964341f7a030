"""The cell: text into value and status, grids out of bytes, and the checks of the frame."""

import csv

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CELL_SCHEMA,
    CellRows,
    Column,
    Line,
    Reading,
    cell_text,
    clean_name,
    column_letters,
    csv_grid,
    decode,
    find_header,
    locator,
    long_cells,
    normal_label,
    number,
    reading,
    sheet_grid,
    wide_cells,
    workbook,
)
from tests.samples import csv_bytes, ods_bytes, xlsx_bytes


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index, letters):
    assert column_letters(index) == letters


def test_a_locator_names_the_sheet_only_for_workbooks():
    assert locator("RSX", 30, 16) == "RSX!Q31"
    assert locator("", 30, 16) == "Q31"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234.0),
        ("1,234,567.5", 1234567.5),
        ("-5", -5.0),
        ("−5", -5.0),
        (" 12.5% ", 12.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1,23", None),
        ("...", None),
        ("", None),
        ("-", None),
        ("1e999", None),
        ("12 a", None),
    ],
)
def test_number(text, value):
    assert number(text) == value


def test_a_marker_comes_before_a_number_and_the_rest_is_nothing():
    markers = {"[x]": "missing", "99": "suppressed"}
    assert reading(" [x] ", markers) == Reading(None, "missing")
    assert reading("99", markers) == Reading(None, "suppressed")
    assert reading("98", markers) == Reading(98.0, "ok")
    assert reading("[q]", markers) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Leeds [note 15]", "Leeds"),
        ("Darlington UA [note 7, 8] [r]", "Darlington UA"),
        ("Net  \n spend [p]", "Net spend"),
        ("Total [SG line 799 as income]", "Total [SG line 799 as income]"),
    ],
)
def test_note_markers_leave_names(text, name):
    assert clean_name(text) == name


def test_a_label_is_one_line_in_lower_case():
    assert normal_label("Household - total\n waste  (tonnes) ") == "household - total waste (tonnes)"


def test_whole_floats_have_no_point_and_others_read_back():
    assert [cell_text(cell) for cell in (24000.0, 0.4810, None, "x", -3.0)] == ["24000", "0.481", "", "x", "-3"]


def test_decode_takes_a_mark_and_windows_1252():
    assert decode("\ufeffa £".encode(), "f.csv") == "a £"
    assert decode(b"\xa3 \x85", "f.csv") == "£ …"


@pytest.mark.parametrize("data", [b"a\x00b", b"\x81\x8d"])
def test_decode_refuses_nul_and_unknown_bytes(data):
    with pytest.raises(BadInput, match="byte"):
        decode(data, "f.csv")


def test_a_quoted_line_break_stays_inside_its_cell():
    assert csv_grid(b'a,"b\nc"\r\n1,2\r\n', "f.csv") == [["a", "b\nc"], ["1", "2"]]


def test_short_records_are_filled_so_that_a_truncated_file_is_reported_and_not_a_fault():
    assert csv_grid(b"a,b,c\n1\n\n", "f.csv") == [["a", "b", "c"], ["1", "", ""], ["", "", ""]]


@pytest.mark.parametrize("length", [32_001, 200_000])
def test_a_cell_over_32_kb_is_refused_with_its_place(length):
    with pytest.raises(BadInput, match="cell B2 holds over 32 kB"):
        csv_grid(csv_bytes([["a", "b"], ["1", "x" * length]]), "f.csv")


@pytest.mark.parametrize(("build", "name"), [(ods_bytes, "f.ods"), (xlsx_bytes, "f.xlsx")])
def test_locators_hold_when_a_sheet_begins_with_empty_rows_and_columns(build, name):
    data = build({"T": [["", ""], ["", "name"], ["", 5]]})
    assert sheet_grid(workbook(data, name), "T", name)[2][1] == "5"


def test_a_missing_sheet_says_which_there_are():
    with pytest.raises(BadInput, match=r"no sheet 'T2' .*T1"):
        sheet_grid(workbook(ods_bytes({"T1": [["a"]]}), "f.ods"), "T2", "f.ods")


def test_a_missing_header_is_refused():
    assert find_header([["Title"], ["ONS\nCode", "Value"]], ["ons code"], "", "f.csv") == 1
    with pytest.raises(BadInput, match="no header row with ons code"):
        find_header([["Title"]], ["ONS Code"], "", "f.csv")


GRID = [["code", "name", "2022-23"], ["E2", "Beta [r]", "1,000"], ["E1", "Alpha", "[x]"]]
YEAR = Column(2, "spend", "2022-23", "2022-23 [p]")


def wide(grid, rows=(1, 2), **options):
    return wide_cells(grid, rows, [YEAR], code=0, body=1, markers={"[x]": "missing"}, sheet="", name="f.csv", **options)


def test_wide_cells_are_sorted_and_complete():
    cells = wide(GRID)
    assert list(cells.columns) == list(CELL_SCHEMA)
    assert cells.select("code", "name", "value", "status", "text", "locator").rows() == [
        ("E1", "Alpha", None, "missing", "[x]", "C3"),
        ("E2", "Beta", 1000.0, "ok", "1,000", "C2"),
    ]


def test_a_row_status_replaces_ok_and_nothing_else():
    assert wide(GRID, row_status={1: "provisional", 2: "provisional"})["status"].to_list() == ["missing", "provisional"]


def test_an_unknown_marker_names_cell_and_text():
    with pytest.raises(BadInput, match=r"f.csv: cell C2 holds '\[q\]'"):
        wide([GRID[0], ["E2", "Beta", "[q]"]], rows=(1,))


def test_a_key_that_stands_twice_is_refused_with_both_places():
    with pytest.raises(BadInput, match=r"E2, spend, 2022-23 \[p\] stands more than once \(C2, C3\)"):
        wide([GRID[0], GRID[1], GRID[1]])


def test_a_body_without_code_is_refused():
    with pytest.raises(BadInput, match="cell C2 belongs to no identified body"):
        wide([GRID[0], ["", "Beta", "1"]], rows=(1,))


def test_a_table_without_figures_is_refused():
    with pytest.raises(BadInput, match="no figures"):
        wide(GRID, rows=())


def test_long_cells_take_body_period_and_status_from_their_line():
    grid = [["2021-22", "E1", "7", ":"], ["2022-23", "E1", "8", "9"]]
    lines = [Line(0, "E1", "Alpha", "2021-22", "2021/22"), Line(1, "E1", "Alpha", "2022-23", "2022/23", "provisional")]
    cells = long_cells(grid, lines, {2: "T:a", 3: "T:b"}, markers={":": "missing"}, sheet="T", name="f.ods")
    assert cells.select("series", "period", "period_text", "value", "status", "locator").rows() == [
        ("T:a", "2021-22", "2021/22", 7.0, "ok", "T!C1"),
        ("T:a", "2022-23", "2022/23", 8.0, "provisional", "T!C2"),
        ("T:b", "2021-22", "2021/22", None, "missing", "T!D1"),
        ("T:b", "2022-23", "2022/23", 9.0, "provisional", "T!D2"),
    ]


def test_a_fact_in_words_has_no_value_and_no_period():
    rows = CellRows("f.csv")
    rows.add_fact("E1", "Alpha", "class", "SD", "B2")
    fact = rows.frame().row(0, named=True)
    assert (fact["value"], fact["status"], fact["text"], fact["period"]) == (None, "ok", "SD", "")
    assert rows.frame().schema == pl.Schema(CELL_SCHEMA)
    rows.add_fact("E1", "Alpha", "class", "UA", "B3", "2022-23", "2022/23")
    assert rows.frame()["period"].to_list() == ["", "2022-23"]


def test_reading_a_small_csv_leaves_the_limit_of_everybody_else_as_it_was():
    before = csv.field_size_limit()
    csv_grid(b"a,b\n1,2\n", "small.csv")
    assert csv.field_size_limit() == before
