"""Defra fly-tipping: incidents and actions that English councils report, with their costs in pounds.

One workbook for all years. Councils count on different bases (`LA_incidents:reporting basis`): Defra warns that
incidents are not comparable between them.
"""

from __future__ import annotations

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Line,
    Parsed,
    Reading,
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
DATASET = "defra_fly_tipping"
TITLE = "Fly-tipping incidents and actions reported by local authorities in England"
URL = "https://www.gov.uk/government/statistical-data-sets/env24-fly-tipping-incidents-and-actions-taken-in-england"
LICENCE = "OGL-UK-3.0"
FILES = ("flytipping_la*.ods", "Flytipping_incidents_and_actions_taken_*.ods")

SHEETS = ("LA_incidents", "LA_actions")
KEYS = ("Year", "ONS Code", "LA Name", "Region")
FACTS = ("region", "reporting basis")
MARKERS = {":": "missing", "": "missing"}  # Notes sheet: ': Data not available'; some cells of 2019-20 on are empty


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of both tables, by council and year: counts, and costs in pounds (not thousands).

    Series are `<sheet>:<label>`, as `LA_incidents:total incidents` and `LA_actions:prosecution action costs (£)`.
    Facts per body and year: `<sheet>:region` and `LA_incidents:reporting basis` (missing before 2019-20).
    Rows of totals have the code `*Total`: theirs becomes `total:<region>`; England's two totals of 2018-19 keep their
    words. Left out: titles, the upper of the two header lines, and the sheets of notes, revisions and look-ups.
    """
    book = workbook(data, name)
    cells = [part for sheet in SHEETS for part in table(book, sheet, name)]
    return Parsed(release_date(book, name), checked(pl.concat(cells), name))


def table(book: CalamineWorkbook, sheet: str, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures and facts of one sheet; its second header line names the columns."""
    grid = sheet_grid(book, sheet, name)
    header = find_header(grid, KEYS, sheet, name)
    labels = [normal_label(text) for text in grid[header]]
    keys = [normal_label(key) for key in KEYS]
    series = {
        c: f"{sheet}:{label}" for c, label in enumerate(labels) if label and label not in keys and label not in FACTS
    }
    lines = council_lines(grid, header, [labels.index(key) for key in keys], sheet, name)
    facts = CellRows(name)
    for c, label in enumerate(labels):
        for line in lines if label in FACTS else ():
            text = grid[line.row][c]
            column = Column(c, f"{sheet}:{label}", line.period, line.period_text)
            found = Reading(None, MARKERS.get(text.strip(), "ok"))
            facts.add(line.code, line.body, column, text, found, locator(sheet, line.row, c))
    return long_cells(grid, lines, series, markers=MARKERS, sheet=sheet, name=name), facts.frame()


def council_lines(grid: Grid, header: int, keys: list[int], sheet: str, name: str) -> list[Line]:
    """The rows under the header: councils by code, totals by the name of their region; blank rows are none."""
    year, code, body, region = keys
    lines = []
    for r in range(header + 1, len(grid)):
        row = grid[r]
        if not any(text.strip() for text in row):
            continue
        period = financial_year(row[year])
        if period is None:
            raise BadInput(
                f"{name}: cell {locator(sheet, r, year)} holds '{row[year][:40]}', not a financial year; mend it"
            )
        identifier, place = row[code].strip(), clean_name(row[body])
        if identifier == "*Total":
            place = clean_name(row[region].removeprefix("*Total "))
            identifier = f"total:{place}"
        lines.append(Line(r, identifier, place, period, row[year]))
    return lines


def release_date(book: CalamineWorkbook, name: str) -> str:
    """The latest date among those that `Metadata` lists under its release date (the original and its revisions)."""
    days, under = [], False
    for row in sheet_grid(book, "Metadata", name):
        under = row[0].strip() == "Release Date:" or (under and not row[0].strip())
        day = iso_day(row[1]) if under and len(row) > 1 else None
        if day:
            days.append(day)
    if not days:
        raise BadInput(f"{name}: sheet 'Metadata' states no release date; download the whole workbook")
    return max(days)
