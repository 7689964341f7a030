"""Counting in periods: there and back, and across the ends of years."""

from __future__ import annotations

import pytest

from pipelines.errors import BadInput
from pipelines.walk.calendar import Place, per_year, period_at, place_of


@pytest.mark.parametrize(
    ("period", "later", "steps"),
    [
        ("2023-24", "2026-27", 3),
        ("1998-99", "2000-01", 2),
        ("2022", "2024", 2),
        ("2022-Q3", "2023-Q2", 3),
        ("2022-M11", "2023-M02", 3),
        ("2023-09-30", "2026-09-30", 3),
    ],
)
def test_a_period_so_many_later(period, later, steps):
    kind, number = place_of(period)
    assert period_at(Place(kind, number)) == period
    assert period_at(Place(kind, number + steps)) == later


def test_points_on_other_days_are_another_series():
    assert place_of("2023-03-31").kind != place_of("2023-09-30").kind
    assert (per_year("month"), per_year("quarter"), per_year("point 03-31")) == (12, 4, 1)


@pytest.mark.parametrize("period", ["", "2014/2016"])
def test_nothing_follows_a_pooled_or_timeless_period(period):
    with pytest.raises(BadInput, match="nothing follows"):
        place_of(period)
