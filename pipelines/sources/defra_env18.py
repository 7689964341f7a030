"""Defra local authority collected waste (ENV18): tonnes collected, how they were treated, and the rates.

One workbook for all years. Collection, disposal and unitary authorities stand in one table: adding a county and its
districts counts the same waste twice.
"""

from __future__ import annotations

import re

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Grid,
    Line,
    Parsed,
    checked,
    clean_name,
    find_header,
    locator,
    long_cells,
    normal_label,
    sheet_grid,
    workbook,
)
from pipelines.sources.periods import financial_year, iso_day

PUBLISHER = "Defra"
DATASET = "defra_env18"
TITLE = "Local authority collected waste statistics, England (ENV18)"
URL = "https://www.gov.uk/government/statistical-data-sets/env18-local-authority-collected-waste-annual-results-tables"
LICENCE = "OGL-UK-3.0"
FILES = ("waste-data.ods", "LA_and_Regional_Spreadsheet_*.ods")

TABLES = ("Table_1", "Table_2", "Table_3")
# Notes sheet: '":" or "-" symbols mean that the data is not available'. In Table 3 the dash stands in every cell of
# the landfill rate of collection authorities, which dispose of nothing, and nowhere else: it does not apply.
MARKERS = {"-": "not_applicable", ":": "missing", "": "missing"}
FACTS = ("region", "authority type")
KEYS = ("financial year", "year", "region", "ons code", "jpp order", "geographical code")
NAMES = ("local authority", "authority", "authority type")
FOOTNOTE = re.compile(r"(?<=[a-z])\s?\d$|\s*- see \"notes\" sheet.*$")


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of tables 1 (tonnes), 2 (management, tonnes) and 3 (rates: kg, and fractions of 1), by authority.

    Series are `<sheet>:<label>`, as `Table_3:percentage of household waste sent for reuse, recycling or composting (ex
    ni192)`, which is a fraction. Facts per table, body and year: `Table_1:region`, `Table_1:authority type`.
    Rows of totals have no code: theirs is `region:<name>` (`region:England`); those marked provisional are so.
    Left out: titles, Defra's sort keys (JPP order, geographical code), the notes at the foot, the tables of regions
    (1a, 2a, 3a, 3b) and table 4, which repeats the highest and lowest rates of table 3 without codes.
    """
    book = workbook(data, name)
    cells = [part for sheet in TABLES for part in table(book, sheet, name)]
    return Parsed(release_date(book, name), checked(pl.concat(cells), name))


def table(book: CalamineWorkbook, sheet: str, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures and facts of one table, whose header stands under its titles and whose notes stand at its foot."""
    grid = sheet_grid(book, sheet, name)
    header = find_header(grid, ("Region", "ONS Code", "Authority type"), sheet, name)
    labels = [normal_label(text) for text in grid[header]]
    series = {
        c: f"{sheet}:{FOOTNOTE.sub('', label)}"
        for c, label in enumerate(labels)
        if label and label not in KEYS and label not in NAMES
    }
    lines = authority_lines(grid, header, labels, sheet, name)
    facts = CellRows(name)
    for c, label in enumerate(labels):
        for line in lines if label in FACTS else ():
            place = locator(sheet, line.row, c)
            facts.add_fact(
                line.code, line.body, f"{sheet}:{label}", grid[line.row][c], place, line.period, line.period_text
            )
    return long_cells(grid, lines, series, markers=MARKERS, sheet=sheet, name=name), facts.frame()


def authority_lines(grid: Grid, header: int, labels: list[str], sheet: str, name: str) -> list[Line]:
    """The rows of figures: those whose first cell is a financial year. Notes have neither year nor code."""
    code, region = labels.index("ons code"), labels.index("region")
    body = next(c for c, label in enumerate(labels) if label in NAMES)
    lines = []
    for r in range(header + 1, len(grid)):
        row = grid[r]
        period = financial_year(row[0])
        if period is None and row[code].strip():
            raise BadInput(f"{name}: cell {locator(sheet, r, 0)} holds '{row[0][:40]}', not a financial year; mend it")
        if period is None:
            continue
        if row[code].strip().lstrip("*") == "Total":
            words = clean_name(row[region].lstrip("*").removeprefix("Total "))
            place = words.removesuffix(" (Provisional)")
            lines.append(Line(r, f"region:{place}", place, period, row[0], "ok" if words == place else "provisional"))
        else:
            lines.append(Line(r, row[code].strip(), clean_name(row[body]), period, row[0]))
    return lines


def release_date(book: CalamineWorkbook, name: str) -> str:
    """The release date that the sheet `Metadata` states."""
    for row in sheet_grid(book, "Metadata", name):
        found = iso_day(row[1]) if len(row) > 1 and row[0].strip() == "Release Date:" else None
        if found:
            return found
    raise BadInput(f"{name}: sheet 'Metadata' states no release date; download the whole workbook")
