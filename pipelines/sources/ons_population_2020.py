"""Mid-year population estimates, June 2020: people by area from mid-2001 to mid-2020, ages, area and density.

The boundaries are those of April 2021, so the councils abolished in April 2023 are here. Series are those of
`ons_population`: `population` from MYE4 (one column per mid-year), `area_km2` and `population_density` from the sheet
named `MYE 5`, ages from MYE2 for mid-2020. Estimates made before the 2021 census, revised since. A legacy .xls file.
Not returned: MYE1, MYE2 by sex, MYE3 (components of change), MYE6 (median age) and MYE7 (measures of uncertainty).
"""

from __future__ import annotations

import re

from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import CellRows, Column, Parsed, normal_label, workbook
from pipelines.sources.ons_population import (
    add_ages,
    add_columns,
    add_density_table,
    body_rows,
    published,
    table_grid,
)

PUBLISHER = "Office for National Statistics"
DATASET = "ons_population_2020"
TITLE = "Mid-year population estimates, UK, June 2020"
URL = (
    "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
    "populationestimatesforukenglandandwalesscotlandandnorthernireland"
)
LICENCE = "OGL-UK-3.0"
FILES = ("ukpopestimatesmid2020*.xls",)


def parse(data: bytes, name: str) -> Parsed:
    """Cells of MYE4, MYE5 and MYE2; dated by `Date published` on the cover sheet."""
    book = workbook(data, name)
    out = CellRows(name)
    day = add_ages(book, out, name)
    add_yearly(book, out, name)
    add_density_table(book, out, day, ("area_km2", "population_density"), name)
    return Parsed(published(book, name), out.frame())


def add_yearly(book: CalamineWorkbook, out: CellRows, name: str) -> None:
    """Add the population of every mid-year that MYE4 has a column for (`Mid-2020`, ` Mid-2006`)."""
    sheet, grid, top = table_grid(book, "MYE4", name)
    columns = []
    for c, label in enumerate(grid[top]):
        if found := re.fullmatch(r"mid-(\d{4})", normal_label(label)):
            columns.append(Column(c, "population", f"{found[1]}-06-30", label.strip()))
    if not columns:
        raise BadInput(f"{name}: sheet '{sheet}' has no column such as Mid-2020; is this the right table?")
    add_columns(out, grid, body_rows(grid, top), columns, sheet, name)
