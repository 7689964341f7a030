"""RA budgets: two years of one form, one without machine ids, the other saved on a Macintosh."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.mhclg_ra import LINES, parse
from tests.samples import csv_bytes

BATH = ["E0101", "E06000022", "Bath & North East Somerset UA", "", "UA"]
HEAD = ["E-code", "ONS Code", "Local authority"]
MACINTOSH_LABEL = "Children 5\u00d019 people\u00d5s"  # a dash and an apostrophe, read as Windows-1252
ADUR = ["E3831", "E07000223", "Adur", "SD", "SD", "M"]


def year_2021(*rows):
    """Labels on line 7, line numbers on line 6, spacer rows above, a blank column and an unnumbered one."""
    return [
        ["Revenue Account Budget (RA) 2021-22: Revenue Account data"],
        ["Net current expenditure (£ thousand)", "", "", "", "", "4", "5", "6"],
        ["", "", "1", "", "", "4", "5", "6"],
        ["", "", "", "", "", "1", "1", "1"],
        ["", "", "", "", "", "Environmental", "", "Housing Revenue Account (HRA)"],
        ["", "", "", "", "", "590", "985", "4001", ""],
        [*HEAD, "", "Class", "TOTAL ENVIRONMENTAL\n SERVICES", "Other Income", "Dwelling rents (gross)", ""],
        *rows,
        [""] * 9,
        ["", "", "ENGLAND", "", "", "9,000", "2", "3", ""],
        ["", "", "CLASS BREAKDOWN", "", "", "", "", "", ""],
        ["", "", "LONDON BOROUGHS", "", "L", "800", "2", "3", ""],
        ["Source: Ministry of Housing, Revenue Account Budget (RA) returns 2021-22"] + [""] * 8,
    ]


def year_2023(*rows):
    return [
        ["Worksheet 2: Revenue Account Budget (RA) 2023-24: Revenue Account data"],
        ["Data are reported in £ thousand. "],
        ["Last updated: 22 June 2023"],
        ["The data base Asset ID code for the data in each column."] + [""] * 5 + ["envtot", "othinc", ""],
        ["This row contains section headings"] + [""] * 5 + ["Environmental", "", ""],
        ["This row contains the 'line number'"] + [""] * 5 + ["590", "985", "383"],
        [*HEAD, "Class", "Subclass", "Notes", "TOTAL ENVIRONMENTAL SERVICES", "Other Items", MACINTOSH_LABEL],
        *rows,
        [""] * 9,
    ]


def cells(rows, encoding="utf-8"):
    return parse(csv_bytes(rows, encoding), "RA.csv")


def one(parsed, code, series):
    return parsed.cells.row(by_predicate=(pl.col("code") == code) & (pl.col("series") == series), named=True)


def test_one_line_has_one_series_in_both_years():
    before, after = cells(year_2021([*BATH, "1,234", "5", "6"])), cells(year_2023([*ADUR, "0", "1", "2"]))
    assert one(before, "E06000022", "envtot")["value"] == 1234.0
    assert one(after, "E07000223", "envtot")["value"] == 0.0
    assert (one(before, "E06000022", "envtot")["period"], one(after, "E07000223", "envtot")["period"]) == (
        "2021-22",
        "2023-24",
    )


def test_a_line_whose_words_changed_is_not_taken_for_the_same():
    assert "985" not in LINES
    assert one(cells(year_2021([*BATH, "1", "5", "6"])), "E06000022", "ra:other income")["value"] == 5.0
    assert one(cells(year_2023([*ADUR, "0", "7", "2"])), "E07000223", "othinc")["value"] == 7.0


def test_a_column_without_asset_id_or_common_line_is_named_by_its_label():
    assert one(cells(year_2021([*BATH, "1", "5", "6"])), "E06000022", "ra:dwelling rents (gross)")["value"] == 6.0


def test_numbered_spacer_rows_and_blank_columns_are_no_figures():
    parsed = cells(year_2021([*BATH, "1", "5", "6"]))
    assert set(parsed.cells["code"]) == {"E06000022", "total:ENGLAND", "total:LONDON BOROUGHS"}
    assert one(parsed, "E06000022", "envtot")["locator"] == "F8"


def test_every_service_total_is_in_the_table_of_lines():
    totals = {
        "edutot": "190",
        "transtot": "290",
        "csctot": "330",
        "asctot": "360",
        "phtot": "390",
        "housgfcftot": "490",
    }
    totals |= {"cultot": "509", "envtot": "590", "plantot": "599", "poltot": "601", "frstot": "602", "centot": "690"}
    totals |= {"othtot": "698", "servicetot": "799"}
    assert {series: LINES[line] for series, line in totals.items()} == {series: series for series in totals}
    assert len(set(LINES.values())) == len(LINES) == 196


@pytest.mark.parametrize("marker", ["...", "…", "É"])
def test_no_return_is_missing(marker):
    assert one(cells(year_2023([*ADUR, marker, "1", "2"])), "E07000223", "envtot")["status"] == "missing"


@pytest.mark.parametrize(("byte", "text"), [(b"\x85", "…"), (b"\xc9", "É")])
def test_a_file_in_windows_1252_with_a_single_byte_ellipsis(byte, text):
    data = csv_bytes(year_2023([*ADUR, "@@", "1", "2"]), "cp1252").replace(b"@@", byte)
    assert b"\xa3 thousand" in data
    found = one(parse(data, "RA.csv"), "E07000223", "envtot")
    assert (found["value"], found["status"], found["text"]) == (None, "missing", text)


def test_a_discontinued_category_does_not_apply():
    found = one(cells(year_2023([*ADUR, "Category discontinued", "1", "2"])), "E07000223", "envtot")
    assert (found["value"], found["status"]) == (None, "not_applicable")


def test_labels_saved_on_a_macintosh_give_the_label_meant():
    rows = year_2023([*ADUR, "0", "1", "2"])
    parsed = cells([[*row[:8], ""] if "Asset" in row[0] else row for row in rows])
    assert one(parsed, "E07000223", "phchl")["value"] == 2.0  # line 383 is in the table
    nameless = [[*row[:8], "9999"] if "line number" in row[0] else row for row in rows]
    nameless = [[*row[:8], ""] if "Asset" in row[0] else row for row in nameless]
    assert one(cells(nameless), "E07000223", "ra:children 5–19 people’s")["value"] == 2.0


def test_the_column_of_note_marks_without_a_label_is_that_of_the_notes():
    parsed = cells(year_2021([*BATH[:3], "S", "UA", "...", "...", "..."]))
    assert one(parsed, "E06000022", "notes")["text"] == "S"
    assert one(parsed, "E06000022", "envtot")["status"] == "missing"


def test_facts_and_dates():
    before, after = cells(year_2021([*BATH, "1", "5", "6"])), cells(year_2023([*ADUR, "0", "1", "2"]))
    assert (before.date, after.date) == ("2022-03-31", "2023-06-22")
    facts = after.cells.filter(pl.col("value").is_null()).select("series", "text").rows()
    assert facts == [("class", "SD"), ("detailed_class", "SD"), ("ecode", "E3831"), ("notes", "M")]
    assert one(before, "total:LONDON BOROUGHS", "class")["text"] == "L"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (year_2023([*ADUR, "0", "n/a", "2"]), "H8 holds 'n/a'"),
        (year_2023(["E3831", "", *ADUR[2:], "0", "1", "2"]), "no identified body"),
        (year_2023([*ADUR, "0", "1", "2"], [*ADUR, "0", "1", "2"]), "more than once"),
        (year_2023([*ADUR, "0", "1", "2"])[:6], "no header row"),
        ([row for row in year_2023([*ADUR, "0", "1", "2"]) if "line number" not in row[0]], "no line numbers"),
        ([["Budget"], *year_2023([*ADUR, "0", "1", "2"])[1:]], "names a financial year"),
    ],
)
def test_spoiled_tables_are_refused(rows, words):
    with pytest.raises(BadInput, match=words):
        cells(rows)


def test_a_thousands_comma_without_quotes_does_not_move_the_figures():
    with pytest.raises(BadInput, match="I8 stands in a column without a label"):
        cells(year_2021([*BATH, "1", "234", "5", "6"]))
