"""Shared savings and losses, every step by hand: the gate, the rates, the caps, the limits, any year."""

from datetime import date

import polars as pl
import pytest

from pipelines.scenarios.rules import RowFault, shipped
from pipelines.scenarios.us_mssp import FACTS, FIGURES, REQUIRED, STEPS, TRACK_NAMES, settle

RULES = shipped("us-mssp")
SCHEMA = {
    "aco_id": pl.String,
    "performance_year": pl.Int64,
    **dict.fromkeys((*REQUIRED, *FIGURES), pl.Float64),
    **dict.fromkeys(FACTS, pl.String),
    "current_start_date": pl.Date,
}


def row(**given):
    """One row of 100 m dollars benchmark and 10,000 beneficiaries (minimum 3 %), other columns null."""
    base = {"aco_id": "A1", "performance_year": 2018, "track": "T1", "assigned_beneficiaries": 10_000.0}
    return dict.fromkeys(SCHEMA) | base | {"benchmark_total": 100e6, "expenditure_total": 90e6, "met_qps": 1.0} | given


def settled(*rows):
    return settle(pl.DataFrame(list(rows), schema=SCHEMA), RULES)


def one(**given):
    return settled(row(**given)).row(0, named=True)


def test_every_step_of_a_saving():
    found = one(quality_score=0.9)
    # 10 of 100 saved, at least 3 %; 50 % x 0.9 = 45 % of 10 m = 4.5 m, 98 % of it paid; cap 10 % of 100 m.
    assert tuple(found) == STEPS
    assert (found["side"], found["msr_source"], found["gate"], found["quality_result"]) == (
        "one",
        "sliding scale",
        "savings",
        "met",
    )
    assert found["msr"] == pytest.approx(0.03)
    assert found["savings"] == 10e6 and found["savings_rate"] == 0.1
    assert found["final_rate"] == pytest.approx(0.45)
    assert found["earned"] == found["shared_before_cap"] == pytest.approx(4.41e6)
    assert found["cap"] == pytest.approx(10e6) and not found["cap_binds"]
    assert found["why"] == "saved 10.0%, at least the minimum of 3.0%: earns 45.0% of it, paid at 98.0%"


@pytest.mark.parametrize(
    ("size", "msr"),
    [(5000, 0.039), (5500, 0.039 - 0.003 * 500 / 999), (9999, 0.030), (14999, 0.027), (60000, 0.02), (900_000, 0.02)],
)
def test_the_scale_is_linear_between_its_points(size, msr):
    assert one(assigned_beneficiaries=float(size))["msr"] == pytest.approx(msr, abs=1e-12)


def test_a_saving_below_the_minimum_earns_nothing_and_one_at_it_counts_whole():
    assert one(expenditure_total=97_000_001.0)["gate"] == "below the minimum"
    assert one(expenditure_total=97_000_000.0)["earned"] == pytest.approx(0.98 * 0.5 * 3e6)


def test_a_saving_of_exactly_the_minimum_counts_in_binary_fractions_too():
    assert 0.035 * 100 > 3.5  # what a plain comparison would stumble over
    found = one(track="T3", benchmark_total=100.0, expenditure_total=96.5, msr_published=0.035)
    assert found["gate"] == "savings"


@pytest.mark.parametrize(
    ("track", "year", "rate", "cap"),
    [
        ("T1", 2013, 0.50, 0.10),
        ("T1", 2015, 0.50, 0.10),
        ("T2", 2013, 0.60, 0.15),
        ("T2", 2017, 0.60, 0.15),
        ("T3", 2017, 0.75, 0.20),
        ("T1+", 2019, 0.50, 0.10),
        ("A", 2019, 0.40, 0.10),
        ("B", 2021, 0.40, 0.10),
        ("C", 2021, 0.50, 0.10),
        ("D", 2023, 0.50, 0.10),
        ("E", 2023, 0.50, 0.10),
        ("EN", 2025, 0.75, 0.20),
    ],
)
def test_rate_and_cap_of_every_track_in_years_between(track, year, rate, cap):
    factor = 1.0 if year in (2019, 2020) else 0.98
    found = one(track=track, performance_year=year, msr_published=0.02)
    assert found["earned"] == pytest.approx(factor * rate * 10e6)
    # 60 of 100 saved: the cap binds after the payment reduction.
    most = one(track=track, performance_year=year, msr_published=0.02, expenditure_total=40e6)
    assert most["cap_binds"] and most["earned"] == pytest.approx(cap * 100e6)


