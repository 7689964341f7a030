"""Past, present and planned UK authorities: names, codes, dates and what replaced them, one fact per filled cell.

The code is the GSS code, or the register's own letters (`ABC`) for the bodies without one (Northern Ireland before
2015). Series are the file's column names with underscores: `official_name`, `nice_name`, `local_authority_code`,
`start_date`, `end_date`, `replaced_by` and `former_gss_codes` (lists joined by commas, the first in the register's
letters), `county_la`, `region`, `nation`, `local_authority_type`, `lower_or_unitary` (True, False), `ecode` and so on.
`area` (km2) and `pop_2020` are values, empty ones missing. Empty cells of other columns say nothing and give no fact.
Not an official table: mySociety compiles it from government registers.
"""

from __future__ import annotations

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Parsed,
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

PUBLISHER = "mySociety"
DATASET = "mysociety_authorities"
TITLE = "UK local authority names and codes (uk_la_future)"
URL = "https://pages.mysociety.org/uk_local_authority_names_and_codes/"
LICENCE = "CC-BY-4.0"
FILES = ("uk_local_authorities_future*.csv",)

OWN, GSS, BODY, START, END = "local-authority-code", "gss-code", "nice-name", "start-date", "end-date"
VALUES = {"area": "", "pop-2020": "2020-06-30"}
MARKERS = {"": "missing"}


def parse(data: bytes, name: str) -> Parsed:
    """Every filled cell; the file states no date, so the newest start or end of an authority is taken."""
    grid = csv_grid(data, name)
    top = find_header(grid, (OWN, GSS, BODY, START, END, "replaced-by", *VALUES), "", name)
    check_labelled(grid, top, "", name)
    header = grid[top]
    own, gss, body, start, end = (column_index(header, label, "", name) for label in (OWN, GSS, BODY, START, END))
    out = CellRows(name)
    days = [""]
    for r in range(top + 1, len(grid)):
        line = grid[r]
        if not any(line):
            continue
        code = line[gss].strip() or line[own].strip()
        days += [line[start].strip(), line[end].strip()]
        for c, label in enumerate(header):
            add_cell(code, clean_name(line[body]), label, line[c].strip(), locator("", r, c), out)
    if not max(days):
        raise BadInput(f"{name}: no authority has a start or end date; is this the right file?")
    return Parsed(max(days), out.frame())


def add_cell(code: str, body: str, label: str, text: str, where: str, out: CellRows) -> None:
    """Add a value for area and population, a fact for every other filled cell."""
    series = label.strip().replace("-", "_").lower()
    if label not in VALUES:
        if text and label != GSS:
            out.add_fact(code, body, series, text, where)
        return
    found = reading(text, MARKERS)
    if found is None:
        raise unknown_marker(text, where, out.name)
    out.add(code, body, Column(0, series, VALUES[label], label), text, Reading(*found), where)
