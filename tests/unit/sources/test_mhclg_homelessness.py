"""Homelessness: each quirk of the publisher's workbooks on tables of a few lines."""

import polars as pl
import pytest

from pipelines.errors import BadInput
from pipelines.sources.mhclg_homelessness import parse
from tests.samples import ods_bytes, xlsx_bytes

BROKEN_LINK = "'file:///D:/Users/somebody/Downloads/Tables_201803%20(1).xlsx'#Contents"
BB = "TA1:bed and breakfast hotels (including shared annexes): "
TOTAL = "TA1:total number of households in ta"

TA1_FIRST = ["", "", "", "", "Total number of households in TA1,2,3,4", "Number of households in area5  (000s)"]
TA1_LAST = "In TA in another local authority district"
A1_FIRST = ["", "", "", "", "Total initial assessments1,2", "", "Assessed as owed a duty"]


def ta1(*bodies, day="31 March 2022", updated="Latest update: July 2022"):
    return [
        [f"Table TA1 - Number of households by type of temporary accommodation provided\nEngland, {day}"],
        [
            "",
            "",
            "",
            "",
            "Households in temporary accommodation at end of quarter1",
            "",
            "",
            "Bed and breakfast hotels",
        ],
        ["", "", "", "", "Grand Total"],
        [
            "",
            "",
            "",
            "",
            "Sum of Total households in TA",
            "",
            "",
            "Sum of BB Total",
            "Sum of BB with children",
            "",
            "TRUE",
        ],
        [*TA1_FIRST, "", "Bed and breakfast hotels (including shared annexes)", "", "", TA1_LAST],
        ["", "", "", "", "", "", "", "Total number of households", "Total  with children"],
        ["E92000001", "ENGLAND", "", "", 95060, 23868.496, "", 10030, 1700, "", 26620],
        ["E12000007", "London", "", "", 56460, 3597.63, "", 2890, 260, "", 21620],
        ["-", "Rest of England", "", "", 38600, 20270.866, "", 7140, 1440, "", 4990],
        [""],
        ["E12000007", "London", "", "", 56460, 3597.63, "", 2890, 260, "", 21620],
        *bodies,
        [""],
        ["", "Notes:"],
        ["", 1, "", "", "England and regional totals include imputations for missing values."],
        ["", "-", "", "", "B&B breakdowns have been suppressed for local authorities with fewer than 5 households"],
        ["", "", "", "", updated],
        ["", "", "", "", "Next update: Autumn 2022"],
    ]


def a1(*bodies, quarter="January to March 2022"):
    return [
        [f"Table A1 - Number of households by initial assessment\nEngland, {quarter}"],
        ["", "", "", "", "Total number of households assessed1,2", "", "Total households assessed as owed a duty"],
        ["", "", "", "", "", "", "", "Number of households"],
        [*A1_FIRST, "", "", "", "Households assessed as homeless\nper (000s)"],
        [
            "",
            "",
            "",
            "",
            "",
            "",
            "Total owed a prevention or relief duty",
            "Homeless - \nRelief duty owed4",
            "Of which:",
        ],
        ["", "", "", "", "", "", "", "", "due to service of valid Section 21 Notice3"],
        ["E92000001", "ENGLAND", "", "", 76880, "", 74230, 36970, 6400, "", 1.549],
        *bodies,
        ["Notes"],
        [1, "The outcome of the assessment."],
        ["..", "incomplete or no data received from the local authority"],
    ]


ADUR = ["E07000223", "Adur", "", "", 125, 28.473, "", 40, 7, "", 3]


def book(*bodies, build=ods_bytes, name="Detailed_LA_202203.ods", sheets=None, **options):
    first = {"Contents": [["Contents"]], "A1": a1(), "TA1": ta1(*bodies, **options)}
    return parse(build(first | (sheets or {})), name)


def one(parsed, code, series=TOTAL):
    return parsed.cells.row(by_predicate=(pl.col("code") == code) & (pl.col("series") == series), named=True)


