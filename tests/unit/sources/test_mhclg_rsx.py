"""RSX: each quirk of the publisher's files on a sample of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.mhclg_rsx import parse
from tests.samples import csv_bytes, ods_bytes

IDS = ["RSX-env-tot-exp", "RSX-env-net-cur-exp"]
ADUR = ["E3831", "E07000223", "Adur", "", "SD", "SD", "Y", "1,234", "-56"]
BARNET = ["E5030", "E09000003", "Barnet [note 3]", "[note 3]", "LB", "London", "N", "20", "10"]
LEE = ["E6803", "E6803", "Lee Valley Regional Park Authority", "", "O", "Park", "Y", "1", "1"]
GLA = ["E5100", "E12000007", "Greater London Authority", "", "O", "GLA", "Y", "5", "4"]
ENGLAND = ["Eng", "E92000001", "ENGLAND", "", "Eng", "Eng", "[Y]", "1,260", "-41"]
CLASS_TOTALS = [
    ["E-code", "ONS Code", "Class Breakdown [o]", "Notes", "Class", "Detailed Class", "Certified", "Spend", "Net"],
    ["[Y]", "E07", "Shire Districts", "", "SD", "SD", "128", "1", "1"],
    ["E5100", "E12000007", "Greater London Authority", "", "O", "GLA", "1", "5", "4"],
]


UPDATED = "Last updated: 6 June 2024"


def table(*bodies, updated=UPDATED, year=" 2022-23", labels=("Spend", "Net")):
    head = ["E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certified"]
    return [
        [f"Worksheet 2: Revenue Outturn (RO){year}: RSX data"],
        ["Data is reported in £ thousand. "],
        [f"Source: Revenue Outturn (RO) returns{year}"],
        [updated],
        ["Rows 7-10 are hidden."],
        [""] * 7 + IDS + ["", ""],
        [""] * 5 + ["Row_no", "", "590", "590"],
        head + [f"Environmental - {label}\n (C1)" for label in labels] + ["", ""],
        *bodies,
    ]


def cells(rows, name="RSX_2022-23_data_by_LA.csv"):
    build = ods_bytes if name.endswith("ods") else csv_bytes
    return parse(build({"Front_Page": [["x"]], "RSX_LA_Data_2022-23": rows} if name.endswith("ods") else rows), name)


def one(parsed, code, series):
    return parsed.cells.row(by_predicate=(pl.col("code") == code) & (pl.col("series") == series), named=True)


def test_thousands_commas_and_negative_values_and_locators():
    parsed = cells(table(ADUR))
    net, spend = one(parsed, "E07000223", IDS[1]), one(parsed, "E07000223", IDS[0])
    assert (spend["value"], spend["text"], spend["status"], spend["locator"]) == (1234.0, "1,234", "ok", "H9")
    assert (net["value"], net["period"], net["period_text"]) == (-56.0, "2022-23", "2022-23")
    assert parsed.date == "2024-06-06"


def test_series_are_machine_ids_whatever_the_labels_say():
    drifted = cells(table(ADUR, labels=("Total Expenditure", "NET")))
    assert drifted.cells.equals(cells(table(ADUR)).cells)


def test_columns_without_a_machine_id_are_no_series():
    assert set(cells(table([*ADUR, "", ""])).cells["series"]) == {*IDS, "class", "detailed_class", "ecode"}


def test_the_table_ends_at_the_second_header_so_that_gla_stands_once():
    parsed = cells(table(GLA, ENGLAND, *CLASS_TOTALS))
    assert set(parsed.cells["code"]) == {"E12000007", "E92000001"}
    assert one(parsed, "E12000007", IDS[0])["locator"] == "H9"


def test_uncertified_values_are_provisional_and_facts_are_not():
    parsed = cells(table(BARNET, ENGLAND))
    assert one(parsed, "E09000003", IDS[0])["status"] == "provisional"
    assert one(parsed, "E09000003", "class")["status"] == "ok"
    assert one(parsed, "E92000001", IDS[0])["status"] == "ok"


def test_without_the_column_certified_values_are_ok():
    rows = [row[:6] + row[7:] for row in table(BARNET)]
    assert set(cells(rows).cells["status"]) == {"ok"}


@pytest.mark.parametrize("marker", ["[x]", "...", "…"])
def test_bodies_without_a_return_are_missing(marker):
    missing = one(cells(table([*ADUR[:3], "M", "SD", "SD", "[x]", marker, marker])), "E07000223", IDS[0])
    assert (missing["value"], missing["status"], missing["text"]) == (None, "missing", marker)


def test_facts_register_the_body():
    parsed = cells(table(BARNET))
    facts = parsed.cells.filter(~pl.col("series").str.starts_with("RSX"))
    assert facts.select("series", "text", "period", "value").rows() == [
        ("class", "LB", "2022-23", None),
        ("detailed_class", "London", "2022-23", None),
        ("ecode", "E5030", "2022-23", None),
        ("notes", "[note 3]", "2022-23", None),
    ]
    assert set(facts["name"]) == {"Barnet"}


def test_lee_valley_keeps_its_e_code():
    assert one(cells(table(LEE)), "E6803", IDS[1])["value"] == 1.0


def test_trailing_blank_lines_are_no_bodies():
    assert cells(table(ADUR, [""] * 9, [""] * 9)).cells["code"].n_unique() == 1


def test_a_byte_order_mark_and_a_misspelt_date_line():
    data = "\ufeff".encode() + csv_bytes(table(ADUR, updated="Last updpated: 6 June 2024"))
    assert parse(data, "RSX.csv").date == "2024-06-06"


def test_without_a_date_the_year_s_end_stands():
    assert cells(table(ADUR, updated="")).date == "2023-03-31"


def test_the_workbook_is_read_from_the_sheet_whose_name_begins_rightly():
    ods = cells(table([*ADUR[:7], 1234, -56], updated="Last updated: 14th December 2023"), "RSX_2022-23_data_by_LA.ods")
    assert ods.date == "2023-12-14"
    spend = one(ods, "E07000223", IDS[0])
    assert (spend["value"], spend["text"], spend["locator"]) == (1234.0, "1234", "RSX_LA_Data_2022-23!H9")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (table([*ADUR[:6], "?", "1", "1"]), r"G9 holds '\?' where Certified"),
        (table([*ADUR[:7], "1", "n/a"]), "I9 holds 'n/a'"),
        (table([*ADUR[:7], "1"]), "I9 holds ''"),
        (table(["E3831", "", *ADUR[2:]]), "belongs to no identified body"),
        (table(ADUR, ADUR), "stands more than once"),
        (table(ADUR, year=""), "no title names a financial year"),
        ([row for row in table(ADUR) if IDS[0] not in row], "no row of machine ids"),
        (table(ADUR)[:7], "no header row"),
    ],
)
def test_spoiled_tables_are_refused_in_one_line(rows, words):
    with pytest.raises(BadInput, match=words) as refused:
        cells(rows)
    assert "\n" not in str(refused.value)


def test_a_thousands_comma_without_quotes_does_not_move_the_figures():
    with pytest.raises(BadInput, match="J9 stands in a column without a label"):
        cells(table([*ADUR[:7], "1", "234", "-56"]))


def test_a_workbook_without_the_data_sheet_is_refused():
    with pytest.raises(BadInput, match="no sheet 'RSX_LA_Data'"):
        parse(ods_bytes({"Notes": [["x"]]}), "RSX.ods")
