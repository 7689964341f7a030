"""GDP deflators and money GDP, by financial year and, side by side on the sheet, by calendar year.

Code `UK`. Financial years: `gdp_deflator` (index, 2022-23 = 100, as published), `gdp_deflator_change` (per cent on
the year before), `money_gdp_nsa` and `money_gdp_sa` (GBP million). Calendar years: the same with `_calendar` behind,
without seasonally adjusted money. For forecast years the Treasury prints `-` and only the change: there the index is
missing, and `gdp_deflator_chained` (`_calendar`) carries it on by the printed changes, P(t) = P(t-1) (1 +
change/100), with the change's own text and place. Which years are forecasts no column says: they are those of the
note "For years 2023-24 to 2028-29 (2023 to 2028): taken from the Office for Budget Responsibility (OBR) GDP deflator
forecasts", and all their figures are provisional. Titles, the three header lines (with line breaks in cells) and
notes are passed over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    Reading,
    csv_grid,
    locator,
    normal_label,
    reading,
    unknown_marker,
)
from pipelines.sources.periods import financial_year, iso_day

PUBLISHER = "HM Treasury"
DATASET = "hmt_gdp_deflator"
TITLE = "GDP deflators at market prices, and money GDP"
URL = "https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp"
LICENCE = "OGL-UK-3.0"
FILES = ("GDP_Deflators_*.csv",)

CODE, BODY = "UK", "United Kingdom"
MARKERS = {"-": "missing", "": "missing"}
FOOTNOTES = re.compile(r"\s*\(\d\)(,\s*\(\d\))*$")
FORECASTS = re.compile(r"For years (\d{4}-\d{2}) to (\d{4}-\d{2}) \((\d{4}) to (\d{4})\).*GDP deflator forecasts")


class Block(NamedTuple):
    """One of the two tables: its year column, its suffix, its first and last forecast year, series by column."""

    year: int
    suffix: str
    first: str
    last: str
    series: dict[int, str]


def parse(data: bytes, name: str) -> Parsed:
    """Both tables; dated by `last updated ...` in the lines above them."""
    grid = csv_grid(data, name)
    top = header_row(grid, name)
    out = CellRows(name)
    for block in blocks(grid, top, name):
        add_block(grid, top, block, out, name)
    return Parsed(updated(grid[:top], name), out.frame())


def header_row(grid: Grid, name: str) -> int:
    """The last of the three header lines: it holds `Financial year` and `Calendar year` beside what the columns are."""
    for r, row in enumerate(grid):
        labels = [normal_label(cell) for cell in row]
        if {"financial year", "calendar year", "per cent change on previous year"} <= set(labels):
            return r
    raise BadInput(f"{name}: no header line with Financial year, Calendar year and per cent change; wrong file?")


def blocks(grid: Grid, top: int, name: str) -> list[Block]:
    """The financial and the calendar table, with their columns found by label from their year column on."""
    labels = [normal_label(cell) for cell in grid[top]]
    financial, calendar = labels.index("financial year"), labels.index("calendar year")
    first, last, first_calendar, last_calendar = forecast_years(grid, name)
    found = [
        Block(financial, "", first, last, block_series(labels, financial, calendar)),
        Block(calendar, "_calendar", first_calendar, last_calendar, block_series(labels, calendar, len(labels))),
    ]
    for block in found:
        if list(block.series.values())[:2] != ["gdp_deflator", "gdp_deflator_change"]:
            raise BadInput(f"{name}: row {top + 1} lacks the index (... = 100) or its change; is this the right file?")
    return found


def block_series(labels: list[str], start: int, end: int) -> dict[int, str]:
    """Which series each column between two year columns holds."""
    series = {}
    for c in range(start + 1, end):
        if labels[c].endswith("= 100"):
            series[c] = "gdp_deflator"
        elif labels[c].startswith("per cent change"):
            series[c] = "gdp_deflator_change"
        elif labels[c].startswith("cash £ million"):
            series[c] = "money_gdp_nsa" if "non-season" in labels[c] else "money_gdp_sa"
    return series


def forecast_years(grid: Grid, name: str) -> tuple[str, str, str, str]:
    """First and last forecast year, financial and calendar, from the note on where the deflators come from."""
    for row in grid:
        for cell in row:
            if found := FORECASTS.search(cell):
                return found[1], found[2], found[3], found[4]
    raise BadInput(f"{name}: no note says for which years the deflators are forecasts; download the whole file again")


def updated(rows: Grid, name: str) -> str:
    """The day after `last updated` in the lines above the tables."""
    for row in rows:
        for cell in row:
            day = iso_day(cell.partition("last updated")[2])
            if day:
                return day
    raise BadInput(f"{name}: no line above the tables says when it was last updated; download the whole file again")


def add_block(grid: Grid, top: int, block: Block, out: CellRows, name: str) -> None:
    """Add every row of one table, down to the first row without a year, and the chained index."""
    index = 0.0
    for r in range(top + 1, len(grid)):
        words = grid[r][block.year].strip()
        period = year_of(FOOTNOTES.sub("", words), block)
        if period is None:
            return
        forecast = block.first <= period <= block.last
        found = {c: read(grid[r][c], forecast, locator("", r, c), name) for c in block.series}
        for c, series in block.series.items():
            column = Column(c, series + block.suffix, period, words)
            out.add(CODE, BODY, column, grid[r][c], found[c], locator("", r, c))
        level, change = list(block.series)[:2]
        source = level if found[level].value is not None else change
        index = chained(index, found[level].value, found[change].value, locator("", r, change), name)
        column = Column(source, f"gdp_deflator_chained{block.suffix}", period, words)
        status = "provisional" if forecast else "ok"
        out.add(CODE, BODY, column, grid[r][source], Reading(index, status), locator("", r, source))


def year_of(words: str, block: Block) -> str | None:
    """The canonical year in the year column; None below the table."""
    if block.suffix:
        return words if re.fullmatch(r"\d{4}", words) else None
    return financial_year(words)


def read(text: str, forecast: bool, where: str, name: str) -> Reading:
    """What a cell says; every figure of a forecast year is provisional."""
    found = reading(text, MARKERS)
    if found is None:
        raise unknown_marker(text, where, name)
    return found._replace(status="provisional") if forecast and found.status == "ok" else found


def chained(before: float, level: float | None, change: float | None, where: str, name: str) -> float:
    """The index as published, else the year before carried on by the change in per cent."""
    if level is not None:
        return level
    if change is None or not before:
        raise BadInput(f"{name}: cell {where} has neither an index nor a change to carry it on; mend the row")
    return before * (1 + change / 100)
