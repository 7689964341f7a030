"""Mid-year populations: titles and feedback links above the header, ages added up, sheet names with a space."""

import pytest

from pipelines.errors import BadInput
from pipelines.sources import ons_population, ons_population_2020
from tests.samples import xlsx_bytes

ABOVE = [["This worksheet contains one table."], *[["This met my needs"]] * 5, []]
IDENTITY = ["Code", "Name", "Geography"]
ADUR = ["E07000223", "Adur", "Non-metropolitan District"]


def titled(title, *rows):
    return [[title], *ABOVE[:6], *rows]


def ages(title="MYE2: Persons, mid-2022"):
    header = [*IDENTITY, "All ages", *[str(age) for age in range(90)], "90+"]
    return titled(title, header, [*ADUR, 91 * 90 // 2, *range(91)])


def cover(line="Date published: 26th March 2024"):
    return [["Mid-Year Population Estimates, UK"], ["Release number: MYE22UK"], [line]]


MYE5 = titled(
    "MYE5: Population density",
    [
        *IDENTITY,
        "Area (sq km)",
        "Estimated Population mid-2022",
        "2022 people per sq. km",
        "Estimated Population mid-2011",
        "2011 people per sq. km",
    ],
    [*ADUR, 41.9, 64544, 1540, 61334, 1464],
)
MYE4 = titled("MYE4: Population estimates", [*IDENTITY, "Mid-2020", " Mid-2006"], [*ADUR, 64187, 60600])


def y2022(**sheets):
    book = {"Cover sheet": cover(), "MYE2 - Persons": ages(), "MYE5": MYE5} | sheets
    return ons_population.parse(xlsx_bytes(book), "mye22final.xlsx")


def y2020(**sheets):
    book = {
        "Cover sheet": cover("Date published: 25th June 2021"),
        "MYE2 - Persons": ages("MYE2: Persons, mid-2020"),
        "MYE4": MYE4,
        "MYE 5": MYE5,
    }
    return ons_population_2020.parse(xlsx_bytes(book | sheets), "ukpopestimatesmid2020.xlsx")


def figures(parsed, *series):
    rows = parsed.cells.filter(parsed.cells["series"].is_in(series))
    return {(s, p): v for s, p, v in rows.select("series", "period", "value").rows()}


def test_population_stands_at_two_days_below_the_feedback_links():
    parsed = y2022()
    assert figures(parsed, "population", "area_km2", "population_density") == {
        ("population", "2022-06-30"): 64544.0,
        ("population", "2011-06-30"): 61334.0,
        ("area_km2", "2022-06-30"): 41.9,
        ("population_density", "2022-06-30"): 1540.0,
        ("population_density", "2011-06-30"): 1464.0,
    }
    assert parsed.date == "2024-03-26"


def test_age_bands_are_sums_of_single_years():
    bands = figures(y2022(), *ons_population.AGE_BANDS)
    assert bands == {  # the sample has as many people of each age as the age says
        ("population_0_17", "2022-06-30"): sum(range(18)),
        ("population_18_64", "2022-06-30"): sum(range(18, 65)),
        ("population_18_plus", "2022-06-30"): sum(range(18, 91)),
        ("population_65_plus", "2022-06-30"): sum(range(65, 91)),
    }


def test_a_sum_says_which_cells_it_adds():
    cell = y2022().cells.filter(series="population_0_17").row(0, named=True)
    assert (cell["text"], cell["locator"]) == ("sum of ages 0 to 17", "MYE2 - Persons!E9:V9")


def test_the_type_of_area_is_a_fact():
    assert y2022().cells.filter(series="geography")["text"].to_list() == ["Non-metropolitan District"]


def test_the_file_of_2020_has_a_population_per_mid_year_and_a_sheet_with_a_space():
    parsed = y2020()
    assert figures(parsed, "population") == {
        ("population", "2020-06-30"): 64187.0,
        ("population", "2006-06-30"): 60600.0,
    }
    assert figures(parsed, "area_km2") == {("area_km2", "2020-06-30"): 41.9}
    assert parsed.cells.filter(series="area_km2")["locator"].to_list() == ["MYE 5!D9"]
    assert parsed.date == "2021-06-25"


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Cover sheet": cover("Published in March")}, "no line 'Date published"),
        ({"MYE2 - Persons": ages("MYE2: Persons")}, "states no mid-year"),
        ({"MYE5": titled("MYE5", [*IDENTITY, "Area (sq km)"], [*ADUR, 41.9])}, "no column for population"),
        ({"MYE5": [*MYE5[:8], [*ADUR, 41.9, "No data", 1, 2, 3]]}, "cell MYE5!E9 holds 'No data'"),
        ({"MYE5": [*MYE5, ["", *ADUR[1:], 1, 1, 1, 1, 1]]}, "belongs to no identified body"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(sheets, message):
    with pytest.raises(BadInput, match=message):
        y2022(**sheets)


def test_an_age_without_a_number_is_refused():
    spoiled = ages()
    spoiled[-1][10] = ""
    with pytest.raises(BadInput, match="cell MYE2 - Persons!K9 holds ''"):
        y2022(**{"MYE2 - Persons": spoiled})


def test_a_file_without_mid_year_columns_is_refused():
    with pytest.raises(BadInput, match="no column such as Mid-2020"):
        y2020(MYE4=titled("MYE4", IDENTITY, ADUR))
