"""Every number as the reader sees it."""

from __future__ import annotations

import pytest

from dashboards.components.numbers import (
    Style,
    chance_of,
    day,
    headline_money,
    indicator_style,
    measure_style,
    percent_of,
    period_words,
    plural,
    ratio_words,
)

COST = Style("unit_cost", "£ a resident")
SHARE = Style("share", "% of waste")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (125.4, "£125"),
        (19.994, "£19.99"),
        (19.996, "£20"),
        (3.456, "£3.46"),
        (0, "£0"),
        (-4.2, "−£4.20"),
        (1234.5, "£1,234"),
    ],
)
def test_unit_costs_are_whole_pounds_from_twenty_and_pence_below(value: float, shown: str) -> None:
    assert COST.write(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(30.4, "30%"), (9.96, "10%"), (4.52, "4.5%"), (-0.04, "0.0%"), (0, "0%")])
def test_shares_are_whole_from_ten_and_one_decimal_below(value: float, shown: str) -> None:
    assert SHARE.write(value) == shown


@pytest.mark.parametrize(
    ("chance", "shown"),
    [
        (1, "over 99%"),
        (0.995, "over 99%"),
        (0.994, "99%"),
        (0.47, "47%"),
        (0.006, "0.6%"),
        (0.005, "under 1%"),
        (0, "under 1%"),
    ],
)
def test_no_chance_is_certain(chance: float, shown: str) -> None:
    assert chance_of(chance) == shown


def test_an_interval_says_to_and_takes_the_decimals_of_its_value() -> None:
    assert COST.interval(109.2, 141.6, 125.0) == "£109 to £142"
    assert SHARE.interval(9.2, 10.8, 10.1) == "9% to 11%"


def test_an_interval_whose_ends_would_read_alike_gets_one_more_decimal() -> None:
    assert SHARE.interval(45.21, 45.43, 45.3) == "45.2% to 45.4%"


def test_a_unit_is_spoken_without_its_sign() -> None:
    assert COST.sentence(125) == "£125 a resident"
    assert indicator_style("share", "per cent of budget", "GBP").sentence(30) == "30% of budget"
    assert indicator_style("unit_cost", "$ per beneficiary", "USD").sentence(11_234.4) == "$11,234 per beneficiary"


def test_the_unit_rules_over_the_format() -> None:
    assert indicator_style("rate", "per cent", "GBP").write(12.34) == "12%"
    assert indicator_style("count", "£ a week", "GBP").write(5_012.3) == "£5,012"
    assert indicator_style("count", "score, 0 to 1", "GBP").write(0.4123) == "0.412"


@pytest.mark.parametrize(
    ("value", "se", "shown"),
    [
        (5_234_000, 120_000, "£5.23m"),  # standard error to two figures: 120,000, so the last digit is 10,000
        (5_234_000, 1_200_000, "£5.2m"),
        (980_400, 45_000, "£980,000"),
        (34_538_000, None, "£34.5m"),
        (2_792_000_000, None, "£2.79bn"),
        (-4_100_000, None, "−£4.10m"),
    ],
)
def test_headline_money_follows_its_standard_error(value: float, se: float | None, shown: str) -> None:
    assert headline_money(value, se) == shown


def test_ratios_are_told_as_differences() -> None:
    assert [ratio_words(r) for r in (1.24, 0.94, 1.0, 2.5, -1)] == [
        "24% more",
        "6% less",
        "the same",
        "2.5 times",
        "below zero",
    ]


def test_a_ratio_that_rounds_to_one_says_on_which_side_it_lies() -> None:
    # 0.4% and 0.004% round to 0%, 0.6% to 1%; a product that misses one by a rounding error is one
    assert [ratio_words(r) for r in (1.004, 0.996, 1.00004, 1.006, 0.994, 1 + 1e-15)] == [
        "under 1% more",
        "under 1% less",
        "under 1% more",
        "1% more",
        "1% less",
        "the same",
    ]


@pytest.mark.parametrize(
    ("period", "read"),
    [
        ("2022-23", "2022-23"),
        ("2022", "2022"),
        ("2022-03-31", "31 March 2022"),
        ("2022-Q1", "January to March 2022"),
        ("2022-M03", "March 2022"),
        ("", ""),
    ],
)
def test_periods_are_read_in_words(period: str, read: str) -> None:
    assert period_words(period) == read


def test_measures_are_written_by_their_unit() -> None:
    assert measure_style("gbp_per_week").write(548.4) == "£548"
    assert measure_style("fraction").write(0.1834) == "18%"
    assert measure_style("persons").write(277_354) == "277,354"
    assert measure_style("score").write(30.62) == "30.6"


def test_small_words() -> None:
    assert (plural(1, "council", "councils"), plural(1200, "council", "councils")) == ("1 council", "1,200 councils")
    assert (day("2026-11-22"), day("unknown")) == ("22 November 2026", "unknown")
    assert percent_of(0.345) == "34%"


def test_a_rate_of_two_decimals_gets_no_third() -> None:
    style = measure_style("score")
    assert [style.write(each) for each in (0.61, 0.6, 0.6125, 1.5)] == ["0.61", "0.60", "0.613", "1.50"]
