"""Shared savings and losses of US accountable care organisations, step by step, for any year the rule set covers.

What belongs here: what the steps read, their order, and their story in words. What does not: a step, see
`us_mssp_steps`; a rate, a cap or a date, which stand in parameters/us-mssp.yml with their sources. Source: 42 CFR
425.600-425.611, checked against the published payments.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.methods.card import Method
from pipelines.scenarios.rules import RowFault, RuleSet
from pipelines.scenarios.us_mssp_steps import gate, lost, minimum, outcome, quality, shared

METHOD = Method(
    id="us-mssp",
    version="1",
    title="Medicare Shared Savings Program",
    formula="min(payment factor x final rate x (benchmark - expenditure), cap x benchmark), past the minimum rate",
    defaults={"rules": "us-mssp"},
    edge_cases="pay for reporting counts as full quality; a loss limit by revenue, which is not public, is not applied",
    source="42 CFR 425.600-425.611, checked against the published payments",
)

# What the steps read, beside the two keys. Facts may be null, figures of REQUIRED may not.
KEYS = ("aco_id", "performance_year")
REQUIRED = ("assigned_beneficiaries", "benchmark_total", "expenditure_total")
FIGURES = (
    "quality_score",
    "msr_published",
    "met_qps",
    "met_alt_qps",
    "disaster_adjustment",
    "revlosslimit",
    "aco_revenue",
    "reducedss",
    "guardrail",
    "agreement_period_num",
    "months",
)
FACTS = ("track", "rev_exp_cat", "current_start_date")

# Parameters that a row takes by its track and year, and those by its year alone.
BY_TRACK = (
    "sides",
    "max_sharing_rate",
    "payment_cap",
    "loss_rate_least",
    "loss_rate_most",
    "loss_limit",
    "revenue_loss_limit",
    "reduced_share",
    "msr_where_none_is_stated",
)
BY_YEAR = ("payment_factor", "quality_rule", "emergency_relief", "reduced_share_least_beneficiaries", "guardrail")
WORDS = ("sides", "quality_rule", "guardrail")

# How else publishers and people write the tracks, in lower case.
TRACK_NAMES = {
    "track 1": "T1",
    "track 2": "T2",
    "track 3": "T3",
    "track 1+": "T1+",
    "1": "T1",
    "2": "T2",
    "3": "T3",
    "1+": "T1+",
    "enhanced": "EN",
    **{f"{word} {level}".lower(): level for word in ("basic", "level", "basic level") for level in "ABCDE"},
    **{key.lower(): key for key in ("T1", "T2", "T3", "T1+", "A", "B", "C", "D", "E", "EN")},
}

STEPS = (
    "side",
    "msr",
    "msr_source",
    "savings",
    "savings_rate",
    "gate",
    "quality_result",
    "quality",
    "max_rate",
    "final_rate",
    "payment_factor",
    "shared_before_cap",
    "cap",
    "cap_binds",
    "loss_rate",
    "loss_before_limit",
    "loss_limit",
    "limit_binds",
    "loss_relief",
    "share_of_year",
    "earned",
    "not_recomputed",
    "why",
)
TRACK_2_YEARS = ("T2 year 1", "T2 year 2", "T2 year 3")
FIRST_YEAR = 2013  # agreements of 2012 had a first performance year that ran to the end of 2013


def settle(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """The columns of STEPS, one row per row of `rows`, in their order; `earned` is in dollars, negative for losses.

    rows : KEYS, REQUIRED, FIGURES and FACTS as columns (year Int64, figures Float64, facts text, start date Date; null
    where not stated). Dollars in whole or part dollars, rates as fractions, `aco_revenue` in dollars, `months` 1-12.
    Raises RowFault for a track that the rules do not know in that year, and for a minimum savings rate that neither the
    scale, nor the row, nor the rules state.
    """
    table = rows.join(in_force(rows, rules), on=["track", "performance_year"], how="left", maintain_order="left")
    table = table.with_columns(scale_minimum(rows, rules), limit_share(rows, rules))
    for step in (minimum, gate, quality, shared, lost, outcome):
        table = table.with_columns(step())
    if table["msr"].null_count():
        words = "the minimum savings rate scale begins at more beneficiaries; state the rate in msr_published"
        raise RowFault(int(table["msr"].is_null().arg_true()[0]), words)
    return table.with_columns(why()).select(STEPS)


def in_force(rows: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """One row per track and year among the rows, with each parameter as `rule_<name>`; null where none is in force."""
    pairs = rows.select("track", "performance_year").unique(maintain_order=True)
    found: list[dict[str, Any]] = []
    for track, year in pairs.rows():
        values = {name: rules.value(name, year, track) for name in BY_TRACK}
        values |= {name: rules.value(name, year) for name in BY_YEAR}
        if values["sides"] is None or values["payment_factor"] is None:
            row = rows.select((pl.col("track") == track) & (pl.col("performance_year") == year)).to_series()
            known = ", ".join(rules.keys("sides"))
            raise RowFault(row.arg_true()[0], f"track '{track}' has no rules in {year}; the tracks are {known}")
        found.append({"track": track, "performance_year": year} | {f"rule_{name}": values[name] for name in values})
    schema: dict[str, Any] = {"track": pl.String, "performance_year": pl.Int64}
    schema |= {f"rule_{name}": pl.String if name in WORDS else pl.Float64 for name in (*BY_TRACK, *BY_YEAR)}
    return pl.DataFrame(found, schema=schema)


def scale_minimum(rows: pl.DataFrame, rules: RuleSet) -> pl.Series:
    """`scale_msr`: the sliding scale's minimum savings rate, NaN below the first beneficiary it speaks of."""
    years, size = rows["performance_year"].to_numpy(), rows["assigned_beneficiaries"].to_numpy()
    rate = np.full(len(rows), np.nan)
    for year in np.unique(years):
        points = np.array(rules.value("msr_scale", int(year)))
        now = (years == year) & (size >= points[0, 0])
        rate[now] = np.interp(size[now], points[:, 0], points[:, 1])
    return pl.Series("scale_msr", rate)


