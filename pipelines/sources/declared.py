"""Plain tables described in a pack's YAML: a new sector's figures are read without new code.

What belongs here: reading the bytes of a described table (`declared_table.py`) into cells. What does not: tables that
need judgement about a publisher's habits; those get a module of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    Reading,
    clean_name,
    csv_grid,
    locator,
    normal_label,
    reading,
    sheet_grid,
    sheet_names,
    unknown_marker,
    workbook,
)
from pipelines.sources.declared_table import PERIOD_MARK, SeriesColumn, Table, canonical, day_in_figures
from pipelines.sources.periods import iso_day, span


class Sheet(NamedTuple):
    """An opened table: its grid, the header's row (zero-based) and the names used in messages."""

    grid: Grid
    header: int
    sheet: str
    name: str

    @property
    def labels(self) -> list[str]:
        """The header's cells."""
        return self.grid[self.header]


def declared_parser(table: Table) -> Callable[[bytes, str], Parsed]:
    """A `parse(data, name)` for the table described, with the refusals of every other source.

    Rows that are not returned: those above the first data row, blank rows, those after the end of the table, and
    those whose code is listed in `skip_codes`. BadInput names file, row and column for everything else.
    """

    def parse(data: bytes, name: str) -> Parsed:
        sheet = open_table(data, name, table)
        out = CellRows(name)
        for fill in (add_facts, add_long if table.value_column else add_wide):
            fill(out, sheet, table)
        cells = out.frame()
        return Parsed(edition_date(sheet, table, cells["period"].to_list()), cells)

    return parse


def open_table(data: bytes, name: str, table: Table) -> Sheet:
    """The grid and the header's place, or BadInput."""
    if name.lower().endswith((".csv", ".tsv", ".txt", ".gz")):
        if table.sheet:
            raise BadInput(f"{name}: the pack names sheet '{table.sheet}', but a CSV has no sheets; remove `sheet`")
        grid, sheet = csv_grid(data, name), ""
    else:
        sheet = table.sheet or sheet_names(data, name)[0]
        grid = sheet_grid(workbook(data, name), sheet, name)
    return Sheet(grid, header_row(grid, table, name), sheet, name)


def header_row(grid: Grid, table: Table, name: str) -> int:
    """Zero-based row of the header."""
    if isinstance(table.header, int):
        if not 1 <= table.header <= len(grid):
            raise BadInput(
                f"{name}: header row {table.header} lies outside the table ({len(grid)} rows); correct `header`"
            )
        return table.header - 1
    wanted = {normal_label(label) for label in table.header}
    for index, row in enumerate(grid):
        if wanted <= {normal_label(cell) for cell in row}:
            return index
    raise BadInput(f"{name}: no header row with {', '.join(table.header)}; is this the right table?")


def place(sheet: Sheet, label: str) -> int:
    """Zero-based column of a label that must stand exactly once."""
    found = [i for i, cell in enumerate(sheet.labels) if normal_label(cell) == normal_label(label)]
    if len(found) != 1:
        fault = "no column" if not found else f"{len(found)} columns"
        raise BadInput(f"{sheet.name}: {fault} '{label}' in row {sheet.header + 1}; correct the label in the pack")
    return found[0]


def body_rows(sheet: Sheet, table: Table) -> Iterator[tuple[int, str, str]]:
    """(row, code, name) of every data row; BadInput for one with figures but no code, or longer than the header."""
    code = place(sheet, table.code)
    width = 1 + max(index for index, text in enumerate(sheet.labels) if text.strip())
    label = place(sheet, table.name) if table.name else code
    for r in range(table.first_row - 1 if table.first_row else sheet.header + 1, len(sheet.grid)):
        row = sheet.grid[r]
        if not any(cell.strip() for cell in row):
            if table.through_blank_rows:
                continue
            return
        identifier, body = cell_at(row, code), clean_name(cell_at(row, label))
        if table.stop_at and (identifier.startswith(table.stop_at) or body.startswith(table.stop_at)):
            return
        if not identifier:
            where = locator(sheet.sheet, r, code)
            raise BadInput(
                f"{sheet.name}: cell {where} has no code ('{body[:40]}'); add it, or name the table's end (`stop_at`)"
            )
        if identifier not in table.skip_codes:
            check_width(sheet, r, width)
            yield r, identifier, body


def check_width(sheet: Sheet, r: int, width: int) -> None:
    """Raise BadInput when a row goes on beyond the header: a comma that is not quoted has moved its figures."""
    stray = next((c for c, text in enumerate(sheet.grid[r]) if c >= width and text.strip()), None)
    if stray is not None:
        where = locator(sheet.sheet, r, stray)
        raise BadInput(f"{sheet.name}: cell {where} stands in a column without a label; quote the row's commas")


def cell_at(row: Sequence[str], column: int) -> str:
    """A cell's text, stripped; empty beyond the row's end."""
    return row[column].strip() if column < len(row) else ""


