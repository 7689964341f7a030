"""Children in need, table B1: episodes and children at any point, started, ended and on 31 March.

The reporting year 2023 runs from 1 April 2022 to 31 March 2023, the financial year 2022-23; the columns `At31_...` are
stocks on its last day. Counts are rounded by the publisher; rates are per 10,000 children. Series are the publisher's
column ids. Rows for councils, regions and England are all returned.
"""

from __future__ import annotations

from pipelines.sources.cells import Parsed
from pipelines.sources.ees import ees_cells
from pipelines.sources.periods import newest_end, year_ending_march

PUBLISHER = "Department for Education"
DATASET = "dfe_cin_b1"
TITLE = "Characteristics of children in need, table B1"
URL = "https://explore-education-statistics.service.gov.uk/find-statistics/characteristics-of-children-in-need"
LICENCE = "OGL-UK-3.0"
FILES = ("b1_children_in_need_*.csv",)


def parse(data: bytes, name: str) -> Parsed:
    """Cells of table B1; the file gives no date of its own, so the date is the end of its newest year."""
    cells = ees_cells(data, name, year_ending_march)
    return Parsed(newest_end(cells["period"]), cells)
