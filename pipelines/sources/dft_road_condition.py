"""DfT RDC0120: percentage of classified road length where maintenance should have been considered, by authority.

Two wide tables (A roads and motorways; B and C roads), one column per financial year, figures in per cent.
"""

from __future__ import annotations

import re

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    checked,
    clean_name,
    find_header,
    locator,
    normal_label,
    sheet_grid,
    wide_cells,
    workbook,
)
from pipelines.sources.periods import iso_day, year_ending_march

PUBLISHER = "DfT"
DATASET = "dft_road_condition"
TITLE = "Road condition, RDC0120: classified roads where maintenance should have been considered, England"
URL = "https://www.gov.uk/government/statistical-data-sets/road-condition-statistics-data-tables-rdc"
LICENCE = "OGL-UK-3.0"
FILES = ("road-condition-data.ods", "rdc0120*.ods", "RDC0120*.ods")

SHEETS = ("RDC0120_A_Roads_and_Motorways", "RDC0120_B_and_C_Roads")
MEASURE = "percentage where maintenance should have been considered"
# The publisher's shorthand: [x] unavailable, [y] submitted but unrepresentative, [z] not applicable.
MARKERS = {"[x]": "missing", "[y]": "missing", "[z]": "not_applicable"}
NO_NOTE = "[z]"
YEAR = re.compile(r"FYE (\d{4})")
APPLIES = re.compile(r"\[(\w+)\] applies to ((?:[A-Z]+\d+(?:, | and )?)+)")


def parse(data: bytes, name: str) -> Parsed:
    """Every percentage of both tables; `FYE 2024` is the financial year 2023-24.

    Series are `<sheet>:percentage where maintenance should have been considered`. A figure measured otherwise than by
    SCANNER is a break: DfT calls it not directly comparable; `<sheet>:method` then holds the note's mark.
    Timeless facts: `<sheet>:region` and, where there are any, `<sheet>:notes` in the publisher's words.
    Left out: titles, the cover, the contents.
    """
    book = workbook(data, name)
    methods = other_methods(sheet_grid(book, "Notes", name))
    cells = [table(book, sheet, methods, name) for sheet in SHEETS]
    return Parsed(last_updated(book, name), checked(pl.concat(cells), name))


def table(book: CalamineWorkbook, sheet: str, methods: set[str], name: str) -> pl.DataFrame:
    """Figures and facts of one table."""
    grid = sheet_grid(book, sheet, name)
    header = find_header(grid, ("ONS Area Code", "Region", "Local Authority", "Notes"), sheet, name)
    labels = [normal_label(text) for text in grid[header]]
    code, region, body, notes = map(labels.index, ("ons area code", "region", "local authority", "notes"))
    columns = year_columns(grid[header], sheet, name)
    rows = [r for r in range(header + 1, len(grid)) if any(text.strip() for text in grid[r])]
    for r in rows:
        if grid[r][body].strip() == NO_NOTE:  # England stands in the column of regions
            grid[r][body] = grid[r][region]
    cells = wide_cells(grid, rows, columns, code=code, body=body, markers=MARKERS, sheet=sheet, name=name)
    flagged = flagged_cells(grid, rows, notes, methods)
    cells = cells.with_columns(
        status=pl.when((pl.col("status") == "ok") & pl.col("locator").is_in([f"{sheet}!{at}" for at in flagged]))
        .then(pl.lit("break"))
        .otherwise("status")
    )
    facts = CellRows(name)
    for r in rows:
        bearer = grid[r][code].strip(), clean_name(grid[r][body])
        facts.add_fact(*bearer, f"{sheet}:region", clean_name(grid[r][region]), locator(sheet, r, region))
        if grid[r][notes].strip() not in ("", NO_NOTE):
            facts.add_fact(*bearer, f"{sheet}:notes", grid[r][notes], locator(sheet, r, notes))
        for column in columns:
            mark = flagged.get(locator("", r, column.index))
            if mark:
                where, period = locator(sheet, r, notes), (column.period, column.period_text)
                facts.add_fact(*bearer, f"{sheet}:method", mark, where, *period)
    return pl.concat([cells, facts.frame()])


def year_columns(header: list[str], sheet: str, name: str) -> list[Column]:
    """One column per `FYE` label."""
    found = [(c, clean_name(text), YEAR.fullmatch(clean_name(text))) for c, text in enumerate(header)]
    columns = [
        Column(c, f"{sheet}:{MEASURE}", year_ending_march(int(year[1])), words) for c, words, year in found if year
    ]
    if not columns:
        raise BadInput(f"{name}: sheet '{sheet}' has no column such as FYE 2024; is this table RDC0120?")
    return columns


def other_methods(notes: Grid) -> set[str]:
    """Numbers of the notes that say figures came from alternative methods: `{'7'}` in the release of January 2026."""
    return {row[0].split()[-1] for row in notes if len(row) > 1 and "alternative methods" in row[1] and row[0].strip()}


def flagged_cells(grid: Grid, rows: list[int], notes: int, methods: set[str]) -> dict[str, str]:
    """Cells that the column `Notes` marks with one of these notes, in its own A1 references: `{'T7': '[note 7]'}`."""
    return {
        cell: f"[note {mark}]"
        for r in rows
        for mark, cells in APPLIES.findall(grid[r][notes])
        if mark in methods
        for cell in re.findall(r"[A-Z]+\d+", cells)
    }


def last_updated(book: CalamineWorkbook, name: str) -> str:
    """The date of the cover's line `Last updated`."""
    for row in sheet_grid(book, "Cover_page", name):
        if row[0].startswith("Last updated") and (day := iso_day(row[0])):
            return day
    raise BadInput(f"{name}: sheet 'Cover_page' does not say when it was last updated; download the whole workbook")
