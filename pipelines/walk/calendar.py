"""Counting in periods: how far apart two are, which one comes so many later."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.errors import BadInput
from pipelines.sources.periods import span

PER_YEAR = {"quarter": 4, "month": 12}


class Place(NamedTuple):
    """A period as a whole number on the line of its kind. kind : as `span`, for points with their month and day."""

    kind: str
    number: int


def place_of(period: str) -> Place:
    """The place of a period. Points count years: a series of points is taken on the same day of each.

    Raises BadInput for pooled and timeless periods, which follow on nothing.
    """
    found = span(period)
    year = int(period[:4]) if period else 0
    if found.kind == "point":
        return Place(f"point {period[5:]}", year)
    if found.kind == "quarter":
        return Place("quarter", year * 4 + int(period[-1]) - 1)
    if found.kind == "month":
        return Place("month", year * 12 + int(period[6:]) - 1)
    if found.kind in ("financial_year", "calendar_year"):
        return Place(found.kind, year)
    raise BadInput(f"period '{period}': nothing follows a period that is {found.kind}; name a year, quarter or month")


def period_at(place: Place) -> str:
    """The period at a place; the inverse of `place_of`."""
    kind, number = place
    if kind.startswith("point "):
        return f"{number}-{kind.removeprefix('point ')}"
    if kind == "quarter":
        return f"{number // 4}-Q{number % 4 + 1}"
    if kind == "month":
        return f"{number // 12}-M{number % 12 + 1:02d}"
    return f"{number}-{(number + 1) % 100:02d}" if kind == "financial_year" else str(number)


def per_year(kind: str) -> int:
    """Periods of a kind in a year."""
    return PER_YEAR.get(kind, 1)
