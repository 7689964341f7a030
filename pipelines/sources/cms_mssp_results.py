"""Shared Savings Program results per accountable care organisation and performance year, in one shape over the years.

Dollars are whole dollars, rates are fractions of 1. Values: assigned_beneficiaries, benchmark_total, expenditure_total,
msr_published, quality_score, met_qps, max_share_rate, final_share_rate_published, final_loss_rate_published,
disaster_adjustment, revlosslimit, reducedss (flags 0 or 1), agreement_period_num, gen_save_loss_published and
earned_save_loss_published (0 where CMS leaves it blank). Facts with the year as period: track, rev_exp_cat,
current_start_date. An empty quality score is pay for reporting (P4R, full credit) and not applicable; other empty
figures were not published that year and are missing. Organisations are numbered anew from 2018 on; the names of 2014
are not in this file. Not returned: the columns that an independent engine recomputed for checking (msr_expected,
expected_gen_savings, expected_earned, abs_diff, rounding_tol_usd, ok_1usd, ok_0p1pct, ok_rounding).
"""

from __future__ import annotations

import re

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

PUBLISHER = "Centers for Medicare & Medicaid Services"
DATASET = "cms_mssp_results"
TITLE = "Medicare Shared Savings Program, performance year financial and quality results"
URL = "https://data.cms.gov/medicare-shared-savings-program/performance-year-financial-and-quality-results"
LICENCE = "US-PD"
FILES = ("mssp_py[0-9][0-9][0-9][0-9].csv",)

YEAR, CODE, BODY = "performance_year", "aco_id", "aco_name"
FIGURES = (
    "assigned_beneficiaries",
    "benchmark_total",
    "expenditure_total",
    "msr_published",
    "quality_score",
    "met_qps",
    "max_share_rate",
    "final_share_rate_published",
    "final_loss_rate_published",
    "disaster_adjustment",
    "revlosslimit",
    "reducedss",
    "agreement_period_num",
    "gen_save_loss_published",
    "earned_save_loss_published",
)
FACTS = ("track", "rev_exp_cat", "current_start_date")
PAY_FOR_REPORTING = "P4R"


def parse(data: bytes, name: str) -> Parsed:
    """Published figures and facts of one performance year; dated at the end of the year."""
    grid = csv_grid(data, name)
    top = find_header(grid, (YEAR, CODE, BODY, *FIGURES, *FACTS), "", name)
    check_labelled(grid, top, "", name)
    at = {label: column_index(grid[top], label, "", name) for label in (YEAR, CODE, BODY, *FIGURES, *FACTS)}
    out = CellRows(name)
    years = set()
    for r in range(top + 1, len(grid)):
        line = grid[r]
        if not any(line):
            continue
        year = line[at[YEAR]].strip()
        if not re.fullmatch(r"\d{4}", year):
            raise BadInput(f"{name}: row {r + 1} is for the performance year '{year}', expected four digits; mend it")
        years.add(year)
        code, body = line[at[CODE]].strip(), clean_name(line[at[BODY]])
        for series in FIGURES:
            where = locator("", r, at[series])
            text, found = figure(series, line[at[series]], where, name)
            out.add(code, body, Column(0, series, year, f"PY{year}"), text, found, where)
        for series in FACTS:
            if text := line[at[series]].strip():
                column = Column(0, series, year, f"PY{year}")
                out.add(code, body, column, text, Reading(None, "ok"), locator("", r, at[series]))
    return Parsed(f"{max(years, default='')}-12-31", out.frame())


def figure(series: str, text: str, where: str, name: str) -> tuple[str, Reading]:
    """Text and meaning of a figure; an empty quality score is pay for reporting."""
    if not text.strip():
        if series == "quality_score":
            return PAY_FOR_REPORTING, Reading(None, "not_applicable")
        return text, Reading(None, "missing")
    found = reading(text, {})
    if found is None:
        raise unknown_marker(text, where, name)
    return text, found
