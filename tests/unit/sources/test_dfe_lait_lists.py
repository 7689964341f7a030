"""What stands around LAIT: its dictionary, its list of authorities, and the statistical neighbours."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources import dfe_la_codes, dfe_lait_dictionary, dfe_statistical_neighbours
from tests.samples import csv_bytes, xlsx_bytes

DICTIONARY = ["Measure_code", "Topic", "Measure_short", "Polarity", "Description", "Last Update", "Year_Type"]


def facts(cells):
    return dict(cells.select("series", "text").rows())


def dictionary(*rows):
    return dfe_lait_dictionary.parse(csv_bytes([DICTIONARY, *rows]), "lait_data_dictionary.csv")


def test_facts_are_joined_to_a_measure_by_its_short_descriptor():
    row = ["9", "Child Protection", "Section_47", "-", "Two\nlines", "45931", "Financial Year"]
    parsed = dictionary(row)
    found = facts(parsed.cells)
    assert found["Section_47:polarity"] == "-"
    assert found["Section_47:year_type"] == "Financial Year"
    assert found["Section_47:description"] == "Two\nlines"
    assert set(parsed.cells["code"]) == {"LAIT"}


def test_the_date_is_the_newest_update_counted_in_days():
    rows = [["9", "T", "A", "High", "", day, "Annual"] for day in ("45931", "46113", "New Data")]
    assert dictionary(*rows).date == "2026-04-01"  # 1899-12-30 + 46,113 days


def test_na_does_not_apply():
    cells = dictionary(["NA", "T", "A", "NA", "", "45931", "Annual"]).cells
    assert cells.filter(series="A:polarity")["status"].to_list() == ["not_applicable"]


def test_a_measure_under_two_topics_repeats_only_what_differs():
    rows = [["9", topic, "LAC_Unauth", "Low", "", "45931", "Academic Year"] for topic in ("Looked after", "Absence")]
    found = facts(dictionary(*rows).cells)
    assert (found["LAC_Unauth:topic"], found["LAC_Unauth:topic#2"]) == ("Looked after", "Absence")
    assert "LAC_Unauth:polarity#2" not in found


def test_a_row_without_a_measure_is_refused():
    with pytest.raises(BadInput, match="row 2 has no Measure_short"):
        dictionary(["9", "T", "", "Low", "", "45931", "Annual"])


def authorities(*rows):
    sheets = {"Sheet1": [["LA Number", "LA Name", "Region", "Type"], *rows]}
    return dfe_la_codes.parse(xlsx_bytes(sheets), "la_code_list.xlsx")


def test_number_region_and_type_of_an_authority():
    cells = authorities([301.0, "Barking and Dagenham", "Outer London", "OLB"], [970.0, "England", "NA", "NA"]).cells
    assert cells.select("code", "series", "text", "status", "locator").rows() == [
        ("301", "region", "Outer London", "ok", "Sheet1!C2"),
        ("301", "type", "OLB", "ok", "Sheet1!D2"),
        ("970", "region", "NA", "not_applicable", "Sheet1!C3"),
        ("970", "type", "NA", "not_applicable", "Sheet1!D3"),
    ]


def test_the_list_is_dated_by_the_workbook_itself():
    parsed = authorities([301.0, "Barking and Dagenham", "Outer London", "OLB"])
    assert len(parsed.date) == len("2024-09-11")


def test_a_number_that_stands_twice_is_refused():
    with pytest.raises(BadInput, match="301, region"):
        authorities(*[[301.0, "Barking and Dagenham", "Outer London", "OLB"]] * 2)


TOP = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
PAIRS = [label for n in range(1, 11) for label in (f"SN{n}", "SNP")]


def neighbours(*rows, name="sn_may_2025.xlsx"):
    titles = [["A", "B"], [1, 2]]
    return dfe_statistical_neighbours.parse(xlsx_bytes({"LA SN Groups": [*titles, [*TOP, *PAIRS], *rows]}), name)


def bexley(number=303, first=311, band="Extremely close"):
    rest = [value for n in range(2, 11) for value in (800 + n, "Close")]
    return [number, "Bexley", number, 3, "London (Outer)", first, band, *rest]


def test_neighbours_stand_below_three_header_lines_with_their_closeness():
    parsed = neighbours(bexley())
    found = facts(parsed.cells)
    assert (found["neighbour:01"], found["closeness:01"]) == ("311", "Extremely close")
    assert (found["neighbour:10"], found["region"]) == ("810", "London (Outer)")
    assert parsed.cells.filter(series="neighbour:01")["locator"].to_list() == ["LA SN Groups!F4"]
    assert parsed.date == "2025-05-31"


def test_authorities_of_the_past_follow_below_a_line_of_their_own():
    cells = neighbours(bexley(), [], ["", "Old SNs:"], [], bexley(number=909, band="Very Close")).cells
    assert set(cells["code"]) == {"303", "909"}
    assert cells.height == 2 * 21


def test_a_missing_neighbour_is_refused():
    with pytest.raises(BadInput, match="cell LA SN Groups!F4 holds '' and 'Extremely close'"):
        neighbours(bexley(first=""))


def test_a_file_that_states_no_month_is_refused():
    with pytest.raises(BadInput, match="states no month"):
        neighbours(bexley(), name="sn_new.xlsx")