def limit_share(rows: pl.DataFrame, rules: RuleSet) -> pl.Expr:
    """`limit_share`: the loss limit as a share of the benchmark; Track 2's rises with the years at risk.

    Null for Track 2 where those years are not known: no start date, or a second agreement after one that may have been
    one-sided.
    """
    last = max(rows["performance_year"].to_list(), default=FIRST_YEAR)
    start = pl.max_horizontal(pl.col("current_start_date").dt.year(), pl.lit(FIRST_YEAR))
    year = (pl.col("performance_year") - start + 1).clip(1, len(TRACK_2_YEARS))
    known = pl.col("current_start_date").is_not_null() & (pl.col("agreement_period_num") <= 1).fill_null(True)
    rising = pl.coalesce(
        pl.when(known & (year == nth)).then(pl.lit(rules.value("loss_limit", last, name), dtype=pl.Float64))
        for nth, name in enumerate(TRACK_2_YEARS, start=1)
    )
    return pl.when(pl.col("track") == "T2").then(rising).otherwise(pl.col("rule_loss_limit")).alias("limit_share")


def why() -> pl.Expr:
    """One sentence that says how the row came to its figure."""
    share, least = percent(pl.col("savings_rate").abs()), percent(pl.col("msr"))
    reached = pl.format("saved {}%, at least the minimum of {}%", share, least)
    below = pl.format("saved {}%, below the minimum of {}%", share, least)
    counted = (
        pl.when(pl.col("gate") == "savings").then(reached).otherwise(pl.concat_str(below, pl.lit(", low revenue")))
    )
    keeps = pl.format(
        ": earns {}% of it, paid at {}%", percent(pl.col("final_rate")), percent(pl.col("payment_factor"))
    )
    earns = pl.when(pl.col("quality_result") == "not met").then(pl.lit(": nothing, quality not met")).otherwise(keeps)
    owes = pl.format("overspent {}%, minimum {}%: owes {}% of it", share, least, percent(pl.col("loss_rate")))
    return (
        pl.when(pl.col("gate").is_in(["savings", "reduced savings"]))
        .then(pl.concat_str(counted, earns, when_true("cap_binds", ", up to the cap")))
        .when(pl.col("gate") == "losses")
        .then(pl.concat_str(owes, when_true("limit_binds", ", up to the limit"), relieved()))
        .when(pl.col("gate") == "guardrail")
        .then(pl.lit("benchmark raised by the guardrail, which protects from losses and earns no savings"))
        .when(pl.col("savings") > 0)
        .then(pl.concat_str(below, pl.lit(": nothing")))
        .when(pl.col("side") == "one")
        .then(pl.lit("spent the benchmark or more: one-sided, owes nothing"))
        .otherwise(pl.format("overspent {}%, below the minimum of {}%: owes nothing", share, least))
        .alias("why")
    )


def when_true(column: str, words: str) -> pl.Expr:
    """The words where a column is true, else nothing."""
    return pl.when(pl.col(column)).then(pl.lit(words)).otherwise(pl.lit(""))


def relieved() -> pl.Expr:
    """Words for relief where there was some."""
    return pl.when(pl.col("loss_relief") > 0).then(pl.lit(", less relief for disasters")).otherwise(pl.lit(""))


def percent(share: pl.Expr) -> pl.Expr:
    """A share as a percentage with two decimals."""
    return (100 * share).round(2)
