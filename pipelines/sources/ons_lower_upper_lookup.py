"""Which upper-tier authority every lower-tier authority of England and Wales lies in, April 2023.

Facts per lower-tier code: `upper_tier_code` and `upper_tier_name`; a unitary is its own upper tier. `ObjectId` numbers
the rows and Welsh names repeat the English ones: both are left out. The year is in the column names (`LTLA23CD`).
"""

from __future__ import annotations

import re

from pipelines.errors import BadInput
from pipelines.sources.cells import CellRows, Parsed, clean_name, column_index, csv_grid, locator

PUBLISHER = "Office for National Statistics (Open Geography Portal)"
DATASET = "ons_lower_upper_lookup"
TITLE = "Lower tier local authority to upper tier local authority (April 2023) lookup in England and Wales"
URL = "https://geoportal.statistics.gov.uk/search?q=LUP_LTLA_UTLA"
LICENCE = "OGL-UK-3.0"
FILES = ("Lower_Tier_Local_Authority_to_Upper_Tier_Local_Authority_*.csv",)


def parse(data: bytes, name: str) -> Parsed:
    """Two facts per row; dated at the end of the year in the column names, the only date the file gives."""
    grid = csv_grid(data, name)
    found = re.fullmatch(r"LTLA(\d{2})CD", grid[0][0].strip()) if grid and grid[0] else None
    if found is None:
        raise BadInput(f"{name}: the first column is not named LTLA23CD (or another year); is this the right file?")
    year = found[1]
    labels = (f"LTLA{year}CD", f"LTLA{year}NM", f"UTLA{year}CD", f"UTLA{year}NM")
    code, body, upper, upper_name = (column_index(grid[0], label, "", name) for label in labels)
    out = CellRows(name)
    for r in range(1, len(grid)):
        line = grid[r]
        if not any(line):
            continue
        for series, c in (("upper_tier_code", upper), ("upper_tier_name", upper_name)):
            out.add_fact(line[code].strip(), clean_name(line[body]), series, line[c].strip(), locator("", r, c))
    return Parsed(f"20{year}-12-31", out.frame())
