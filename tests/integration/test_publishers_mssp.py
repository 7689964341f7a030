"""What the Shared Savings Program paid, recomputed from ../shared/data/mssp within the rounding of its inputs."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from pipelines.scenarios import us_mssp
from pipelines.scenarios.rules import shipped
from pipelines.settle import by_mssp, settle
from pipelines.settle_input import read_table

pytestmark = pytest.mark.integration

YEARS = (2014, 2016, 2018, 2020, 2022, 2024)
INPUTS = (
    *("performance_year", "aco_id", "track", "assigned_beneficiaries", "benchmark_total", "expenditure_total"),
    *("msr_published", "quality_score", "met_qps", "disaster_adjustment", "revlosslimit", "rev_exp_cat", "reducedss"),
    *("agreement_period_num", "current_start_date"),
)
SCORE_DIGITS = {2014: 9}  # else four decimals are printed
MSR_DIGITS = 4
PAID = {2014: 86, 2016: 138, 2018: 216, 2020: 345, 2022: 304, 2024: 375}
# Rows whose savings the published benchmark promises and CMS did not pay; docs/settle.md says why of each.
UNPAID = {2014: {"A80939", "A23913"}, 2024: {"A5309", "A5321"}}
GUARDED = UNPAID[2024]


@pytest.fixture(params=YEARS)
def year(request, publishers, tmp_path):
    """(year, published table as text, rows read from its inputs alone, steps)."""
    table = read_table(publishers / "mssp" / f"mssp_py{request.param}.csv")
    rows, steps = by_mssp(tmp_path / "in.csv", inputs(table))
    return request.param, table, rows, steps


def inputs(table: pl.DataFrame) -> pl.DataFrame:
    """The columns that are no result; the minimum savings rate only where elected or below 5,000 beneficiaries."""
    elected = ~pl.col("track").is_in(["T1", "A", "B"]) | (pl.col("assigned_beneficiaries").cast(pl.Float64) < 5000)
    return table.select(INPUTS).with_columns(pl.when(elected).then("msr_published").alias("msr_published"))


def published(table: pl.DataFrame, name: str) -> np.ndarray:
    return table[name].cast(pl.Float64).to_numpy()


def interval(rows: pl.DataFrame, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest payment that any inputs printing as these do could earn, and half a dollar for the payment.

    Dollars are printed whole: half a dollar either way on benchmark and expenditure. Score and minimum savings rate by
    half a unit in their last printed digit, the minimum only where it is an input; one elected in half points is exact.
    Payments rise or fall in each of the four alone, so that the sixteen corners hold the extremes.
    """
    score, msr = 0.5 * 10.0 ** -SCORE_DIGITS.get(year, 4), 0.5 * 10.0**-MSR_DIGITS
    half_points = rows["msr_published"] * 200
    printed = pl.lit((half_points - half_points.round()).abs() > 1e-9).cast(pl.Float64)
    found = []
    for b, x, q, m in product((-1, 1), repeat=4):
        corner = rows.with_columns(
            pl.col("benchmark_total") + 0.5 * b,
            pl.col("expenditure_total") + 0.5 * x,
            (pl.col("quality_score") + score * q).clip(0, 1),
            (pl.col("msr_published") + msr * m * printed).clip(0, None),
        )
        found.append(us_mssp.settle(corner, shipped("us-mssp"))["earned"].to_numpy())
    return np.min(found, axis=0) - 0.5, np.max(found, axis=0) + 0.5


def test_every_payment_lies_within_the_rounding_of_its_inputs(year):
    number, table, rows, steps = year
    paid, low_high = published(table, "earned_save_loss_published"), interval(rows, number)
    some = paid != 0
    assert some.sum() == PAID[number]
    outside = some & ~((low_high[0] <= paid) & (paid <= low_high[1]))
    assert table.filter(outside)["aco_id"].to_list() == []
    # The interval is no loophole: it is narrow beside the payment and never reaches nothing.
    width = (low_high[1] - low_high[0])[some]
    assert np.median(width) < 500 and (width < 0.005 * np.abs(paid[some]) + 5).all()
    assert not ((low_high[0] <= 0) & (low_high[1] >= 0))[some].any()
    assert np.sign(steps["earned"].to_numpy()[some]).tolist() == np.sign(paid[some]).tolist()


