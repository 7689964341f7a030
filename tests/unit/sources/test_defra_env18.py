"""ENV18: each quirk of the publisher's workbook on tables of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.defra_env18 import parse
from tests.samples import ods_bytes

RATE = "Percentage of household waste sent for reuse, recycling or composting (Ex NI192)"
LANDFILL = "Percentage of municipal waste sent to landfill (Ex NI193)"
RATE_ID, LANDFILL_ID = f"Table_3:{RATE.lower()}", f"Table_3:{LANDFILL.lower()}"
ADUR = ["2023-24", "South East", "E07000223", 346, "Adur District Council", "Collection", 0.481, "-"]
BRISTOL = ["2023-24", "South West", "E06000023", 216, "Bristol City Council", "Unitary", ":", ":"]
BUCKS = ["2023-24", "South East", "E10000002", 719, "Buckinghamshire Council", "Unitary", 0.511, 0.001]
REGION = ["2023-24", "*South West (Provisional)", "Total", "Total", "Total", "Total", 0.489, 0.03]
ENGLAND = ["2010-11", "Total England", "Total", "Total", "Total", "Total", 0.415, 0.433]
TONNES = ["Total local authority collected waste (tonnes)", 'Rejects (tonnes) - See "Notes" sheet for detail.']
MANAGEMENT_KEYS = ["Year", "Region", "Geographical Code", "ONS Code", "Jpp Order", "Authority", "Authority Type"]
NOTES = [["", "", ""], ["Notes:"], ["From 2022-23 Mid Suffolk has been renamed."], ["", "Allerdale, Carlisle"]]


def book(*rates, released="27th March 2025", drop=None):
    sheets = {
        "Metadata": [["Title:", "Waste"], ["Year:", "2023-24"], ["Release Date:", released]],
        "Table_1": [
            ["Table 1"],
            ["For correct totals ..."],
            ["", "", "", "", "", "", "Local authority collected", "Households"],
            ["Financial Year", "Region", "ONS Code", "JPP order", "Local Authority", "Authority type", *TONNES],
            ["2014-15", "South East", "E07000223", 346, "Adur District Council", "Collection", 24000, 442],
            *NOTES,
        ],
        "Table_1a": [["England and Regions"], ["Household waste from:", "2000-01"], ["Collection", 1]],
        "Table_2": [
            ["Table 2"],
            [""],
            [""],
            [*MANAGEMENT_KEYS, "Incineration without EfW 4", "Other1 ", "Input to intermediate plants3"],
            ["2023-24", "East Midlands", "???", "E06000062", 721, "West Northamptonshire", "Unitary", 0, 3, 5],
            [
                "2023-24",
                "Total England (Provisional)",
                "*Total",
                "*Total",
                "*Total",
                "Total England",
                "*Total",
                9,
                8,
                "",
            ],
            *NOTES,
        ],
        "Table_3": [
            ["Table 3: Selected Waste Indicators 2010-11 to 2023-24"],
            [""],
            [""],
            ["Year", "Region", "ONS code", "Jpp Order", "Authority", "Authority type", RATE, LANDFILL],
            *rates,
            *NOTES,
        ],
        "Table_4": [
            ["Largest increases"],
            ["Authority", "Region", "Authority Type"],
            ["Adur", "South East", "Collection"],
        ],
    }
    return parse(ods_bytes({sheet: rows for sheet, rows in sheets.items() if sheet != drop}), "waste-data.ods")


def one(parsed, code, series, period="2023-24"):
    key = (pl.col("code") == code) & (pl.col("series") == series) & (pl.col("period") == period)
    return parsed.cells.row(by_predicate=key, named=True)


def test_rates_stay_fractions_and_tonnes_stay_tonnes():
    parsed = book(ADUR)
    rate = one(parsed, "E07000223", RATE_ID)
    assert (rate["value"], rate["text"], rate["locator"], rate["name"]) == (
        0.481,
        "0.481",
        "Table_3!G5",
        "Adur District Council",
    )
    assert (
        one(parsed, "E07000223", "Table_1:total local authority collected waste (tonnes)", "2014-15")["value"] == 24000
    )
    assert parsed.date == "2025-03-27"


def test_a_dash_does_not_apply_and_a_colon_is_missing():
    parsed = book(ADUR, BRISTOL)
    assert one(parsed, "E07000223", LANDFILL_ID)["status"] == "not_applicable"
    assert one(parsed, "E06000023", LANDFILL_ID)["status"] == "missing"
    assert one(parsed, "E06000023", RATE_ID)["value"] is None


def test_totals_without_a_code_are_kept_under_their_region():
    parsed = book(ADUR, REGION, ENGLAND)
    assert one(parsed, "region:South West", RATE_ID)["value"] == 0.489
    assert one(parsed, "region:England", RATE_ID, "2010-11")["value"] == 0.415


def test_what_the_publisher_calls_provisional_is_so():
    parsed = book(REGION, ENGLAND)
    assert one(parsed, "region:South West", RATE_ID)["status"] == "provisional"
    assert one(parsed, "region:England", RATE_ID, "2010-11")["status"] == "ok"
    assert one(parsed, "region:England", "Table_2:other")["status"] == "provisional"
    assert one(parsed, "region:England", "Table_2:input to intermediate plants")["status"] == "missing"


def test_footnote_digits_leave_the_labels_and_sort_keys_are_no_series():
    assert set(book(ADUR).cells["series"]) == {
        "Table_1:total local authority collected waste (tonnes)",
        "Table_1:rejects (tonnes)",
        "Table_2:incineration without efw",
        "Table_2:other",
        "Table_2:input to intermediate plants",
        RATE_ID,
        LANDFILL_ID,
        *(f"Table_{n}:{fact}" for n in (1, 2, 3) for fact in ("region", "authority type")),
    }


def test_notes_at_the_foot_and_the_tables_of_regions_are_no_bodies():
    assert set(book(ADUR).cells["code"]) == {"E07000223", "E06000062", "region:England"}


def test_the_kind_of_authority_is_a_fact_so_that_nobody_counts_twice():
    fact = one(book(ADUR), "E07000223", "Table_3:authority type")
    assert (fact["text"], fact["value"], fact["status"]) == ("Collection", None, "ok")


def test_a_code_that_joins_nothing_is_kept_as_printed():
    assert one(book(BUCKS), "E10000002", RATE_ID)["value"] == 0.511


@pytest.mark.parametrize(
    ("rates", "options", "words"),
    [
        ([[*ADUR[:6], "n/a", "-"]], {}, "Table_3!G5 holds 'n/a'"),
        ([["2023-2", *ADUR[1:]]], {}, "Table_3!A5 holds '2023-2', not a financial year"),
        ([[*ADUR[:2], "", *ADUR[3:]]], {}, "no identified body"),
        ([ADUR, ADUR], {}, "more than once"),
        ([ADUR], {"released": ""}, "states no release date"),
        ([ADUR], {"drop": "Table_2"}, "no sheet 'Table_2'"),
    ],
)
def test_spoiled_workbooks_are_refused(rates, options, words):
    with pytest.raises(BadInput, match=words):
        book(*rates, **options)
