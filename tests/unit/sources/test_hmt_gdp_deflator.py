"""GDP deflator: two tables side by side, three header lines, forecasts named only in a note."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources.hmt_gdp_deflator import parse
from tests.samples import csv_bytes

NOTE = (
    "For years 2023-24 to 2024-25 (2023 to 2024): taken from the Office for Budget Responsibility (OBR) GDP deflator "
    "forecasts as of November 2023 Economy Supplementary tables."
)
UPDATED = "Outturn data are as at the Quarterly National Accounts from ONS - last updated 22 December 2023."
TOP = [
    ["", "GDP DEFLATORS AT MARKET PRICES, AND MONEY GDP"],
    ["", UPDATED],
    ["", "Financial year", "", "", "", "", "", "Calendar year"],
    ["", "", "GDP deflator at market prices ", "", "Money GDP (3), (4)"],
    [
        "",
        "Financial year",
        "2022-23 = 100",
        "per cent change on previous year",
        "Cash £ million\nNon-Season-ally Adjusted",
        "Cash £ million\nSeasonally Adjusted",
        "",
        "Calendar year",
        "2022 = 100",
        "per cent change on previous year",
        "Cash £ million\nNon-Seasonally Adjusted",
    ],
]
YEARS = [
    ["", "2021-22", "93.629", "", "2,361,920", "2,354,396", "", "2021", "95.113", "", "2,284,079"],
    ["", "2022-23", "100.000", "6.80", "2,552,763", "2,557,576", "", "2022", "100.000", "5.14", "2,505,981"],
    ["", "2023-24 (1), (2)", "-", "6.10", "2,726,494", "2,726,259", "", "2023 (1), (2)", "-", "7.03", "2,697,095"],
    ["", "2024-25 (1), (2)", "-", "2.00", "2,797,909", "2,796,574", "", "2024 (1), (2)", "-", "2.00", "2,777,197"],
]


def table(*, top=TOP, years=YEARS, note=NOTE):
    rows = [*top, *years, ["", "Sources and footnotes:"], ["", "", note]]
    return parse(csv_bytes(rows, "utf-8-sig"), "GDP_Deflators_December_2023.csv")


def values(parsed, series):
    return {p: (v, s) for p, v, s in parsed.cells.filter(series=series).select("period", "value", "status").rows()}


def test_the_index_is_as_published_and_missing_where_only_a_change_is_printed():
    assert values(table(), "gdp_deflator") == {
        "2021-22": (93.629, "ok"),
        "2022-23": (100.0, "ok"),
        "2023-24": (None, "missing"),
        "2024-25": (None, "missing"),
    }


def test_the_chained_index_carries_on_by_the_printed_changes():
    found = values(table(), "gdp_deflator_chained")
    assert found["2022-23"] == (100.0, "ok")
    assert found["2023-24"] == (pytest.approx(106.1), "provisional")  # 100 x 1.061
    assert found["2024-25"] == (pytest.approx(108.222), "provisional")  # 106.1 x 1.02


def test_a_chained_figure_points_at_the_change_that_made_it():
    cell = table().cells.filter(series="gdp_deflator_chained", period="2023-24").row(0, named=True)
    assert (cell["text"], cell["locator"], cell["period_text"]) == ("6.10", "D8", "2023-24 (1), (2)")


def test_everything_about_a_forecast_year_is_provisional_and_thousands_have_commas():
    assert values(table(), "money_gdp_nsa") == {
        "2021-22": (2361920.0, "ok"),
        "2022-23": (2552763.0, "ok"),
        "2023-24": (2726494.0, "provisional"),
        "2024-25": (2797909.0, "provisional"),
    }


def test_the_calendar_years_beside_it_are_series_of_their_own():
    found = values(table(), "gdp_deflator_chained_calendar")
    assert found["2022"] == (100.0, "ok")
    assert found["2023"] == (pytest.approx(107.03), "provisional")
    assert values(table(), "money_gdp_nsa_calendar")["2021"] == (2284079.0, "ok")


def test_the_date_is_that_of_the_last_update():
    assert table().date == "2023-12-22"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"note": "Forecasts are forecasts"}, "no note says for which years"),
        ({"top": [TOP[0], *TOP[2:]]}, "when it was last updated"),
        ({"top": TOP[:4]}, "no header line"),
        (
            {"years": [*YEARS[:3], ["", "2024-25", "-", "-", "1", "1", "", "2024", "1", "1", "1"]]},
            "cell D9 has neither",
        ),
        ({"years": [["", "2021-22", "about 94", *YEARS[0][3:]], *YEARS[1:]]}, "cell C6 holds 'about 94'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(change, message):
    with pytest.raises(BadInput, match=message):
        table(**change)
