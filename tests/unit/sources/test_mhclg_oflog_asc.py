"""Adult social care metrics of the Local Authority Data Explorer."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources.mhclg_oflog_asc import parse
from tests.samples import csv_bytes

HEADER = [
    "Financial year",
    "Local authority code",
    "Local authority name",
    "Grouping",
    "Entity_Name",
    "Region",
    "Measure",
    "Code",
    "Value",
    "MEDIAN",
    "MADs_from_median",
    "rank_order",
]


def row(value="76.8", mads="-0.5", order="DESC", year="2016-17", code="E10000006", measure="ASC5"):
    label = f"Outcome, label of {measure}"
    return [year, code, "Cumbria", "LA_Raw", "Counties", "North West", label, measure, value, "74.9", mads, order]


def cells(*rows):
    return parse(csv_bytes([HEADER, *rows]), "ASC_data.csv").cells


def test_median_and_deviations_are_series_of_their_own():
    figures = cells(row()).filter(code="E10000006").select("series", "period", "value", "locator").rows()
    assert figures == [
        ("ASC5", "2016-17", 76.8, "I2"),
        ("ASC5:mads_from_median", "2016-17", -0.5, "K2"),
        ("ASC5:median", "2016-17", 74.9, "J2"),
    ]


def test_an_empty_value_is_missing_and_its_median_stays():
    found = dict(cells(row("", "", "")).select("series", "status").rows())
    assert found["ASC5"] == found["ASC5:mads_from_median"] == "missing"
    assert found["ASC5:median"] == "ok"


def test_the_direction_is_a_fact_in_whichever_spelling_comes_first():
    rows = [row("", "", "", "2015-16"), row(order="DESC"), row(order="desc", year="2017-18")]
    facts = cells(*rows).filter(code="OFLOG").select("series", "text", "locator").rows()
    assert facts == [("ASC5:label", "Outcome, label of ASC5", "G2"), ("ASC5:rank_order", "DESC", "L3")]


def test_none_is_a_direction_too():
    facts = cells(row(order="None", measure="ASC6")).filter(series="ASC6:rank_order")
    assert facts["text"].to_list() == ["None"]


def test_rows_that_disagree_on_the_direction_are_refused():
    with pytest.raises(BadInput, match="cell L3 holds 'asc' where earlier rows of the same measure hold 'DESC'"):
        cells(row(), row(order="asc", year="2017-18"))


def test_old_and_new_codes_of_a_reorganised_council_both_stay():
    found = cells(row(code="E10000006"), row(code="E06000063", year="2022-23"))
    assert {"E10000006", "E06000063"} < set(found["code"])


def test_the_date_is_the_end_of_the_newest_year():
    assert parse(csv_bytes([HEADER, row(), row(year="2022-23")]), "ASC_data.csv").date == "2023-03-31"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(year="2016"), "row 2 is for '2016'"),
        (row(value="n/a"), "cell I2 holds 'n/a'"),
        (row(code=""), "belongs to no identified body"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(bad, message):
    with pytest.raises(BadInput, match=message):
        cells(bad)