def test_stock_has_a_day_and_flows_have_a_quarter():
    parsed = book(ADUR)
    stock = one(parsed, "E07000223")
    assert (stock["value"], stock["period"], stock["locator"]) == (125.0, "2022-03-31", "TA1!E12")
    flow = one(parsed, "E92000001", "A1:total initial assessments")
    assert (flow["value"], flow["period"], flow["period_text"]) == (76880.0, "2022-Q1", "January to March 2022")


def test_labels_come_group_first_without_footnotes_and_pivot_leftovers():
    assert set(book(ADUR).cells["series"]) == {
        TOTAL,
        "TA1:number of households in area (000s)",
        f"{BB}total number of households",
        f"{BB}total with children",
        "TA1:in ta in another local authority district",
        "A1:total initial assessments",
        "A1:assessed as owed a duty: total owed a prevention or relief duty",
        "A1:assessed as owed a duty: homeless - relief duty owed",
        "A1:assessed as owed a duty: of which: due to service of valid section 21 notice",
        "A1:households assessed as homeless per (000s)",
    }


def test_household_denominators_stay_thousands():
    assert one(book(ADUR), "E07000223", "TA1:number of households in area (000s)")["value"] == 28.473


def test_two_dots_are_missing():
    found = one(book([*ADUR[:4], "..", *ADUR[5:]]), "E07000223")
    assert (found["value"], found["status"], found["text"]) == (None, "missing", "..")


def test_a_dash_under_bed_and_breakfast_is_suppressed_between_0_and_the_published_total():
    found = one(book([*ADUR[:7], 3, "-", "", 3]), "E07000223", f"{BB}total with children")
    assert (found["value"], found["status"], found["lo"], found["hi"]) == (None, "suppressed", 0.0, 3.0)


def test_a_dash_elsewhere_is_no_return():
    found = one(book([*ADUR[:10], "-"]), "E07000223", "TA1:in ta in another local authority district")
    assert (found["status"], found["lo"]) == ("missing", None)


def test_the_rest_of_england_is_kept_under_its_name():
    found = one(book(ADUR), "rest of england")
    assert (found["value"], found["name"]) == (38600.0, "Rest of England")


def test_london_stands_twice_and_counts_once():
    parsed = book(ADUR)
    assert one(parsed, "E12000007")["locator"] == "TA1!E8"
    with pytest.raises(BadInput, match=r"E12000007.*stands more than once"):
        book(["E12000007", "London", "", "", 1, 1, "", 1, 1, "", 1])


def test_a_sheet_named_by_a_broken_link_breaks_nothing():
    assert one(book(ADUR, sheets={BROKEN_LINK: [["#REF!"]]}), "E07000223")["value"] == 125.0


def test_the_xlsx_of_2024_reads_the_same():
    parsed = book(ADUR, build=xlsx_bytes, name="Detailed_LA_202403.xlsx", day="31 March 2024")
    assert one(parsed, "E07000223")["period"] == "2024-03-31"


def test_the_month_of_the_update_counts_to_its_last_day():
    assert book(ADUR).date == "2022-07-31"
    assert book(ADUR, updated="").date == "2022-03-31"


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: book([*ADUR[:4], "n/a", *ADUR[5:]]), "TA1!E12 holds 'n/a'"),
        (lambda: book(["", *ADUR[1:]]), "no identified body"),
        (lambda: book(ADUR, ["E07000223", *ADUR[1:4], 9, *ADUR[5:]]), "more than once"),
        (lambda: book(ADUR, day="spring"), "title of sheet 'TA1' ends in 'spring'"),
        (lambda: parse(ods_bytes({"A1": a1()}), "f.ods"), "no sheet 'TA1'"),
        (lambda: parse(ods_bytes({"A1": ta1(), "TA1": ta1()}), "f.ods"), "no label 'total initial assessments'"),
    ],
)
def test_spoiled_workbooks_are_refused(build, words):
    with pytest.raises(BadInput, match=words):
        build()
