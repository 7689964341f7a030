"""The layout that Explore Education Statistics gives every table: one row per reporting year and place.

What belongs here: the identifying columns, the place's code, the bridge from DfE numbers to ONS codes, the markers that
all tables share. What does not: which columns a table has, and what its reporting year means.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Grid,
    Line,
    check_labelled,
    clean_name,
    column_index,
    csv_grid,
    find_header,
    locator,
)

IDENTITY = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)
FILTERS = ("category",)  # says only which table this is; two of them in one file would meet as a duplicate key
PLACES = {  # geographic level: columns of its code (the first that is filled) and of its name
    "National": (("country_code",), "country_name"),
    "Regional": (("region_code",), "region_name"),
    "Local authority": (("new_la_code", "old_la_code"), "la_name"),
}
# The publisher's symbols: c withheld to protect people (without bounds: some cells are withheld only to hide others),
# x not available, z does not apply, u too unreliable to publish, low above zero but rounded to it.
LOW = "low"
MARKERS = {"c": "suppressed", "x": "missing", "z": "not_applicable", "u": "missing", LOW: "suppressed"}


def ees_cells(data: bytes, name: str, period: Callable[[int], str]) -> pl.DataFrame:
    """Every figure of one Explore Education Statistics table, with a fact `dfe_number` per authority.

    period : turns the reporting year into a canonical period. Codes are ONS codes, the DfE number where a row has none;
    regions and England keep their own. Raises BadInput for an unknown level, year, marker or code without a match.
    """
    grid = csv_grid(data, name)
    top = find_header(grid, IDENTITY, "", name)
    check_labelled(grid, top, "", name)
    at = {label: column_index(grid[top], label, "", name) for label in IDENTITY}
    measures = [
        (c, label.strip())
        for c, label in enumerate(grid[top])
        if label.strip() and label.strip().lower() not in (*IDENTITY, *FILTERS)
    ]
    out = CellRows(name)
    lines = []
    for r in range(top + 1, len(grid)):
        if any(grid[r]):
            code, body = place(grid[r], at, r, name)
            lines.append(Line(r, code, body, *reporting_period(grid[r], at, r, name, period)))
    for c, series in measures:
        out.add_column(grid, lines, c, series, MARKERS, "")
    add_bridge(grid, lines, at["old_la_code"], out)
    return bounded(out.frame())


def bounded(cells: pl.DataFrame) -> pl.DataFrame:
    """`low` is a figure above zero that rounds to zero at the last printed digit (tenths of rates, else units)."""
    low = pl.col("text").str.strip_chars() == LOW
    half_a_digit = pl.when(pl.col("series").str.contains("_rate")).then(0.05).otherwise(0.5)
    return cells.with_columns(
        lo=pl.when(low).then(0.0).otherwise(pl.col("lo")), hi=pl.when(low).then(half_a_digit).otherwise(pl.col("hi"))
    )


def place(line: list[str], at: dict[str, int], r: int, name: str) -> tuple[str, str]:
    """Code and name of the body that a row is about."""
    level = line[at["geographic_level"]].strip()
    if level not in PLACES:
        raise BadInput(
            f"{name}: row {r + 1} has the geographic level '{level}'; known are {', '.join(PLACES)}; "
            "add it to the source"
        )
    codes, label = PLACES[level]
    code = next((line[at[column]].strip() for column in codes if line[at[column]].strip()), "")
    if not code:
        raise BadInput(f"{name}: row {r + 1} ({level}) has no code in {' or '.join(codes)}; fill it in")
    return code, clean_name(line[at[label]])


def reporting_period(
    line: list[str], at: dict[str, int], r: int, name: str, period: Callable[[int], str]
) -> tuple[str, str]:
    """Canonical period of a row, and the publisher's words for it."""
    year, kind = line[at["time_period"]].strip(), line[at["time_identifier"]].strip()
    if kind != "Reporting year" or not (year.isdigit() and len(year) == 4):
        raise BadInput(f"{name}: row {r + 1} is for '{kind} {year}', expected a reporting year such as 2023; mend it")
    return period(int(year)), f"{kind} {year}"


def add_bridge(grid: Grid, lines: list[Line], column: int, out: CellRows) -> None:
    """Add the facts that join DfE numbers to ONS codes, once per code and number."""
    numbers: dict[str, str] = {}
    for line in lines:
        number = grid[line.row][column].strip()
        if number and numbers.get(line.code) != number:
            numbers[line.code] = number  # a second number for one code is a duplicate key, which the frame refuses
            out.add_fact(line.code, line.body, "dfe_number", number, locator("", line.row, column))
