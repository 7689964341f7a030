"""Fly-tipping: each quirk of the publisher's workbook on tables of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.defra_fly_tipping import parse
from tests.samples import ods_bytes

KEYS = ["Year", "ONS Code", "LA Name", "Region"]
ADUR = ["2022-23", "E07000223", "Adur", "South East", 244, 3024.5, 64626, "Customer/public reported only"]
EARLY = ["2012-13", "E07000223", "Adur", "South East", 250, ":", ":", ":"]
ENGLAND = ["2012-13", "*Total", "*Total", "*Total England", 714637, 36585739.07557886, ":", ":"]
EAST = ["2012-13", "*Total", "*Total", "East", 40059, 1, ":", ":"]
TOTAL, COST = "LA_incidents:total incidents", "LA_incidents:car boot or less clearance costs (£)"


def book(*incidents, metadata=None):
    sheets = {
        "Metadata": metadata
        or [
            ["Title:", "Fly-tipping incidents 2012-13 to 2022-23"],
            ["Release Date:", "17th January 2024 (Original release)"],
            ["", "13th March 2024 (Revised)"],
            ["Revisions:", "In the 2nd April 2025 release ..."],
        ],
        "LA_incidents": [
            ["Fly-tipping incidents reported by local authorities in England"],
            ["", "", "", "", "TOTAL", "Size and costs"],
            [
                *KEYS,
                "Total Incidents",
                "Car Boot or Less Clearance Costs (£)",
                "Mid population estimates ",
                "Reporting basis",
            ],
            *incidents,
        ],
        "LA_actions": [
            ["Fly-tipping actions reported by local authorities in England"],
            ["", "", "", "", "TOTAL", "Type of actions and costs"],
            [*KEYS, "Total Actions", "Prosecution Action Costs (£)"],
            ["2022-23", "E07000223", "Adur", "South East", 66, 6481],
        ],
        "Lookup_": [["LA code", "LA name"], ["E07000223", "Adur"]],
    }
    return parse(ods_bytes(sheets), "flytipping_la.ods")


def one(parsed, code, series, period="2022-23"):
    key = (pl.col("code") == code) & (pl.col("series") == series) & (pl.col("period") == period)
    return parsed.cells.row(by_predicate=key, named=True)


def test_the_second_header_line_names_the_columns():
    assert set(book(ADUR).cells["series"]) == {
        TOTAL,
        COST,
        "LA_incidents:mid population estimates",
        "LA_incidents:region",
        "LA_incidents:reporting basis",
        "LA_actions:total actions",
        "LA_actions:prosecution action costs (£)",
        "LA_actions:region",
    }


def test_costs_stay_pounds():
    cost = one(book(ADUR), "E07000223", COST)
    assert (cost["value"], cost["text"], cost["locator"]) == (3024.5, "3024.5", "LA_incidents!F4")


def test_a_colon_and_an_empty_cell_are_missing():
    parsed = book(EARLY, [*ADUR[:4], "", *ADUR[5:]])
    assert one(parsed, "E07000223", COST, "2012-13")["status"] == "missing"
    assert one(parsed, "E07000223", TOTAL)["status"] == "missing"


def test_totals_are_kept_under_their_region():
    parsed = book(ADUR, ENGLAND, EAST)
    assert one(parsed, "total:England", TOTAL, "2012-13")["value"] == 714637
    assert one(parsed, "total:East", TOTAL, "2012-13")["name"] == "East"


def test_the_two_english_totals_of_a_changed_method_keep_their_words():
    ways = ["*Total England (original)", "*Total England (comparable with 2019/20)"]
    parsed = book(*[["2018-19", "*Total", "*Total", words, 5, 1, ":", ":"] for words in ways])
    assert {code for code in parsed.cells["code"] if code.startswith("total")} == {
        "total:England (original)",
        "total:England (comparable with 2019/20)",
    }


def test_the_reporting_basis_is_a_fact_of_the_year():
    parsed = book(ADUR, EARLY)
    basis = one(parsed, "E07000223", "LA_incidents:reporting basis")
    assert (basis["text"], basis["value"], basis["status"]) == ("Customer/public reported only", None, "ok")
    assert one(parsed, "E07000223", "LA_incidents:reporting basis", "2012-13")["status"] == "missing"


def test_the_date_is_that_of_the_last_revision_and_not_of_a_note_below():
    assert book(ADUR).date == "2024-03-13"


@pytest.mark.parametrize(
    ("incidents", "metadata", "words"),
    [
        ([[*ADUR[:4], "many", *ADUR[5:]]], None, "LA_incidents!E4 holds 'many'"),
        ([["22-23", *ADUR[1:]]], None, "LA_incidents!A4 holds '22-23', not a financial year"),
        ([["2022-23", "", *ADUR[2:]]], None, "no identified body"),
        ([ADUR, ADUR], None, "more than once"),
        ([ADUR], [["Release Date:", "soon"]], "states no release date"),
    ],
)
def test_spoiled_workbooks_are_refused(incidents, metadata, words):
    with pytest.raises(BadInput, match=words):
        book(*incidents, metadata=metadata)
