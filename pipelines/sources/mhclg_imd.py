"""English Indices of Deprivation 2019, File 10: every summary measure of every domain for lower-tier districts.

Ten sheets, one per domain (IMD, Income, ... IDAOPI), on the boundaries of 2019. Series are `<sheet>:<label>`, labels in
lower case without their trailing and doubled spaces: `IMD:imd - average score`, `Income:income - average rank`. Scores
as published (Income and Employment are fractions of 1), ranks of LSOAs where 32,844 is the most deprived, ranks of
districts where 1 is the most deprived. The Notes sheet is a picture, without cells, and is passed over.
"""

from __future__ import annotations

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import Column, Parsed, checked, normal_label, sheet_grid, wide_cells, workbook

PUBLISHER = "Ministry of Housing, Communities and Local Government"
DATASET = "mhclg_imd"
TITLE = "English Indices of Deprivation 2019, File 10: local authority district summaries (lower tier)"
URL = "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019"
LICENCE = "OGL-UK-3.0"
FILES = ("File_10_*IoD2019*.xlsx",)

YEAR = "2019"
DOMAINS = (
    "IMD",
    "Income",
    "Employment",
    "Education",
    "Health",
    "Crime",
    "Barriers",
    "Living",
    "IDACI",
    "IDAOPI",
)


def parse(data: bytes, name: str) -> Parsed:
    """Cells of all ten domain sheets for districts; dated at the end of 2019, the only date the file gives."""
    return domain_cells(data, name, f"Local Authority District code ({YEAR})")


def domain_cells(data: bytes, name: str, code_label: str) -> Parsed:
    """Cells of all ten domain sheets, whose first column has this label and whose second is the name."""
    book = workbook(data, name)
    cells = pl.concat([sheet_cells(book, domain, code_label, name) for domain in DOMAINS])
    return Parsed(f"{YEAR}-12-31", checked(cells, name))


def sheet_cells(book: CalamineWorkbook, domain: str, code_label: str, name: str) -> pl.DataFrame:
    """Cells of one domain's sheet: the header is its first row, every later row with a code is a body."""
    grid = sheet_grid(book, domain, name)
    if not grid or normal_label(grid[0][0]) != normal_label(code_label):
        found = grid[0][0] if grid else "nothing"
        raise BadInput(f"{name}: cell {domain}!A1 holds '{found}', expected '{code_label}'; is this the right file?")
    columns = [
        Column(c, f"{domain}:{normal_label(label)}", YEAR, YEAR)
        for c, label in enumerate(grid[0])
        if c > 1 and label.strip()
    ]
    rows = [r for r in range(1, len(grid)) if any(cell.strip() for cell in grid[r])]
    return wide_cells(grid, rows, columns, code=0, body=1, markers={}, sheet=domain, name=name)
