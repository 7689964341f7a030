"""English Indices of Deprivation 2019, File 11: every summary measure of every domain for upper-tier authorities.

Counties, unitaries, metropolitan districts and London boroughs on the boundaries of 2019; series and units as in
`mhclg_imd`. A dataset of its own, because a unitary stands in both files: two files of one dataset and date would
contradict each other.
"""

from __future__ import annotations

from pipelines.sources.cells import Parsed
from pipelines.sources.mhclg_imd import YEAR, domain_cells

PUBLISHER = "Ministry of Housing, Communities and Local Government"
DATASET = "mhclg_imd_upper"
TITLE = "English Indices of Deprivation 2019, File 11: local authority district summaries (upper tier)"
URL = "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019"
LICENCE = "OGL-UK-3.0"
FILES = ("File_11_*IoD2019*.xlsx",)


def parse(data: bytes, name: str) -> Parsed:
    """Cells of all ten domain sheets for upper-tier authorities."""
    return domain_cells(data, name, f"Upper Tier Local Authority District code ({YEAR})")
