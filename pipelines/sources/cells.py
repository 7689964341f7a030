"""The cell: the one shape in which every source hands over a publisher's figures.

What belongs here: reading a grid out of a file's bytes, turning published text into value and status, and assembling
the frame that `CELL_SCHEMA` describes. What does not: anything that knows one publisher.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.sniff import check_content

CELL_SCHEMA = {
    "code": pl.String,
    "name": pl.String,
    "series": pl.String,
    "period": pl.String,
    "period_text": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "lo": pl.Float64,
    "hi": pl.Float64,
    "text": pl.String,
    "locator": pl.String,
}
KEY = ("code", "series", "period")
WITH_VALUE = ("ok", "provisional", "imputed", "break")
CELL_LIMIT = 32_000  # bytes in one cell; longer text is not a figure
COLUMN_LIMIT = 16_384  # as many as a sheet of a workbook has; the widest genuine file has 292
NUMBER = re.compile(r"[-−]?\$?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?%?")
NOTE_MARK = re.compile(r"\s*\[(?:notes?\s*\d+(?:\s*,\s*\d+)*|[a-z])\]", re.IGNORECASE)


class Parsed(NamedTuple):
    """What a parser returns: the date that the file's own words give, and its cells."""

    date: str
    cells: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a wide table: where it is, and which series and period it holds."""

    index: int
    series: str
    period: str
    period_text: str


class Line(NamedTuple):
    """One row of a long table: where it is, and whose figures of which period it holds; `status` replaces `ok`."""

    row: int
    code: str
    body: str
    period: str
    period_text: str
    status: str = "ok"


class Reading(NamedTuple):
    """One published text, understood."""

    value: float | None
    status: str
    lo: float | None = None
    hi: float | None = None


Grid = list[list[str]]


def column_letters(index: int) -> str:
    """Spreadsheet letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def locator(sheet: str, row: int, column: int) -> str:
    """Where a cell stood, A1 style, from zero-based row and column; the sheet is left out when empty."""
    place = f"{column_letters(column)}{row + 1}"
    return f"{sheet}!{place}" if sheet else place


def clean_name(text: str) -> str:
    """A name without note markers, line breaks and doubled spaces: `Leeds [note 15]` is `Leeds`."""
    return " ".join(NOTE_MARK.sub("", text).split())


def normal_label(text: str) -> str:
    """A column label as a stable id: one line, single spaces, note markers gone, lower case."""
    return clean_name(text).lower()


def decode(data: bytes, name: str) -> str:
    """Text of a CSV in UTF-8 (with or without a mark) or Windows-1252; anything else is refused."""
    if b"\x00" in data:
        raise BadInput(f"{name}: byte {data.index(0)} is NUL, so this is not a text file; save it as CSV in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise BadInput(
            f"{name}: byte {fault.start} is neither UTF-8 nor Windows-1252; save it as CSV in UTF-8"
        ) from None


def csv_grid(data: bytes, name: str) -> Grid:
    """Rows of a CSV as lists of text, all of one length; quoted line breaks stay inside their cell."""
    check_content(data, name)
    # `check_grid` names the cell that is too long; the csv module would not. Its limit is one for the whole process.
    before = csv.field_size_limit(len(data) + 1)
    try:
        rows = list(csv.reader(io.StringIO(decode(data, name), newline="")))
    finally:
        csv.field_size_limit(before)
    width = max(map(len, rows), default=0)
    if width > COLUMN_LIMIT:  # every row is padded to the widest, so one such row would fill the memory
        line = next(index for index, row in enumerate(rows) if len(row) == width) + 1
        raise BadInput(f"{name}: row {line} has {width:,} columns, the limit is {COLUMN_LIMIT:,}; is this a table?")
    return check_grid([row + [""] * (width - len(row)) for row in rows], "", name)


def sheet_names(data: bytes, name: str) -> list[str]:
    """The names of a workbook's sheets, in order."""
    return list(workbook(data, name).sheet_names)


def workbook(data: bytes, name: str) -> CalamineWorkbook:
    """An open workbook (ods, xlsx or xls) whose content was checked first."""
    check_content(data, name)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as fault:
        raise BadInput(f"{name}: the workbook cannot be read ({fault}); download it again") from None