@pytest.mark.parametrize(
    ("year", "met", "score", "factor", "result"),
    [
        (2013, None, None, 1.0, "pay for reporting"),
        (2015, 1.0, 0.8, 0.8, "met"),
        (2014, None, 0.0, 0.0, "not met"),
        (2017, 0.0, 0.4, 0.0, "not met"),
        (2021, 1.0, 0.8, 1.0, "met"),
        (2021, 0.0, 0.8, 0.0, "not met"),
        (2022, None, 0.8, 1.0, "met (not stated)"),
        (2023, 0.0, 0.8, 0.8, "alternative standard"),
        (2024, 0.0, 0.8, 0.8, "alternative standard"),
        (2024, 0.0, None, 0.0, "not met"),
        (2024, 1.0, None, 1.0, "pay for reporting"),
    ],
)
def test_quality_by_year(year, met, score, factor, result):
    found = one(performance_year=year, met_qps=met, quality_score=score)
    assert (found["quality_result"], found["quality"]) == (result, factor)
    reduction = 1.0 if year in (2019, 2020) else 0.98
    assert found["earned"] == pytest.approx(reduction * 0.5 * factor * 10e6)


def test_the_alternative_standard_may_fail_too():
    found = one(performance_year=2024, track="B", met_qps=0.0, met_alt_qps=0.0, quality_score=0.8)
    assert (found["quality_result"], found["earned"]) == ("not met", 0.0)
    assert found["why"].endswith("nothing, quality not met")


@pytest.mark.parametrize(
    ("track", "score", "met", "rate"),
    [
        ("T2", 0.9, 1.0, 0.46),  # 1 - 0.60 x 0.9
        ("T2", 1.0, 1.0, 0.40),
        ("T2", 0.9, 0.0, 0.60),
        ("T3", 0.5, 1.0, 0.625),  # 1 - 0.75 x 0.5
        ("T3", 0.5, 0.0, 0.75),
        ("T3", None, 1.0, 0.40),  # pay for reporting
        ("T1+", 0.1, 0.0, 0.30),
    ],
)
def test_loss_rates(track, score, met, rate):
    found = one(track=track, quality_score=score, met_qps=met, expenditure_total=102e6, msr_published=0.02)
    assert found["loss_rate"] == pytest.approx(rate)
    assert found["earned"] == pytest.approx(-rate * 2e6)


def test_one_side_owes_nothing_and_two_sides_only_from_the_minimum():
    assert one(expenditure_total=120e6)["why"] == "spent the benchmark or more: one-sided, owes nothing"
    inside = one(track="T3", expenditure_total=101.9e6, msr_published=0.02)
    assert (inside["gate"], inside["earned"], inside["loss_rate"]) == ("below the minimum", 0.0, None)


def test_loss_limits_by_benchmark_and_by_revenue():
    heavy = {"expenditure_total": 140e6, "msr_published": 0.0}
    assert one(track="T3", **heavy)["earned"] == pytest.approx(-15e6)  # 40 % of 40 m is 16 m, limit 15 %
    unknown = one(track="E", performance_year=2023, **heavy)
    assert unknown["earned"] == pytest.approx(-4e6) and "aco_revenue" in unknown["not_recomputed"]
    stated = one(track="E", performance_year=2023, aco_revenue=20e6, **heavy)
    assert stated["earned"] == pytest.approx(-1.6e6) and stated["not_recomputed"] == ""  # 8 % of 20 m
    by_benchmark = one(track="E", performance_year=2023, revlosslimit=0.0, **heavy)
    assert by_benchmark["not_recomputed"] == "" and by_benchmark["why"].endswith(", up to the limit")


@pytest.mark.parametrize(("year", "share"), [(2013, 0.05), (2014, 0.05), (2015, 0.075), (2016, 0.10), (2018, 0.10)])
def test_track_2_limits_rise_with_the_years_at_risk(year, share):
    # An agreement of 2012 had its first performance year until the end of 2013.
    start = date(2012, 4, 1) if year == 2013 else date(2014, 1, 1)
    given = {"track": "T2", "performance_year": year, "expenditure_total": 160e6, "msr_published": 0.02}
    assert one(current_start_date=start, **given)["earned"] == pytest.approx(-share * 100e6)
    unknown = one(**given)
    assert unknown["loss_limit"] is None and unknown["earned"] == pytest.approx(-24e6)  # 40 % of 60 m
    assert "Track 2" in unknown["not_recomputed"]
    second = one(current_start_date=start, agreement_period_num=2.0, **given)
    assert second["loss_limit"] is None


