"""The description of a plain table, and how publishers write periods in one.

What belongs here: the dataclasses that a pack's YAML fills in, and the words of periods. What does not: reading bytes
(`declared.py`). Plain dataclasses, so that sources need neither YAML nor Pydantic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from pipelines.sources.periods import MONTHS, financial_year, iso_day, span, year_ending_march

Form = Literal["canonical", "financial_year", "year_ending_march", "calendar_year", "date", "quarter", "month"]
Mark = Literal["missing", "suppressed", "not_applicable"]
Suffix = Literal["ok", "provisional", "imputed", "break"]
PERIOD_MARK = "{period}"
STRICT = {"extra": "forbid"}
"""Read by Pydantic when a pack is validated: a key that is not listed here is a slip, not an extension."""


@dataclass(frozen=True, kw_only=True)
class SeriesColumn:
    """One column of figures in a wide table.

    column : the header's label; `{period}` in it stands for a period, so `Cost {period}` reads every year's column.
    series : the series id that measures name.   period : canonical, when this column is always of one period.
    """

    column: str
    series: str
    period: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class FactColumn:
    """One column of words (an opening date, a region, a successor's code), kept as facts without a period."""

    column: str
    series: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class PeriodRule:
    """Where a figure's period stands: in a column, fixed for the table, or in the labels (`{period}`).

    form : how the publisher writes it.   column : label of the column.   fixed : one canonical period for all.
    """

    form: Form = "canonical"
    column: str | None = None
    fixed: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class DateRule:
    """The edition's date in the file's own words: a fixed day, a cell that holds it, else the newest period's end."""

    fixed: str | None = None
    cell: str | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, kw_only=True)
class Table:
    """A plain table: where its header, bodies, periods and figures stand, and what its markers mean.

    sheet : of a workbook; not for CSV.   header : 1-based row, or labels that only the header row holds together.
    code, name : labels of the columns of the body's code and name.
    Wide: `series` lists columns. Long: `series_column` names the figure, `value_column` holds it.
    markers : text -> status of cells without a figure.   bounds : suppressed marker -> lowest and highest it may hide.
    suffixes : letters after a number -> status (`123p` is provisional).
    first_row : 1-based, default the row below the header.   stop_at : the table ends at the first row whose code or
    name starts with this; a blank row ends it too unless `through_blank_rows`.
    skip_codes : codes of total rows that are not bodies, each listed by hand.
    """

    publisher: str
    title: str
    url: str
    licence: str
    header: int | tuple[str, ...]
    code: str
    period: PeriodRule
    sheet: str | None = None
    name: str | None = None
    series: tuple[SeriesColumn, ...] = ()
    series_column: str | None = None
    value_column: str | None = None
    facts: tuple[FactColumn, ...] = ()
    markers: dict[str, Mark] = field(default_factory=dict)
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    suffixes: dict[str, Suffix] = field(default_factory=dict)
    date: DateRule = field(default_factory=DateRule)
    first_row: int | None = None
    stop_at: str | None = None
    through_blank_rows: bool = False
    skip_codes: tuple[str, ...] = ()
    __pydantic_config__ = STRICT


def canonical(words: str, form: Form) -> str | None:
    """The canonical period that these words mean in this form; None when they do not have it."""
    words = " ".join(words.split())
    if form == "financial_year":
        return financial_year(words)
    if form in ("calendar_year", "year_ending_march"):
        year = re.search(r"(?:^|\D)(\d{4})$", words)
        if year is None:
            return None
        return year[1] if form == "calendar_year" else year_ending_march(int(year[1]))
    if form == "date":
        return iso_day(words) or day_in_figures(words)
    if form == "quarter":
        quarter = re.fullmatch(r"(\d{4})[ -]?Q([1-4])", words, re.IGNORECASE)
        return f"{quarter[1]}-Q{quarter[2]}" if quarter else None
    if form == "month":
        return month(words)
    return words if is_canonical(words) else None


def day_in_figures(words: str) -> str | None:
    """`2023-03-31` or `31/03/2023` (day first) as an ISO day."""
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?", words)
    british = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words)
    if iso:
        return "-".join(iso.groups())
    return f"{british[3]}-{int(british[2]):02d}-{int(british[1]):02d}" if british else None


def month(words: str) -> str | None:
    """`2022-M03` from `March 2022`, `2022-03` or `2022-M03`."""
    named = re.fullmatch(r"([A-Za-z]+) (\d{4})", words)
    if named and named[1].lower() in MONTHS:
        return f"{named[2]}-M{MONTHS.index(named[1].lower()) + 1:02d}"
    figures = re.fullmatch(r"(\d{4})-M?(0[1-9]|1[0-2])", words)
    return f"{figures[1]}-M{figures[2]}" if figures else None


def is_canonical(period: str) -> bool:
    """Whether the text is a canonical period; the timeless one, empty, is."""
    try:
        span(period)
    except ValueError:
        return False
    return True
