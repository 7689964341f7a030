"""ONS clusters of similar authorities: the context variables behind them (Table 4) and 20 nearest neighbours by model.

Table 4: series `4:<variable in lower case>` (31 variables, unit in brackets in the label), on boundaries of 31 December
2024, which is the period; `period_text` is the variable's own reference year from the sheet Data Sources. The facts
`caveat:02`, `caveat:03`, `caveat:04` and `caveat:11` under the code `UK` are the publisher's notes: Table 4 is NOT
winsorised (the models are) but cleaned and partly imputed, and the shading that marks imputed cells is not readable as
text, so imputed and measured cells are both `ok`. Tables 7a (global), 7b (economic), 7c (demographic): facts
`neighbour:7a:01` to `neighbour:7c:20`, text = the neighbour's code, nearest first; they cross the borders of the UK's
nations. Names of neighbours repeat the codes and are left out; Tables 1 to 3, 5, 6 and 8 are not returned.
"""

from __future__ import annotations

import re

import polars as pl
from python_calamine import CalamineWorkbook

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Parsed,
    checked,
    clean_name,
    column_index,
    find_header,
    locator,
    normal_label,
    sheet_grid,
    wide_cells,
    workbook,
)

PUBLISHER = "Office for National Statistics"
DATASET = "ons_neighbours"
TITLE = "Clustering similar local authorities and statistical nearest neighbours in the UK"
URL = (
    "https://www.ons.gov.uk/peoplepopulationandcommunity/wellbeing/datasets/"
    "clusteringsimilarlocalauthoritiesandnearestneighboursintheunitedkingdom"
)
LICENCE = "OGL-UK-3.0"
FILES = ("clusteringsimilarlocalauthorities*.xlsx",)

CODE, BODY = "Local Authority Code", "Local Authority Name"
BOUNDARIES = "2024-12-31"
MARKERS = {"[x]": "missing", "[c]": "suppressed"}
TABLES = {"7.a": "7a", "7.b": "7b", "7.c": "7c"}
NEIGHBOURS = 20
CAVEATS = ("2", "3", "4", "11")


def parse(data: bytes, name: str) -> Parsed:
    """Cells of Table 4 and facts of Tables 7a to 7c; dated by the release day on the sheet Contents."""
    book = workbook(data, name)
    facts = CellRows(name)
    for sheet, table in TABLES.items():
        add_neighbours(book, sheet, table, facts, name)
    add_caveats(book, facts, name)
    return Parsed(released(book, name), checked(pl.concat([context(book, name), facts.frame()]), name))


def context(book: CalamineWorkbook, name: str) -> pl.DataFrame:
    """Cells of Table 4."""
    grid = sheet_grid(book, "4", name)
    top = find_header(grid, (CODE, BODY), "4", name)
    code, body = (column_index(grid[top], label, "4", name) for label in (CODE, BODY))
    years = reference_years(book, name)
    columns = [
        Column(c, f"4:{normal_label(label)}", BOUNDARIES, years.get(normal_label(label), ""))
        for c, label in enumerate(grid[top])
        if c not in (code, body) and label.strip()
    ]
    rows = [r for r in range(top + 1, len(grid)) if any(cell.strip() for cell in grid[r])]
    return wide_cells(grid, rows, columns, code=code, body=body, markers=MARKERS, sheet="4", name=name)


def reference_years(book: CalamineWorkbook, name: str) -> dict[str, str]:
    """The publisher's words for the year of each variable, from the sheet Data Sources."""
    grid = sheet_grid(book, "Data Sources", name)
    top = find_header(grid, ("Indicator", "Reference Year"), "Data Sources", name)
    return {normal_label(row[0]): " ".join(row[1].split()) for row in grid[top + 1 :] if row[0].strip()}


def add_neighbours(book: CalamineWorkbook, sheet: str, table: str, facts: CellRows, name: str) -> None:
    """Add the 20 neighbours of every authority under one model."""
    grid = sheet_grid(book, sheet, name)
    top = find_header(grid, (CODE, BODY, "Neighbour 1: code"), sheet, name)
    code, body = (column_index(grid[top], label, sheet, name) for label in (CODE, BODY))
    ranks = [column_index(grid[top], f"Neighbour {n}: code", sheet, name) for n in range(1, NEIGHBOURS + 1)]
    for r in range(top + 1, len(grid)):
        if not any(cell.strip() for cell in grid[r]):
            continue
        for n, c in enumerate(ranks, start=1):
            neighbour = grid[r][c].strip()
            if not neighbour:
                raise BadInput(f"{name}: cell {locator(sheet, r, c)} names no neighbour; fill it in")
            series = f"neighbour:{table}:{n:02d}"
            facts.add_fact(grid[r][code].strip(), clean_name(grid[r][body]), series, neighbour, locator(sheet, r, c))


def add_caveats(book: CalamineWorkbook, facts: CellRows, name: str) -> None:
    """Add the notes that say what was done to Table 4 and to the models."""
    for r, row in enumerate(sheet_grid(book, "Notes", name)):
        if row[0] in CAVEATS:
            facts.add_fact("UK", "United Kingdom", f"caveat:{int(row[0]):02d}", row[1], locator("Notes", r, 1))


def released(book: CalamineWorkbook, name: str) -> str:
    """The release day, written 14/02/2025 on the sheet Contents."""
    for row in sheet_grid(book, "Contents", name):
        if found := re.search(r"\bon (\d{2})/(\d{2})/(\d{4})", row[0]):
            return f"{found[3]}-{found[2]}-{found[1]}"
    raise BadInput(f"{name}: the sheet Contents states no release day such as 14/02/2025; is this the right workbook?")
