"""Canonical periods from publishers' words.

Canonical forms: `2022-23` financial year, `2022` calendar or performance year, `2022-06-30` a point in time,
`2022-Q1` quarter, `2022-M03` month, `2014/2016` a pooled span of years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

MONTHS = ["january", "february", "march", "april", "may", "june"]
MONTHS += ["july", "august", "september", "october", "november", "december"]
DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]+)\s+(\d{4})")
FINANCIAL = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2}|\d{4})")


class Span(NamedTuple):
    """A period's kind and its first and last day (ISO)."""

    kind: str
    start: str
    end: str


def financial_year(text: str) -> str | None:
    """`2022-23` from `2022-23`, `2022/23`, `2022–23` or `2022-2023`; None when the years are not consecutive."""
    found = FINANCIAL.fullmatch(text.strip())
    if not found:
        return None
    start, end = int(found[1]), int(found[2][-2:])
    return f"{start}-{end:02d}" if (start + 1) % 100 == end else None


def year_ending_march(year: int) -> str:
    """The financial year that ends on 31 March of this year: 2024 is `2023-24`."""
    return f"{year - 1}-{year % 100:02d}"


def iso_day(text: str) -> str | None:
    """The first day written in words inside a text: `Last updated: 6 June 2024` is `2024-06-06`."""
    for day, month, year in DAY.findall(text):
        if month.lower() in MONTHS:
            return f"{year}-{MONTHS.index(month.lower()) + 1:02d}-{int(day):02d}"
    return None


def span(period: str) -> Span:
    """Kind, first and last day of a canonical period; ValueError for any other text.

    Financial years run from 1 April to 31 March. The timeless period "" has kind `timeless` and no days.
    """
    if period == "":
        return Span("timeless", "", "")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", period):
        return Span("point", period, period)
    if re.fullmatch(r"\d{4}-Q[1-4]", period):
        year, quarter = int(period[:4]), int(period[-1])
        return Span("quarter", f"{year}-{quarter * 3 - 2:02d}-01", month_end(year, quarter * 3))
    if re.fullmatch(r"\d{4}/\d{4}", period):
        return Span("pooled", f"{period[:4]}-01-01", f"{period[5:]}-12-31")
    if re.fullmatch(r"\d{4}", period):
        return Span("calendar_year", f"{period}-01-01", f"{period}-12-31")
    if re.fullmatch(r"\d{4}-M(0[1-9]|1[0-2])", period):
        year, month = int(period[:4]), int(period[6:])
        return Span("month", f"{year}-{month:02d}-01", month_end(year, month))
    if financial_year(period) == period:
        year = int(period[:4])
        return Span("financial_year", f"{year}-04-01", f"{year + 1}-03-31")
    raise ValueError(f"'{period}' is not a canonical period such as 2022-23, 2022, 2022-06-30, 2022-Q1 or 2022-M03")


def is_period(text: str) -> bool:
    """Whether a text is a canonical period, and a point in time a day that exists."""
    try:
        found = span(text)
        return found.kind != "point" or bool(date.fromisoformat(found.start))
    except ValueError:
        return False


def newest_end(periods: Iterable[str]) -> str:
    """The last day (ISO) among canonical periods: the date of a file that does not say when it was published."""
    return max(span(period).end for period in set(periods))


def month_end(year: int, month: int) -> str:
    """Last day of a month (ISO)."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return f"{year}-{month:02d}-{days[month - 1]:02d}"
