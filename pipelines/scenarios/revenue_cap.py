"""The Norwegian distribution revenue cap: a cap between a company's own cost and the norm that peers set, step by step.

What belongs here: calibration, recalibration and the weighing. What does not: the weight and the correction of a year,
which stand in parameters/revenue-cap.yml; the frontier that finds efficiency. Source: NVE / RME, revenue cap 2026.
"""

from __future__ import annotations

import polars as pl

from pipelines.scenarios.rules import RowFault, RuleSet

KEYS = ("body_id", "period")
REQUIRED = ("cost_base",)
FIGURES = ("norm_cost", "efficiency", "rab", "rho", "recalibration")

STEPS = (
    "norm_source",
    "rho_used",
    "norm_uncalibrated",
    "calibration",
    "norm_calibrated",
    "recalibrated_by",
    "norm",
    "from_own_cost",
    "from_norm",
    "cap",
    "not_recomputed",
    "why",
)


def settle(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """The columns of STEPS, one row per row of `rows`, in their order; `cap` is in the currency of `cost_base`.

    rows : KEYS (period the cap year, Int64), cost_base and FIGURES as Float64, null where not stated. A row with
    norm_cost takes it as it is. The others take efficiency times cost, calibrated within the period so that norms sum
    to costs, spread by the asset base `rab`, then recalibrated for earlier years' errors.
    Raises RowFault for a row without rho in the rules or the column, for one with neither norm nor efficiency, and
    for a period in which some rows have a norm and others only efficiency.
    """
    table = rows.join(in_force(rows, rules), on="period", how="left", maintain_order="left")
    table = table.with_columns(pl.coalesce("rho", "rule_rho").alias("rho_used"))
    refuse_open(table)
    for step in (norms, recalibrated, weighed):
        table = table.with_columns(step())
    return table.with_columns(why()).select(STEPS)


def in_force(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """One row per period, with the weight and the correction of that cap year; null where the rules have none."""
    periods = rows["period"].unique(maintain_order=True).to_list()
    columns = {f"rule_{name}": [rules.value(name, year) for year in periods] for name in ("rho", "recalibration")}
    return pl.DataFrame(
        {"period": periods} | columns,
        schema={"period": pl.Int64, "rule_rho": pl.Float64, "rule_recalibration": pl.Float64},
    )


def refuse_open(table: pl.DataFrame) -> None:
    """Raises RowFault at the first row from which no cap follows."""
    given = pl.col("norm_cost").is_not_null()
    checks = {
        "no weight rho in the rules for this year; state rho": pl.col("rho_used").is_null(),
        "neither norm_cost nor efficiency": ~given & pl.col("efficiency").is_null(),
        "efficiency without rab": ~given & pl.col("rab").is_null(),
        "some rows of its period have norm_cost; calibration needs efficiency for all": ~given
        & given.any().over("period"),
        "the asset bases of its period sum to 0": ~given & (pl.col("rab").sum().over("period") <= 0),
        "efficiency and a rho of 0, by which recalibration divides": ~given & (pl.col("rho_used") == 0),
    }
    for words, wrong in checks.items():
        if (found := table.select(wrong.fill_null(False)).to_series().arg_true()).len():
            raise RowFault(found[0], words)


def norms() -> list[pl.Expr]:
    """Norms before and after calibration: what they lack of the sector's cost, spread by the asset base."""
    given = pl.col("norm_cost").is_not_null()
    before = pl.when(given).then("norm_cost").otherwise(pl.col("efficiency") * pl.col("cost_base"))
    lacking = pl.col("cost_base").sum().over("period") - before.sum().over("period")
    spread = pl.when(given).then(0.0).otherwise(lacking * pl.col("rab") / pl.col("rab").sum().over("period"))
    return [
        pl.when(given).then(pl.lit("norm_cost")).otherwise(pl.lit("efficiency, calibrated")).alias("norm_source"),
        before.alias("norm_uncalibrated"),
        spread.alias("calibration"),
        (before + spread).alias("norm_calibrated"),
    ]


def recalibrated() -> list[pl.Expr]:
    """The correction for earlier years' errors, and the norm after it."""
    rate = pl.coalesce("recalibration", "rule_recalibration")
    calibrated = pl.col("norm_source") != "norm_cost"
    by = pl.when(calibrated).then(-pl.col("rab") * rate / pl.col("rho_used")).otherwise(0.0).fill_null(0.0)
    open_point = (
        pl.when(calibrated & rate.is_null())
        .then(pl.lit("the recalibration of this year, which the rules do not have: state recalibration (f1 + f2)"))
        .otherwise(pl.lit(""))
    )
    return [
        by.alias("recalibrated_by"),
        (pl.col("norm_calibrated") + by).alias("norm"),
        open_point.alias("not_recomputed"),
    ]


def weighed() -> list[pl.Expr]:
    """The two parts of the cap, and the cap: (1 - rho) K + rho K*."""
    own, norm = (1 - pl.col("rho_used")) * pl.col("cost_base"), pl.col("rho_used") * pl.col("norm")
    return [own.alias("from_own_cost"), norm.alias("from_norm"), (own + norm).alias("cap")]


def why() -> pl.Expr:
    """One sentence that says how the row came to its cap."""
    parts = ((1 - pl.col("rho_used")) * 100).round(2), (pl.col("rho_used") * 100).round(2)
    share = (100 * pl.col("norm") / pl.col("cost_base")).round(2)
    words = pl.format("{}% of own cost and {}% of the norm, which is {}% of own cost", *parts, share)
    return words.alias("why")