def add_facts(out: CellRows, sheet: Sheet, table: Table) -> None:
    """Columns of words as facts; a blank cell states nothing. The first row of a body speaks for it."""
    columns = [(place(sheet, fact.column), fact.series) for fact in table.facts]
    seen: set[str] = set()
    for r, code, body in body_rows(sheet, table) if columns else ():
        if code in seen:
            continue
        seen.add(code)
        for column, series in columns:
            text = cell_at(sheet.grid[r], column)
            if text:
                out.add_fact(code, body, series, text, locator(sheet.sheet, r, column))


def add_wide(out: CellRows, sheet: Sheet, table: Table) -> None:
    """Figures of a wide table: one row per body (and period), one column per series (and period)."""
    columns = wide_columns(sheet, table)
    period = place(sheet, table.period.column) if table.period.column else None
    for r, code, body in body_rows(sheet, table):
        row = sheet.grid[r]
        stated = row_period(sheet, table, r, period) if period is not None else None
        for column in columns:
            text = row[column.index] if column.index < len(row) else ""
            where = locator(sheet.sheet, r, column.index)
            named = column if stated is None else Column(column.index, column.series, *stated)
            out.add(code, body, named, text, understood(text, table, where, sheet.name), where)


def wide_columns(sheet: Sheet, table: Table) -> list[Column]:
    """The columns of figures; those with `{period}` in their label are one per period found in the header."""
    columns: list[Column] = []
    for spec in table.series:
        if PERIOD_MARK in spec.column:
            columns += labelled_columns(sheet, table, spec)
        else:
            period = spec.period or table.period.fixed or ""
            columns.append(Column(place(sheet, spec.column), spec.series, period, period))
    return columns


def labelled_columns(sheet: Sheet, table: Table, spec: SeriesColumn) -> list[Column]:
    """One column per header label that matches `spec.column` around its period."""
    before, _, after = (re.escape(part) for part in normal_label(spec.column).partition(PERIOD_MARK))
    pattern = re.compile(f"{before}(.+){after}")
    found = []
    for index, label in enumerate(sheet.labels):
        match = pattern.fullmatch(normal_label(label))
        period = canonical(match[1], table.period.form) if match else None
        if match and period:
            found.append(Column(index, spec.series, period, clean_name(label)))
    if not found:
        raise BadInput(
            f"{sheet.name}: no column reads '{spec.column}' with a period written as {table.period.form} "
            f"in row {sheet.header + 1}; correct `column` or `period.form`"
        )
    return found


def add_long(out: CellRows, sheet: Sheet, table: Table) -> None:
    """Figures of a long table: one row per body, series and period."""
    value = place(sheet, table.value_column or "")
    series = place(sheet, table.series_column) if table.series_column else None
    period = place(sheet, table.period.column) if table.period.column else None
    for r, code, body in body_rows(sheet, table):
        row = sheet.grid[r]
        stated = row_period(sheet, table, r, period)
        named = cell_at(row, series) if series is not None else normal_label(table.value_column or "")
        text = row[value] if value < len(row) else ""
        where = locator(sheet.sheet, r, value)
        out.add(code, body, Column(value, named, *stated), text, understood(text, table, where, sheet.name), where)


def row_period(sheet: Sheet, table: Table, r: int, column: int | None) -> tuple[str, str]:
    """(canonical period, the publisher's words) of one row."""
    if column is None:
        return table.period.fixed or "", table.period.fixed or ""
    words = cell_at(sheet.grid[r], column)
    period = canonical(words, table.period.form)
    if period is None:
        raise BadInput(
            f"{sheet.name}: cell {locator(sheet.sheet, r, column)} holds '{words[:40]}', which is no period written as "
            f"{table.period.form}; correct the cell or `period.form`"
        )
    return period, words


def understood(text: str, table: Table, where: str, name: str) -> Reading:
    """Value and status of a published text, or BadInput for a text that is neither a number nor a marker."""
    found = reading(text, table.markers)
    if found is not None:
        lo, hi = table.bounds.get(text.strip(), (found.lo, found.hi))
        return found._replace(lo=lo, hi=hi)
    for suffix, status in table.suffixes.items():
        if text.strip().endswith(suffix):
            bare = reading(text.strip().removesuffix(suffix), {})
            if bare is not None:
                return bare._replace(status=status)
    raise unknown_marker(text, where, name)


def edition_date(sheet: Sheet, table: Table, periods: Sequence[str]) -> str:
    """The date of the edition (ISO): fixed, from a cell's words, else the end of the newest period."""
    if table.date.fixed:
        return table.date.fixed
    if table.date.cell:
        return date_in_cell(sheet, table.date.cell)
    ends = [span(period).end for period in periods if period]
    if not ends:
        raise BadInput(
            f"{sheet.name}: the table states neither a period nor a date; give `date: {{fixed: ...}}` in the pack"
        )
    return max(ends)


def date_in_cell(sheet: Sheet, address: str) -> str:
    """The day written in a cell such as `B2`."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", address)
    words = ""
    if found:
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        row = int(found[2]) - 1
        words = cell_at(sheet.grid[row], column - 1) if row < len(sheet.grid) else ""
    day = iso_day(words) or day_in_figures(words)
    if day is None:
        raise BadInput(f"{sheet.name}: cell {address} holds '{words[:40]}', which states no day; correct `date.cell`")
    return day
