"""MHCLG revenue outturn, service expenditure summary (RSX): what every English local authority spent, by service.

One table per financial year, published as a workbook and stored as CSV by some. Amounts are in £ thousand.
"""

from __future__ import annotations

import re

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    check_labelled,
    checked,
    clean_name,
    csv_grid,
    find_header,
    locator,
    normal_label,
    sheet_grid,
    wide_cells,
    workbook,
)
from pipelines.sources.periods import financial_year, iso_day, span

PUBLISHER = "MHCLG"
DATASET = "mhclg_rsx"
TITLE = "Local authority revenue outturn, service expenditure summary (RSX), England"
URL = "https://www.gov.uk/government/collections/local-authority-revenue-expenditure-and-financing"
LICENCE = "OGL-UK-3.0"
FILES = ("RSX_*_data_by_LA*.csv", "RSX_*_data_by_LA*.ods")

SHEET = "RSX_LA_Data"
MARKERS = {"[x]": "missing", "...": "missing", "…": "missing"}
# [Y] is "not relevant" (England), [x] no return at all: neither says anything against a value.
CERTIFIED = {"Y": "ok", "N": "provisional", "[Y]": "ok", "[x]": "ok"}
FACTS = {
    "class": "class",
    "detailed class": "detailed_class",
    "subclass": "detailed_class",
    "e-code": "ecode",
    "notes": "notes",
}
HEADER = ("E-code", "ONS Code", "Local authority", "Class")
MACHINE_ID = re.compile(r"RSX(-[a-z]+)+")


def parse(data: bytes, name: str) -> Parsed:
    """Every figure of the table of authorities, keyed by the machine id of its column (`RSX-env-net-cur-exp`).

    Values are in £ thousand. A return that is not certified is provisional; a file without the column `Certified` says
    nothing against its values. Facts per body and year: `class`, `detailed_class`, `ecode`, and `notes` where there are
    any.
    Left out: titles, the hidden id rows, and everything from the second header on (class totals, which repeat
    the Greater London Authority under another code with counts of returns in place of its certificate).
    Lee Valley's code is its E-code, as printed. The first-release workbook is the same dataset with an earlier date.
    """
    sheet, grid = read(data, name)
    header = find_header(grid, HEADER, sheet, name)
    check_labelled(grid, header, sheet, name)
    labels = [normal_label(cell) for cell in grid[header]]
    code, body = labels.index("ons code"), labels.index("local authority")
    period, words = year(grid[:header], name)
    columns = [Column(c, text, period, words) for c, text in machine_ids(grid[:header], sheet, name)]
    rows = list(body_rows(grid, header, labels))
    values = wide_cells(
        grid,
        rows,
        columns,
        code=code,
        body=body,
        markers=MARKERS,
        sheet=sheet,
        name=name,
        row_status=certified(grid, rows, labels, sheet, name),
    )
    cells = pl.concat([values, body_facts(grid, rows, labels, (period, words), sheet, name)])
    return Parsed(stated_date(grid[:header], period), checked(cells, name))


def read(data: bytes, name: str) -> tuple[str, Grid]:
    """The sheet's name ("" for CSV) and its rows; in a workbook the sheet whose name begins RSX_LA_Data."""
    if name.lower().endswith(".csv"):
        return "", csv_grid(data, name)
    book = workbook(data, name)
    sheet = next((title for title in book.sheet_names if title.startswith(SHEET)), SHEET)
    return sheet, sheet_grid(book, sheet, name)


def year(titles: Grid, name: str) -> tuple[str, str]:
    """The financial year that the title states, canonical and in its own words."""
    for row in titles:
        for words in re.findall(r"\d{4}-\d{2}\b", row[0] if row else ""):
            period = financial_year(words)
            if period:
                return period, words
    raise BadInput(f"{name}: no title names a financial year such as 2022-23; is this the whole table?")


def stated_date(titles: Grid, period: str) -> str:
    """The date of the line that says when the table was last updated, else the end of its year."""
    for row in titles:
        found = iso_day(row[0]) if row and re.match(r"last \w+:", row[0].strip(), re.IGNORECASE) else None
        if found:
            return found
    return span(period).end


def machine_ids(titles: Grid, sheet: str, name: str) -> list[tuple[int, str]]:
    """Columns that have a machine id: labels drift from year to year, these do not."""
    for row in titles:
        found = [(c, text.strip()) for c, text in enumerate(row) if MACHINE_ID.fullmatch(text.strip())]
        if found:
            return found
    raise BadInput(
        f"{name}: {f'sheet {sheet}' if sheet else 'the file'} has no row of machine ids such as RSX-env-net-cur-exp "
        "above its header; keep the hidden rows when saving"
    )


def body_rows(grid: Grid, header: int, labels: list[str]) -> list[int]:
    """Rows of the first table: those that are not blank, up to the second header."""
    name = labels.index("local authority")
    rows = []
    for r in range(header + 1, len(grid)):
        if normal_label(grid[r][0] if grid[r] else "") == labels[0]:
            break
        if any(text.strip() for text in grid[r][: name + 1]):
            rows.append(r)
    return rows


def certified(grid: Grid, rows: list[int], labels: list[str], sheet: str, name: str) -> dict[int, str]:
    """Status per row from the column `Certified`; empty when the file has none (2021-22)."""
    if "certified" not in labels:
        return {}
    c = labels.index("certified")
    for r in rows:
        if grid[r][c].strip() not in CERTIFIED:
            raise BadInput(
                f"{name}: cell {locator(sheet, r, c)} holds '{grid[r][c][:40]}' where Certified is Y, N, [x] or [Y]; "
                "correct it"
            )
    return {r: CERTIFIED[grid[r][c].strip()] for r in rows}


def body_facts(
    grid: Grid, rows: list[int], labels: list[str], period: tuple[str, str], sheet: str, name: str
) -> pl.DataFrame:
    """Class, E-code and notes of the bodies, in words, for a period (canonical and as published)."""
    out = CellRows(name)
    code, body = labels.index("ons code"), labels.index("local authority")
    for c, label in enumerate(labels):
        for r in rows if label in FACTS else ():
            if grid[r][c].strip():
                bearer = grid[r][code].strip(), clean_name(grid[r][body])
                out.add_fact(*bearer, FACTS[label], grid[r][c], locator(sheet, r, c), *period)
    return out.frame()