def sheet_grid(book: CalamineWorkbook, sheet: str, name: str) -> Grid:
    """Rows of one sheet as lists of text, empty leading rows and columns kept so that locators are right."""
    if sheet not in book.sheet_names:
        raise BadInput(f"{name}: no sheet '{sheet}' (found: {', '.join(book.sheet_names)}); is this the right table?")
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return check_grid([[cell_text(cell) for cell in row] for row in rows], sheet, name)


def cell_text(cell: object) -> str:
    """A spreadsheet cell as text: whole floats without a point, others in the shortest form that reads back."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(cell)


def check_grid(rows: Grid, sheet: str, name: str) -> Grid:
    """The rows unchanged, or BadInput for a cell too long to be a figure."""
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if len(text) > CELL_LIMIT // 4 and len(text.encode()) > CELL_LIMIT:
                raise BadInput(
                    f"{name}: cell {locator(sheet, r, c)} holds over 32 kB; shorten it or remove it from the file"
                )
    return rows


def find_header(grid: Grid, wanted: Iterable[str], sheet: str, name: str) -> int:
    """Index of the first row that holds every wanted label (compared as `normal_label`), or BadInput."""
    labels = {normal_label(label) for label in wanted}
    for index, row in enumerate(grid):
        if labels <= {normal_label(cell) for cell in row}:
            return index
    where = f"sheet '{sheet}'" if sheet else "the file"
    raise BadInput(f"{name}: {where} has no header row with {', '.join(sorted(labels))}; is this the right table?")


def column_index(header: Sequence[str], label: str, sheet: str, name: str) -> int:
    """Index of the column with this label (compared as `normal_label`), or BadInput."""
    wanted = normal_label(label)
    for index, cell in enumerate(header):
        if normal_label(cell) == wanted:
            return index
    raise BadInput(f"{name}: no column '{label}' in sheet '{sheet or 'CSV'}'; is this the right table?")


def check_labelled(grid: Grid, top: int, sheet: str, name: str) -> None:
    """Raise BadInput when a cell below the header row `top` is filled though its column has no label.

    Such a row has more cells than the header: a comma that is not quoted has moved all its figures one column on.
    """
    nameless = [c for c, label in enumerate(grid[top]) if not label.strip()]
    for r in range(top + 1, len(grid)):
        for c in nameless:
            if c < len(grid[r]) and grid[r][c].strip():
                raise BadInput(
                    f"{name}: cell {locator(sheet, r, c)} stands in a column without a label; quote the row's commas"
                )


def number(text: str) -> float | None:
    """A published number: `1,234`, `-5`, `−5`, `$7`, `12.5%` (as 12.5); None when the text is not a finite number."""
    text = text.strip()
    if not text or not NUMBER.fullmatch(text) or not any(ch.isdigit() for ch in text):
        return None
    value = float(text.replace(",", "").replace("−", "-").replace("$", "").rstrip("%"))
    return value if math.isfinite(value) else None


def reading(text: str, markers: Mapping[str, str]) -> Reading | None:
    """What a published text says: a number, or the status its marker stands for; None when it is neither.

    `markers` maps stripped text to a status (methods.md 0.2); the empty text is one of them where blanks are known.
    """
    stripped = text.strip()
    status = markers.get(stripped)
    if status is not None:
        return Reading(None, status)
    value = number(stripped)
    return None if value is None else Reading(value, "ok")


def unknown_marker(text: str, where: str, name: str) -> BadInput:
    """The refusal for a text that is neither a number nor a known marker."""
    return BadInput(
        f"{name}: cell {where} holds '{text[:40]}', which is neither a number nor a marker known for this table; "
        "correct the cell, or add the marker to the source"
    )


class CellRows:
    """Collects cells column by column; `frame` sorts and checks them. Rows are never dropped."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: dict[str, list[object]] = {column: [] for column in CELL_SCHEMA}

    def add(
        self,
        code: str,
        body: str,
        column: Column,
        text: str,
        found: Reading,
        where: str,
    ) -> None:
        """Append one cell."""
        values = (code, body, column.series, column.period, column.period_text, *found, text, where)
        for store, value in zip(self.columns.values(), values, strict=True):
            store.append(value)

    def add_column(
        self, grid: Grid, lines: Sequence[Line], column: int, series: str, markers: Mapping[str, str], sheet: str
    ) -> None:
        """Append one column of a table, a cell per line: a column at a time, for some sheets have 150,000 cells."""
        rows = [line.row for line in lines]
        texts = [grid[r][column] if column < len(grid[r]) else "" for r in rows]
        known = {text: reading(text, markers) for text in set(texts)}
        found = [known[text] for text in texts]
        if None in found:
            at = found.index(None)
            raise unknown_marker(texts[at], locator(sheet, rows[at], column), self.name)
        values, statuses, lows, highs = zip(*[one for one in found if one], strict=True) if found else ((), (), (), ())
        prefix = f"{sheet}!{column_letters(column)}" if sheet else column_letters(column)
        block: dict[str, Iterable[object]] = {
            "code": [line.code for line in lines],
            "name": [line.body for line in lines],
            "series": [series] * len(lines),
            "period": [line.period for line in lines],
            "period_text": [line.period_text for line in lines],
            "value": values,
            "status": [line.status if status == "ok" else status for line, status in zip(lines, statuses, strict=True)],
            "lo": lows,
            "hi": highs,
            "text": texts,
            "locator": [f"{prefix}{r + 1}" for r in rows],
        }
        for key, part in block.items():
            self.columns[key].extend(part)

    def add_fact(
        self, code: str, body: str, series: str, text: str, where: str, period: str = "", period_text: str = ""
    ) -> None:
        """Append a fact in words (a date, a neighbour's code): no value; timeless unless a period is named."""
        self.add(code, body, Column(0, series, period, period_text), text, Reading(None, "ok"), where)

    def frame(self) -> pl.DataFrame:
        """The cells sorted by their key, or BadInput when a key stands twice or an identifier is missing."""
        return checked(pl.DataFrame(self.columns, schema=CELL_SCHEMA), self.name)


