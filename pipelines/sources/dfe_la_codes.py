"""The authorities, regions and England that LAIT numbers: facts `region` and `type` per DfE number.

`type` is UA, MD, SC (county), OLB and ILB (outer and inner London borough); `NA` stands for regions and England and is
not applicable. Councils abolished since are listed with `(Pre LG)` behind their name or without a mark.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Parsed,
    Reading,
    clean_name,
    column_index,
    find_header,
    locator,
    sheet_grid,
    workbook,
)

PUBLISHER = "Department for Education"
DATASET = "dfe_la_codes"
TITLE = "Local Authority Interactive Tool (LAIT), authority list"
URL = "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait"
LICENCE = "OGL-UK-3.0"
FILES = ("la_code_list*.xlsx",)

NUMBER, BODY, FACTS = "LA Number", "LA Name", ("Region", "Type")


def parse(data: bytes, name: str) -> Parsed:
    """Facts of the first sheet; the sheet states no date, so the workbook's own record of its last change is taken."""
    book = workbook(data, name)
    sheet = book.sheet_names[0]
    grid = sheet_grid(book, sheet, name)
    top = find_header(grid, (NUMBER, BODY, *FACTS), sheet, name)
    code, body = (column_index(grid[top], label, sheet, name) for label in (NUMBER, BODY))
    out = CellRows(name)
    for r in range(top + 1, len(grid)):
        if not any(cell.strip() for cell in grid[r]):
            continue
        for label in FACTS:
            c = column_index(grid[top], label, sheet, name)
            text = grid[r][c].strip()
            found = Reading(None, "not_applicable" if text == "NA" else "ok")
            column = Column(c, label.lower(), "", "")
            out.add(grid[r][code].strip(), clean_name(grid[r][body]), column, text, found, locator(sheet, r, c))
    return Parsed(last_change(data, name), out.frame())


def last_change(data: bytes, name: str) -> str:
    """The day on which the workbook says it was last changed (docProps/core.xml)."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml").decode() if "docProps/core.xml" in archive.namelist() else ""
    found = re.search(r"<dcterms:modified[^>]*>(\d{4}-\d{2}-\d{2})", core)
    if found is None:
        raise BadInput(f"{name}: the workbook does not say when it was last changed; save it once and try again")
    return found[1]
