"""Shared Savings Program public use file: every published column per accountable care organisation, as CMS prints it.

Columns, their spelling and their units vary by year: rates are fractions up to 2020 (0.0714), carry a per cent sign
in 2022 (6.46%) and are per cent without one in 2024 (8.89); `cms_mssp_results` has the main ones in one unit. Series
are the column names in lower case (`abtotbnchmk`). Dollar signs, thousands commas and per cent signs are understood.
`*` is suppressed (small cells; no bounds, because others are withheld with them), `-` not reported or not applicable
(missing: CMS does not say which), `N/A` not applicable, `P4R` pay for reporting (not applicable), empty missing.
Words (state, agreement type, dates, track, ...) are facts with the year as period. The year is in the file's name;
row numbers and the columns `year` and `performance_year`, which repeat it, are left out.
"""

from __future__ import annotations

import re

from pipelines.errors import BadInput
from pipelines.sources.cells import (
    CellRows,
    Column,
    Grid,
    Line,
    Parsed,
    Reading,
    check_labelled,
    clean_name,
    csv_grid,
    locator,
)
from pipelines.sources.sniff import check_content, unpacked_gzip

PUBLISHER = "Centers for Medicare & Medicaid Services"
DATASET = "cms_mssp_puf"
TITLE = "Medicare Shared Savings Program, accountable care organisations public use file"
URL = "https://data.cms.gov/medicare-shared-savings-program/performance-year-financial-and-quality-results"
LICENCE = "US-PD"
FILES = ("py[0-9][0-9][0-9][0-9].csv.gz", "py[0-9][0-9][0-9][0-9]_standardised.csv.gz")

CODES = ("aco_num", "aco_id")
BODY = "aco_name"
YEARS = ("year", "performance_year")
LEFT_OUT = ("x",)  # row number of the 2020 file
WORDS = (
    "aco_state",
    "agree_type",
    "start_date",
    "initial_start_date",
    "current_start_date",
    "current_track",
    "risk_model",
    "assign_type",
    "finaladjcat",
    "rev_exp_cat",
)
MARKERS = {"": "missing", "*": "suppressed", "-": "missing", "N/A": "not_applicable", "P4R": "not_applicable"}


def parse(data: bytes, name: str) -> Parsed:
    """Every column of one performance year; dated at the end of the year that the file's name states."""
    year = year_in_name(name)
    check_content(data, name)
    grid = csv_grid(unpacked_gzip(data, name), name.removesuffix(".gz"))
    check_labelled(grid, 0, "", name)
    labels = [label.strip().lower() for label in grid[0]]
    code = next((labels.index(label) for label in CODES if label in labels), None)
    if code is None or BODY not in labels:
        raise BadInput(f"{name}: no columns ACO_ID (or ACO_Num) and ACO_Name in the first row; is this the right file?")
    body = labels.index(BODY)
    rows = [r for r in range(1, len(grid)) if any(grid[r])]
    lines = [Line(r, grid[r][code].strip(), clean_name(grid[r][body]), year, f"PY{year}") for r in rows]
    out = CellRows(name)
    for c, series in enumerate(labels):
        if series in YEARS:
            agree(grid, rows, c, year, name)
        elif series in WORDS:
            add_words(out, grid, lines, c, series)
        elif series and c not in (code, body) and series not in LEFT_OUT:
            out.add_column(grid, lines, c, series, MARKERS, "")
    return Parsed(f"{year}-12-31", out.frame())


def add_words(out: CellRows, grid: Grid, lines: list[Line], c: int, series: str) -> None:
    """Add a column of words; an empty one is missing."""
    for line in lines:
        text, column = grid[line.row][c], Column(c, series, line.period, line.period_text)
        found = Reading(None, "ok" if text.strip() else "missing")
        out.add(line.code, line.body, column, text, found, locator("", line.row, c))


def agree(grid: Grid, rows: list[int], c: int, year: str, name: str) -> None:
    """Raise BadInput when a row is for another year than the file's name says."""
    for r in rows:
        if grid[r][c].strip().removesuffix(".0") != year:
            found = grid[r][c]
            raise BadInput(f"{name}: row {r + 1} is for the year '{found}', the file's name says {year}; rename it")


def year_in_name(name: str) -> str:
    """The performance year in a name such as py2022.csv.gz."""
    found = re.match(r"py(\d{4})", name)
    if found is None:
        raise BadInput(f"{name}: the name states no performance year such as py2022.csv.gz; rename the file")
    return found[1]
