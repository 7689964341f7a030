"""ONS context variables and neighbours."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources.ons_neighbours import parse
from tests.samples import xlsx_bytes

IDENTITY = ["Local Authority Code", "Local Authority Name"]
MIDDLESBROUGH = ["E06000002", "Middlesbrough"]
TITLES = [["Table"], ["Notes that apply"], ["There is 1 table on this tab."]]


def neighbours(first="S12000049"):
    labels = [label for n in range(1, 21) for label in (f"Neighbour {n}: code", f"Neighbour {n}: name")]
    rest = [cell for n in range(2, 21) for cell in (f"E060000{n:02d}", f"Place {n}")]
    return [*TITLES, [*IDENTITY, *labels], [*MIDDLESBROUGH, first, "Glasgow City", *rest]]


def book(**sheets):
    base = {
        "Contents": [["Clusters"], ["This data was released alongside a methodology article on 14/02/2025."]],
        "Notes": [
            ["Note number", "Note text"],
            [2, "Boundaries"],
            [3, "Not Winsorized"],
            [4, "Imputed"],
            [5, "Latest"],
        ],
        "Data Sources": [["Table"], ["Indicator", "Reference Year"], ["Anxiety (0 to 10 scale)", "2022/23"]],
        "4": [
            *TITLES,
            [*IDENTITY, "4g coverage (%)", "Anxiety (0 to 10 scale)"],
            [*MIDDLESBROUGH, 99.78, 3.07],
            ["E09000001", "City of London", "[c]", "[x]"],
        ],
        "7.a": neighbours(),
        "7.b": neighbours(),
        "7.c": neighbours(),
    }
    return xlsx_bytes(base | sheets)


def test_context_stands_on_the_boundaries_of_its_day_with_its_own_year_in_words():
    parsed = parse(book(), "clusters.xlsx")
    cell = parsed.cells.filter(code="E06000002", series="4:anxiety (0 to 10 scale)").row(0, named=True)
    assert (cell["value"], cell["period"], cell["period_text"]) == (3.07, "2024-12-31", "2022/23")
    assert cell["locator"] == "4!D5"
    assert parsed.date == "2025-02-14"


def test_missing_and_suppressed_are_told_apart():
    cells = parse(book(), "clusters.xlsx").cells.filter(code="E09000001")
    assert cells["status"].to_list() == ["suppressed", "missing"]


def test_neighbours_are_facts_by_model_and_rank_and_may_be_scottish():
    cells = parse(book(), "clusters.xlsx").cells.filter(code="E06000002")
    found = dict(cells.select("series", "text").rows())
    assert (found["neighbour:7a:01"], found["neighbour:7c:20"]) == ("S12000049", "E06000020")
    assert sum(series.startswith("neighbour:") for series in found) == 3 * 20


def test_the_publishers_caveats_travel_with_the_data():
    cells = parse(book(), "clusters.xlsx").cells.filter(code="UK")
    assert cells.select("series", "text").rows() == [
        ("caveat:02", "Boundaries"),
        ("caveat:03", "Not Winsorized"),
        ("caveat:04", "Imputed"),
    ]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"7.b": neighbours(first="")}, "cell 7.b!C5 names no neighbour"),
        ({"Contents": [["Clusters"]]}, "states no release day"),
        ({"4": [*TITLES, [*IDENTITY, "A"], [*MIDDLESBROUGH, ".."]]}, r"cell 4!C5 holds '\.\.'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(sheets, message):
    with pytest.raises(BadInput, match=message):
        parse(book(**sheets), "clusters.xlsx")