def test_nothing_is_paid_that_was_not_but_for_the_rows_explained(year):
    number, table, _, steps = year
    unpaid = (published(table, "earned_save_loss_published") == 0) & (steps["earned"].to_numpy() != 0)
    assert set(table.filter(unpaid)["aco_id"]) == UNPAID.get(number, set())


def test_the_savings_gate_is_right_but_for_the_guardrail(year):
    number, table, _, steps = year
    opened = steps["gate"].is_in(["savings", "reduced savings"]).to_numpy()
    wrong = opened != (published(table, "gen_save_loss_published") > 0)
    assert set(table.filter(wrong)["aco_id"]) == (GUARDED if number == 2024 else set())
    assert wrong.mean() <= (0.005 if number == 2024 else 0)  # 2 of 2,784 rows over all years, 99.93 % right


def test_the_scale_gives_every_published_minimum_of_one_sided_organisations(year):
    _, table, _, steps = year
    scaled = (steps["msr_source"] == "sliding scale").to_numpy()
    assert scaled.sum() > 80
    # Half a unit of the fourth decimal, and what a binary fraction adds.
    assert np.abs(steps["msr"].to_numpy() - published(table, "msr_published"))[scaled].max() <= 0.5001e-4


def test_the_guardrail_column_settles_the_two_exceptions(publishers, tmp_path):
    table = inputs(read_table(publishers / "mssp" / "mssp_py2024.csv"))
    raw = pl.read_csv(publishers / "mssp" / "puf" / "py2024.csv.gz", infer_schema=False)
    joined = table.join(raw.select(aco_id="ACO_ID", guardrail="Guardrail"), on="aco_id", how="left")
    assert (joined["guardrail"] == "1").sum() == 9
    _, steps = by_mssp(tmp_path / "in.csv", joined)
    assert set(joined.filter(steps["gate"] == "guardrail")["aco_id"]) == GUARDED
    assert (steps["earned"] < 0).sum() == 16  # guarded benchmarks still owe their losses


def test_eligibility_for_the_reduced_share_is_found_without_its_flag(publishers, tmp_path):
    table = inputs(read_table(publishers / "mssp" / "mssp_py2024.csv"))
    _, flagged = by_mssp(tmp_path / "in.csv", table)
    _, derived = by_mssp(tmp_path / "in.csv", table.drop("reducedss"))
    assert flagged["earned"].equals(derived["earned"])


def test_no_published_result_is_read(publishers, tmp_path):
    file = publishers / "mssp" / "mssp_py2018.csv"
    whole, _ = settle(file, "us-mssp", tmp_path / "whole.csv")
    inputs(read_table(file)).write_csv(tmp_path / "in.csv")
    bare, _ = settle(tmp_path / "in.csv", "us-mssp", tmp_path / "bare.csv")
    assert whole.select(us_mssp.STEPS[4:]).equals(bare.select(us_mssp.STEPS[4:]))


@pytest.mark.parametrize("shift", [-1, 1])
def test_other_years_settle_from_the_same_columns(year, tmp_path, shift):
    number, table, _, steps = year
    began = {"T3": 2016, "T1+": 2018}
    there = pl.col("track").replace_strict(began, default=0, return_dtype=pl.Int64) <= number + shift
    moved = inputs(table).filter(there).with_columns(performance_year=pl.lit(str(number + shift)))
    moved.write_csv(tmp_path / "in.csv")
    found, _ = settle(tmp_path / "in.csv", "us-mssp", tmp_path / "out.csv")
    assert found["earned"].is_finite().all()
    if (number, shift) in ((2014, -1), (2014, 1), (2016, 1), (2018, -1)):  # the same law on both sides
        kept = steps.filter(table.select(there).to_series())
        assert found["earned"].to_list() == pytest.approx(kept["earned"].to_list())
