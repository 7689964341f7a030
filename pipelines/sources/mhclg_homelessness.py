"""MHCLG statutory homelessness by local authority: tables A1 (a quarter's assessments) and TA1 (stock at its end).

One workbook per quarter. A1 counts households in the quarter, TA1 those in temporary accommodation on its last day;
denominators are in thousands of households.
"""

from __future__ import annotations

import re

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import Column, Grid, Parsed, checked, normal_label, sheet_grid, wide_cells, workbook
from pipelines.sources.periods import MONTHS, iso_day, month_end, span

PUBLISHER = "MHCLG"
DATASET = "mhclg_homelessness"
TITLE = "Statutory homelessness in England: detailed local authority tables, quarterly"
URL = "https://www.gov.uk/government/statistical-data-sets/live-tables-on-homelessness"
LICENCE = "OGL-UK-3.0"
FILES = ("Detailed_LA_*.ods", "Detailed_LA_*.xlsx")

FIRST_LABEL = {"A1": "total initial assessments", "TA1": "total number of households in ta"}
ENGLAND = "E92000001"
MARKERS = {"..": "missing", "-": "missing"}
QUARTERS = {"january to march": 1, "april to june": 2, "july to september": 3, "october to december": 4}
# Footnotes are digits glued to a word: `Total number of households in TA1,2,3,4`, `Relief duty owed4`, `area5  (000s)`.
FOOTNOTE = re.compile(r"(?<=[A-Za-z)])\d(?:,\d)*(?=\s|$)")


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of A1 and TA1; series are `<sheet>:<label>`, group first: `TA1:hostels (...): total with children`.

    TA1's period is its day (`2022-03-31`), A1's its quarter (`2022-Q1`). `..` is missing. `-` stands for a breakdown of
    bed and breakfast withheld because fewer than five households are there (TA1's notes): suppressed, between 0 and the
    total that the same row publishes. `Rest of England`, coded `-`, gets the code `rest of england`. Left out: titles,
    the pivot table's leftovers above the labels, notes, all other sheets, and London's second row, which repeats the
    first word for word.
    """
    book = workbook(data, name)
    cells = checked(pl.concat([table(book, sheet, name) for sheet in FIRST_LABEL]), name)
    return Parsed(updated(book, name) or span(max(cells["period"])).end, cells)


def table(book: CalamineWorkbook, sheet: str, name: str) -> pl.DataFrame:
    """The figures of one sheet."""
    grid = sheet_grid(book, sheet, name)
    start = next((r for r, row in enumerate(grid) if row[0].strip() == ENGLAND), 0)
    labels = column_labels(grid[:start], sheet, name)
    period, words = period_of(grid[0][0], sheet, name)
    columns = [Column(c, f"{sheet}:{label}", period, words) for c, label in labels.items()]
    rows = body_rows(grid, start)
    for r in rows:
        if grid[r][0].strip() == "-":
            grid[r][0] = grid[r][1].strip().lower()
    cells = wide_cells(grid, rows, columns, code=0, body=1, markers=MARKERS, sheet=sheet, name=name)
    return withheld(cells)


def column_labels(head: Grid, sheet: str, name: str) -> dict[int, str]:
    """Labels of the columns of figures, the group's label before the column's, footnotes gone.

    They begin in the row of the sheet's first label; what stands above is left over from a pivot table.
    """
    first = FIRST_LABEL[sheet]
    top = next((r for r, row in enumerate(head) if any(label(text) == first for text in row)), None)
    if top is None:
        raise BadInput(
            f"{name}: sheet '{sheet}' has no label '{first}' above the row of England; is this table {sheet}?"
        )
    found: dict[int, str] = {}
    group = ""
    for c in range(len(head[top])):
        parts = [label(row[c]) for row in head[top:]]
        group = parts[0] or (group if any(parts) else "")
        if any(parts):
            found[c] = ": ".join([part for part in (group, " ".join(filter(None, parts[1:]))) if part])
    return found


def label(text: str) -> str:
    """A label without the footnotes glued to its words."""
    return normal_label(FOOTNOTE.sub("", text))


def body_rows(grid: Grid, start: int) -> list[int]:
    """Rows of figures (notes fill one cell beside their number), without those that repeat an earlier row."""
    rows, seen = [], set()
    for r in range(start, len(grid)):
        line = tuple(text.strip() for text in grid[r])
        if sum(map(bool, line[2:])) > 1 and line not in seen:
            seen.add(line)
            rows.append(r)
    return rows


def withheld(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells, a `-` under bed and breakfast suppressed between 0 and the row's own total of it."""
    group = "TA1:bed and breakfast hotels (including shared annexes): "
    totals = cells.filter(pl.col("series") == f"{group}total number of households").select("code", total="value")
    dash = (pl.col("text").str.strip_chars() == "-") & pl.col("series").str.starts_with(group)
    known = dash & pl.col("total").is_not_null()
    return (
        cells.join(totals, on="code", how="left", maintain_order="left")
        .with_columns(
            status=pl.when(dash).then(pl.lit("suppressed")).otherwise("status"),
            lo=pl.when(known).then(pl.lit(0.0)).otherwise("lo"),
            hi=pl.when(known).then("total").otherwise("hi"),
        )
        .drop("total")
    )


def period_of(title: str, sheet: str, name: str) -> tuple[str, str]:
    """Canonical period and the title's words for it, the last after its comma: a day in TA1, a quarter in A1."""
    words = " ".join(title.split("England,")[-1].split())
    found = re.fullmatch(r"(.+) (\d{4})", words)
    quarter = QUARTERS.get(found[1].lower()) if found else None
    period = f"{found[2]}-Q{quarter}" if found and quarter else iso_day(words)
    if period is None:
        raise BadInput(
            f"{name}: the title of sheet '{sheet}' ends in '{words[:40]}', neither a quarter nor a day; correct it"
        )
    return period, words


def updated(book: CalamineWorkbook, name: str) -> str | None:
    """The last day of the month that `Latest update: July 2022` names: the file says no more."""
    for row in sheet_grid(book, "TA1", name):
        for text in row:
            found = re.fullmatch(r"Latest update: (\w+) (\d{4})", text.strip())
            if found and found[1].lower() in MONTHS:
                return month_end(int(found[2]), MONTHS.index(found[1].lower()) + 1)
    return None