def checked(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Cells sorted by (code, series, period); refuses an empty table, a missing code and a key that stands twice."""
    if cells.is_empty():
        raise BadInput(f"{name}: no figures found; is this the right table?")
    nameless = cells.filter(pl.col("code").is_null() | (pl.col("code") == ""))
    if nameless.height:
        raise BadInput(f"{name}: cell {nameless['locator'][0]} belongs to no identified body; add its code")
    cells = cells.sort(*KEY, "locator")
    twice = cells.filter(pl.struct(KEY).is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        places = twice.filter(
            (pl.col("code") == first["code"])
            & (pl.col("series") == first["series"])
            & (pl.col("period") == first["period"])
        )["locator"].to_list()
        raise BadInput(
            f"{name}: {first['code']}, {first['series']}, {first['period_text'] or 'no period'} stands more than once "
            f"({', '.join(places[:3])}); remove one"
        )
    return cells


def wide_cells(
    grid: Grid,
    rows: Iterable[int],
    columns: Sequence[Column],
    *,
    code: int,
    body: int,
    markers: Mapping[str, str],
    sheet: str,
    name: str,
    row_status: Mapping[int, str] | None = None,
) -> pl.DataFrame:
    """Cells of a wide table: one row per body, one column per series and period.

    rows : zero-based indices of the data rows; `code`, `body` : columns of the identifier and the name.
    row_status : status that replaces `ok` for a whole row (an uncertified return is provisional).
    Raises BadInput at the first text that is neither a number nor a known marker.
    """
    out = CellRows(name)
    status = row_status or {}
    bodies = [Line(r, grid[r][code].strip(), clean_name(grid[r][body]), "", "", status.get(r, "ok")) for r in rows]
    for column in columns:
        lines = [line._replace(period=column.period, period_text=column.period_text) for line in bodies]
        out.add_column(grid, lines, column.index, column.series, markers, sheet)
    return out.frame()


def long_cells(
    grid: Grid,
    lines: Sequence[Line],
    series: Mapping[int, str],
    *,
    markers: Mapping[str, str],
    sheet: str,
    name: str,
) -> pl.DataFrame:
    """Cells of a long table: one row per body and period, one column per series (`series`: column index to id).

    Raises BadInput at the first text that is neither a number nor a known marker.
    """
    out = CellRows(name)
    for c, identifier in series.items():
        out.add_column(grid, lines, c, identifier, markers, sheet)
    return out.frame()
