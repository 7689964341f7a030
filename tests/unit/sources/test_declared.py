"""Tables described in YAML: each key of the description, and each refusal, on a table of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.declared import declared_parser
from pipelines.sources.declared_table import DateRule, FactColumn, PeriodRule, SeriesColumn, Table, canonical
from tests.samples import csv_bytes, ods_bytes, xlsx_bytes

WIDE = [["Code", "Name", "Year", "Cost", "Staff"], ["A1", "Alpha [note 2]", "2022/23", "1,200", "7.5"]]


def table(**changes):
    given = {
        "publisher": "P",
        "title": "T",
        "url": "https://example.org",
        "licence": "CC0-1.0",
        "header": 1,
        "code": "Code",
        "name": "Name",
        "period": PeriodRule(column="Year", form="financial_year"),
        "series": (SeriesColumn(column="Cost", series="cost"), SeriesColumn(column="Staff", series="staff")),
    }
    return Table(**{**given, **changes})


def parsed(rows, name="t.csv", **changes):
    build = {"csv": csv_bytes, "ods": ods_bytes, "lsx": xlsx_bytes}[name[-3:]]
    return declared_parser(table(**changes))(build({"Data": rows} if name[-3:] != "csv" else rows), name)


def cell(result, code, series, period="2022-23"):
    wanted = (pl.col("code") == code) & (pl.col("series") == series) & (pl.col("period") == period)
    return result.cells.row(by_predicate=wanted, named=True)


def refused(rows, **changes):
    with pytest.raises(BadInput) as refusal:
        parsed(rows, **changes)
    message = str(refusal.value)
    assert message.startswith("t.csv: ")
    assert "\n" not in message
    return message


def test_a_wide_table_with_its_period_in_a_column():
    result = parsed(WIDE)
    cost = cell(result, "A1", "cost")
    assert (cost["value"], cost["text"], cost["locator"], cost["name"]) == (1200.0, "1,200", "D2", "Alpha")
    assert (cost["period_text"], cost["status"]) == ("2022/23", "ok")
    assert cell(result, "A1", "staff")["value"] == 7.5
    assert result.date == "2023-03-31"  # the end of the newest period, as the table states no date


@pytest.mark.parametrize("name", ["t.ods", "t.xlsx"])
def test_a_workbook_names_its_sheet_in_the_locator(name):
    rows = [["Title"], [], *WIDE]
    assert cell(parsed(rows, name, sheet="Data", header=3), "A1", "cost")["locator"] == "Data!D4"
    assert (
        cell(parsed(rows, name, header=3), "A1", "cost")["locator"] == "Data!D4"
    )  # the first sheet when none is named


def test_the_header_is_found_by_labels_wherever_it_stands():
    rows = [["A title"], ["Code of practice"], *WIDE]
    assert cell(parsed(rows, header=("code", "COST")), "A1", "cost")["locator"] == "D4"


def test_a_long_table_has_one_series_per_row():
    rows = [["Code", "Name", "Year", "Item", "Figure"], ["A1", "Alpha", "2022-23", "cost", "5"]]
    rows += [["A1", "Alpha", "2022-23", "staff", "2"]]
    result = parsed(rows, series=(), series_column="Item", value_column="Figure")
    assert [cell(result, "A1", s)["value"] for s in ("cost", "staff")] == [5.0, 2.0]


def test_a_long_table_of_one_series_takes_its_label_as_the_series():
    rows = [["Code", "Name", "Year", "Net Cost"], ["A1", "Alpha", "2022-23", "5"]]
    assert cell(parsed(rows, series=(), value_column="Net Cost"), "A1", "net cost")["value"] == 5.0


def test_periods_in_the_labels_are_one_column_each():
    rows = [["Code", "Name", "Cost 2021-22 [note 1]", "Cost 2022-23", "Cost per head"], ["A1", "Alpha", "1", "2", "9"]]
    one = (SeriesColumn(column="Cost {period}", series="cost"),)
    result = parsed(rows, period=PeriodRule(form="financial_year"), series=one)
    assert result.cells["value"].to_list() == [1.0, 2.0]  # `Cost per head` is no period, so no figure of this series
    assert cell(result, "A1", "cost", "2021-22")["period_text"] == "Cost 2021-22"


def test_a_fixed_period_and_a_column_with_a_period_of_its_own():
    rows = [["Code", "Name", "Cost", "Area"], ["A1", "Alpha", "5", "7"]]
    two = (SeriesColumn(column="Cost", series="cost"), SeriesColumn(column="Area", series="area", period="2011-03-27"))
    result = parsed(rows, period=PeriodRule(fixed="2022-23"), series=two)
    assert cell(result, "A1", "cost")["value"] == 5.0
    assert cell(result, "A1", "area", "2011-03-27")["value"] == 7.0


@pytest.mark.parametrize(
    ("words", "form", "period"),
    [
        ("2022-23", "canonical", "2022-23"),
        ("2022–23", "financial_year", "2022-23"),
        ("FYE 2024", "year_ending_march", "2023-24"),
        ("2024", "calendar_year", "2024"),
        ("31 March 2023", "date", "2023-03-31"),
        ("31/03/2023", "date", "2023-03-31"),
        ("2023-03-31", "date", "2023-03-31"),
        ("2022 Q1", "quarter", "2022-Q1"),
        ("March 2022", "month", "2022-M03"),
        ("2022-03", "month", "2022-M03"),
        ("2022-24", "financial_year", None),
        ("2022/23", "canonical", None),
        ("12022", "calendar_year", None),
        ("soon", "date", None),
    ],
)
def test_forms_of_a_period(words, form, period):
    assert canonical(words, form) == period


def test_markers_bounds_and_suffixes_give_statuses():
    rows = [WIDE[0], ["A1", "Alpha", "2022-23", "c", "12p"], ["A2", "Beta", "2022-23", "..", "3"]]
    rules = {"markers": {"c": "suppressed", "..": "missing"}, "bounds": {"c": (1, 4)}, "suffixes": {"p": "provisional"}}
    result = parsed(rows, **rules)
    hidden, rough = cell(result, "A1", "cost"), cell(result, "A1", "staff")
    assert (hidden["status"], hidden["value"], hidden["lo"], hidden["hi"]) == ("suppressed", None, 1.0, 4.0)
    assert (rough["status"], rough["value"], rough["text"]) == ("provisional", 12.0, "12p")
    assert cell(result, "A2", "cost")["status"] == "missing"


def test_facts_are_words_without_a_period_and_stand_once_per_body():
    rows = [["Code", "Name", "Year", "Cost", "Staff", "Region"], ["A1", "Alpha", "2021-22", "1", "1", "North"]]
    rows += [["A1", "Alpha", "2022-23", "2", "2", "North"], ["A2", "Beta", "2022-23", "2", "2", ""]]
    facts = parsed(rows, facts=(FactColumn(column="Region", series="region"),)).cells.filter(
        pl.col("series") == "region"
    )
    assert facts.select("code", "period", "text", "value", "status").rows() == [("A1", "", "North", None, "ok")]


@pytest.mark.parametrize(
    ("rule", "rows", "date"),
    [
        (DateRule(fixed="2024-05-01"), WIDE, "2024-05-01"),
        (DateRule(cell="B1"), [["Updated", "6 June 2024"], *WIDE], "2024-06-06"),
        (DateRule(cell="B1"), [["Updated", "2024-06-06"], *WIDE], "2024-06-06"),
    ],
)
def test_the_edition_is_dated_by_the_files_own_words(rule, rows, date):
    assert parsed(rows, date=rule, header=("Code", "Cost")).date == date


def test_the_table_ends_at_a_blank_row_or_at_its_end_mark():
    notes = [[], ["Note 1", "not a body"]]
    assert parsed([*WIDE, *notes]).cells.height == 2
    assert parsed([*WIDE, ["Source: P"]], stop_at="Source").cells.height == 2
    later = [*WIDE, [], ["A2", "Beta", "2022-23", "1", "1"]]
    assert parsed(later, through_blank_rows=True).cells.height == 4


def test_rows_above_the_first_data_row_and_listed_totals_are_left_out():
    rows = [WIDE[0], ["(£000)", "", "", "", ""], WIDE[1], ["ALL", "Total", "2022-23", "9", "9"]]
    assert parsed(rows, first_row=3, skip_codes=("ALL",)).cells["code"].unique().to_list() == ["A1"]


@pytest.mark.parametrize(
    ("rows", "changes", "words"),
    [
        (
            [WIDE[0], ["A1", "Alpha", "2022-23", "?", "1"]],
            {},
            "cell D2 holds '?', which is neither a number nor a marker",
        ),
        ([WIDE[0], ["", "Alpha", "2022-23", "1", "1"]], {}, "cell A2 has no code ('Alpha')"),
        ([WIDE[0], ["A1", "Alpha", "2022-24", "1", "1"]], {}, "cell C2 holds '2022-24', which is no period"),
        ([WIDE[0], WIDE[1], WIDE[1]], {}, "A1, cost, 2022/23 stands more than once (D2, D3)"),
        ([["Code", "Name", "Year", "Staff"]], {}, "no column 'Cost' in row 1"),
        ([["Code", "Name", "Year", "Cost", "Cost", "Staff"]], {}, "2 columns 'Cost' in row 1"),
        (WIDE, {"header": ("Code", "Price")}, "no header row with Code, Price"),
        (WIDE, {"header": 9}, "header row 9 lies outside the table (2 rows)"),
        (WIDE, {"sheet": "Data"}, "a CSV has no sheets"),
        (WIDE[:1], {}, "no figures found"),
        (WIDE, {"date": DateRule(cell="A1")}, "cell A1 holds 'Code', which states no day"),
        (WIDE, {"date": DateRule(cell="ZZ99")}, "cell ZZ99 holds ''"),
        (
            WIDE,
            {
                "series": (SeriesColumn(column="Cost {period}", series="cost"),),
                "period": PeriodRule(form="financial_year"),
            },
            "no column reads 'Cost {period}' with a period written as financial_year",
        ),
        (
            [["Code", "Name", "Cost"], ["A1", "Alpha", "5"]],
            {"period": PeriodRule(), "series": (SeriesColumn(column="Cost", series="cost"),)},
            "states neither a period nor a date",
        ),
    ],
)
def test_refusals_name_the_place_and_the_way_out(rows, changes, words):
    assert words in refused(rows, **changes)


def test_a_missing_sheet_and_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadInput, match="no sheet 'Other'"):
        parsed(WIDE, "t.xlsx", sheet="Other")
    with pytest.raises(BadInput, match="NUL"):
        declared_parser(table())(b"Code,\x00", "t.csv")
