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
    Column,
    Reading,
    check_labelled,
    clean_name,
    column_index,
    csv_grid,
    find_header,
    locator,
    reading,
    unknown_marker,
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
# x not available, z does not apply, u too unreliable to publish.
MARKERS = {"c": "suppressed", "x": "missing", "z": "not_applicable", "u": "missing"}


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
    numbers: dict[str, str] = {}
    for r in range(top + 1, len(grid)):
        line = grid[r]
        if not any(line):
            continue
        code, body = place(line, at, r, name)
        when = reporting_period(line, at, r, name, period)
        for c, series in measures:
            found = read(line[c], series)
            if found is None:
                raise unknown_marker(line[c], locator("", r, c), name)
            out.add(code, body, Column(c, series, *when), line[c], found, locator("", r, c))
        bridge(line, at, r, code, body, numbers, out)
    return out.frame()


def read(text: str, series: str) -> Reading | None:
    """What a cell says; `low` is a figure above zero that rounds to zero, so its bounds are known."""
    if text.strip() == "low":
        return Reading(None, "suppressed", 0.0, 0.05 if "_rate" in series else 0.5)
    return reading(text, MARKERS)


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


def bridge(
    line: list[str], at: dict[str, int], r: int, code: str, body: str, numbers: dict[str, str], out: CellRows
) -> None:
    """Add the fact that joins a DfE number to this ONS code, once per code and number."""
    number = line[at["old_la_code"]].strip()
    if not number or numbers.get(code) == number:
        return
    numbers[code] = number  # a second number for one code becomes a duplicate key, which the frame refuses by name
    out.add_fact(code, body, "dfe_number", number, locator("", r, at["old_la_code"]))