def test_disaster_relief_lowers_a_loss_but_never_below_nothing():
    given = {"track": "T3", "expenditure_total": 102e6, "msr_published": 0.0}
    assert one(disaster_adjustment=-300_000.0, **given)["earned"] == pytest.approx(-500_000)  # 40 % of 2 m less 300,000
    assert one(disaster_adjustment=300_000.0, **given)["earned"] == pytest.approx(-500_000)
    gone = one(disaster_adjustment=-9e6, **given)
    assert gone["earned"] == 0 and str(gone["earned"]) == "0.0"


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_the_emergency_forgives_every_loss_of_its_years(year):
    found = one(track="E", performance_year=year, expenditure_total=110e6, msr_published=0.0)
    assert (found["gate"], found["earned"], found["not_recomputed"]) == ("losses", 0.0, "")
    assert found["loss_relief"] == pytest.approx(3e6)


def test_low_revenue_below_the_minimum_shares_half_from_2024():
    low = {"track": "A", "performance_year": 2024, "expenditure_total": 99e6, "rev_exp_cat": "Low Revenue"}
    start = {"current_start_date": date(2024, 1, 1)}
    assert one(**low, reducedss=1.0)["earned"] == pytest.approx(0.98 * 0.20 * 1e6)
    assert one(**low, **start)["gate"] == "reduced savings"  # not flagged: track, revenue, size and start decide
    assert one(**low, **start, reducedss=0.0)["earned"] == 0
    assert one(**low, current_start_date=date(2023, 1, 1))["earned"] == 0
    assert one(**(low | {"performance_year": 2023}), **start, reducedss=1.0)["earned"] == 0


def test_a_guarded_benchmark_earns_nothing_and_still_owes():
    given = {"track": "E", "performance_year": 2024, "guardrail": 1.0, "msr_published": 0.0}
    assert one(**given)["gate"] == "guardrail" and one(**given)["earned"] == 0
    assert one(expenditure_total=102e6, **given)["earned"] == pytest.approx(-0.3 * 2e6)


def test_half_a_year_settles_half():
    assert one(performance_year=2019, months=6.0, quality_score=1.0)["earned"] == pytest.approx(2.5e6)


def test_a_minimum_that_follows_from_nothing_is_refused():
    with pytest.raises(RowFault, match="row 1: the minimum savings rate scale begins at more beneficiaries"):
        settled(row(), row(assigned_beneficiaries=4999.0))
    assert one(assigned_beneficiaries=4999.0, msr_published=0.0391)["msr_source"] == "stated, below the scale"


def test_two_sides_without_a_stated_minimum_take_the_one_that_varies_with_size_and_say_so():
    assert one(track="T2", performance_year=2015)["msr"] == 0.02  # flat before it could be elected
    found = one(track="T3", expenditure_total=101e6)
    assert (found["msr"], found["gate"]) == (pytest.approx(0.03), "below the minimum")
    assert found["not_recomputed"].startswith("the minimum savings rate elected: none is stated")
    both = one(track="E", performance_year=2023, expenditure_total=110e6)
    assert "aco_revenue; the minimum savings rate elected" in both["not_recomputed"]


def test_a_track_has_rules_only_in_its_years():
    with pytest.raises(RowFault, match="row 1: track 'EN' has no rules in 2018; the tracks are T1, T2"):
        settled(row(), row(track="EN", msr_published=0.0))


def test_rows_keep_their_order_and_every_name_of_a_track_is_known():
    years = [2023, 2014, 2021, 2014]
    found = settled(*(row(performance_year=year, expenditure_total=90e6 + year) for year in years))
    assert found["savings"].to_list() == [10e6 - year for year in years]
    assert set(TRACK_NAMES.values()) == set(RULES.keys("sides"))
    assert settled(row()).equals(settled(row(), row(track="T3", msr_published=0.0))[:1])
