"""Mid-year population estimates, June 2022: people by area in mid-2022 and mid-2011, ages, area and density.

Series: `population` (mid-2022 and mid-2011) and `population_density` (people per km2) from table MYE5, `area_km2` from
MYE5, and from MYE2 (persons, mid-2022) `population_0_17`, `population_18_64`, `population_18_plus`,
`population_65_plus`, each the sum of single years of age; the fact `geography` is the publisher's type of area.
Boundaries of April 2023: the 20 councils abolished then have no row. Countries, regions and counties are returned too.
Not returned: MYE1, MYE2 by sex, MYE4, MYE6 and MYEB1, which repeat or refine the same figures.
"""

from __future__ import annotations

import re

from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    Reading,
    clean_name,
    column_index,
    find_header,
    locator,
    normal_label,
    number,
    reading,
    sheet_grid,
    unknown_marker,
    workbook,
)
from pipelines.sources.periods import iso_day

PUBLISHER = "Office for National Statistics"
DATASET = "ons_population"
TITLE = "Mid-year population estimates, UK, June 2022 (MYE22UK)"
URL = (
    "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
    "populationestimatesforukenglandandwalesscotlandandnorthernireland"
)
LICENCE = "OGL-UK-3.0"
FILES = ("mye22*.xlsx",)

HEADER = ("Code", "Name", "Geography")
OLDEST = 90  # the last column of MYE2, `90+`
AGE_BANDS = {
    "population_0_17": (0, 17),
    "population_18_64": (18, 64),
    "population_18_plus": (18, OLDEST),
    "population_65_plus": (65, OLDEST),
}


def parse(data: bytes, name: str) -> Parsed:
    """Cells of MYE5 and MYE2; dated by `Date published` on the cover sheet."""
    book = workbook(data, name)
    out = CellRows(name)
    day = add_ages(book, out, name)
    add_density_table(book, out, day, ("population", "area_km2", "population_density"), name)
    return Parsed(published(book, name), out.frame())


def published(book: CalamineWorkbook, name: str) -> str:
    """The day after `Date published` on the cover sheet."""
    for row in sheet_grid(book, "Cover sheet", name):
        if row and row[0].startswith("Date published"):
            day = iso_day(row[0])
            if day:
                return day
    raise BadInput(f"{name}: the cover sheet has no line 'Date published: ...'; is this the right workbook?")


def table_grid(book: CalamineWorkbook, table: str, name: str) -> tuple[str, Grid, int]:
    """Sheet name as found (`MYE5` or `MYE 5`), its rows, and its header's index, below title and feedback links."""
    wanted = "".join(table.split()).lower()
    sheet = next((found for found in book.sheet_names if "".join(found.split()).lower() == wanted), table)
    grid = sheet_grid(book, sheet, name)
    return sheet, grid, find_header(grid, HEADER, sheet, name)


def body_rows(grid: Grid, top: int) -> list[int]:
    """Rows below the header that hold anything."""
    return [r for r in range(top + 1, len(grid)) if any(cell.strip() for cell in grid[r])]


def add_ages(book: CalamineWorkbook, out: CellRows, name: str) -> str:
    """Add the age bands and the type of area from MYE2; returns the mid-year day that its title states."""
    sheet, grid, top = table_grid(book, "MYE2 - Persons", name)
    stated = re.search(r"mid-(\d{4})", grid[0][0])
    if stated is None:
        raise BadInput(f"{name}: the title of sheet '{sheet}' states no mid-year such as mid-2022; is it whole?")
    day, words = f"{stated[1]}-06-30", f"mid-{stated[1]}"
    ages = [column_index(grid[top], f"{age}+" if age == OLDEST else str(age), sheet, name) for age in range(OLDEST + 1)]
    for r in body_rows(grid, top):
        line = grid[r]
        code, body = line[0].strip(), clean_name(line[1])
        out.add_fact(code, body, "geography", line[2].strip(), locator(sheet, r, 2))
        people = [whole(line[c], locator(sheet, r, c), name) for c in ages]
        for series, (low, high) in AGE_BANDS.items():
            where = f"{locator(sheet, r, ages[low])}:{locator('', r, ages[high])}"
            text = f"sum of ages {low} to {f'{high}+' if high == OLDEST else high}"
            found = Reading(sum(people[low : high + 1]), "ok")
            out.add(code, body, Column(0, series, day, words), text, found, where)
    return day


def whole(text: str, where: str, name: str) -> float:
    """A number of people; these tables have no markers."""
    value = number(text)
    if value is None:
        raise unknown_marker(text, where, name)
    return value


def add_density_table(book: CalamineWorkbook, out: CellRows, area_day: str, wanted: tuple[str, ...], name: str) -> None:
    """Add the wanted series of MYE5: area (at `area_day`), population and density (at the year in their labels)."""
    sheet, grid, top = table_grid(book, "MYE5", name)
    columns = [column for column in density_columns(grid[top], area_day) if column.series in wanted]
    missing = sorted(set(wanted) - {column.series for column in columns})
    if missing:
        raise BadInput(f"{name}: sheet '{sheet}' has no column for {', '.join(missing)}; is this the right table?")
    add_columns(out, grid, body_rows(grid, top), columns, sheet, name)


def density_columns(header: list[str], area_day: str) -> list[Column]:
    """Which series and day each column of MYE5 holds, read from its label."""
    columns = []
    for c, label in enumerate(map(normal_label, header)):
        if label == "area (sq km)":
            columns.append(Column(c, "area_km2", area_day, label))
        elif found := re.fullmatch(r"estimated population (mid-(\d{4}))", label):
            columns.append(Column(c, "population", f"{found[2]}-06-30", found[1]))
        elif found := re.fullmatch(r"((\d{4})) people per sq\. km", label):
            columns.append(Column(c, "population_density", f"{found[2]}-06-30", f"mid-{found[1]}"))
    return columns


def add_columns(out: CellRows, grid: Grid, rows: list[int], columns: list[Column], sheet: str, name: str) -> None:
    """Add these columns of these rows; there are no markers in these tables."""
    for r in rows:
        for column in columns:
            text = grid[r][column.index]
            found = reading(text, {})
            if found is None:
                raise unknown_marker(text, locator(sheet, r, column.index), name)
            out.add(grid[r][0].strip(), clean_name(grid[r][1]), column, text, found, locator(sheet, r, column.index))
