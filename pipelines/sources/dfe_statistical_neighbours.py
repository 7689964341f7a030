"""Children's services statistical neighbours: ten per authority, nearest first, with how close each one is.

Codes and neighbours are DfE numbers. Facts: `neighbour:01` to `neighbour:10` (text = the neighbour's number),
`closeness:01` to `closeness:10` (`Extremely close` ... `Not close`, spelled with either capital), `region`. Authorities
that no longer exist stand below the line `Old SNs:` and are returned too; that line and blank rows are passed over.
"""

from __future__ import annotations

import re

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Grid,
    Parsed,
    clean_name,
    column_index,
    find_header,
    locator,
    sheet_grid,
    workbook,
)
from pipelines.sources.periods import MONTHS, span

PUBLISHER = "Department for Education (model by NFER and DfE)"
DATASET = "dfe_statistical_neighbours"
TITLE = "Children's services statistical neighbours"
URL = "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait"
LICENCE = "OGL-UK-3.0"
FILES = ("sn_*.xlsx",)

SHEET = "LA SN Groups"
NUMBER, BODY, REGION = "LA num", "LA Name", "GOReg"
NEIGHBOURS = 10


def parse(data: bytes, name: str) -> Parsed:
    """Facts per authority; dated at the end of the month in the file's name (`sn_may_2025`), the sheet gives none."""
    grid = sheet_grid(workbook(data, name), SHEET, name)
    top = find_header(grid, (NUMBER, BODY, REGION, "SN1", f"SN{NEIGHBOURS}"), SHEET, name)
    out = CellRows(name)
    for r in range(top + 1, len(grid)):
        if grid[r][column_index(grid[top], NUMBER, SHEET, name)].strip():
            add_authority(grid, r, grid[top], out, name)
    return Parsed(month_in_name(name), out.frame())


def add_authority(grid: Grid, r: int, header: list[str], out: CellRows, name: str) -> None:
    """Add the region, neighbours and closeness of one authority; the band stands right of its neighbour."""
    code, body = (grid[r][column_index(header, label, SHEET, name)].strip() for label in (NUMBER, BODY))
    region = column_index(header, REGION, SHEET, name)
    out.add_fact(code, clean_name(body), "region", grid[r][region].strip(), locator(SHEET, r, region))
    for rank in range(1, NEIGHBOURS + 1):
        c = column_index(header, f"SN{rank}", SHEET, name)
        number, band = grid[r][c].strip(), grid[r][c + 1].strip()
        if not number.isdigit() or not band:
            where = locator(SHEET, r, c)
            raise BadInput(f"{name}: cell {where} holds '{number}' and '{band}', expected a DfE number and a band")
        out.add_fact(code, clean_name(body), f"neighbour:{rank:02d}", number, locator(SHEET, r, c))
        out.add_fact(code, clean_name(body), f"closeness:{rank:02d}", band, locator(SHEET, r, c + 1))


def month_in_name(name: str) -> str:
    """The last day of the month and year in the file's name."""
    found = re.search(r"([a-z]+)_(\d{4})", name.lower())
    if found is None or found[1] not in MONTHS:
        raise BadInput(f"{name}: the name states no month such as sn_may_2025.xlsx, and nothing else does; rename it")
    return span(f"{found[2]}-M{MONTHS.index(found[1]) + 1:02d}").end
