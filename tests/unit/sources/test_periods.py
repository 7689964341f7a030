"""Canonical periods from publishers' words."""

import pytest

from pipelines.sources.periods import financial_year, iso_day, month_end, span, year_ending_march


@pytest.mark.parametrize("words", ["2022-23", "2022/23", "2022–23", "2022-2023", " 2022 / 23 "])
def test_one_financial_year_in_many_spellings(words):
    assert financial_year(words) == "2022-23"


@pytest.mark.parametrize("words", ["2022-24", "2022-22", "2022", "2014-16", "FYE 2024", ""])
def test_what_is_not_a_financial_year_is_none(words):
    assert financial_year(words) is None


def test_the_century_turns():
    assert financial_year("1999-00") == "1999-00"
    assert year_ending_march(2000) == "1999-00"


def test_year_ending_march_2024_is_2023_24():
    assert year_ending_march(2024) == "2023-24"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Last updated: 6 June 2024", "2024-06-06"),
        ("27th March 2025", "2025-03-27"),
        ("20 November 2025\nNext update: 1 November 2026", "2025-11-20"),
        ("Latest update: July 2022", None),
        ("12 Floors 2024", None),
    ],
)
def test_a_day_in_words(words, day):
    assert iso_day(words) == day


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("", ("timeless", "", "")),
        ("2022-23", ("financial_year", "2022-04-01", "2023-03-31")),
        ("2022", ("calendar_year", "2022-01-01", "2022-12-31")),
        ("2022-06-30", ("point", "2022-06-30", "2022-06-30")),
        ("2022-Q1", ("quarter", "2022-01-01", "2022-03-31")),
        ("2022-M03", ("month", "2022-03-01", "2022-03-31")),
        ("2014/2016", ("pooled", "2014-01-01", "2016-12-31")),
    ],
)
def test_span(period, expected):
    assert tuple(span(period)) == expected


@pytest.mark.parametrize("period", ["2014-16", "2022-13", "2022-Q5", "2022-M13", "last year"])
def test_a_text_that_is_no_period_is_refused(period):
    with pytest.raises(ValueError, match="canonical"):
        span(period)


def test_february_has_29_days_in_leap_years_only():
    assert [month_end(y, 2)[-2:] for y in (2023, 2024, 1900, 2000)] == ["28", "29", "28", "29"]
