"""Children's social work workforce: staff in post, agency, vacancies, turnover, cases and caseload.

The census counts on 30 September, and starters, leavers and days lost over the year to that day, so the period of the
reporting year 2023 is 2023-09-30. Rates are out of 100. `low` (above zero, rounds to zero) is suppressed with bounds.
Two councils that report together stand as printed, `E06000061 / E06000062`. DfE numbers 815 and 933 belong here to
today's North Yorkshire and Somerset, in tables B1 and C1 to the counties before April 2023: the bridge is not
one-to-one.
"""

from __future__ import annotations

from pipelines.sources.cells import Parsed
from pipelines.sources.ees import ees_cells
from pipelines.sources.periods import newest_end

PUBLISHER = "Department for Education"
DATASET = "dfe_csww"
TITLE = "Children's social work workforce, indicators"
URL = "https://explore-education-statistics.service.gov.uk/find-statistics/children-s-social-work-workforce"
LICENCE = "OGL-UK-3.0"
FILES = ("csww_indicators_*.csv",)


def parse(data: bytes, name: str) -> Parsed:
    """Cells of the workforce indicators; the file gives no date, so the date is its newest census day."""
    cells = ees_cells(data, name, census_day)
    return Parsed(newest_end(cells["period"]), cells)


def census_day(year: int) -> str:
    """The workforce census is taken on 30 September."""
    return f"{year}-09-30"
