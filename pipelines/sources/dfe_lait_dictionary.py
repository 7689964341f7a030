"""What the LAIT measures are: topic, wording, polarity, unit of the axis, kind of year, source, as facts per measure.

Facts stand under the code `LAIT`; the series is `<short descriptor>:<column>`, columns in lower case as in the file's
header: `Section_47:polarity` (High, Low, `-` no direction; NA not applicable), `:year_type`, `:y_axis_name`,
`:chart_title`, `:description`, `:dps` (decimal places). Short descriptors join to `dfe_lait` by text.
A measure listed under a second topic has its differing facts as `<series>#2`. Empty cells say nothing and give no fact.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Parsed,
    Reading,
    column_index,
    csv_grid,
    find_header,
    locator,
    normal_label,
)

PUBLISHER = "Department for Education"
DATASET = "dfe_lait_dictionary"
TITLE = "Local Authority Interactive Tool (LAIT), data dictionary"
URL = "https://www.gov.uk/government/publications/local-authority-interactive-tool-lait"
LICENCE = "OGL-UK-3.0"
FILES = ("lait_data_dictionary*.csv",)

KEY, UPDATED = "Measure_short", "Last Update"
CODE, BODY = "LAIT", "Local Authority Interactive Tool"
DAY_ZERO = date(1899, 12, 30)  # spreadsheets count days from here


def parse(data: bytes, name: str) -> Parsed:
    """Every filled cell of the dictionary; dated by the newest `Last Update`, a spreadsheet's day number."""
    grid = csv_grid(data, name)
    top = find_header(grid, (KEY, "Polarity", "Year_Type", UPDATED), "", name)
    key = column_index(grid[top], KEY, "", name)
    out = CellRows(name)
    said: dict[str, set[str]] = {}
    for r in range(top + 1, len(grid)):
        if any(grid[r]):
            add_measure(grid, r, grid[top], key, said, out, name)
    return Parsed(newest_update(grid, top, name), out.frame())


def add_measure(
    grid: Grid, r: int, header: list[str], key: int, said: dict[str, set[str]], out: CellRows, name: str
) -> None:
    """Add the facts of one row; what an earlier row of the same measure said in the same words is not repeated."""
    measure = grid[r][key].strip()
    if not measure:
        raise BadInput(f"{name}: row {r + 1} has no {KEY}; fill it in")
    for c, label in enumerate(header):
        text = grid[r][c].strip() if c < len(grid[r]) else ""
        series = f"{measure}:{normal_label(label)}"
        words = said.setdefault(series, set())
        if c == key or not text or text in words:
            continue
        words.add(text)
        found = Reading(None, "not_applicable" if text == "NA" else "ok")
        numbered = series if len(words) == 1 else f"{series}#{len(words)}"
        out.add(CODE, BODY, Column(c, numbered, "", ""), text, found, locator("", r, c))


def newest_update(grid: Grid, top: int, name: str) -> str:
    """The newest day in the column of last updates; texts such as `New data` are passed over."""
    column = column_index(grid[top], UPDATED, "", name)
    days = [int(row[column]) for row in grid[top + 1 :] if column < len(row) and row[column].strip().isdigit()]
    if not days:
        raise BadInput(f"{name}: column '{UPDATED}' holds no day; is this the right table?")
    return (DAY_ZERO + timedelta(days=max(days))).isoformat()
