"""RDC0120: each quirk of the publisher's workbook on tables of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.dft_road_condition import MEASURE, parse
from tests.samples import ods_bytes

A, B = "RDC0120_A_Roads_and_Motorways", "RDC0120_B_and_C_Roads"
HEADER = ["ONS Area Code", "Region", "Local Authority", "FYE 2023", "FYE 2024", "Notes"]
DURHAM = ["E06000047", "North East", "County Durham UA", 5, 4, "[z]"]
LEEDS = ["E08000035", "Yorkshire and the Humber", "Leeds [note 15]", 2, 3, "[z]"]
CITY = ["E09000001", "London", "City of London [note 7, 12] [r]", 69, 75, "[7] applies to D6 and E6, [r] applies to E6"]
SCILLY = ["E06000053", "South West", "Isles of Scilly UA [note 14]", "[z]", "[z]", "[z]"]
ENGLAND = ["E92000001", "England [r]", "[z]", 5, 5, "[r] applies to D6"]
NOTES = [
    ["Notes"],
    ["Note number", "Note text"],
    [
        "note 7",
        "Where figures have been provided using alternative methods, they are flagged; not directly comparable.",
    ],
    ["note 8", "These local authorities undertook SCANNER surveys alongside unaccredited systems."],
]


def book(*rows, header=HEADER, cover="Last updated: 21 January 2026", notes=NOTES):
    titles = [["Percentage of road length"], ["One table."], ["Shorthand is used."], ["In percent."]]
    sheets = {
        "Cover_page": [["RDC0120"], [cover], ["Next update: Autumn 2026"]],
        A: [*titles, header, *rows],
        B: [*titles, header, *[[*row[:3], 9, 9, "[z]"] for row in rows]],
        "Notes": notes,
    }
    return parse(ods_bytes(sheets), "road-condition-data.ods")


def one(parsed, code, series=f"{A}:{MEASURE}", period="2023-24"):
    key = (pl.col("code") == code) & (pl.col("series") == series) & (pl.col("period") == period)
    return parsed.cells.row(by_predicate=key, named=True)


def test_fye_2024_is_the_financial_year_2023_24_on_both_sheets():
    parsed = book(DURHAM)
    found = one(parsed, "E06000047")
    assert (found["value"], found["period_text"], found["locator"]) == (4.0, "FYE 2024", f"{A}!E6")
    assert one(parsed, "E06000047", f"{B}:{MEASURE}", "2022-23")["value"] == 9.0
    assert parsed.date == "2026-01-21"


def test_notes_leave_the_names():
    assert one(book(LEEDS), "E08000035")["name"] == "Leeds"
    assert one(book(CITY), "E09000001")["name"] == "City of London"


@pytest.mark.parametrize(("marker", "status"), [("[x]", "missing"), ("[y]", "missing"), ("[z]", "not_applicable")])
def test_the_publisher_s_shorthand(marker, status):
    found = one(book([*DURHAM[:4], marker, "[z]"]), "E06000047")
    assert (found["value"], found["status"], found["text"]) == (None, status, marker)


def test_figures_not_measured_by_scanner_are_flagged_cell_by_cell():
    parsed = book([*CITY[:5], "[7] applies to E6"])
    assert one(parsed, "E09000001")["status"] == "break"
    assert one(parsed, "E09000001")["value"] == 75.0
    assert one(parsed, "E09000001", period="2022-23")["status"] == "ok"
    assert one(parsed, "E09000001", f"{B}:{MEASURE}")["status"] == "ok"
    assert one(parsed, "E09000001", f"{A}:method")["text"] == "[note 7]"


def test_other_notes_and_revisions_are_no_flags():
    marked = [*DURHAM[:5], "[8] applies to D6, [r] applies to E6"]
    assert set(book(marked).cells.filter(pl.col("value").is_not_null())["status"]) == {"ok"}


def test_the_note_on_methods_is_found_by_its_words_not_its_number():
    renumbered = [*NOTES[:2], ["note 3", NOTES[2][1]]]
    marked = book([*DURHAM[:5], "[3] applies to E6, [7] applies to D6"], notes=renumbered)
    assert one(marked, "E06000047")["status"] == "break"
    assert one(marked, "E06000047", period="2022-23")["status"] == "ok"


def test_a_flag_on_a_missing_figure_leaves_it_missing():
    assert one(book([*DURHAM[:4], "[y]", "[7] applies to E6"]), "E06000047")["status"] == "missing"


def test_notes_and_region_are_timeless_facts():
    parsed = book(CITY, DURHAM)
    notes = one(parsed, "E09000001", f"{A}:notes", "")
    assert (notes["text"], notes["value"]) == (CITY[5], None)
    assert one(parsed, "E06000047", f"{A}:region", "")["text"] == "North East"
    assert parsed.cells.filter(pl.col("series") == f"{A}:notes").height == 1


def test_england_stands_in_the_column_of_regions():
    assert one(book(ENGLAND), "E92000001")["name"] == "England"


def test_a_place_without_such_roads():
    assert one(book(SCILLY), "E06000053")["status"] == "not_applicable"


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ([[*DURHAM[:4], "[q]", "[z]"]], {}, r"E6 holds '\[q\]'"),
        ([["", *DURHAM[1:]]], {}, "no identified body"),
        ([DURHAM, DURHAM], {}, "more than once"),
        ([DURHAM], {"header": [*HEADER[:3], "2023", "2024", "Notes"]}, "no column such as FYE 2024"),
        ([DURHAM], {"header": [*HEADER[:5], "Remarks"]}, "no header row"),
        ([DURHAM], {"cover": "soon"}, "when it was last updated"),
    ],
)
def test_spoiled_workbooks_are_refused(rows, options, words):
    with pytest.raises(BadInput, match=words):
        book(*rows, **options)
