"""The layout of Explore Education Statistics, and the three children's files that have it."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources import dfe_cin_b1, dfe_cin_c1, dfe_csww
from tests.samples import csv_bytes

HEADER = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
]
ENGLAND = ["2023", "Reporting year", "National", "E92000001", "England", "", "", "", "", ""]
NORTH_EAST = ["2023", "Reporting year", "Regional", "E92000001", "England", "E12000001", "North East", "", "", ""]


def council(year, number, code, name):
    place = ["E92000001", "England", "E12000001", "North East"]
    return [str(year), "Reporting year", "Local authority", *place, number, code, name]


def b1(*rows):
    return csv_bytes([[*HEADER, "category", "At31_episodes", "At31_episodes_rate"], *rows], "utf-8-sig")


def one(cells, code, series):
    rows = cells.filter((cells["code"] == code) & (cells["series"] == series))
    assert rows.height == 1
    return rows.row(0, named=True)


def test_the_reporting_year_2023_is_the_financial_year_2022_23():
    parsed = dfe_cin_b1.parse(
        b1([*council(2023, "840", "E06000047", "County Durham"), "CIN", "3500", "351.2"]), "b1.csv"
    )
    cell = one(parsed.cells, "E06000047", "At31_episodes")
    assert (cell["period"], cell["period_text"], cell["value"]) == ("2022-23", "Reporting year 2023", 3500.0)
    assert parsed.date == "2023-03-31"


def test_regions_and_england_keep_their_own_codes_and_names():
    cells = dfe_cin_b1.parse(
        b1([*ENGLAND, "CIN", "403090", "342.7"], [*NORTH_EAST, "CIN", "24530", "467.4"]), "b1.csv"
    ).cells
    assert one(cells, "E92000001", "At31_episodes")["name"] == "England"
    assert one(cells, "E12000001", "At31_episodes_rate")["name"] == "North East"
    assert "dfe_number" not in cells["series"].to_list()


def test_the_bridge_is_a_fact_once_per_code():
    rows = [[*council(year, "815", "E10000023", "North Yorkshire"), "CIN", "1", "2"] for year in (2022, 2023)]
    fact = one(dfe_cin_b1.parse(b1(*rows), "b1.csv").cells, "E10000023", "dfe_number")
    assert (fact["text"], fact["period"], fact["value"], fact["status"]) == ("815", "", None, "ok")


def test_one_dfe_number_may_lead_to_two_codes():
    rows = [
        [*council(2022, "815", "E10000023", "North Yorkshire"), "CIN", "1", "2"],
        [*council(2023, "815", "E06000065", "North Yorkshire"), "CIN", "1", "2"],
    ]
    facts = dfe_cin_b1.parse(b1(*rows), "b1.csv").cells.filter(series="dfe_number")
    assert facts.select("code", "text").rows() == [("E06000065", "815"), ("E10000023", "815")]


def test_one_code_with_two_dfe_numbers_is_refused():
    rows = [
        [*council(2022, "815", "E06000065", "North Yorkshire"), "CIN", "1", "2"],
        [*council(2023, "816", "E06000065", "North Yorkshire"), "CIN", "1", "2"],
    ]
    with pytest.raises(BadInput, match="E06000065, dfe_number"):
        dfe_cin_b1.parse(b1(*rows), "b1.csv")


def test_without_an_ons_code_the_dfe_number_is_the_code():
    cells = dfe_cin_b1.parse(b1([*council(2023, "840", "", "Durham"), "CIN", "1", "2"]), "b1.csv").cells
    assert set(cells["code"]) == {"840"}


@pytest.mark.parametrize(
    ("text", "status"),
    [("c", "suppressed"), ("x", "missing"), ("z", "not_applicable"), ("u", "missing"), ("0", "ok"), ("1,200", "ok")],
)
def test_markers(text, status):
    cells = dfe_cin_b1.parse(b1([*council(2023, "840", "E06000047", "Durham"), "CIN", text, "1"]), "b1.csv").cells
    cell = one(cells, "E06000047", "At31_episodes")
    assert (cell["status"], cell["text"], cell["locator"]) == (status, text, "L2")
    assert (cell["value"] is None) == (status != "ok")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([*council(2023, "840", "E06000047", "Durham"), "CIN", "?", "1"], r"cell L2 holds '\?'"),
        ([*council("2022/23", "840", "E06000047", "Durham"), "CIN", "1", "1"], "row 2 is for 'Reporting year 2022/23'"),
        (["2023", "Reporting year", "Ward", *ENGLAND[3:], "CIN", "1", "1"], "row 2 has the geographic level 'Ward'"),
        ([*council(2023, "", "", "Durham"), "CIN", "1", "1"], "row 2 .* has no code"),
        (ENGLAND, "cell L2 holds ''"),
        ([*ENGLAND, "CIN", "1", "1", "1"], "cell N2 stands in a column without a label"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(row, message):
    with pytest.raises(BadInput, match=message):
        dfe_cin_b1.parse(b1(row), "b1.csv")


def test_c1_has_its_filter_with_a_capital_and_it_is_no_figure():
    data = csv_bytes([[*HEADER, "Category", "Re_referrals_percent"], [*ENGLAND, "Referrals", "22.4"]])
    cells = dfe_cin_c1.parse(data, "c1.csv").cells
    assert cells.select("series", "period", "value").rows() == [("Re_referrals_percent", "2022-23", 22.4)]


def csww(text):
    row = [*council(2022, "852", "E06000045", "Southampton"), text]
    return dfe_csww.parse(csv_bytes([[*HEADER, "absence_rate_fte"], row]), "csww.csv")


def test_the_workforce_is_counted_on_30_september():
    parsed = csww("3.1")
    assert one(parsed.cells, "E06000045", "absence_rate_fte")["period"] == "2022-09-30"
    assert parsed.date == "2022-09-30"


def test_low_is_above_nought_and_below_half_of_the_last_printed_digit():
    cell = one(csww("low").cells, "E06000045", "absence_rate_fte")
    assert (cell["value"], cell["status"], cell["lo"], cell["hi"]) == (None, "suppressed", 0.0, 0.05)


def test_a_joint_return_stands_as_printed():
    row = [*council(2022, "940 / 941", "E06000061 / E06000062", "North / West Northamptonshire"), "3.1"]
    cells = dfe_csww.parse(csv_bytes([[*HEADER, "absence_rate_fte"], row]), "csww.csv").cells
    assert one(cells, "E06000061 / E06000062", "dfe_number")["text"] == "940 / 941"
