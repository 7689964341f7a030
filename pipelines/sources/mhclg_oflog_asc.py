"""Adult social care metrics of the Local Authority Data Explorer, ASC1 to ASC7, with the publisher's own medians.

Per measure three series: the value (`ASC5`), the median of its class that the publisher compares with (`ASC5:median`)
and the distance from it in median absolute deviations (`ASC5:mads_from_median`): an oracle for peer statistics. Facts
under the code `OFLOG`: `ASC5:label` and `ASC5:rank_order`, the direction as printed (`desc`, `DESC`, `None`; blank
wherever the value is). Councils stand under old and new codes as printed. An empty value is missing. Carer measures
were asked only every second year.
"""

from __future__ import annotations

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Parsed,
    check_labelled,
    clean_name,
    column_index,
    csv_grid,
    find_header,
    locator,
    reading,
    unknown_marker,
)
from pipelines.sources.periods import financial_year, newest_end

PUBLISHER = "Office for Local Government (MHCLG)"
DATASET = "mhclg_oflog_asc"
TITLE = "Local Authority Data Explorer: adult social care metrics"
URL = "https://oflog.data.gov.uk/adult-social-care"
LICENCE = "OGL-UK-3.0"
FILES = ("ASC_data*.csv",)

YEAR, CODE, BODY, MEASURE, SERIES, ORDER = (
    "Financial year",
    "Local authority code",
    "Local authority name",
    "Measure",
    "Code",
    "rank_order",
)
FIGURES = {"Value": "", "MEDIAN": ":median", "MADs_from_median": ":mads_from_median"}
MARKERS = {"": "missing"}
PUBLISHER_CODE = "OFLOG"


def parse(data: bytes, name: str) -> Parsed:
    """One cell per figure and row; the columns Grouping, Entity_Name and Region describe the council and are left out.

    The file states no date, so the date is the end of its newest year. Raises BadInput for a period that is not a
    financial year, an unknown marker, and a measure whose rows disagree on its direction.
    """
    grid = csv_grid(data, name)
    top = find_header(grid, (YEAR, CODE, BODY, MEASURE, SERIES, ORDER, *FIGURES), "", name)
    check_labelled(grid, top, "", name)
    at = {label: column_index(grid[top], label, "", name) for label in (YEAR, CODE, BODY, MEASURE, SERIES, ORDER)}
    figures = {column_index(grid[top], label, "", name): suffix for label, suffix in FIGURES.items()}
    out = CellRows(name)
    for r in range(top + 1, len(grid)):
        line = grid[r]
        if not any(line):
            continue
        period = financial_year(line[at[YEAR]])
        if period is None:
            raise BadInput(f"{name}: row {r + 1} is for '{line[at[YEAR]]}', which is no financial year; mend it")
        code, body = line[at[CODE]].strip(), clean_name(line[at[BODY]])
        for c, suffix in figures.items():
            found = reading(line[c], MARKERS)
            if found is None:
                raise unknown_marker(line[c], locator("", r, c), name)
            column = Column(c, line[at[SERIES]].strip() + suffix, period, line[at[YEAR]])
            out.add(code, body, column, line[c], found, locator("", r, c))
    add_measure_facts(grid, top, at, out, name)
    cells = out.frame()
    return Parsed(newest_end(cells["period"]), cells)


def add_measure_facts(grid: list[list[str]], top: int, at: dict[str, int], out: CellRows, name: str) -> None:
    """Label and direction of each measure, from its first row that prints them; later rows must agree."""
    first: dict[str, str] = {}
    for r in range(top + 1, len(grid)):
        if not any(grid[r]):
            continue
        for label, suffix in ((MEASURE, "label"), (ORDER, "rank_order")):
            text = grid[r][at[label]].strip()
            series = f"{grid[r][at[SERIES]].strip()}:{suffix}"
            if not text:
                continue
            if series not in first:
                first[series] = text
                out.add_fact(PUBLISHER_CODE, PUBLISHER, series, text, locator("", r, at[label]))
            elif first[series].lower() != text.lower():
                raise BadInput(
                    f"{name}: cell {locator('', r, at[label])} holds '{text}' where earlier rows of the same measure "
                    f"hold '{first[series]}'; make them agree"
                )
